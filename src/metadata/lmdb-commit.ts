// Group commit. Transactions that wait are validated and applied one after another inside one LMDB write transaction,
// and share its two disk flushes; while it runs, the next group gathers.
import type { Lmdb } from './lmdb-environment.ts';
import { readRange, readValue } from './lmdb-environment.ts';
import type { LmdbSpace } from './lmdb-space.ts';
import { translateLmdbError } from './lmdb-errors.ts';
import type { Bytes, Entry } from './metadata-store.ts';
import { CounterLimitError } from './metadata-store.ts';
import type { BufferedWrite, Recording } from './recorded-transaction.ts';
import { decodeCounter, encodeCounter } from './recorded-transaction.ts';

/** 'conflict': something read has changed, nothing was written. */
export type CommitOutcome = 'committed' | 'conflict';

type Waiting = {
  readonly recording: Recording;
  readonly sizeBytes: number;
  readonly resolve: (outcome: CommitOutcome) => void;
  readonly reject: (error: unknown) => void;
};

type Verdict = CommitOutcome | CounterLimitError;
type Change = { readonly key: Bytes; readonly value: Bytes | undefined };

const MAX_GROUP_BYTES = 8 * 1024 * 1024;
const MAX_GROUP_TRANSACTIONS = 1000;

export class GroupCommit {
  readonly #db: Lmdb;
  readonly #space: LmdbSpace;
  #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;

  constructor(db: Lmdb, space: LmdbSpace) {
    this.#db = db;
    this.#space = space;
  }

  commit(recording: Recording): Promise<CommitOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ recording, sizeBytes: writtenBytes(recording), resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #run(): Promise<void> {
    // Lets the transactions of this turn of the event loop join the first group.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#commitGroup(this.#takeGroup());
    this.#running = null;
  }

  #takeGroup(): Waiting[] {
    let sizeBytes = 0;
    let count = 0;
    for (const { sizeBytes: next } of this.#waiting) {
      if (count > 0 && (sizeBytes + next > MAX_GROUP_BYTES || count >= MAX_GROUP_TRANSACTIONS)) break;
      sizeBytes += next;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #commitGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const sizeBytes = group.reduce((sum, waiting) => sum + waiting.sizeBytes, 0);
      this.#space.check();
      const verdicts = await this.#db.childTransaction(() => {
        this.#space.growAhead(sizeBytes);
        return group.map(({ recording }) => apply(this.#db, recording));
      });
      for (const [index, waiting] of group.entries()) settle(waiting, verdicts[index]);
    } catch (error) {
      const translated = await translateLmdbError(error);
      for (const waiting of group) waiting.reject(translated);
    }
  }
}

function settle(waiting: Waiting, verdict: Verdict | undefined): void {
  if (verdict === 'committed' || verdict === 'conflict') waiting.resolve(verdict);
  else waiting.reject(verdict ?? new Error('a commit has no outcome'));
}

function apply(db: Lmdb, recording: Recording): Verdict {
  if (!isCurrent(recording, db)) return 'conflict';
  const changes: Change[] = [];
  for (const write of recording.writes.values()) {
    const value = newValue(db, write);
    if (value instanceof CounterLimitError) return value;
    changes.push({ key: write.key, value });
  }
  for (const { key, value } of changes) {
    if (value === undefined) db.removeSync(key);
    else db.putSync(key, value);
  }
  return 'committed';
}

function newValue(db: Lmdb, write: BufferedWrite): Bytes | undefined | CounterLimitError {
  if (write.delta === null) return write.set?.value;
  const before = decodeCounter(write.set === null ? readValue(db, write.key) : write.set.value);
  const after = before + write.delta;
  if (write.atMost !== null && after > write.atMost) return new CounterLimitError(write.key);
  return encodeCounter(after);
}

/** Whether everything that was read would be read the same now, absent keys and ranges included. */
export function isCurrent(recording: Pick<Recording, 'gets' | 'ranges'>, db: Lmdb): boolean {
  for (const { key, value } of recording.gets.values()) {
    if (!sameValue(value, readValue(db, key))) return false;
  }
  return recording.ranges.every(({ range, entries }) => sameEntries(entries, readRange(db, range)));
}

function sameValue(a: Bytes | undefined, b: Bytes | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Buffer.compare(a, b) === 0;
}

function sameEntries(a: readonly Entry[], b: readonly Entry[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((entry, index) => {
    const other = b[index];
    return other !== undefined && sameValue(entry.key, other.key) && sameValue(entry.value, other.value);
  });
}

function writtenBytes(recording: Recording): number {
  let sum = 0;
  for (const write of recording.writes.values()) sum += write.key.length + (write.set?.value?.length ?? 0) + 64;
  return sum;
}
