// How LMDB is opened and read (docs/decisions/0003-lmdb.md). `overlappingSync` is off: a commit is on disk before any
// reader of any process can see it, and group commit makes that as fast.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RangeOptions, RootDatabase, Transaction as ReadTransaction } from 'lmdb';
import { open } from 'lmdb';
import { syncFolder } from '../shared/sync-folder.ts';
import type { Bytes, Entry, Range } from './metadata-store.ts';
import { MAX_KEY_BYTES } from './metadata-store.ts';

export type Lmdb = RootDatabase<Bytes, Bytes>;
export type { ReadTransaction };

/** Address space, not disk: the file grows as needed, and a map that never moves needs no agreement of processes. */
export const DEFAULT_MAP_BYTES = 2 ** 40;
/** Snapshots open at once, all processes together. */
const MAX_READERS = 4096;

export async function openLmdb(path: string, mapSizeBytes: number): Promise<Lmdb> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const options = {
    path,
    noSubdir: false,
    encoding: 'binary' as const,
    keyEncoding: 'binary' as const,
    overlappingSync: false,
    // Groups are made in lmdb-commit.ts; on, a failed commit also rejects a promise nobody can catch.
    eventTurnBatching: false,
    mapSize: mapSizeBytes,
    maxReaders: MAX_READERS,
    permissionsMode: 0o600,
  };
  const db = open<Bytes, Bytes>(options);
  await syncFolder(path);
  await syncFolder(dirname(path));
  return db;
}

/** The value, copied out of the map. Without a transaction: as the write transaction that runs sees it. */
export function readValue(db: Lmdb, key: Bytes, transaction?: ReadTransaction): Bytes | undefined {
  return db.get(key, transaction === undefined ? undefined : { transaction });
}

/** The same where it lies, of lmdb's own transaction: good until anything else is read. */
export function peekValue(db: Lmdb, key: Bytes): Bytes | undefined {
  const value = db.getBinaryFast(key);
  // lmdb sets `length` of a buffer that is longer
  return value === undefined ? undefined : Buffer.from(value.buffer, value.byteOffset, value.length);
}

export function readRange(db: Lmdb, range: Range, transaction?: ReadTransaction): Entry[] {
  if (Buffer.compare(range.start, range.end) >= 0) return [];
  const options: RangeOptions = { ...boundsOf(range), limit: range.limit };
  if (transaction !== undefined && !isCurrent(transaction)) options.transaction = transaction;
  const entries: Entry[] = [];
  if (range.keysOnly === true) for (const key of db.getKeys(options)) entries.push({ key, value: NO_VALUE });
  else for (const entry of db.getRange(options)) entries.push({ key: entry.key, value: entry.value });
  return entries;
}

const NO_VALUE = Buffer.alloc(0);

/**
 * Whether lmdb would take this very transaction when none is named. It then uses its last cursor again: opening one
 * costs as much as a jump. lmdb marks a transaction (its types do not show it) when a newer one takes its place.
 */
function isCurrent(transaction: ReadTransaction & { readonly notCurrent?: boolean }): boolean {
  return transaction.notCurrent !== true;
}

function boundsOf(range: Range): RangeOptions {
  const start = cut(range.start);
  const end = cut(range.end);
  return range.reverse === true
    ? { start: end.bound, exclusiveStart: !end.wasCut, end: start.bound, inclusiveEnd: !start.wasCut, reverse: true }
    : { start: start.bound, exclusiveStart: start.wasCut, end: end.bound, inclusiveEnd: end.wasCut };
}

/** LMDB takes no longer bound than a key. No key lies between a longer bound and its cut, which is before it. */
function cut(bound: Bytes): { readonly bound: Bytes; readonly wasCut: boolean } {
  return { bound: bound.subarray(0, MAX_KEY_BYTES), wasCut: bound.length > MAX_KEY_BYTES };
}

type TreeStatistics = { treeBranchPageCount: number; treeLeafPageCount: number; overflowPages: number };
type Environment = {
  info(): { lastPageNumber: number };
  stat(): TreeStatistics & { pageSize: number };
  freeStat(): TreeStatistics;
};

const META_PAGES = 2;
const pagesOf = (tree: TreeStatistics): number =>
  tree.treeBranchPageCount + tree.treeLeafPageCount + tree.overflowPages;

/** Bytes of the data file up to the last page in use, and of those before it that are free. */
export function pages(db: Lmdb & { readonly env?: Environment }): { readonly used: number; readonly free: number } {
  // lmdb's types do not show it.
  if (db.env === undefined) throw new Error('this version of lmdb does not show its environment');
  const main = db.env.stat();
  const pageCount = db.env.info().lastPageNumber + 1;
  const freeCount = pageCount - META_PAGES - pagesOf(main) - pagesOf(db.env.freeStat());
  return { used: pageCount * main.pageSize, free: freeCount * main.pageSize };
}
