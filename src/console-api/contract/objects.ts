// Objects of a bucket, for /api/v1/projects/{projectId}/buckets/{bucket}/….
import { z } from 'zod';
import { bucketParams } from './buckets.ts';

const time = z.iso.datetime();
const text = z.string().max(1024);

/** 1 to 1,024 bytes of UTF-8; any characters. */
export const objectKey = z.string().min(1).max(1024);
const versionId = z.string().min(1).max(64);

/** Names one object: keys hold slashes, so they stand in the query. */
export const objectQuery = z.object({ key: objectKey, versionId: versionId.optional() });
export const keyQuery = z.object({ key: objectKey });

export const listObjectsQuery = z.object({
  prefix: text.default(''),
  /** what groups keys into folders; empty: nothing does */
  delimiter: z.string().max(16).default('/'),
  /** only what comes after this key */
  startAfter: text.optional(),
  cursor: z.string().max(4000).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(1000),
});

/** What the caller may do with keys that begin with the prefix, as far as its policies tell beforehand. */
export const objectRight = z.enum([
  'upload',
  'download',
  'delete',
  'delete-versions',
  'tag',
  'retain',
  'hold',
  'bypass',
]);
export type ObjectRight = z.infer<typeof objectRight>;

export const objectEntry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('prefix'), prefix: z.string() }),
  z.object({
    kind: z.literal('object'),
    key: z.string(),
    bytes: z.int(),
    lastModified: time,
    etag: z.string(),
    storageClass: z.string(),
    contentType: z.string().nullable(),
  }),
]);
export type ObjectEntry = z.infer<typeof objectEntry>;
export const objectList = z.object({
  items: z.array(objectEntry),
  nextCursor: z.string().nullable(),
  rights: z.array(objectRight),
});
export type ObjectList = z.infer<typeof objectList>;

export const versionEntry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('prefix'), prefix: z.string() }),
  z.object({
    kind: z.literal('version'),
    key: z.string(),
    versionId: z.string(),
    isLatest: z.boolean(),
    deleteMarker: z.boolean(),
    /** 0 for a delete marker */
    bytes: z.int(),
    lastModified: time,
    etag: z.string().nullable(),
    storageClass: z.string().nullable(),
    contentType: z.string().nullable(),
    /** a retention or legal hold keeps it */
    locked: z.boolean(),
  }),
]);
export type VersionEntry = z.infer<typeof versionEntry>;
export const versionList = objectList.extend({ items: z.array(versionEntry) });
export type VersionList = z.infer<typeof versionList>;

export const tag = z.strictObject({ key: z.string().max(128), value: z.string().max(256) });
export type TagView = z.infer<typeof tag>;

/** Headers stored with an object and sent back with it. */
export const systemMetadata = z.strictObject({
  contentType: text.optional(),
  cacheControl: text.optional(),
  contentDisposition: text.optional(),
  contentEncoding: text.optional(),
  contentLanguage: text.optional(),
  expires: text.optional(),
  websiteRedirectLocation: z.string().max(2048).optional(),
});
export type SystemMetadataView = z.infer<typeof systemMetadata>;

/** Names without `x-amz-meta-`. */
export const userMetadata = z.record(
  z.string().regex(/^[a-z0-9!#$%&'*+.^_`|~-]{1,128}$/, 'A metadata name has lower-case letters, digits and -_. only.'),
  z.string().max(2048),
);

const retention = z.object({ mode: z.enum(['GOVERNANCE', 'COMPLIANCE']), until: time });
export type RetentionView = z.infer<typeof retention>;

export const objectView = z.object({
  key: z.string(),
  versionId: z.string(),
  isLatest: z.boolean(),
  bytes: z.int(),
  etag: z.string(),
  lastModified: time,
  storageClass: z.string(),
  system: systemMetadata,
  metadata: z.record(z.string(), z.string()),
  /** null: the caller may not read them */
  tags: z.array(tag).nullable(),
  /** base64 */
  checksum: z
    .object({ algorithm: z.string(), type: z.enum(['FULL_OBJECT', 'COMPOSITE']), value: z.string() })
    .nullable(),
  encryption: z.object({ type: z.enum(['SSE-S3', 'SSE-KMS', 'SSE-C']), keyName: z.string().nullable() }).nullable(),
  /** null: the bucket has no object lock */
  lock: z.object({ retention: retention.nullable(), legalHold: z.boolean() }).nullable(),
  /** of an archive class: whether it can be read now, and until when */
  archive: z.object({ readable: z.boolean(), until: time.nullable() }).nullable(),
  /** it was uploaded in so many parts; null: in one piece */
  parts: z.int().nullable(),
  rights: z.array(objectRight),
});
export type ObjectView = z.infer<typeof objectView>;

export const contentQuery = objectQuery.extend({
  /** inline: to be shown in a page; what a browser could run is sent as a file all the same */
  disposition: z.enum(['attachment', 'inline']).default('attachment'),
});

/** For writes whose body is the object: headers of the object are parameters, `Content-Type` is the object's. */
export const putObjectQuery = keyQuery.extend({
  storageClass: z.string().max(64).optional(),
  /** only when no object of this key exists */
  ifAbsent: z.enum(['true', 'false']).default('false'),
});
export const storedObject = z.object({
  key: z.string(),
  versionId: z.string(),
  bytes: z.int(),
  etag: z.string(),
  checksum: objectView.shape.checksum,
});
export type StoredObject = z.infer<typeof storedObject>;

export const objectItem = z.strictObject({ key: objectKey, versionId: versionId.optional() });
export const deleteObjectsRequest = z.strictObject({
  items: z.array(objectItem).min(1).max(1000),
  /** override locks of governance; needs s3:BypassGovernanceRetention */
  bypassGovernance: z.boolean().default(false),
});
export type DeleteObjectsRequest = z.input<typeof deleteObjectsRequest>;

/** One result per item, in the order sent. */
export const deleteObjectsResult = z.object({
  results: z.array(
    z.discriminatedUnion('deleted', [
      /** `deleteMarker`: one was made (or removed), the versions are still there */
      z.object({
        key: z.string(),
        deleted: z.literal(true),
        deleteMarker: z.boolean(),
        versionId: z.string().nullable(),
      }),
      z.object({ key: z.string(), deleted: z.literal(false), code: z.string(), detail: z.string() }),
    ]),
  ),
});
export type DeleteObjectsResult = z.infer<typeof deleteObjectsResult>;

export const deletePreviewRequest = z.strictObject({
  items: z
    .array(z.union([objectItem, z.strictObject({ prefix: objectKey })]))
    .min(1)
    .max(10_000),
});
export type DeletePreviewRequest = z.infer<typeof deletePreviewRequest>;

/** What deleting these would come to. Counting stops after a while: then there is more (`complete` false). */
export const deletePreview = z.object({
  complete: z.boolean(),
  /** that can be seen now */
  objects: z.int(),
  bytes: z.int(),
  /** older versions and delete markers: null where the caller may not list them */
  older: z.object({ versions: z.int(), deleteMarkers: z.int(), bytes: z.int() }).nullable(),
  /** of all versions counted, those that a retention or legal hold keeps */
  locked: z.int(),
  versioning: z.enum(['off', 'enabled', 'suspended']),
});
export type DeletePreview = z.infer<typeof deletePreview>;

export const setMetadataRequest = z.strictObject({
  system: systemMetadata,
  metadata: userMetadata.default({}),
  /** without: it stays */
  storageClass: z.string().max(64).optional(),
});
export type SetMetadataRequest = z.input<typeof setMetadataRequest>;
export const setTagsRequest = z.strictObject({ tags: z.array(tag).max(50) });
export type SetTagsRequest = z.infer<typeof setTagsRequest>;
export const setRetentionRequest = z.strictObject({
  /** null: takes it away, where that is allowed */
  retention: z.strictObject(retention.shape).nullable(),
  bypassGovernance: z.boolean().default(false),
});
export type SetRetentionRequest = z.input<typeof setRetentionRequest>;
export const setLegalHoldRequest = z.strictObject({ on: z.boolean() });
export const restoreArchiveRequest = z.strictObject({ days: z.int().min(1).max(36_500) });

export const shareRequest = z.strictObject({
  /** an S3 key of the caller's own: the link has its rights and dies with it */
  s3KeyId: z.uuid(),
  expiresInSeconds: z.int().min(60).max(604_800),
  mode: z.enum(['view', 'download']).default('download'),
});
export type ShareRequest = z.input<typeof shareRequest>;
export const sharedLink = z.object({ url: z.string(), expiresAt: time });
export type SharedLink = z.infer<typeof sharedLink>;

export const archiveRequest = z.strictObject({
  items: z
    .array(z.union([z.strictObject({ key: objectKey }), z.strictObject({ prefix: objectKey })]))
    .min(1)
    .max(10_000),
  /** what the names in the file begin after; usually the folder that is open */
  base: text.default(''),
  name: z.string().max(200).optional(),
});
export type ArchiveRequest = z.input<typeof archiveRequest>;
/** `path`: to be fetched within an hour. */
export const archiveTicket = z.object({ id: z.string(), path: z.string(), expiresAt: time });
export type ArchiveTicket = z.infer<typeof archiveTicket>;
export const archiveParams = bucketParams.extend({ id: z.string().regex(/^[0-9a-v]{32}$/) });
