// An optimistic transaction runs again when what it read has changed, the same for every engine.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bytes, Snapshot, Transaction } from './metadata-store.ts';
import { TransactionConflictError } from './metadata-store.ts';
import { byteText, RecordedTransaction } from './recorded-transaction.ts';
import type { Turns } from './turns.ts';

/** Something that was read has changed, at this key (a range: its start); nothing was written. */
export type Conflict = { readonly conflict: Bytes };
export type CommitOutcome = 'committed' | Conflict;

const MAX_ATTEMPTS = 100;
const MAX_PAUSE_MS = 20;

export async function retryConflicts<T>(
  turns: Turns,
  attempt: () => Promise<{ readonly result: T } | Conflict>,
): Promise<T> {
  const first = await attempt();
  if (!('conflict' in first)) return first.result;
  let { conflict } = first;
  for (let attempts = 2; attempts <= MAX_ATTEMPTS; attempts++) {
    using _turn = await turns.take(byteText(conflict));
    // Whoever still loses with the turn loses to another process.
    if (attempts > 2) await sleep(Math.random() * Math.min(attempts, MAX_PAUSE_MS));
    const outcome = await attempt();
    if (!('conflict' in outcome)) return outcome.result;
    conflict = outcome.conflict;
  }
  throw new TransactionConflictError(`gave up after ${MAX_ATTEMPTS} conflicts in a row`);
}

/** Runs `fn` on the snapshot and answers what it read and wants written. */
export async function record<T>(
  snapshot: Snapshot,
  fn: (transaction: Transaction) => Promise<T>,
): Promise<{ readonly result: T; readonly recorded: RecordedTransaction }> {
  const recorded = new RecordedTransaction(snapshot);
  try {
    return { result: await fn(recorded), recorded };
  } finally {
    recorded.end();
  }
}
