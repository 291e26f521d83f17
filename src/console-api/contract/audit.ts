// The audit trail: who did what, on what, from where, and what came of it.
import { z } from 'zod';

const names = (what: string) => z.string().max(2000).optional().describe(`${what}; several with commas between them`);

const filters = {
  who: names('Ids, names, access keys or sessions of whoever did it'),
  operation: names('Such as CreateS3Key, PutBucketPolicy, SignIn'),
  action: names('What was asked for, as policies write it'),
  category: names('sign-in, management, data, system'),
  access: names('read, write'),
  channel: names('console, api, s3, iam, cli, job'),
  actor: names('root, user, service-account, role, anonymous, operator, job, unknown'),
  outcome: names('success, denied, failed'),
  code: names('Codes of errors'),
  project: names('Ids of projects'),
  bucket: names('Names of buckets'),
  address: names('Addresses of clients'),
  requestId: z.string().max(100).optional(),
  resource: z
    .string()
    .max(2200)
    .optional()
    .describe('An ARN, or bucket/key; with * at its end everything that begins with it'),
  from: z.iso.datetime({ offset: true }).optional().describe('Not before'),
  to: z.iso.datetime({ offset: true }).optional().describe('Before'),
};

export const auditQuery = z.object({
  ...filters,
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
});
export const auditExportQuery = z.object(filters);
export const auditFacetsQuery = z.object({ from: filters.from, to: filters.to });

const actor = z.object({
  type: z.enum(['root', 'user', 'service-account', 'role', 'anonymous', 'operator', 'job', 'unknown']),
  accountId: z.string().optional(),
  id: z.string().optional(),
  name: z.string().optional(),
  keyId: z.string().optional(),
  accessKey: z.string().optional(),
  sessionId: z.string().optional(),
  /** who acts as this identity, when that is somebody else */
  actingAs: z.string().optional(),
});

export const auditRecord = z.object({
  /** one writing process; its records count from 1 and carry the hash of the one before */
  chain: z.string(),
  seq: z.int(),
  prev: z.string(),
  time: z.iso.datetime(),
  operation: z.string(),
  action: z.string().nullable(),
  category: z.enum(['sign-in', 'management', 'data', 'system']),
  access: z.enum(['read', 'write']),
  channel: z.enum(['console', 'api', 's3', 'iam', 'cli', 'job']),
  who: actor,
  accounts: z.array(z.string()),
  resource: z.string().nullable(),
  projectId: z.string().optional(),
  bucket: z.string().optional(),
  region: z.string().optional(),
  outcome: z.enum(['success', 'denied', 'failed']),
  status: z.int(),
  code: z.string().nullable(),
  requestId: z.string(),
  address: z.string(),
  userAgent: z.string(),
  details: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]))
    .optional(),
});
export type AuditRecordView = z.infer<typeof auditRecord>;

export const auditPage = z.object({
  items: z.array(auditRecord),
  /** also when the page is not full: a search that the index cannot narrow ends its pages early */
  nextCursor: z.string().nullable(),
  /** of all pages, with the first one only; an estimate when it is not exact */
  total: z.object({ count: z.int(), isExact: z.boolean() }).nullable(),
  /** how far back the page looked; null: to the beginning */
  searchedTo: z.iso.datetime().nullable(),
});
export type AuditPageView = z.infer<typeof auditPage>;

const facet = z.array(z.object({ value: z.string(), count: z.int() }));

export const auditFacets = z.object({
  operation: facet,
  category: facet,
  access: facet,
  channel: facet,
  actor: facet,
  outcome: facet,
  code: facet,
  who: facet,
  bucket: facet,
  /** records that were looked at, the newest ones of the time; isWhole: all of them */
  sampledRecords: z.int(),
  isWhole: z.boolean(),
});
export type AuditFacetsView = z.infer<typeof auditFacets>;

/** Which requests for objects of the bucket stand in the trail. */
export const bucketAudit = z.strictObject({ dataAccess: z.enum(['none', 'write', 'all']) });
export type BucketAudit = z.infer<typeof bucketAudit>;
