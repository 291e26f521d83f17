// Buckets that other accounts share, beside the project's own.
import { z } from 'zod';
import { projectParams } from '../contract.ts';

export const externalBucketParams = projectParams.extend({ bucket: z.string().min(1).max(63) });

export const externalBucketView = z.object({
  name: z.string(),
  /** only what begins so was shared; empty: everything */
  prefix: z.string(),
  addedAt: z.iso.datetime(),
  addedBy: z.string(),
  /** display name of the account it belongs to; null: the bucket is gone */
  owner: z.string().nullable(),
  /** what the caller may do below the prefix; none: it is not shared any more */
  rights: z.array(z.enum(['list', 'download', 'upload', 'delete'])),
});
export type ExternalBucketView = z.infer<typeof externalBucketView>;

export const externalBucketList = z.object({
  items: z.array(externalBucketView),
  /** what the owner of a bucket names to share it with the caller */
  you: z.object({ accountId: z.string(), canonicalId: z.string(), arn: z.string() }),
});
export type ExternalBucketList = z.infer<typeof externalBucketList>;

export const addExternalBucketRequest = z.strictObject({
  /** a bucket, or a folder in it: `bucket/folder/sub` */
  name: z.string().min(1).max(1100),
});
