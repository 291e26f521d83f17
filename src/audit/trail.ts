// The audit trail as the edges see it. What must not be lost is awaited before its answer goes out (`record`); what may be
// (reads, data access) is kept for a second at most and then written together (`note`): a process that is killed loses
// that second, one that stops writes it down.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type MetadataStore,
  OutcomeUnknownError,
  StoreFullError,
  type TransactOptions,
} from '../metadata/metadata-store.ts';
import type { ChainId } from '../metadata/tables/audit.ts';
import type { Clock } from '../shared/clock.ts';
import { type Chain, type ChainHolder, link, newChain, putBatch } from './chain.ts';
import type { AuditEntry } from './entry.ts';
import { Losses } from './losses.ts';

const FLUSH_EVERY_MS = 1_000;
/** Beyond it notes are dropped: the store does not keep up, and memory is for requests. */
const MAX_NOTES = 20_000;
const MAX_RECORDS = 10_000;
const MAX_BATCH = 1_000;
const FIRST_PAUSE_MS = 50;
const MAX_PAUSE_MS = 5_000;
/** A chain that was silent for so long has ended; retention relies on it. */
export const LONGEST_SILENCE_MS = 12 * 3_600_000;

export type AuditTrail = AsyncDisposable & {
  /** Resolves when the record is durable; rejects when it is not (yet): the operation must not be acknowledged then. */
  readonly record: (entry: AuditEntry) => Promise<void>;
  /** Written within a second. Costs the caller nothing but the entry. */
  readonly note: (entry: AuditEntry) => void;
  /** of the chain that the last record was written to */
  readonly chainId: () => ChainId;
};

export type TrailDeps = {
  readonly store: MetadataStore;
  readonly clock: Clock;
  readonly holder: ChainHolder;
  readonly onError: (error: unknown) => void;
};

type Settle = (error?: unknown) => void;
/** `settle` is null for what nobody waits for. */
type Waiting = { readonly entry: AuditEntry; readonly settle: Settle | null };

export const openAuditTrail = (deps: TrailDeps): AuditTrail => new TrailWriter(deps);

class TrailWriter implements AuditTrail {
  readonly #deps: TrailDeps;
  readonly #losses = new Losses();
  readonly #timer: NodeJS.Timeout;
  readonly #closing = new AbortController();
  #chain: Chain;
  #waiting: Waiting[] = [];
  #notes = 0;
  #running: Promise<void> | null = null;

  constructor(deps: TrailDeps) {
    this.#deps = deps;
    this.#chain = newChain(deps.clock(), deps.holder);
    this.#timer = setInterval(() => this.#flush(), FLUSH_EVERY_MS).unref();
  }

  readonly record = async (entry: AuditEntry): Promise<void> => {
    if (this.#losses.isFlood(entry)) return;
    if (this.#waiting.length - this.#notes >= MAX_RECORDS) throw new Error('too much waits to be written to the trail');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ entry, settle: (error) => (error === undefined ? resolve() : reject(error)) });
    this.#flush();
    await promise;
  };

  readonly note = (entry: AuditEntry): void => {
    if (this.#losses.isFlood(entry)) return;
    if (this.#notes >= MAX_NOTES) {
      this.#losses.drop(1);
      return;
    }
    this.#notes++;
    this.#waiting.push({ entry, settle: null });
    if (this.#notes >= MAX_BATCH) this.#flush();
  };

  readonly chainId = (): ChainId => this.#chain.id;

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#closing.abort();
    this.#flush();
    await this.#running;
  }

  #flush(): void {
    if (this.#waiting.length > 0 || this.#losses.any) this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // what is recorded in this turn of the event loop goes together
    await Promise.resolve();
    while (this.#waiting.length > 0 || this.#losses.any) {
      if (this.#losses.any) this.#waiting.push({ entry: this.#losses.take(this.#deps.clock()), settle: null });
      const batch = this.#waiting.splice(0, MAX_BATCH);
      this.#notes = this.#waiting.filter(({ settle }) => settle === null).length;
      await this.#write(batch);
    }
    this.#running = null;
  }

  /**
   * Until it is written, with the same bytes each time: a commit whose outcome is unknown may have happened. Who waits
   * is told of the first failure.
   */
  async #write(batch: readonly Waiting[]): Promise<void> {
    let mayBeWritten = false;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
      try {
        await this.#commit(batch);
        return settleAll(batch);
      } catch (error) {
        if (error instanceof StoreFullError) return this.#writeLeast(batch, mayBeWritten);
        mayBeWritten ||= error instanceof OutcomeUnknownError;
        this.#deps.onError(error);
        settleAll(batch, error);
        if (this.#closing.signal.aborted) return;
      }
      await sleep(pauseMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    }
  }

  /** On a full disk: what somebody waits for, each alone, out of the share that administration has. */
  async #writeLeast(batch: readonly Waiting[], mayBeWritten: boolean): Promise<void> {
    // in other rows than before: not where those may stand
    if (mayBeWritten) this.#chain = newChain(this.#deps.clock(), this.#deps.holder);
    for (const waiting of batch) {
      if (waiting.settle === null) this.#losses.drop(1);
      else {
        const error = await this.#commit([waiting], { administrative: true }).then(() => undefined, toError);
        waiting.settle(error);
      }
    }
  }

  async #commit(batch: readonly Waiting[], options: TransactOptions = {}): Promise<void> {
    const { store, clock, holder } = this.#deps;
    if (this.#chain.end.seq > 0 && clock() - this.#chain.end.at > LONGEST_SILENCE_MS) {
      this.#chain = newChain(clock(), holder);
    }
    const chain = this.#chain;
    const entries = batch.map(({ entry }) => entry);
    const linked = link(chain, entries);
    await store.transact(async (transaction) => putBatch(transaction, chain, linked), options);
    this.#chain = { ...chain, end: linked.end };
  }
}

function settleAll(batch: readonly Waiting[], error?: unknown): void {
  for (const waiting of batch) waiting.settle?.(error);
}

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
