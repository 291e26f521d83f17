// Buckets of a project, for /api/v1/projects/{projectId}/buckets.
import { z } from 'zod';
import { projectParams } from '../contract.ts';

const time = z.iso.datetime();

export const bucketParams = projectParams.extend({ bucket: z.string().min(1).max(63) });

export const bucketView = z.object({
  name: z.string(),
  createdAt: time,
  /** live and older versions, and delete markers */
  objects: z.int(),
  /** parts of open uploads count */
  bytes: z.int(),
  /** what an upload gets that names no class */
  storageClass: z.string(),
  versioning: z.enum(['off', 'enabled', 'suspended']),
  objectLock: z.boolean(),
  /** its policy or ACL lets strangers in, and nothing blocks that */
  publicAccess: z.boolean(),
  /** what an upload gets that asks for nothing */
  encryption: z.enum(['none', 'SSE-S3', 'SSE-KMS']),
  /** another account's: objects only, its settings are its owner's business */
  external: z.literal(true).optional(),
});
export type BucketView = z.infer<typeof bucketView>;
export const bucketList = z.object({ items: z.array(bucketView), nextCursor: z.string().nullable() });
export type BucketList = z.infer<typeof bucketList>;

export const objectOwnership = z.enum(['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter']);

export const createBucketRequest = z.strictObject({
  name: z.string().min(1).max(255),
  /** for good; turns versioning on */
  objectLock: z.boolean().default(false),
  versioning: z.boolean().default(false),
  /** without: what the server gives new buckets */
  encryption: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('none') }),
      z.strictObject({ type: z.literal('SSE-S3') }),
      /** null: the key that the server keeps for it */
      z.strictObject({ type: z.literal('SSE-KMS'), keyName: z.string().max(256).nullable().default(null) }),
    ])
    .optional(),
  /** without: what the server gives new buckets */
  ownership: objectOwnership.optional(),
  /** without: the class of the project */
  storageClass: z.string().max(64).optional(),
});
export type CreateBucketRequest = z.input<typeof createBucketRequest>;

/** What can be chosen for buckets and objects of the project. */
export const storageOptions = z.object({
  storageClasses: z.array(
    z.object({ name: z.string(), /** must be restored before it can be read */ archive: z.boolean() }),
  ),
  /** of the project */
  storageClass: z.string(),
  kmsKeys: z.array(z.string()),
  /** that events may go to: `arn:vstorage:webhook:::NAME` */
  webhooks: z.array(z.string()),
  /** a bucket's website answers at `https://BUCKET.` and one of these; none: there are no websites here */
  websiteHosts: z.array(z.string()),
  /** what new buckets get: `aws` encrypted and closed, `legacy` neither */
  bucketDefaults: z.enum(['aws', 'legacy']),
});
export type StorageOptions = z.infer<typeof storageOptions>;
