// The S3 keys of all projects of an account.
import { z } from 'zod';
import { page, pageQuery, s3KeyList, s3KeyView, uuid } from '../contract.ts';

/** Filters are made by the server only where they save much: an account has few keys. */
export const accountKeysQuery = pageQuery.extend({
  /** of an access key, an id, a description or the creator's name */
  search: z.string().max(200).optional(),
});
export const accountS3Key = s3KeyView.extend({ projectName: z.string() });
export type AccountS3Key = z.infer<typeof accountS3Key>;
export const accountS3KeyList = page(accountS3Key).extend({
  scope: s3KeyList.shape.scope,
  limit: s3KeyList.shape.limit,
});
export type AccountS3KeyList = z.infer<typeof accountS3KeyList>;

export const setKeyStatusRequest = z.strictObject({
  ids: z.array(uuid).min(1).max(100),
  status: z.enum(['active', 'disabled']),
});
export type SetKeyStatusRequest = z.infer<typeof setKeyStatusRequest>;
/** One result per id, in the order sent. */
export const setKeyStatusResult = z.object({
  results: z.array(
    z.discriminatedUnion('changed', [
      z.object({ id: uuid, changed: z.literal(true) }),
      z.object({ id: uuid, changed: z.literal(false), code: z.string(), detail: z.string() }),
    ]),
  ),
});
export type SetKeyStatusResult = z.infer<typeof setKeyStatusResult>;
