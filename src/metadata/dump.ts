// Everything in a metadata store, as of one snapshot, in a form every engine can take in. Counters come apart, because
// an engine may keep them in shards of its own.
import { encodeKey, keyAfter, tables } from './keys.ts';
import type { Bytes, MetadataStore, Snapshot, Transaction } from './metadata-store.ts';
import { isOfThisStore } from './move-record.ts';
import type { ProjectRecord } from './tables/identities.ts';
import { type BucketRecord, type UsageScope, usageKey } from './tables/objects.ts';
import { decodeRecord } from './tables/record.ts';

export type DumpEntry =
  | { readonly kind: 'row'; readonly key: Bytes; readonly value: Bytes }
  | { readonly kind: 'counter'; readonly key: Bytes; readonly count: bigint };

const PAGE_ROWS = 500;
export const END_OF_KEYS = Buffer.of(0xff);

/** Tables of which no row is a row of a dump. */
const leftOut: ReadonlySet<number> = new Set([tables.jobLease, tables.gateway, tables.moveChange, tables.usage]);

/** What belongs to the data; counters come apart. */
export const isDumped = (key: Bytes): boolean => key[0] !== tables.usage && !isOfThisStore(key);

/** Pages of entries: all rows in order of their keys, then all counters. */
export async function* dumpEntries(snapshot: Snapshot): AsyncGenerator<DumpEntry[]> {
  const scopes: UsageScope[] = [];
  let start: Bytes = Buffer.of(0);
  for (;;) {
    const rows = await snapshot.range({ start, end: END_OF_KEYS, limit: PAGE_ROWS });
    for (const { key, value } of rows) addScope(scopes, key, value);
    yield rows.flatMap(({ key, value }) => (isDumped(key) ? [{ kind: 'row', key, value } as const] : []));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_ROWS) break;
    start = pastLeftOut(keyAfter(last.key));
  }
  for (const scope of scopes) yield await countersOf(snapshot, scope);
}

/** Tables left out may be long: whoever begins in one goes on behind it. */
export function pastLeftOut(start: Bytes): Bytes {
  const table = start[0] ?? 0;
  return leftOut.has(table) ? Buffer.of(table + 1) : start;
}

export function addScope(scopes: UsageScope[], key: Bytes, value: Bytes): void {
  if (key[0] === tables.project) scopes.push({ project: decodeRecord<ProjectRecord>(value).projectId });
  if (key[0] === tables.bucket) scopes.push({ bucket: decodeRecord<BucketRecord>(value).bucketId });
}

export async function countersOf(snapshot: Snapshot, scope: UsageScope): Promise<DumpEntry[]> {
  const units = 'project' in scope ? (['bytes', 'objects', 'buckets'] as const) : (['bytes', 'objects'] as const);
  const keys = units.map((unit) => usageKey(scope, unit));
  return Promise.all(keys.map(async (key) => ({ kind: 'counter' as const, key, count: await snapshot.count(key) })));
}

/** Writes entries in one commit, whatever stood under their keys; doing it twice changes nothing. */
export async function loadEntries(store: MetadataStore, entries: readonly DumpEntry[]): Promise<void> {
  await store.transact(async (transaction) => {
    for (const entry of entries) {
      if (entry.kind === 'row') transaction.put(entry.key, entry.value);
      else transaction.add(entry.key, entry.count - (await transaction.count(entry.key)));
    }
  });
}

/** Set while a store is being filled: nothing may be served from it. */
const fillingKey = encodeKey(tables.meta, 'filling');

export async function readFilling(snapshot: Snapshot): Promise<string | null> {
  const value = await snapshot.get(fillingKey);
  return value === undefined ? null : Buffer.from(value).toString('utf8');
}

export class StoreNotEmptyError extends Error {
  override readonly name = 'StoreNotEmptyError';
}

/** Marks an empty store, or one that was being filled from the same source before. */
export async function beginFilling(store: MetadataStore, source: string): Promise<void> {
  await store.transact(async (transaction) => {
    const known = await readFilling(transaction);
    const [any] = await transaction.range({ start: Buffer.of(0), end: END_OF_KEYS, limit: 1 });
    if (known !== source && any !== undefined) {
      throw new StoreNotEmptyError(
        known === null ? 'the store is not empty' : `the store is being filled from ${known}: finish that first`,
      );
    }
    transaction.put(fillingKey, Buffer.from(source, 'utf8'));
  });
}

export const endFilling = (store: MetadataStore): Promise<void> =>
  store.transact(async (transaction) => clearFilling(transaction));

export const clearFilling = (transaction: Transaction): void => transaction.delete(fillingKey);
