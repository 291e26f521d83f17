// How a new object is encrypted: as the request asks, else as its bucket is set. Decided here and not at the edge, so
// that nothing that writes can leave an object plain in a bucket that encrypts.
import type { EncryptionRequest, NewEncryption } from '../encryption/object-encryption.ts';
import { newEncryption } from '../encryption/object-encryption.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { configurationsOf } from './bucket-configurations.ts';
import type { StorageDeps } from './storage-deps.ts';

/** `asked` null or absent: the bucket's default. null: plain. Errors: KMS.NotFoundException, AccessDenied. */
export async function chooseEncryption(
  deps: StorageDeps,
  bucket: BucketRecord,
  asked: EncryptionRequest | null | undefined,
): Promise<NewEncryption | null> {
  const { encryption = null } = await configurationsOf(deps, bucket);
  return newEncryption(deps.keyRing, asked ?? null, encryption);
}
