// Buckets of other accounts that people of a project have put beside its own: a bookmark, which gives nobody a right.
import type { BucketId, BucketName, ProjectId } from '../../shared/ids.ts';
import { encodeKey, prefixRange, tables } from '../keys.ts';
import type { Bytes } from '../metadata-store.ts';

export type ExternalBucketRecord = {
  readonly v: 1;
  readonly name: BucketName;
  /** of the bucket that was meant: one that is made anew under its name is somebody else's */
  readonly bucketId: BucketId;
  /** only what is below it was shared; empty: everything */
  readonly prefix: string;
  readonly addedAt: number;
  /** name of who added it */
  readonly addedBy: string;
};

export const externalBucketKey = (projectId: ProjectId, name: BucketName): Bytes =>
  encodeKey(tables.externalBucket, projectId, name);
export const externalBucketRange = (projectId: ProjectId): { start: Bytes; end: Bytes } =>
  prefixRange(tables.externalBucket, projectId);
