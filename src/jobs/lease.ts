// One process at a time runs the jobs. The lease is a row that its holder changes at every beat; who sees it unchanged
// for a whole term by its own clock takes it over. Clocks of two machines are never compared.
import { encodeKey, tables } from '../metadata/keys.ts';
import type { Bytes, MetadataStore, Transaction } from '../metadata/metadata-store.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import type { Clock } from '../shared/clock.ts';

type LeaseRecord = { readonly v: 1; readonly holder: string; readonly beat: number };

export type LeaseDeps = {
  readonly store: MetadataStore;
  readonly clock: Clock;
  /** unique among running processes, and new at each start */
  readonly holder: string;
  readonly termMs: number;
};

const leaseKey = encodeKey(tables.jobLease, 'jobs');

export class Lease {
  readonly #deps: LeaseDeps;
  /** the other holder's row and since when it looks like this */
  #seen: { readonly holder: string; readonly beat: number; readonly sinceMs: number } | null = null;

  constructor(deps: LeaseDeps) {
    this.#deps = deps;
  }

  /** Takes the lease or keeps it; false when another process holds it. Call it several times per term. */
  async beat(): Promise<boolean> {
    const { store, holder } = this.#deps;
    return store.transact(async (transaction) => {
      const row = await find(transaction);
      if (row !== undefined && row.holder !== holder && !this.#isStale(row)) return false;
      const mine: LeaseRecord = { v: 1, holder, beat: (row?.beat ?? 0) + 1 };
      transaction.put(leaseKey, encodeRecord(mine));
      return true;
    });
  }

  /** Lets another process take over at once. */
  async release(): Promise<void> {
    await this.#deps.store.transact(async (transaction) => {
      const row = await find(transaction);
      if (row?.holder === this.#deps.holder) transaction.delete(leaseKey);
    });
  }

  #isStale(row: LeaseRecord): boolean {
    const nowMs = this.#deps.clock();
    if (this.#seen?.holder !== row.holder || this.#seen.beat !== row.beat) {
      this.#seen = { holder: row.holder, beat: row.beat, sinceMs: nowMs };
    }
    return nowMs - this.#seen.sinceMs >= this.#deps.termMs;
  }
}

async function find(transaction: Transaction): Promise<LeaseRecord | undefined> {
  const value: Bytes | undefined = await transaction.get(leaseKey);
  return value === undefined ? undefined : decodeRecord<LeaseRecord>(value);
}
