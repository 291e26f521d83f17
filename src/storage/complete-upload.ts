// CompleteMultipartUpload: one commit that checks the parts named, lists them as the object's body and lets go of the
// rest. No byte is copied. The upload's record stays for a day, so that a repeated request gets the same answer.
import { createHash } from 'node:crypto';
import { type CustomerKey, openUploadEncryption, partKeyMissing } from '../encryption/object-encryption.ts';
import type { Transaction } from '../metadata/metadata-store.ts';
import type { ObjectEncryption } from '../metadata/tables/encryption.ts';
import {
  type BucketRecord,
  type Checksum,
  type ChecksumAlgorithm,
  currentKey,
  type ObjectRecord,
  partKey,
  type PartRecord,
  type UploadRecord,
  uploadByKeyKey,
  uploadKey,
} from '../metadata/tables/objects.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { S3Error } from '../shared/errors.ts';
import { type BlobId, newBlobId, type VersionId } from '../shared/ids.ts';
import { readParts } from './drop-uploads.ts';
import { bareEtag, multipartEtag } from './etag.ts';
import { decodeObject } from './find-version.ts';
import { discardPart } from './garbage.ts';
import { getUpload, noSuchUpload, type UploadName } from './multipart.ts';
import { resolveLock } from './new-lock.ts';
import { writePartList } from './part-list.ts';
import { checkWrite, type WritePreconditions } from './preconditions.ts';
import type { Guard, StorageDeps } from './storage-deps.ts';
import { commit } from './store-errors.ts';
import { tagsOf } from './tags.ts';
import { type ChecksumType, uploadChecksum } from './upload-checksums.ts';
import { addVersion, type NewObject } from './versions.ts';
import { parseScope, scopeKeys } from './write-scope.ts';

/** Every part but the last. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const MIN_PART_BYTES = 5 * 1024 * 1024;

export type NamedPart = {
  readonly partNumber: number;
  /** with or without quotes */
  readonly etag: string;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | null;
};

export type CompleteOptions = UploadName & {
  readonly parts: readonly NamedPart[];
  /** what the client says of the whole: x-amz-checksum-…, x-amz-checksum-type, x-amz-mp-object-size */
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | null;
  readonly checksumType: ChecksumType | null;
  readonly objectSizeBytes: number | null;
  /** absent or null: none came with the request; one that comes must be the upload's */
  readonly customerKey?: CustomerKey | null;
  readonly preconditions: WritePreconditions;
  readonly guard: Guard;
};

export type CompletedUpload = {
  readonly etag: string;
  readonly versionId: VersionId;
  readonly checksum: Checksum | null;
  readonly encryption: ObjectEncryption | null;
};

/**
 * Errors: NoSuchUpload, InvalidPart, InvalidPartOrder, EntityTooSmall, MalformedXML (no parts), InvalidRequest and
 * BadDigest (size or checksum of the whole), and those of `preconditions`.
 */
export async function completeUpload(deps: StorageDeps, options: CompleteOptions): Promise<CompletedUpload> {
  const { bucket, key } = options;
  checkOrder(options.parts);
  const listId = newBlobId(deps.clock());
  return commit(deps, async (transaction) => {
    await options.guard(transaction);
    const [bucketValue, projectValue, currentValue] = await transaction.getMany([
      ...scopeKeys(bucket),
      currentKey(bucket.bucketId, key),
    ]);
    const scope = parseScope(bucket, bucketValue, projectValue);
    const upload = await getUpload(transaction, options);
    await checkCustomerKey(deps, upload, options.customerKey ?? null);
    if (upload.completed !== null) return sameAnswer(upload, upload.completed, options);
    const current = decodeObject(currentValue);
    checkWrite(options.preconditions, current);
    const stored = await readParts(transaction, bucket.bucketId, upload);
    const chosen = chooseParts(options, stored);
    const now = deps.clock();
    const lock = await resolveLock(transaction, scope.bucket, upload.lock, now);
    const draft = { ...completedObject(upload, chosen, listId, now), ...lock };
    checkWhole(options, upload, draft);
    checkPartChecksums(options, upload, chosen);
    writePartList(transaction, listId, chosen.map(listedPart));
    const addedBytes = draft.sizeBytes - totalBytes(stored);
    const record = await addVersion(transaction, scope, { key, current, addedBytes }, draft);
    await deps.announce?.(transaction, scope.bucket, { kind: 'created', key, object: record });
    closeUpload(transaction, bucket, upload, { options, record, stored, chosen });
    return {
      etag: record.etag,
      versionId: record.versionId,
      checksum: record.checksum,
      encryption: record.encryption ?? null,
    };
  });
}

/** As S3: SSE-C needs its key again only where the upload named a checksum algorithm. */
async function checkCustomerKey(
  { keyRing }: StorageDeps,
  { encryption, checksumAlgorithm }: UploadRecord,
  customerKey: CustomerKey | null,
): Promise<void> {
  if (customerKey !== null) await openUploadEncryption(keyRing, encryption, customerKey);
  else if (encryption?.kind === 'SSE-C' && checksumAlgorithm !== null) throw partKeyMissing();
}

const totalBytes = (parts: readonly PartRecord[]): number => parts.reduce((sum, part) => sum + part.sizeBytes, 0);

const listedPart = ({ partNumber, sizeBytes, checksum, body }: PartRecord) => ({
  partNumber,
  sizeBytes,
  checksum,
  body,
});

function checkOrder(parts: readonly NamedPart[]): void {
  if (parts.length === 0) throw new S3Error('MalformedXML');
  const inOrder = parts.every((part, index) => part.partNumber > (parts[index - 1]?.partNumber ?? 0));
  if (!inOrder) throw new S3Error('InvalidPartOrder');
}

/** The same parts for the same upload: the answer of the first time. */
function sameAnswer(
  upload: UploadRecord,
  completed: NonNullable<UploadRecord['completed']>,
  options: CompleteOptions,
): CompletedUpload {
  if (completed.partsHash !== hashOf(options.parts)) throw noSuchUpload(options.uploadId);
  const { etag, versionId, checksum } = completed;
  return { etag, versionId, checksum, encryption: upload.encryption ?? null };
}

function hashOf(parts: readonly NamedPart[]): string {
  const hash = createHash('sha256');
  for (const { partNumber, etag } of parts) hash.update(`${partNumber}:${bareEtag(etag)}\n`);
  return hash.digest('base64');
}

function chooseParts(options: CompleteOptions, stored: readonly PartRecord[]): PartRecord[] {
  const byNumber = new Map(stored.map((part) => [part.partNumber, part]));
  const chosen = options.parts.map((named) => {
    const part = byNumber.get(named.partNumber);
    if (part === undefined || part.etag !== bareEtag(named.etag)) throw invalidPart(options.uploadId, named);
    return part;
  });
  const small = chosen.slice(0, -1).find((part) => part.sizeBytes < MIN_PART_BYTES);
  if (small !== undefined) throw tooSmall(small);
  return chosen;
}

function invalidPart(uploadId: string, named: NamedPart): S3Error {
  const fields = { UploadId: uploadId, PartNumber: String(named.partNumber), ETag: bareEtag(named.etag) };
  return new S3Error('InvalidPart', { fields });
}

function tooSmall({ partNumber, sizeBytes, etag }: PartRecord): S3Error {
  const fields = {
    ProposedSize: String(sizeBytes),
    MinSizeAllowed: String(MIN_PART_BYTES),
    PartNumber: String(partNumber),
    ETag: etag,
  };
  return new S3Error('EntityTooSmall', { fields });
}

function checkPartChecksums(options: CompleteOptions, upload: UploadRecord, chosen: readonly PartRecord[]): void {
  for (const [index, part] of chosen.entries()) {
    const named = options.parts[index];
    if (named !== undefined) checkPartChecksum(options.uploadId, upload, named, part);
  }
}

function checkPartChecksum(uploadId: string, upload: UploadRecord, named: NamedPart, part: PartRecord): void {
  if (named.checksum === null) {
    if (upload.checksumType !== 'COMPOSITE') return;
    const algorithm = upload.checksumAlgorithm?.toLowerCase();
    const number = named.partNumber;
    throw new S3Error('InvalidRequest', {
      message: `The upload was created using a ${algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
    });
  }
  // Of another algorithm than the upload's: the part was verified with it when it came, but it was not kept.
  if (named.checksum.algorithm !== part.checksum?.algorithm && upload.checksumAlgorithm === null) return;
  const same = named.checksum.algorithm === part.checksum?.algorithm && named.checksum.value === part.checksum.value;
  if (!same) throw invalidPart(uploadId, named);
}

function completedObject(upload: UploadRecord, parts: readonly PartRecord[], listId: BlobId, now: number): NewObject {
  return {
    v: 1,
    sizeBytes: totalBytes(parts),
    etag: multipartEtag(parts.map((part) => part.etag)),
    lastModified: now,
    storageClass: upload.storageClass,
    system: upload.system,
    user: upload.user,
    checksum: uploadChecksum(upload, parts),
    body: { kind: 'parts', listId, partCount: parts.length },
    ...(upload.encryption ? { encryption: upload.encryption } : {}),
    ...(upload.ownerCanonicalId === undefined ? {} : { ownerCanonicalId: upload.ownerCanonicalId }),
    ...(upload.acl === undefined ? {} : { acl: upload.acl }),
    ...tagsOf(upload),
  };
}

function checkWhole(options: CompleteOptions, upload: UploadRecord, record: NewObject): void {
  const { checksum, checksumType, objectSizeBytes } = options;
  if (objectSizeBytes !== null && objectSizeBytes !== record.sizeBytes) {
    throw new S3Error('InvalidRequest', {
      message: `The provided 'x-amz-mp-object-size' header value ${objectSizeBytes} does not match what was computed: ${record.sizeBytes}`,
    });
  }
  const actualType = record.checksum?.type ?? upload.checksumType;
  if (checksumType !== null && checksumType !== actualType) {
    throw new S3Error('InvalidRequest', {
      message: `The upload was created using the ${actualType} checksum mode. The complete request must use the same checksum mode.`,
    });
  }
  if (checksum === null || record.checksum === null) return;
  const known = record.checksum.value;
  const same = checksum.value === known || checksum.value === known.replace(/-\d+$/, '');
  if (checksum.algorithm === record.checksum.algorithm && !same) {
    throw new S3Error('BadDigest', {
      message: `The ${checksum.algorithm} you specified did not match the calculated checksum.`,
    });
  }
}

/** The part list has the chosen parts now; those not chosen go. */
function closeUpload(
  transaction: Transaction,
  { bucketId }: BucketRecord,
  upload: UploadRecord,
  done: {
    readonly options: CompleteOptions;
    readonly record: ObjectRecord;
    readonly stored: readonly PartRecord[];
    readonly chosen: readonly PartRecord[];
  },
): void {
  const { key, uploadId } = upload;
  const { etag, versionId, checksum, lastModified: at } = done.record;
  const kept = new Set(done.chosen.map((part) => part.partNumber));
  for (const part of done.stored) {
    transaction.delete(partKey(bucketId, uploadId, part.partNumber));
    if (!kept.has(part.partNumber)) discardPart(transaction, part.body, at);
  }
  const completed = { etag, versionId, at, partsHash: hashOf(done.options.parts), checksum };
  const closed: UploadRecord = { ...upload, completed };
  transaction.put(uploadKey(bucketId, uploadId), encodeRecord(closed));
  transaction.delete(uploadByKeyKey(bucketId, key, uploadId));
}
