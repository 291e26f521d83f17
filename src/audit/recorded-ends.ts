// What the store says of the ends of chains: where each begins after records were dropped, and what it has come to.
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { keyAfter } from '../metadata/keys.ts';
import {
  auditBaseKey,
  type AuditBaseRecord,
  auditBoundaryRange,
  type AuditBoundaryRecord,
  auditHeadRange,
  type AuditHeadRecord,
  chainText,
  readAuditHeadKey,
} from '../metadata/tables/audit.ts';
import type { Bytes } from '../metadata/metadata-store.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import { type Base, baseMac, NO_BASE } from './base.ts';
import type { Finding, Report } from './finding.ts';
import { boundaryMac } from './retention.ts';

export type RecordedEnds = {
  /** by chain: the last record that was dropped */
  readonly boundaries: ReadonlyMap<string, { readonly seq: number; readonly hash: string }>;
  readonly heads: ReadonlyMap<string, { readonly seq: number; readonly hash: string }>;
  readonly base: Base;
};

const PAGE = 1000;

export async function readRecordedEnds(
  { store }: { readonly store: MetadataStore },
  key: Buffer | undefined,
  report: Report,
): Promise<RecordedEnds> {
  const heads = await readAll<AuditHeadRecord>(store, auditHeadRange());
  const boundaries = await readAll<AuditBoundaryRecord>(store, auditBoundaryRange());
  for (const [chain, boundary] of boundaries) {
    if (key !== undefined && boundaryMac(key, chain, boundary) === boundary.mac) continue;
    report(altered(`The boundary of chain ${chain} was not written by this server.`, chain));
    boundaries.delete(chain);
  }
  return { heads, boundaries, base: await readSealedBase(store, key, report) };
}

async function readSealedBase(
  store: MetadataStore,
  key: Buffer | undefined,
  report: Report,
): Promise<RecordedEnds['base']> {
  const value = await store.read((snapshot) => snapshot.get(auditBaseKey()));
  if (value === undefined) return NO_BASE;
  const base = decodeRecord<AuditBaseRecord>(value);
  if (key !== undefined && baseMac(key, base) === base.mac) return base;
  report(altered('What is said to have been dropped was not written by this server.', null));
  return NO_BASE;
}

const altered = (message: string, chain: string | null): Finding => ({
  problem: 'boundary-altered',
  message,
  chain,
  seq: null,
  block: null,
});

async function readAll<T extends { readonly v: number }>(
  store: MetadataStore,
  range: { readonly start: Bytes; readonly end: Bytes },
): Promise<Map<string, T>> {
  const all = new Map<string, T>();
  let { start } = range;
  for (;;) {
    const from = start;
    const rows = await store.read((snapshot) => snapshot.range({ start: from, end: range.end, limit: PAGE }));
    for (const { key, value } of rows) all.set(chainText(readAuditHeadKey(key)), decodeRecord<T>(value));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return all;
    start = keyAfter(last.key);
  }
}
