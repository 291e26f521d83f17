// What kind of record an operation leaves. It follows from the table of operations, so that a new one is recorded
// without anybody thinking of it: what is about objects is data, all else is management.
import type { AuditCategory } from '../../audit/entry.ts';
import type { DeclaredOperation } from '../operation.ts';
import { operations } from '../operations/table.ts';

export type OperationKind = { readonly category: AuditCategory; readonly access: 'read' | 'write' };

/** They name a bucket, but are about what is in it. */
const ABOUT_OBJECTS: ReadonlySet<string> = new Set([
  'DeleteObjects',
  'ListMultipartUploads',
  'ListObjects',
  'ListObjectsV2',
  'ListObjectVersions',
  'PostObject',
]);
const READ_BY_POST: ReadonlySet<string> = new Set(['SelectObjectContent']);

/** Not operations of the table, but requests that are answered. */
const others: ReadonlyMap<string, OperationKind> = new Map([
  ['Preflight', { category: 'data', access: 'read' }],
  ['WebsiteGetObject', { category: 'data', access: 'read' }],
]);

export function kindOf({ name, target, method }: Pick<DeclaredOperation, 'name' | 'target' | 'method'>): OperationKind {
  const isData = target === 'object' || ABOUT_OBJECTS.has(name);
  const isRead = method === 'GET' || method === 'HEAD' || READ_BY_POST.has(name);
  return { category: isData ? 'data' : 'management', access: isRead ? 'read' : 'write' };
}

const kinds: ReadonlyMap<string, OperationKind> = new Map([
  ...operations.map((operation) => [operation.name, kindOf(operation)] as const),
  ...others,
]);

/** null: the request named no operation. */
export const findKind = (operation: string): OperationKind | null => kinds.get(operation) ?? null;

/** Calls of IAM and STS hand out rights for a time. */
const SIGN_IN = /^(?:AssumeRole|GetSessionToken|GetFederationToken)/;
const READS = /^(?:Get|List|Simulate|Generate|Decode)/;

export function queryKindOfCall(operation: string): OperationKind | null {
  if (operation === 'Unrouted') return null;
  if (SIGN_IN.test(operation)) return { category: 'sign-in', access: 'write' };
  return { category: 'management', access: READS.test(operation) ? 'read' : 'write' };
}
