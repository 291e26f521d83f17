// Group commit. Transactions that wait are validated and applied one after another inside one LMDB write transaction,
// and share its two disk flushes; while it runs, the next group gathers.
import type { Lmdb } from './lmdb-environment.ts';
import { peekValue, readRange, readValue } from './lmdb-environment.ts';
import { bounded, type Count, GroupCounters } from './lmdb-counters.ts';
import { translateLmdbError } from './lmdb-errors.ts';
import type { LmdbSpace } from './lmdb-space.ts';
import { COMMIT_BYTES, DELETE_BYTES, PUT_BYTES } from './lmdb-space.ts';
import type { Bytes, Entry, TransactOptions } from './metadata-store.ts';
import { OutcomeUnknownError, StoreUnavailableError } from './metadata-store.ts';
import type { CommitOutcome } from './optimistic.ts';
import type { Recording } from './recorded-transaction.ts';
import { decodeCounter, encodeCounter } from './recorded-transaction.ts';

type Waiting = {
  readonly recording: Recording;
  readonly neededBytes: number;
  readonly administrative: boolean;
  readonly resolve: (outcome: CommitOutcome) => void;
  readonly reject: (error: unknown) => void;
};

type Verdict = CommitOutcome | Error;
type Change = { readonly key: Bytes; readonly value: Bytes | undefined };

/** of room in the file that a group may need */
const MAX_GROUP_BYTES = 32 * 1024 * 1024;
const MAX_PAGE_BYTES = 8 * 1024 * 1024;
const MAX_GROUP_TRANSACTIONS = 256;
/** Committed even out of the reserve: what shrinks the store, and rows as small as a lease. */
const MAX_LOW_GROWTH_BYTES = 256;
const MAX_ADMINISTRATIVE_GROWTH_BYTES = 4096;
/** After this long a commit counts as stuck (a dead disk, a broken lock): who waits for it is told. */
const STUCK_MS = 60_000;

export class GroupCommit {
  readonly #db: Lmdb;
  readonly #space: LmdbSpace;
  #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;
  #stuck = false;

  constructor(db: Lmdb, space: LmdbSpace) {
    this.#db = db;
    this.#space = space;
  }

  get isStuck(): boolean {
    return this.#stuck;
  }

  async commit(recording: Recording, { administrative = false }: TransactOptions): Promise<CommitOutcome> {
    if (this.#stuck) throw notStarted();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ recording, neededBytes: neededBytes(recording), administrative, resolve, reject });
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
    let isLow = false;
    while (this.#waiting.length > 0) isLow = await this.#commitGroup(this.#takeGroup(isLow));
    this.#running = null;
  }

  /** With little room each goes alone, so that none is refused for another's sake. */
  #takeGroup(isLow: boolean): Waiting[] {
    const most = isLow ? 1 : MAX_GROUP_TRANSACTIONS;
    let sizeBytes = 0;
    let count = 0;
    for (const { neededBytes: next } of this.#waiting) {
      if (count > 0 && (sizeBytes + next > MAX_GROUP_BYTES || count >= most)) break;
      sizeBytes += next;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  /** Returns whether there is little room. */
  async #commitGroup(group: Waiting[]): Promise<boolean> {
    const stuck = setTimeout(() => this.#giveUp(group), STUCK_MS).unref();
    try {
      const verdicts = await this.#db.childTransaction(() => this.#applyGroup(group));
      if (verdicts === 'no room') {
        this.#waiting.unshift(...group);
        return true;
      }
      for (const [index, waiting] of group.entries()) settle(waiting, verdicts[index]);
    } catch (error) {
      const translated = await translateLmdbError(error);
      for (const waiting of group) waiting.reject(translated);
    } finally {
      clearTimeout(stuck);
      this.#stuck = false;
    }
    return false;
  }

  #applyGroup(group: readonly Waiting[]): Verdict[] | 'no room' {
    const counters = new GroupCounters(this.#db);
    const needed = group.reduce((sum, waiting) => sum + waiting.neededBytes, COMMIT_BYTES);
    const hasRoom = this.#space.hasRoom(this.#db, needed);
    if (!hasRoom && group.length > 1) return 'no room';
    if (!hasRoom) this.#space.takeReserve(this.#db, needed);
    const verdicts = group.map((waiting) =>
      this.#apply(waiting.recording, counters, hasRoom ? Infinity : this.#mostGrowth(waiting)),
    );
    counters.write();
    return verdicts;
  }

  #mostGrowth({ administrative, neededBytes: needed }: Waiting): number {
    const may = administrative && this.#space.isAdministrable(this.#db, needed + COMMIT_BYTES);
    return may ? MAX_ADMINISTRATIVE_GROWTH_BYTES : MAX_LOW_GROWTH_BYTES;
  }

  /** What fails before the first write fails alone; a write that fails undoes the group. */
  #apply(recording: Recording, counters: GroupCounters, mostGrowthBytes: number): Verdict {
    let changes: Change[];
    let counts: Count[];
    try {
      if (counters.areSeenBy(recording)) counters.write();
      const conflict = findConflict(recording, this.#db);
      if (conflict !== null) return { conflict };
      const isBounded = mostGrowthBytes < Infinity;
      if (isBounded && growthBytes(this.#db, recording) > mostGrowthBytes) return this.#space.full();
      changes = changesOf(recording);
      counts = counters.after(recording);
    } catch (error) {
      return error instanceof Error ? error : new Error('a transaction failed', { cause: error });
    }
    for (const { key, value } of changes) {
      if (value === undefined) this.#db.removeSync(key);
      else this.#db.putSync(key, value);
    }
    counters.set(counts);
    return 'committed';
  }

  #giveUp(group: readonly Waiting[]): void {
    this.#stuck = true;
    const error = new OutcomeUnknownError(`a metadata commit has not come back for ${STUCK_MS / 1000} seconds`);
    for (const waiting of group) waiting.reject(error);
    for (const waiting of this.#waiting.splice(0)) waiting.reject(notStarted());
  }
}

function notStarted(): StoreUnavailableError {
  return new StoreUnavailableError('the metadata store does not commit: its disk does not answer');
}

function settle(waiting: Waiting, verdict: Verdict | undefined): void {
  if (verdict === undefined || verdict instanceof Error)
    waiting.reject(verdict ?? new Error('a commit has no outcome'));
  else waiting.resolve(verdict);
}

/** What is put and deleted; counters that are only added to are not among them. */
function changesOf({ writes }: Recording): Change[] {
  const changes: Change[] = [];
  for (const { key, set, delta, atMost } of writes.values()) {
    if (set === null) continue;
    changes.push({ key, value: delta === null ? set.value : sumOf(key, decodeCounter(set.value), delta, atMost) });
  }
  return changes;
}

function sumOf(key: Bytes, before: bigint, delta: bigint, atMost: bigint | null): Bytes {
  return encodeCounter(bounded(key, before + delta, atMost));
}

/** The key of something that would be read differently now, absent keys and ranges included. */
export function findConflict(recording: Pick<Recording, 'gets' | 'ranges'>, db: Lmdb): Bytes | null {
  for (const { key, value } of recording.gets.values()) {
    if (!sameValue(value, peekValue(db, key))) return key;
  }
  const changed = recording.ranges.find(({ range, entries }) => !sameEntries(entries, readRange(db, range)));
  return changed?.range.start ?? null;
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

/** Room in the file for the copied pages and the values. Neighbours share pages: beyond a bound no more are needed. */
function neededBytes(recording: Recording): number {
  let pageBytes = 0;
  let valueBytes = 0;
  for (const { set } of recording.writes.values()) {
    pageBytes += set !== null && set.value === undefined ? DELETE_BYTES : PUT_BYTES;
    valueBytes += set?.value?.length ?? 0;
  }
  return Math.min(pageBytes, MAX_PAGE_BYTES) + valueBytes;
}

/** How much bigger keys and values of the store would become. */
function growthBytes(db: Lmdb, recording: Recording): number {
  let sum = 0;
  for (const { key, set } of recording.writes.values()) {
    if (set === null) continue;
    const before = readValue(db, key);
    sum += entryBytes(key, set.value) - entryBytes(key, before);
  }
  return sum;
}

function entryBytes(key: Bytes, value: Bytes | undefined): number {
  return value === undefined ? 0 : key.length + value.length;
}
