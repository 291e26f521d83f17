// Ending uploads that were not completed: the record goes in one commit together with what the parts counted, the parts
// themselves through the garbage queue.
import type { Transaction } from '../metadata/metadata-store.ts';
import {
  partRange,
  type PartRecord,
  type UploadRecord,
  uploadByKeyKey,
  uploadKey,
  uploadRange,
  usageKey,
} from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { BucketId, ProjectId } from '../shared/ids.ts';
import { discard } from './garbage.ts';
import type { StorageDeps } from './storage-deps.ts';
import { commit } from './store-errors.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const MAX_PARTS = 10_000;

/** All parts of an upload, in order of number. */
export async function readParts(
  transaction: Transaction,
  bucketId: BucketId,
  upload: UploadRecord,
): Promise<PartRecord[]> {
  const entries = await transaction.range({ ...partRange(bucketId, upload.uploadId), limit: MAX_PARTS + 1 });
  return entries.map(({ value }) => decodeRecord<PartRecord>(value));
}

/** Returns the bytes its parts counted: the caller gives them back to the project and the bucket. */
export async function dropUpload(
  transaction: Transaction,
  bucketId: BucketId,
  upload: UploadRecord,
  now: number,
): Promise<number> {
  const { key, uploadId } = upload;
  const parts = await readParts(transaction, bucketId, upload);
  transaction.delete(uploadKey(bucketId, uploadId));
  transaction.delete(uploadByKeyKey(bucketId, key, uploadId));
  if (parts.length > 0) discard(transaction, { kind: 'upload', bucketId, uploadId }, now);
  return parts.reduce((sum, part) => sum + part.sizeBytes, 0);
}

/** For a bucket that is gone: no upload can be added to it any more. */
export async function dropUploadsOfBucket(
  deps: Pick<StorageDeps, 'store' | 'clock'>,
  { bucketId, projectId }: { readonly bucketId: BucketId; readonly projectId: ProjectId },
): Promise<void> {
  const dropOne = (): Promise<boolean> =>
    commit(deps, async (transaction) => {
      const [first] = await transaction.range({ ...uploadRange(bucketId), limit: 1 });
      if (first === undefined) return false;
      const bytes = await dropUpload(transaction, bucketId, decodeRecord<UploadRecord>(first.value), deps.clock());
      if (bytes > 0) transaction.add(usageKey({ project: projectId }, 'bytes'), BigInt(-bytes));
      return true;
    });
  while (await dropOne());
}
