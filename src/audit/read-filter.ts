// A search as people write it: lists separated by commas, a resource with `*` at its end for all that begin with it.
import { ProblemError } from '../shared/errors.ts';
import type { AuditFilter, FieldName } from './filter.ts';
import type { AuditCursor } from './place.ts';

export const filterNames = [
  'operation',
  'action',
  'category',
  'access',
  'channel',
  'actor',
  'outcome',
  'code',
  'project',
  'bucket',
  'address',
] as const satisfies readonly FieldName[];

export type WrittenFilter = {
  readonly [Name in (typeof filterNames)[number]]?: string | undefined;
} & {
  readonly who?: string | undefined;
  readonly requestId?: string | undefined;
  readonly resource?: string | undefined;
  /** ISO 8601 */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

const MAX_VALUES = 50;

export function readFilter(written: WrittenFilter, accountId: string | null): AuditFilter {
  const fields = Object.fromEntries(
    filterNames.flatMap((name) => {
      const values = listOf(written[name]);
      return values.length === 0 ? [] : [[name, values] as const];
    }),
  );
  const { requestId, resource, who, from, to } = written;
  return {
    accountId,
    fields: { ...fields, ...(requestId === undefined ? {} : { request: [requestId.toUpperCase()] }) },
    ...(who === undefined ? {} : { who: listOf(who) }),
    ...(resource === undefined || resource === '' ? {} : { resource: readResource(resource) }),
    ...(from === undefined ? {} : { from: readTime(from, 'from') }),
    ...(to === undefined ? {} : { to: readTime(to, 'to') }),
  };
}

function listOf(text = ''): string[] {
  const values = text.split(',').map((value) => value.trim());
  return values.filter((value) => value !== '').slice(0, MAX_VALUES);
}

/** What is no ARN and no name of a thing of vStorage is a bucket, or a key in one. */
function readResource(text: string): NonNullable<AuditFilter['resource']> {
  const whole = /^(?:arn:|vstorage::)/.test(text) ? text : `arn:aws:s3:::${text}`;
  return whole.endsWith('*') ? { prefix: whole.slice(0, -1) } : { exact: whole };
}

function readTime(text: string, field: string): number {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) return at;
  throw new ProblemError(400, 'invalid-time', 'A time is written 2026-01-31T08:00:00Z.', { field });
}

export function encodeAuditCursor({ at, chain, seq, block, wasFresh }: AuditCursor): string {
  return Buffer.from(JSON.stringify([at, chain, seq, block, wasFresh])).toString('base64url');
}

export function decodeAuditCursor(text: string): AuditCursor {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (Array.isArray(parts) && parts.length === 5) {
      const [at, chain, seq, block, wasFresh]: readonly unknown[] = parts;
      const isCursor =
        [at, seq, block].every((part) => Number.isInteger(part)) &&
        typeof chain === 'string' &&
        typeof wasFresh === 'boolean';
      if (isCursor) return { at, chain, seq, block, wasFresh } as AuditCursor;
    }
  } catch {
    // said below
  }
  const message = 'This cursor is not one that the server made. Start from the first page.';
  throw new ProblemError(400, 'invalid-cursor', message, { field: 'cursor' });
}
