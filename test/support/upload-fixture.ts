// For tests: multipart uploads with plain settings.
import { randomBytes } from 'node:crypto';
import { type BucketRecord, type PartRecord, type UploadRecord } from '../../src/metadata/tables/objects.ts';
import {
  type CompleteOptions,
  completeUpload,
  MIN_PART_BYTES,
  type NamedPart,
} from '../../src/storage/complete-upload.ts';
import {
  createUpload,
  type CreateUploadOptions,
  uploadPart,
  type UploadPartOptions,
} from '../../src/storage/multipart.ts';
import { noPreconditions } from '../../src/storage/preconditions.ts';
import type { StorageDeps } from '../../src/storage/storage-deps.ts';
import { allow, type Fixture, noUser, objectKey, sourceOf } from './storage-fixture.ts';

export function begin(
  { deps, bucket }: Pick<Fixture, 'deps' | 'bucket'>,
  key = 'k',
  more: Partial<CreateUploadOptions> = {},
): Promise<UploadRecord> {
  return createUpload(deps, {
    bucket,
    key: objectKey(key),
    system: { contentType: 'text/plain' },
    user: noUser,
    storageClass: 'STANDARD',
    checksumAlgorithm: null,
    checksumType: null,
    initiator: { id: 'i', displayName: 'n' },
    guard: allow,
    ...more,
  });
}

export type Target = { readonly deps: StorageDeps; readonly bucket: BucketRecord };

export function part(
  { deps, bucket }: Target,
  upload: UploadRecord,
  partNumber: number,
  bytes: Uint8Array,
  more: Partial<UploadPartOptions> = {},
): Promise<PartRecord> {
  const { key, uploadId } = upload;
  return uploadPart(deps, { bucket, key, uploadId, partNumber, source: sourceOf(bytes), guard: allow, ...more });
}

export const named = ({ partNumber, etag }: PartRecord): NamedPart => ({
  partNumber,
  etag: `"${etag}"`,
  checksum: null,
});

export function complete(
  { deps, bucket }: Target,
  upload: UploadRecord,
  parts: readonly NamedPart[],
  more: Partial<CompleteOptions> = {},
) {
  const { key, uploadId } = upload;
  return completeUpload(deps, {
    bucket,
    key,
    uploadId,
    parts,
    checksum: null,
    checksumType: null,
    objectSizeBytes: null,
    preconditions: noPreconditions,
    guard: allow,
    ...more,
  });
}

/** An object of three parts: two of the smallest size, one small and inline. */
export async function threeParts(fixture: Fixture, more: Partial<CreateUploadOptions> = {}) {
  const bodies = [randomBytes(MIN_PART_BYTES), randomBytes(MIN_PART_BYTES + 3), randomBytes(100)];
  const upload = await begin(fixture, 'k', more);
  const parts: PartRecord[] = [];
  for (const [index, bytes] of bodies.entries()) parts.push(await part(fixture, upload, index + 1, bytes));
  return { bodies, whole: Buffer.concat(bodies), upload, parts };
}
