// What changed in the source since it was copied: the values that the changed keys have now. Told keys are forgotten when
// the target has them on disk; doing it twice changes nothing.
import type { DumpEntry } from '../metadata/dump.ts';
import { tables } from '../metadata/keys.ts';
import type { Bytes, Entry, Snapshot } from '../metadata/metadata-store.ts';
import { changedKeysRange, readChangedKeys } from '../metadata/move-record.ts';
import { byteText } from '../metadata/recorded-transaction.ts';
import { copyBlobsOf } from './copy-rows.ts';
import type { MoveDeps, Report } from './move-deps.ts';
import { applyChange, type Change } from './move-progress.ts';

const COMMITS_AT_ONCE = 100;
const CHANGES_AT_ONCE = 500;

export type FollowDeps = MoveDeps & {
  readonly report: Report;
  /** every key that followed is added, and every commit counted */
  readonly followed: { readonly keys: Map<string, Bytes>; commits: number };
};

/** Until `few` are left, which one more round brings over, or `none`. */
export async function followChanges(deps: FollowDeps, until: 'few' | 'none'): Promise<void> {
  for (;;) {
    const commits = await followSome(deps);
    deps.followed.commits += commits;
    if (until === 'few' ? commits < COMMITS_AT_ONCE : commits === 0) return;
  }
}

async function followSome(deps: FollowDeps): Promise<number> {
  const { source, report, followed } = deps;
  const { told, changes } = await source.store.read(async (snapshot) => {
    const rows = await snapshot.range({ ...changedKeysRange(), limit: COMMITS_AT_ONCE });
    return { told: rows.map(({ key }) => key), changes: await valuesNow(snapshot, rows) };
  });
  for (const change of changes) {
    for (const key of keysOf(change)) followed.keys.set(byteText(key), key);
    const rows = change.entries.filter((entry) => entry.kind === 'row');
    const copied = await copyBlobsOf(deps, rows);
    const progress = await applyChange(deps, change, (before) => ({
      ...before,
      rows: before.rows + rows.length,
      blobs: before.blobs + copied.blobs,
      blobBytes: before.blobBytes + copied.blobBytes,
    }));
    report('follows', progress);
  }
  if (told.length > 0) {
    await source.store.transact(async (transaction) => {
      for (const key of told) transaction.delete(key);
    });
  }
  return told.length;
}

const keysOf = ({ entries, deleted }: Change): Bytes[] => [...entries.map(({ key }) => key), ...deleted];

async function valuesNow(snapshot: Snapshot, rows: readonly Entry[]): Promise<Change[]> {
  const keys = new Map(rows.flatMap(({ value }) => readChangedKeys(value)).map((key) => [byteText(key), key]));
  const all = [...keys.values()];
  const changes: Change[] = [];
  for (let at = 0; at < all.length; at += CHANGES_AT_ONCE) {
    changes.push(await changeOf(snapshot, all.slice(at, at + CHANGES_AT_ONCE)));
  }
  return changes;
}

async function changeOf(snapshot: Snapshot, keys: readonly Bytes[]): Promise<Change> {
  const isCounter = (key: Bytes): boolean => key[0] === tables.usage;
  const rows = keys.filter((key) => !isCounter(key));
  const values = await snapshot.getMany(rows);
  const entries: DumpEntry[] = [];
  const deleted: Bytes[] = [];
  for (const [index, key] of rows.entries()) {
    const value = values[index];
    if (value === undefined) deleted.push(key);
    else entries.push({ kind: 'row', key, value });
  }
  for (const key of keys.filter(isCounter)) entries.push({ kind: 'counter', key, count: await snapshot.count(key) });
  return { entries, deleted };
}
