// How far a move has come stands in its target, beside what was copied, so that a mover that was killed goes on exactly
// there. Every write to the target proves that this mover is still the one.
import { type DumpEntry, readFilling } from '../metadata/dump.ts';
import { encodeKey, tables } from '../metadata/keys.ts';
import type { Bytes, MetadataStore, Snapshot, Transaction } from '../metadata/metadata-store.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import { type MoveCounts, type MoveDeps, MoveError } from './move-deps.ts';

export type MoveProgress = MoveCounts & {
  readonly v: 1;
  readonly moveId: string;
  readonly holder: string;
  /** base64 of the last key that was copied; null: none yet */
  readonly copiedTo: string | null;
  /** every row there was has been copied once */
  readonly isCopied: boolean;
};

const progressKey = encodeKey(tables.meta, 'move-progress');

export const fillingName = (moveId: string): string => `another store (move ${moveId})`;

export async function readProgress(snapshot: Snapshot): Promise<MoveProgress | undefined> {
  const value = await snapshot.get(progressKey);
  return value === undefined ? undefined : decodeRecord<MoveProgress>(value);
}

/** The id of the move that fills this store. */
export async function readFillingMove(snapshot: Snapshot): Promise<string | null> {
  return /^another store \(move ([0-9a-f]+)\)$/.exec((await readFilling(snapshot)) ?? '')?.[1] ?? null;
}

export function putProgress(transaction: Transaction, progress: MoveProgress): void {
  transaction.put(progressKey, encodeRecord(progress));
}

export function endProgress(transaction: Transaction): void {
  transaction.delete(progressKey);
}

export type Change = { readonly entries: readonly DumpEntry[]; readonly deleted: readonly Bytes[] };

/** One commit of the target: what changes, and how far that brings the move. */
export async function applyChange(
  { target, holder }: MoveDeps,
  { entries, deleted }: Change,
  advance: (before: MoveProgress) => MoveProgress,
): Promise<MoveProgress> {
  return target.store.transact(async (transaction) => {
    const before = await readProgress(transaction);
    if (before?.holder !== holder)
      throw new MoveError('another vstorage migrate has taken over this move: let it finish');
    for (const key of deleted) transaction.delete(key);
    for (const entry of entries) {
      if (entry.kind === 'row') transaction.put(entry.key, entry.value);
      else await setCounter(transaction, entry.key, entry.count);
    }
    const after = advance(before);
    putProgress(transaction, after);
    return after;
  });
}

async function setCounter(transaction: Transaction, key: Bytes, count: bigint): Promise<void> {
  transaction.add(key, count - (await transaction.count(key)));
}

export const progressOf = (store: MetadataStore): Promise<MoveProgress | undefined> => store.read(readProgress);
