// Multipart uploads: begin, add parts, abort. Parts are bodies of their own; completing (complete-upload.ts) only lists
// them. A part commits against the upload's record, so that it and an abort or completion exclude each other.
import { type CustomerKey, type EncryptionRequest, openUploadEncryption } from '../encryption/object-encryption.ts';
import { MAX_KEY_BYTES, type Snapshot, type Transaction } from '../metadata/metadata-store.ts';
import type { Tag } from '../metadata/tables/bucket-configurations.ts';
import type { ObjectEncryption } from '../metadata/tables/encryption.ts';
import {
  type BucketRecord,
  type ChecksumAlgorithm,
  type ObjectAccess,
  type ObjectLock,
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
import { chooseEncryption } from './choose-encryption.ts';
import { dropUpload, MAX_PARTS } from './drop-uploads.ts';
import { bodyEtag } from './etag.ts';
import { discardPart } from './garbage.ts';
import { requireLockBucketForWrite } from './object-lock.ts';
import type { ObjectSource } from './object-source.ts';
import { commitBody, type PendingBody, receiveBody } from './pending-body.ts';
import type { Guard, StorageDeps } from './storage-deps.ts';
import { commit } from './store-errors.ts';
import { tagsOf } from './tags.ts';
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
  /** what the object is to get; absent: none */
  readonly tags?: readonly Tag[];
  /** whose the object will be and its ACL; absent: the bucket owner's alone */
  readonly access?: ObjectAccess;
  /** absent, or in part null: the bucket's default at completion */
  readonly lock?: ObjectLock;
  /** null or absent: what the bucket says */
  readonly encryption?: EncryptionRequest | null;
  readonly checksumAlgorithm: ChecksumAlgorithm | null;
  readonly checksumType: ChecksumType | null;
  readonly initiator: UploadRecord['initiator'];
  readonly guard: Guard;
};

export async function createUpload(deps: StorageDeps, options: CreateUploadOptions): Promise<UploadRecord> {
  const { bucket, key } = options;
  const encryption = await chooseEncryption(deps, bucket, options.encryption);
  const upload = newUpload(options, encryption?.record ?? null, deps.clock());
  const byKey = uploadByKeyKey(bucket.bucketId, key, upload.uploadId);
  if (byKey.length > MAX_KEY_BYTES) throw new S3Error('KeyTooLongError');
  await commit(deps, async (transaction) => {
    await options.guard(transaction);
    const [bucketValue, projectValue] = await transaction.getMany(scopeKeys(bucket));
    const scope = parseScope(bucket, bucketValue, projectValue);
    if (options.lock !== undefined) requireLockBucketForWrite(scope.bucket);
    transaction.put(uploadKey(bucket.bucketId, upload.uploadId), encodeRecord(upload));
    transaction.put(byKey, Buffer.alloc(0));
  });
  return upload;
}

function newUpload(options: CreateUploadOptions, encryption: ObjectEncryption | null, now: number): UploadRecord {
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
    ...options.access,
    ...tagsOf(options),
    ...(options.lock === undefined ? {} : { lock: options.lock }),
    ...(encryption === null ? {} : { encryption }),
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
  /** absent or null: none came with the request */
  readonly customerKey?: CustomerKey | null;
  /** told before the bytes are read how they are encrypted */
  readonly onBegin?: (encryption: UploadRecord['encryption']) => void;
  readonly guard: Guard;
};

/** A part, and how its upload is encrypted. */
export type UploadedPart = PartRecord & Pick<UploadRecord, 'encryption'>;

/**
 * A part uploaded again replaces the one before. Errors as `writeObject`, and NoSuchUpload, InvalidArgument,
 * InvalidRequest (the customer's key is missing or another).
 */
export async function uploadPart(deps: StorageDeps, options: UploadPartOptions): Promise<UploadedPart> {
  const { bucket, source } = options;
  const key = partKeyOf(options);
  const upload = await deps.store.read((snapshot) => getOpenUpload(snapshot, options));
  const { encryption = null } = upload;
  const dataKey = await openUploadEncryption(deps.keyRing, encryption, options.customerKey ?? null);
  checkAnnounced(upload, source.announcedChecksum);
  source.require(algorithmOf(upload));
  options.onBegin?.(encryption);
  const admit = async (snapshot: Snapshot, sizeBytes: number | null): Promise<void> => {
    const [bucketValue, projectValue, partValue] = await snapshot.getMany([...scopeKeys(bucket), key]);
    const replaced = partValue === undefined ? 0 : decodeRecord<PartRecord>(partValue).sizeBytes;
    await checkRoom(snapshot, parseScope(bucket, bucketValue, projectValue), (sizeBytes ?? 0) - replaced);
  };
  const pool = deps.poolOf(bucket.region, upload.storageClass);
  await using pending = await receiveBody(deps, source, pool, admit, dataKey);
  const part = await commitBody(deps, pending, async (transaction) => {
    await options.guard(transaction);
    await getOpenUpload(transaction, options);
    const etag = bodyEtag(pending.md5Hex, encryption);
    return replacePart(transaction, options, newPart(options.partNumber, pending, etag, deps.clock()));
  });
  return { ...part, encryption };
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

function newPart(partNumber: number, pending: PendingBody, etag: string, now: number): PartRecord {
  const { sizeBytes, checksum, body } = pending;
  return { v: 1, partNumber, sizeBytes, etag, lastModified: now, checksum, body };
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
