// How a request is counted: by what it does and how it was answered.
import type { Counts } from '../metadata/tables/reports.ts';

export const requestKinds = ['read', 'write', 'list', 'delete'] as const;
export type RequestKind = (typeof requestKinds)[number];
export const statusClasses = ['2xx', '3xx', '4xx', '5xx'] as const;
export type StatusClass = (typeof statusClasses)[number];

const CLASSES = statusClasses.length;
const REQUESTS = requestKinds.length * CLASSES;
export const BYTES_IN = REQUESTS;
export const BYTES_OUT = REQUESTS + 1;
export const COUNTS = REQUESTS + 2;

export const noCounts = (): number[] => Array.from({ length: COUNTS }, () => 0);

export const placeOf = (kind: RequestKind, statusClass: StatusClass): number =>
  requestKinds.indexOf(kind) * CLASSES + statusClasses.indexOf(statusClass);

export function addTo(sum: number[], counts: Counts): void {
  for (let place = 0; place < COUNTS; place++) sum[place] = (sum[place] ?? 0) + (counts[place] ?? 0);
}

const LISTS = /^List/;
const DELETES = /^(?:Delete|Abort)/;
const READS = new Set(['Preflight', 'WebsiteGetObject', 'SelectObjectContent']);

/** `operation` is the wire name: `PutObject`. */
export function kindOfRequest(operation: string, method: string): RequestKind {
  if (LISTS.test(operation)) return 'list';
  if (DELETES.test(operation) || method === 'DELETE') return 'delete';
  return method === 'GET' || method === 'HEAD' || READS.has(operation) ? 'read' : 'write';
}

/** An answer that never began, because the client had gone, counts as the client's fault. */
export function classOf(status: number): StatusClass {
  if (status >= 500) return '5xx';
  if (status >= 400 || status < 200) return '4xx';
  return status >= 300 ? '3xx' : '2xx';
}

export function requestsOf(counts: Counts, wanted: { kind?: RequestKind; statusClass?: StatusClass } = {}): number {
  let sum = 0;
  for (const [row, kind] of requestKinds.entries()) {
    if (wanted.kind !== undefined && wanted.kind !== kind) continue;
    for (const [column, statusClass] of statusClasses.entries()) {
      if (wanted.statusClass !== undefined && wanted.statusClass !== statusClass) continue;
      sum += counts[row * CLASSES + column] ?? 0;
    }
  }
  return sum;
}
