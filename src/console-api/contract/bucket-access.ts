// A bucket's policy, who can reach the bucket, and what it tells of itself beside its settings.
import { z } from 'zod';

/** Without white space 20 KiB; with it there is an end too. */
const document = z.string().max(256 * 1024);

export const bucketPolicyView = z.object({
  /** as it was written; null: none is set */
  document: z.string().nullable(),
  /** it lets strangers in */
  isPublic: z.boolean(),
});
export type BucketPolicyView = z.infer<typeof bucketPolicyView>;

export const bucketPolicyRequest = z.strictObject({ document });

/** What would come of setting it. */
export const bucketPolicyCheck = z.object({
  /** null: it can be set */
  problem: z.object({ message: z.string(), line: z.int().nullable(), column: z.int().nullable() }).nullable(),
  isPublic: z.boolean(),
  /** the caller would not be able to do these any more */
  locksOut: z.array(z.string()),
});
export type BucketPolicyCheck = z.infer<typeof bucketPolicyCheck>;

const decision = z.object({ allowed: z.boolean(), reason: z.string() });
export const reachRights = ['list', 'read', 'write', 'delete', 'manage'] as const;
export type ReachRight = (typeof reachRights)[number];

const reacher = z.object({
  type: z.enum(['anonymous', 'any-account', 'account', 'root', 'user', 'service-account', 's3-key']),
  id: z.string().nullable(),
  name: z.string(),
  rights: z.object({ list: decision, read: decision, write: decision, delete: decision, manage: decision }),
});
export type Reacher = z.infer<typeof reacher>;

/** Who can reach the bucket: decided as requests are, about any object in it. */
export const bucketReach = z.object({
  items: z.array(reacher),
  /** there are more users, service accounts or keys than were asked about */
  truncated: z.boolean(),
});
export type BucketReach = z.infer<typeof bucketReach>;

export const failedEvents = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      arn: z.string(),
      at: z.iso.datetime(),
      attempts: z.int(),
      error: z.string().nullable(),
      /** it is not tried any more */
      gaveUp: z.boolean(),
      eventName: z.string(),
      key: z.string().nullable(),
    }),
  ),
});
export type FailedEvents = z.infer<typeof failedEvents>;
