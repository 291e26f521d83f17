// Multipart uploads: begin, add parts, abort. Parts are bodies of their own; completing (complete-upload.ts) only lists
// them. A part commits against the upload's record, so that it and an abort or completion exclude each other.
import { MAX_KEY_BYTES, type Snapshot, type Transaction } from '../metadata/metadata-store.ts';
import {
  type BucketRecord,
  type ChecksumAlgorithm,
  partKey,
  type PartRecord,
  type SystemMetadata,
  type UploadRecord,
  uploadByKeyKey,
  uploadKey,
} from '../metadata/tables/objects.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import { S3Error } from '../shared/errors.ts';
import { newUploadId, type ObjectKey, type UploadId } from '../shared/ids.ts';
import { dropUpload, MAX_PARTS } from './drop-uploads.ts';
import { discardPart } from './garbage.ts';
import type { ObjectSource } from './object-source.ts';
import { commitBody, type PendingBody, receiveBody } from './pending-body.ts';
import type { Guard, StorageDeps } from './storage-deps.ts';
import { commit } from './store-errors.ts';
import { algorithmOf, checkAnnounced, type ChecksumType, parseChecksumType } from './upload-checksums.ts';
import { charge, checkRoom, parseScope, scopeKeys } from './write-scope.ts';

export type UploadName = {
  readonly bucket: BucketRecord;
  readonly key: ObjectKey;
  /** as the client sent it */
  readonly uploadId: string;
};

export type CreateUploadOptions = {
  readonly bucket: BucketRecord;
  readonly key: ObjectKey;
  readonly system: SystemMetadata;
  readonly user: Readonly<Record<string, string>>;
  readonly storageClass: string;
  readonly checksumAlgorithm: ChecksumAlgorithm | null;
  readonly checksumType: ChecksumType | null;
  readonly initiator: UploadRecord['initiator'];
  readonly guard: Guard;
};

export async function createUpload(deps: StorageDeps, options: CreateUploadOptions): Promise<UploadRecord> {
  const { bucket, key } = options;
  const upload = newUpload(options, deps.clock());
  const byKey = uploadByKeyKey(bucket.bucketId, key, upload.uploadId);
  if (byKey.length > MAX_KEY_BYTES) throw new S3Error('KeyTooLongError');
  await commit(deps, async (transaction) => {
    await options.guard(transaction);
    const [bucketValue, projectValue] = await transaction.getMany(scopeKeys(bucket));
    parseScope(bucket, bucketValue, projectValue);
    transaction.put(uploadKey(bucket.bucketId, upload.uploadId), encodeRecord(upload));
    transaction.put(byKey, Buffer.alloc(0));
  });
  return upload;
}

function newUpload(options: CreateUploadOptions, now: number): UploadRecord {
  const { checksumAlgorithm, checksumType } = options;
  if (checksumAlgorithm === null && checksumType !== null && checksumType !== 'FULL_OBJECT') {
    throw new S3Error('InvalidRequest', {
      message: 'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    });
  }
  return {
    v: 1,
    uploadId: newUploadId(now),
    key: options.key,
    initiatedAt: now,
    storageClass: options.storageClass,
    system: options.system,
    user: options.user,
    checksumAlgorithm,
    checksumType: checksumAlgorithm === null ? null : parseChecksumType(checksumAlgorithm, checksumType),
    initiator: options.initiator,
    completed: null,
  };
}

/** What a client sends as an upload id may be anything; as long as it fits in a key it is simply not found. */
const MAX_UPLOAD_ID_LENGTH = 256;

export function parseUploadId(text: string): UploadId {
  if (text === '' || text.length > MAX_UPLOAD_ID_LENGTH) throw noSuchUpload(text);
  return text as UploadId;
}

export const noSuchUpload = (uploadId: string): S3Error =>
  new S3Error('NoSuchUpload', { fields: { UploadId: uploadId } });

/** The record of this upload of this key, open or completed lately. Throws NoSuchUpload. */
export async function getUpload(snapshot: Snapshot, { bucket, key, uploadId }: UploadName): Promise<UploadRecord> {
  const value = await snapshot.get(uploadKey(bucket.bucketId, parseUploadId(uploadId)));
  const upload = value === undefined ? undefined : decodeRecord<UploadRecord>(value);
  if (upload === undefined || upload.key !== key) throw noSuchUpload(uploadId);
  return upload;
}

/** To everything but a repeated CompleteMultipartUpload, a completed upload is gone. Throws NoSuchUpload. */
export async function getOpenUpload(snapshot: Snapshot, name: UploadName): Promise<UploadRecord> {
  const upload = await getUpload(snapshot, name);
  if (upload.completed !== null) throw noSuchUpload(name.uploadId);
  return upload;
}

export async function findUpload(deps: StorageDeps, name: UploadName): Promise<UploadRecord | undefined> {
  try {
    return await deps.store.read((snapshot) => getOpenUpload(snapshot, name));
  } catch (error) {
    if (error instanceof S3Error && error.code === 'NoSuchUpload') return undefined;
    throw error;
  }
}

export type UploadPartOptions = UploadName & {
  /** 1…10,000 */
  readonly partNumber: number;
  readonly source: ObjectSource;
  readonly guard: Guard;
};

/** A part uploaded again replaces the one before. Errors as `writeObject`, and NoSuchUpload, InvalidArgument. */
export async function uploadPart(deps: StorageDeps, options: UploadPartOptions): Promise<PartRecord> {
  const { bucket, source } = options;
  const key = partKeyOf(options);
  const upload = await deps.store.read((snapshot) => getOpenUpload(snapshot, options));
  checkAnnounced(upload, source.announcedChecksum ?? null);
  source.require(algorithmOf(upload));
  const admit = async (snapshot: Snapshot, sizeBytes: number | null): Promise<void> => {
    const [bucketValue, projectValue, partValue] = await snapshot.getMany([...scopeKeys(bucket), key]);
    const replaced = partValue === undefined ? 0 : decodeRecord<PartRecord>(partValue).sizeBytes;
    await checkRoom(snapshot, parseScope(bucket, bucketValue, projectValue), (sizeBytes ?? 0) - replaced);
  };
  await using pending = await receiveBody(deps, source, upload.storageClass, admit);
  return await commitBody(deps, pending, async (transaction) => {
    await options.guard(transaction);
    await getOpenUpload(transaction, options);
    return replacePart(transaction, options, newPart(options.partNumber, pending, deps.clock()));
  });
}

function partKeyOf({ bucket, uploadId, partNumber }: UploadPartOptions): Uint8Array {
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > MAX_PARTS) {
    throw new S3Error('InvalidArgument', {
      message: `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`,
      fields: { ArgumentName: 'partNumber', ArgumentValue: String(partNumber) },
    });
  }
  return partKey(bucket.bucketId, parseUploadId(uploadId), partNumber);
}

function newPart(partNumber: number, pending: PendingBody, now: number): PartRecord {
  const { sizeBytes, md5Hex, checksum, body } = pending;
  return { v: 1, partNumber, sizeBytes, etag: md5Hex, lastModified: now, checksum, body };
}

async function replacePart(
  transaction: Transaction,
  options: UploadPartOptions,
  part: PartRecord,
): Promise<PartRecord> {
  const key = partKeyOf(options);
  const [bucketValue, projectValue, partValue] = await transaction.getMany([...scopeKeys(options.bucket), key]);
  const scope = parseScope(options.bucket, bucketValue, projectValue);
  const previous = partValue === undefined ? undefined : decodeRecord<PartRecord>(partValue);
  transaction.put(key, encodeRecord(part));
  if (previous !== undefined) discardPart(transaction, previous.body, part.lastModified);
  charge(transaction, scope, { bytes: part.sizeBytes - (previous?.sizeBytes ?? 0), objects: 0 });
  return part;
}

/** The bytes of its parts are given back at once. Errors: NoSuchUpload. */
export async function abortUpload(deps: StorageDeps, options: UploadName & { readonly guard: Guard }): Promise<void> {
  const { bucket } = options;
  await commit(deps, async (transaction) => {
    await options.guard(transaction);
    const [bucketValue, projectValue] = await transaction.getMany(scopeKeys(bucket));
    const scope = parseScope(bucket, bucketValue, projectValue);
    const upload = await getOpenUpload(transaction, options);
    const bytes = await dropUpload(transaction, bucket.bucketId, upload, deps.clock());
    charge(transaction, scope, { bytes: -bytes, objects: 0 });
  });
}
