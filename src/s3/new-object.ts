// What PutObject, CopyObject and CreateMultipartUpload read from their headers alike.
import type { EncryptionRequest } from '../encryption/object-encryption.ts';
import type { SystemMetadata } from '../metadata/tables/objects.ts';
import type { ObjectKey } from '../shared/ids.ts';
import { parseEncryption } from './encryption-headers.ts';
import { parseSystemMetadata, parseUserMetadata } from './object-headers.ts';
import type { S3Request } from './operation.ts';
import { requireKey } from './require.ts';
import { findStorageClass } from './storage-class.ts';
import { refuseUnsupportedForWrites } from './unsupported-headers.ts';
import { refuseVersionId } from './versions.ts';

export type NewObject = {
  readonly key: ObjectKey;
  readonly system: SystemMetadata;
  readonly user: Readonly<Record<string, string>>;
  /** null: the bucket's own */
  readonly storageClass: string | null;
  /** null: the bucket's own */
  readonly encryption: EncryptionRequest | null;
};

export function parseNewObject(request: S3Request): NewObject {
  refuseVersionId(request);
  refuseUnsupportedForWrites(request);
  return {
    key: requireKey(request),
    system: parseSystemMetadata(request),
    user: parseUserMetadata(request),
    storageClass: findStorageClass(request),
    encryption: parseEncryption(request),
  };
}
