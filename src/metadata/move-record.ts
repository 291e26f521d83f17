// The row of a store whose content moves to other engines (src/moving): while it stands, every commit by whatever process
// tells which keys it changed (move-gate.ts), and at the end none is let through.
import { encodeKey, prefixRange, tables } from './keys.ts';
import type { Bytes, Snapshot, Transaction } from './metadata-store.ts';
import { decodeRecord, encodeRecord } from './tables/record.ts';

export type MoveRecord = {
  readonly v: 1;
  readonly moveId: string;
  /** the process that moves it: one that another has taken the place of must not go on */
  readonly holder: string;
  /** where to, for people; no secrets */
  readonly to: string;
  /** `copying`: writes go on · `read-only`: none, until `until` · `moved`: none ever again */
  readonly state: 'copying' | 'read-only' | 'moved';
  /** ms since 1970: a mover that is silent so long has died, and writes go on */
  readonly until?: number;
  /** once moved: what was found to be the same in both stores */
  readonly compared?: { readonly rows: number; readonly counters: number };
};

export const moveKey = encodeKey(tables.meta, 'move');

export async function readMove(snapshot: Snapshot): Promise<MoveRecord | undefined> {
  return parseMove(await snapshot.get(moveKey));
}

export const parseMove = (value: Bytes | undefined): MoveRecord | undefined =>
  value === undefined ? undefined : decodeRecord<MoveRecord>(value);

export function putMove(transaction: Transaction, move: MoveRecord): void {
  transaction.put(moveKey, encodeRecord(move));
}

type ChangedKeys = { readonly v: 1 /** base64 */; readonly keys: readonly string[] };

/** Keys that one commit wrote; `id` is unique. */
export function putChangedKeys(transaction: Transaction, now: number, id: string, keys: readonly Bytes[]): void {
  const record: ChangedKeys = { v: 1, keys: keys.map((key) => Buffer.from(key).toString('base64')) };
  transaction.put(encodeKey(tables.moveChange, BigInt(now), id), encodeRecord(record));
}

/** A table of its own: every commit reads the row above, and an engine may take a neighbour's change for one of it. */
export const changedKeysRange = (): { start: Bytes; end: Bytes } => prefixRange(tables.moveChange);

export const readChangedKeys = (value: Bytes): Bytes[] =>
  decodeRecord<ChangedKeys>(value).keys.map((key) => Buffer.from(key, 'base64'));

/** What belongs to this store and its processes, not to the data in it: left out of every copy. */
const processTables: ReadonlySet<number> = new Set([tables.jobLease, tables.gateway, tables.moveChange]);
const processRows = ['collection-hold', 'move', 'move-progress', 'filling'].map((label) =>
  encodeKey(tables.meta, label),
);

export function isOfThisStore(key: Bytes): boolean {
  if (processTables.has(key[0] ?? 0)) return true;
  return key[0] === tables.meta && processRows.some((row) => Buffer.compare(key.subarray(0, row.length), row) === 0);
}
