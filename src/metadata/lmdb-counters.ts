// Counters within one group commit: all its transactions add to the same few, which are read once and written once.
import type { Lmdb } from './lmdb-environment.ts';
import { peekValue } from './lmdb-environment.ts';
import type { Bytes } from './metadata-store.ts';
import { CounterLimitError } from './metadata-store.ts';
import { decodeCounter, encodeCounter, type Recording } from './recorded-transaction.ts';

export type Count = { readonly name: string; readonly key: Bytes; readonly count: bigint };

export class GroupCounters {
  readonly #db: Lmdb;
  /** what the counters are now; the store has it after `write` */
  readonly #counts = new Map<string, Count>();
  #isWritten = true;

  constructor(db: Lmdb) {
    this.#db = db;
  }

  /** Whether the transaction looks at a counter as a value, or replaces one: then the store must have it. */
  areSeenBy({ gets, ranges, writes }: Recording): boolean {
    if (this.#isWritten) return false;
    if (ranges.length > 0) return true;
    for (const name of this.#counts.keys()) if (gets.has(name) || (writes.get(name)?.set ?? null) !== null) return true;
    return false;
  }

  /** What the counters that it adds to will be. Throws CounterLimitError. */
  after({ writes }: Recording): Count[] {
    const counts: Count[] = [];
    for (const [name, { key, set, delta, atMost }] of writes) {
      if (set !== null || delta === null) continue;
      const before = this.#counts.get(name)?.count ?? decodeCounter(peekValue(this.#db, key));
      counts.push({ name, key, count: bounded(key, before + delta, atMost) });
    }
    return counts;
  }

  set(counts: readonly Count[]): void {
    for (const count of counts) this.#counts.set(count.name, count);
    if (counts.length > 0) this.#isWritten = false;
  }

  write(): void {
    for (const { key, count } of this.#counts.values()) this.#db.putSync(key, encodeCounter(count));
    // from here on others may change them
    this.#counts.clear();
    this.#isWritten = true;
  }
}

export function bounded(key: Bytes, count: bigint, atMost: bigint | null): bigint {
  if (atMost !== null && count > atMost) throw new CounterLimitError(key);
  return count;
}
