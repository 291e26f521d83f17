// One snapshot for all that a request reads: it costs one opening, sees one moment, and what the request will ask for
// can be read ahead with its first question. Whoever writes, or waits for a body, ends it and reads afresh. With an
// engine in this process an opening costs nothing worth saving: there every read is on its own.
import { lookUpIn } from './look-up.ts';
import type { Bytes, MetadataStore, Snapshot } from './metadata-store.ts';

export type SharedSnapshot = Disposable & {
  /** Reads from the snapshot until it has ended, then as the store does. */
  readonly store: MetadataStore;
  readonly end: () => void;
};

/** A snapshot held longer would keep the engine from using old pages again; what reads on reads afresh. */
const MAX_AGE_MS = 2_000;

const origins = new WeakMap<MetadataStore, MetadataStore>();

/** The store behind a shared snapshot; any other store itself. */
export const originOf = (store: MetadataStore): MetadataStore => origins.get(store) ?? store;

/** `prefetch`: keys that will probably be asked for. Nothing is opened before the first read. */
export function shareSnapshot(store: MetadataStore, prefetch: () => readonly Bytes[]): SharedSnapshot {
  if (store.isLocal === true) return { store, end: () => {}, [Symbol.dispose]: () => {} };
  const shared = new Shared(store, prefetch());
  const sharing: MetadataStore = {
    read: (fn) => shared.read(fn),
    lookUp: (...lookUps) => shared.read((snapshot) => lookUpIn(snapshot, lookUps)),
    transact: (fn, options) => {
      shared.end();
      return store.transact(fn, options);
    },
    ready: () => store.ready(),
    [Symbol.asyncDispose]: async () => shared.end(),
  };
  origins.set(sharing, originOf(store));
  return { store: sharing, end: () => shared.end(), [Symbol.dispose]: () => shared.end() };
}

class Shared {
  readonly #store: MetadataStore;
  readonly #prefetch: readonly Bytes[];
  readonly #over = Promise.withResolvers<void>();
  #opened: Promise<Snapshot> | null = null;
  #readers = 0;
  #isEnded = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(store: MetadataStore, prefetch: readonly Bytes[]) {
    this.#store = store;
    this.#prefetch = prefetch;
  }

  async read<T>(fn: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    if (this.#isEnded) return this.#store.read(fn);
    this.#readers++;
    try {
      this.#opened ??= this.#open();
      return await fn(await this.#opened);
    } finally {
      this.#readers--;
      if (this.#isEnded) this.#close();
    }
  }

  end(): void {
    this.#isEnded = true;
    this.#close();
  }

  #open(): Promise<Snapshot> {
    this.#timer = setTimeout(() => this.end(), MAX_AGE_MS).unref();
    return new Promise((resolve, reject) => {
      this.#store
        .read(async (snapshot) => {
          snapshot.prefetch?.(this.#prefetch);
          resolve(snapshot);
          await this.#over.promise;
        })
        .catch(reject);
    });
  }

  /** Who reads still has it. */
  #close(): void {
    if (this.#readers > 0) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#over.resolve();
  }
}
