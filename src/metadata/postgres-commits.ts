// Group commit. Transactions that wait go to PostgreSQL together, in one statement and one round trip; while it runs,
// the next group gathers. So the writers of one process never meet inside the server, however many there are.
import { setTimeout as sleep } from 'node:timers/promises';
import { CounterLimitError, StoreUnavailableError } from './metadata-store.ts';
import type { Bytes } from './metadata-store.ts';
import type { CommitOutcome } from './optimistic.ts';
import { commitParameters, takeBatch } from './postgres-batch.ts';
import { isReadOnly, isRefusal, isSerializationFailure, translateCommitError } from './postgres-errors.ts';
import type { Row } from './postgres-exchange.ts';
import type { Link } from './postgres-link.ts';
import type { Sql } from './postgres-sql.ts';
import { SEVERAL_LIMITS } from './postgres-sql.ts';
import { readBytea } from './postgres-values.ts';
import type { Recording } from './recorded-transaction.ts';

export type CommitDeps = {
  readonly sql: Sql;
  readonly acquire: () => Promise<Link>;
  readonly release: (link: Link) => void;
  /** statements under way at once */
  readonly connections: number;
  /** Resolves when this process may commit (postgres-snapshot.ts, `hold`). */
  readonly mayCommit: () => Promise<unknown>;
};

type Waiting = {
  readonly recording: Recording;
  readonly resolve: (outcome: CommitOutcome) => void;
  readonly reject: (error: unknown) => void;
};

/** Against other processes, with pauses: some seconds together. */
const MAX_ATTEMPTS = 200;
const MAX_PAUSE_MS = 25;

export class PostgresCommits {
  readonly #deps: CommitDeps;
  readonly #waiting: Waiting[] = [];
  readonly #running = new Set<Promise<void>>();
  #isStarting = false;

  constructor(deps: CommitDeps) {
    this.#deps = deps;
  }

  commit(recording: Recording): Promise<CommitOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ recording, resolve, reject });
      this.#start();
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#running.size > 0 || this.#isStarting) await Promise.all([...this.#running, sleep(0)]);
  }

  /** The transactions of this turn of the event loop join the first group. */
  #start(): void {
    if (this.#isStarting || this.#running.size >= this.#deps.connections) return;
    this.#isStarting = true;
    setImmediate(() => {
      this.#isStarting = false;
      this.#next();
    });
  }

  #next(): void {
    if (this.#waiting.length === 0 || this.#running.size >= this.#deps.connections) return;
    const batch = this.#run(takeBatch(this.#waiting)).finally(() => {
      this.#running.delete(batch);
      this.#next();
    });
    this.#running.add(batch);
    this.#start();
  }

  /** Never rejects. */
  async #run(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#deps.mayCommit();
      const refused = readRefusals(await this.#send(batch.map(({ recording }) => recording)));
      for (const [place, waiting] of batch.entries()) settle(waiting, refused.get(place));
    } catch (error) {
      await this.#fail(batch, error);
    }
  }

  /** What the server refuses because of one must not be the others' fate. */
  async #fail(batch: readonly Waiting[], error: unknown): Promise<void> {
    const isOwnFault = isRefusal(error) || error instanceof CounterLimitError;
    if (isOwnFault && batch.length > 1) {
      for (const waiting of batch) await this.#run([waiting]);
      return;
    }
    const final = limitOf(error) ?? (isOwn(error) ? error : translateCommitError(error));
    for (const waiting of batch) waiting.reject(final);
  }

  async #send(recordings: readonly Recording[]): Promise<readonly Row[]> {
    for (let attempt = 1; ; attempt++) {
      const link = await this.#deps.acquire();
      const step = { statement: this.#deps.sql.commit, parameters: commitParameters(recordings, link.shard) };
      try {
        const [rows] = await link.begin().askLast([step]);
        return rows ?? [];
      } catch (error) {
        // The next connection finds the server that takes writes.
        if (isReadOnly(error)) link.destroy();
        else if (!isSerializationFailure(error) || attempt >= MAX_ATTEMPTS) throw error;
      } finally {
        this.#deps.release(link);
      }
      await sleep(Math.random() * Math.min(attempt, MAX_PAUSE_MS));
    }
  }
}

type Refusal = { readonly refusal: string; readonly key: Bytes };

function readRefusals(rows: readonly Row[]): ReadonlyMap<number, Refusal> {
  const refused = new Map<number, Refusal>();
  for (const [place, refusal, key] of rows) {
    if (!refused.has(Number(place))) refused.set(Number(place), { refusal: refusal ?? '', key: readBytea(key ?? '') });
  }
  return refused;
}

function settle(waiting: Waiting, refused: Refusal | undefined): void {
  if (refused === undefined) waiting.resolve('committed');
  else if (refused.refusal === 'conflict') waiting.resolve({ conflict: refused.key });
  else waiting.reject(new CounterLimitError(refused.key));
}

function limitOf(error: unknown): CounterLimitError | undefined {
  if (!isRefusal(error) || error.code !== SEVERAL_LIMITS) return undefined;
  return new CounterLimitError(Buffer.from(error.detail ?? '', 'hex'));
}

/** Thrown before anything was sent. */
function isOwn(error: unknown): boolean {
  return error instanceof StoreUnavailableError || error instanceof CounterLimitError;
}
