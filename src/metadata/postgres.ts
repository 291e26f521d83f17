// The metadata port on PostgreSQL: one ordered table, optimistic transactions, any number of processes and machines
// (docs/scale-out.md).
import { AsyncLocalStorage } from 'node:async_hooks';
import { lookUpIn } from './look-up.ts';
import type { LookUps, MetadataStore, Snapshot, Transaction } from './metadata-store.ts';
import { StoreUnavailableError } from './metadata-store.ts';
import type { Conflict } from './optimistic.ts';
import { record, retryConflicts } from './optimistic.ts';
import { PostgresCommits } from './postgres-commits.ts';
import { translatePostgresError } from './postgres-errors.ts';
import type { LinkRole } from './postgres-link.ts';
import { connectLink } from './postgres-link.ts';
import type { PostgresHost, PostgresOptions } from './postgres-options.ts';
import { LinkPool } from './postgres-pool.ts';
import { prepareSchema } from './postgres-schema.ts';
import { PostgresSnapshot } from './postgres-snapshot.ts';
import type { Sql } from './postgres-sql.ts';
import { sqlFor } from './postgres-sql.ts';
import { Turns } from './turns.ts';

export async function openPostgresStore(options: PostgresOptions): Promise<MetadataStore> {
  await prepareSchema(options);
  return new PostgresStore(options);
}

class PostgresStore implements MetadataStore {
  readonly #sql: Sql;
  readonly #reads: LinkPool;
  readonly #writes: LinkPool;
  readonly #commits: PostgresCommits;
  readonly #turns = new Turns();
  readonly #holds = new Set<Promise<unknown>>();
  /** true inside a snapshot, which holds a connection */
  readonly #inside = new AsyncLocalStorage<true>();
  readonly #unused = Promise.withResolvers<void>();
  #uses = 0;
  #open = true;

  constructor(options: PostgresOptions) {
    this.#sql = sqlFor(options.schema);
    this.#reads = poolOf(options, 'read', options.readConnections);
    this.#writes = poolOf(options, 'write', options.writeConnections);
    this.#commits = new PostgresCommits({
      sql: this.#sql,
      acquire: () => this.#writes.acquire(false),
      release: (link) => this.#writes.release(link),
      connections: options.writeConnections,
      mayCommit: () => Promise.all(this.#holds),
    });
  }

  lookUp<T extends readonly unknown[]>(...lookUps: LookUps<T>): Promise<T> {
    return this.read((snapshot) => lookUpIn(snapshot, lookUps));
  }

  async read<T>(fn: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    using _use = this.#use();
    return await this.#withSnapshot(fn);
  }

  async transact<T>(fn: (transaction: Transaction) => Promise<T>): Promise<T> {
    return retryConflicts(this.#turns, () => this.#attempt(fn));
  }

  async ready(): Promise<void> {
    using _use = this.#use();
    const link = await this.#writes.acquire(false);
    try {
      await link.begin().askLast([{ statement: this.#sql.hold, parameters: [] }]);
    } catch (error) {
      throw translatePostgresError(error, 'asking whether it is there');
    } finally {
      this.#writes.release(link);
    }
  }

  /** New calls are refused; those that run are waited for. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    if (this.#uses > 0) await this.#unused.promise;
    await this.#commits.idle();
    await Promise.all([this.#reads.close(), this.#writes.close()]);
  }

  #use(): Disposable {
    if (!this.#open) throw new StoreUnavailableError('the metadata store is closed');
    this.#uses++;
    return {
      [Symbol.dispose]: () => {
        this.#uses--;
        if (this.#uses === 0 && !this.#open) this.#unused.resolve();
      },
    };
  }

  async #attempt<T>(fn: (transaction: Transaction) => Promise<T>): Promise<{ readonly result: T } | Conflict> {
    using _use = this.#use();
    const { result, recorded } = await this.#withSnapshot((snapshot) => record(snapshot, fn));
    const { gets, ranges, writes } = recorded;
    if (gets.size === 0 && ranges.length === 0 && writes.size === 0) return { result };
    const outcome = await this.#commits.commit(recorded);
    return outcome === 'committed' ? { result } : outcome;
  }

  async #withSnapshot<T>(fn: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    const isNested = this.#inside.getStore() === true;
    const snapshot = new PostgresSnapshot({
      sql: this.#sql,
      acquire: () => this.#reads.acquire(isNested),
      release: (link) => this.#reads.release(link),
      hold: (opened) => this.#hold(opened),
    });
    try {
      return await this.#inside.run(true, () => fn(snapshot));
    } finally {
      snapshot.close();
    }
  }

  #hold(opened: Promise<unknown>): void {
    const hold: Promise<unknown> = opened.then(
      () => this.#holds.delete(hold),
      () => this.#holds.delete(hold),
    );
    this.#holds.add(hold);
  }
}

function poolOf(options: PostgresOptions, role: LinkRole, size: number): LinkPool {
  let preferred: PostgresHost | undefined;
  return new LinkPool({
    size,
    waitTimeoutMs: options.waitTimeoutMs,
    connect: async () => {
      const connected = await connectLink(options, role, preferred);
      preferred = connected.host;
      return connected;
    },
  });
}
