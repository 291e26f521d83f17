// Why requests were refused. Causes, facts and next steps are codes, for pages in every language.
import { z } from 'zod';

export const refusalParams = z.object({
  requestId: z.string().regex(/^[0-9A-Fa-f]{16}$/, 'A request id has 16 hexadecimal digits.'),
});

export const refusalsQuery = z.object({
  /** codes of errors, separated by commas */
  code: z.string().max(500).optional(),
  cause: z.string().max(500).optional(),
  accessKey: z.string().max(128).optional(),
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const time = z.iso.datetime();
const facts = z.record(z.string(), z.string());

const actor = z.object({
  type: z.string(),
  accountId: z.string().optional(),
  id: z.string().optional(),
  name: z.string().optional(),
  keyId: z.string().optional(),
  accessKey: z.string().optional(),
  sessionId: z.string().optional(),
  actingAs: z.string().optional(),
});

const summary = {
  requestId: z.string(),
  time,
  who: actor,
  channel: z.enum(['console', 'api', 's3', 'iam', 'cli', 'job']),
  operation: z.string(),
  method: z.string(),
  resource: z.string().nullable(),
  status: z.int(),
  code: z.string(),
  message: z.string(),
  address: z.string(),
  userAgent: z.string(),
  /** what refused it: a stable code, and the values that belong to it */
  cause: z.string(),
  facts,
  /** what to do about it: stable codes */
  nextSteps: z.array(z.string()),
};

export const refusalSummary = z.object(summary);
export type RefusalSummary = z.infer<typeof refusalSummary>;

export const refusalView = z.object({
  ...summary,
  /** of a decision about rights: what each part of the rules said */
  decision: z
    .object({
      action: z.string(),
      resource: z.string(),
      layers: z.array(
        z.object({
          layer: z.enum([
            'identity-policies',
            'permissions-boundary',
            'session-policy',
            'key-restriction',
            'bucket-policy',
            'acl',
            'public-access-block',
          ]),
          says: z.enum(['allows', 'denies', 'nothing', 'not-set', 'off']),
          /** without it alone the request would have been allowed */
          standsInTheWay: z.boolean(),
        }),
      ),
      decidedBy: z
        .object({
          policy: z.string(),
          sid: z.string().nullable(),
          /** null: not for the caller to see */
          statement: z.record(z.string(), z.unknown()).nullable(),
        })
        .nullable(),
    })
    .nullable(),
  /** of a signature: what the server built from the request, and how the client read it */
  signature: z
    .object({
      canonicalRequest: z.string().nullable(),
      stringToSign: z.string().nullable(),
      accessKey: z.string(),
      signedHeaders: z.array(z.string()),
      requestTime: time.nullable(),
      serverTime: time,
      skewSeconds: z.int().nullable(),
      matched: z.object({ variant: z.string(), facts, canonicalRequest: z.string().nullable() }).nullable(),
      tried: z.int(),
    })
    .nullable(),
});
export type RefusalView = z.infer<typeof refusalView>;

export const refusalPage = z.object({
  items: z.array(refusalSummary),
  nextCursor: z.string().nullable(),
  /** `own`: without vstorage:ExplainRefusal only what concerns the caller */
  scope: z.enum(['all', 'own']),
  /** how long refusals are kept, and how many of an account */
  keptDays: z.int(),
  keptPerAccount: z.int(),
});
export type RefusalPageView = z.infer<typeof refusalPage>;
