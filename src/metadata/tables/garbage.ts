// Bytes that no record names: not yet (staged) or not any more (garbage).
import type { BlobId, BucketId, ProjectId, UploadId } from '../../shared/ids.ts';
import { encodeKey, KeyReader, prefixRange, tables } from '../keys.ts';
import type { Bytes } from '../metadata-store.ts';

/** A blob that is being written. The commit that names the blob removes this row; the sweep takes old ones. */
export type StagedBlobRecord = {
  readonly v: 1;
  readonly pool: string;
  /** when its writer was last heard of */
  readonly renewedAt: number;
};

/** What is to be deleted once its time has come. */
export type Garbage =
  | { readonly kind: 'blob'; readonly blobId: BlobId; readonly pool: string }
  | { readonly kind: 'inline'; readonly blobId: BlobId }
  /** a part list with all its bodies */
  | { readonly kind: 'parts'; readonly listId: BlobId }
  /** the parts of an aborted upload; its record is gone already */
  | { readonly kind: 'upload'; readonly bucketId: BucketId; readonly uploadId: UploadId }
  /** the uploads that were open in a deleted bucket */
  | { readonly kind: 'bucket-uploads'; readonly bucketId: BucketId; readonly projectId: ProjectId };

export type GarbageRecord = { readonly v: 1; readonly garbage: Garbage };

/** value: StagedBlobRecord; blob ids begin with their time, so the oldest come first */
export const stagedBlobKey = (blobId: BlobId): Bytes => encodeKey(tables.stagedBlob, blobId);
export const stagedBlobRange = (): { start: Bytes; end: Bytes } => prefixRange(tables.stagedBlob);
export const readStagedBlobKey = (key: Bytes): BlobId => new KeyReader(key).text() as BlobId;
/** value: GarbageRecord, in order of the time it is due */
export const garbageKey = (dueAt: number, id: string): Bytes => encodeKey(tables.garbage, BigInt(dueAt), id);
/** Everything due by `now`. */
export const garbageDueRange = (now: number): { start: Bytes; end: Bytes } => ({
  start: encodeKey(tables.garbage),
  end: encodeKey(tables.garbage, BigInt(now + 1)),
});
