// Uploads in parts: they go on after a reload, a day later, from another machine.
import { z } from 'zod';
import { bucketParams } from './buckets.ts';
import { keyQuery, objectKey, storedObject, systemMetadata, tag, userMetadata } from './objects.ts';

const time = z.iso.datetime();
const etag = z.string().max(100);
const partNumber = z.coerce.number().int().min(1).max(10_000);

export const createUploadRequest = z.strictObject({
  key: objectKey,
  system: systemMetadata.default({}),
  metadata: userMetadata.default({}),
  tags: z.array(tag).max(50).optional(),
  storageClass: z.string().max(64).optional(),
});
export type CreateUploadRequest = z.input<typeof createUploadRequest>;

export const uploadView = z.object({
  uploadId: z.string(),
  key: z.string(),
  startedAt: time,
  startedBy: z.string(),
  storageClass: z.string(),
});
export type UploadView = z.infer<typeof uploadView>;

export const uploadsQuery = z.object({
  prefix: z.string().max(1024).default(''),
  cursor: z.string().max(6000).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export const uploadList = z.object({ items: z.array(uploadView), nextCursor: z.string().nullable() });
export type UploadList = z.infer<typeof uploadList>;

export const uploadParams = bucketParams.extend({ uploadId: z.string().min(1).max(256) });
export const partParams = uploadParams.extend({ partNumber });
export const uploadQuery = keyQuery;

export const partView = z.object({
  partNumber: z.int(),
  bytes: z.int(),
  etag: z.string(),
  /** CRC32 in base64 */
  checksum: z.string().nullable(),
});
export type PartView = z.infer<typeof partView>;
export const partsQuery = keyQuery.extend({
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(1000),
});
export const partList = z.object({ items: z.array(partView), nextCursor: z.string().nullable() });
export type PartList = z.infer<typeof partList>;

export const completeUploadRequest = z.strictObject({
  parts: z
    .array(z.strictObject({ partNumber: z.int().min(1).max(10_000), etag }))
    .min(1)
    .max(10_000),
});
export type CompleteUploadRequest = z.infer<typeof completeUploadRequest>;
export const completedUpload = storedObject.omit({ bytes: true });
export type CompletedUpload = z.infer<typeof completedUpload>;
