// Lifecycle rules as AWS's own tools write them, and what they come to.
import { z } from 'zod';

const tag = z.strictObject({ Key: z.string(), Value: z.string() });
const conditions = {
  Prefix: z.string().max(1024).optional(),
  ObjectSizeGreaterThan: z.int().min(0).optional(),
  ObjectSizeLessThan: z.int().min(0).optional(),
};
const time = { Days: z.int().optional(), Date: z.string().max(40).optional() };

export const lifecycleRule = z.strictObject({
  ID: z.string().optional(),
  Status: z.enum(['Enabled', 'Disabled']),
  /** of old; a rule has this or a Filter */
  Prefix: z.string().max(1024).optional(),
  Filter: z
    .strictObject({
      ...conditions,
      Tag: tag.optional(),
      And: z.strictObject({ ...conditions, Tags: z.array(tag).optional() }).optional(),
    })
    .optional(),
  Expiration: z.strictObject({ ...time, ExpiredObjectDeleteMarker: z.boolean().optional() }).optional(),
  Transitions: z.array(z.strictObject({ ...time, StorageClass: z.string().max(64) })).optional(),
  NoncurrentVersionExpiration: z
    .strictObject({ NoncurrentDays: z.int(), NewerNoncurrentVersions: z.int().optional() })
    .optional(),
  NoncurrentVersionTransitions: z
    .array(
      z.strictObject({
        NoncurrentDays: z.int(),
        NewerNoncurrentVersions: z.int().optional(),
        StorageClass: z.string().max(64),
      }),
    )
    .optional(),
  AbortIncompleteMultipartUpload: z.strictObject({ DaysAfterInitiation: z.int() }).optional(),
});
export type LifecycleRuleDocument = z.infer<typeof lifecycleRule>;

export const lifecycleDocument = z.strictObject({
  Rules: z.array(lifecycleRule),
  TransitionDefaultMinimumObjectSize: z.enum(['all_storage_classes_128K', 'varies_by_storage_class']).optional(),
});
export type LifecycleDocument = z.infer<typeof lifecycleDocument>;

const day = z.object({
  /** since the object was made, or since the version was superseded, or since the upload began */
  day: z.int(),
  what: z.enum(['move', 'expire', 'delete', 'marker', 'abort']),
  /** move: to where */
  storageClass: z.string().nullable(),
  /** so many of the newest noncurrent versions stay as they are */
  keep: z.int().nullable(),
});

/** What the rules do, rule by rule and day by day. */
export const lifecyclePreview = z.object({
  rules: z.array(
    z.object({
      id: z.string(),
      enabled: z.boolean(),
      current: z.array(day),
      noncurrent: z.array(day),
      uploads: z.array(day),
      /** fixed dates instead of days */
      dates: z.array(
        z.object({ at: z.iso.datetime(), what: z.enum(['move', 'expire']), storageClass: z.string().nullable() }),
      ),
    }),
  ),
});
export type LifecyclePreview = z.infer<typeof lifecyclePreview>;
export type LifecycleDay = z.infer<typeof day>;
