// The metadata port on LMDB: one ordered tree in one file, memory-mapped, opened by every worker process at once.
import { findConflict, GroupCommit } from './lmdb-commit.ts';
import type { Lmdb } from './lmdb-environment.ts';
import { DEFAULT_MAP_BYTES, openLmdb } from './lmdb-environment.ts';
import { LmdbSnapshot, lookUpNow } from './lmdb-snapshot.ts';
import { LmdbSpace } from './lmdb-space.ts';
import type { LookUps, MetadataStore, Snapshot, Transaction, TransactOptions } from './metadata-store.ts';
import { StoreUnavailableError } from './metadata-store.ts';
import type { CommitOutcome, Conflict } from './optimistic.ts';
import { record, retryConflicts } from './optimistic.ts';
import type { RecordedTransaction } from './recorded-transaction.ts';
import { Turns } from './turns.ts';

export type LmdbOptions = {
  /** folder; made when it is not there */
  readonly path: string;
  /** nothing is committed while the file system has less free than this */
  readonly reserveBytes: number;
  /** upper bound of the database's size; all processes must agree */
  readonly mapSizeBytes?: number;
};

export async function openLmdbStore(options: LmdbOptions): Promise<MetadataStore> {
  try {
    const db = await openLmdb(options.path, options.mapSizeBytes ?? DEFAULT_MAP_BYTES);
    return new LmdbStore(db, new LmdbSpace(options.path, options.reserveBytes));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StoreUnavailableError(`the metadata store at ${options.path} cannot be opened: ${reason}`, { cause });
  }
}

const closed = (): StoreUnavailableError => new StoreUnavailableError('the metadata store is closed');

class LmdbStore implements MetadataStore {
  readonly isLocal = true;
  readonly #db: Lmdb;
  readonly #space: LmdbSpace;
  readonly #commits: GroupCommit;
  readonly #turns = new Turns();
  readonly #unused = Promise.withResolvers<void>();
  #uses = 0;
  #open = true;

  constructor(db: Lmdb, space: LmdbSpace) {
    this.#db = db;
    this.#space = space;
    this.#commits = new GroupCommit(db, space);
  }

  async read<T>(fn: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    using _use = this.#use();
    using snapshot = new LmdbSnapshot(this.#db);
    return await fn(snapshot);
  }

  /** In one go: nothing else of this process runs meanwhile, so the transaction that lmdb holds ready serves. */
  async lookUp<T extends readonly unknown[]>(...lookUps: LookUps<T>): Promise<T> {
    if (!this.#open) throw closed();
    return lookUpNow(this.#db, lookUps);
  }

  async transact<T>(fn: (transaction: Transaction) => Promise<T>, options: TransactOptions = {}): Promise<T> {
    return retryConflicts(this.#turns, () => this.#attempt(fn, options));
  }

  async ready(): Promise<void> {
    using _use = this.#use();
    if (this.#commits.isStuck) throw new StoreUnavailableError('the metadata store does not commit');
    if (this.#space.isBelowReserve()) throw this.#space.full();
    await this.read((snapshot) => snapshot.get(Buffer.of(0)));
  }

  /** New calls are refused; those that run are waited for, because a map that goes away under them is a crash. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    if (this.#uses > 0) await this.#unused.promise;
    await this.#commits.idle();
    await this.#db.close();
    this.#space[Symbol.dispose]();
  }

  #use(): Disposable {
    if (!this.#open) throw closed();
    this.#uses++;
    return {
      [Symbol.dispose]: () => {
        this.#uses--;
        if (this.#uses === 0 && !this.#open) this.#unused.resolve();
      },
    };
  }

  async #attempt<T>(
    fn: (transaction: Transaction) => Promise<T>,
    options: TransactOptions,
  ): Promise<{ readonly result: T } | Conflict> {
    using _use = this.#use();
    const { result, recorded } = await this.#record(fn);
    const outcome = await this.#commit(recorded, options);
    return outcome === 'committed' ? { result } : outcome;
  }

  async #record<T>(
    fn: (transaction: Transaction) => Promise<T>,
  ): Promise<{ readonly result: T; readonly recorded: RecordedTransaction }> {
    using snapshot = new LmdbSnapshot(this.#db);
    return await record(snapshot, fn);
  }

  async #commit(recorded: RecordedTransaction, options: TransactOptions): Promise<CommitOutcome> {
    if (recorded.writes.size > 0) return this.#commits.commit(recorded, options);
    this.#db.resetReadTxn();
    const conflict = findConflict(recorded, this.#db);
    return conflict === null ? 'committed' : { conflict };
  }
}
