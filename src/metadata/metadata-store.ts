// The metadata port: an ordered, transactional key-value store. Keys and values are bytes; keys compare as
// unsigned bytes and are at most MAX_KEY_BYTES long. Adapters: lmdb.ts (one machine), postgres.ts (many).

export type Bytes = Uint8Array;

export type Entry = { readonly key: Bytes; readonly value: Bytes };

/** Longest encoded key every engine takes (LMDB's limit). */
export const MAX_KEY_BYTES = 1978;

/** Bounds may be longer than a key. */
export type Range = {
  /** inclusive */
  readonly start: Bytes;
  /** exclusive */
  readonly end: Bytes;
  /** most entries to return, ≥ 1 */
  readonly limit: number;
  /** true: from `end` downwards */
  readonly reverse?: boolean;
  /** true: only the keys are asked for, values may come empty */
  readonly keysOnly?: boolean;
};

/** A consistent view as of the moment the read began: it includes every commit acknowledged before, by any process. */
export interface Snapshot {
  get(key: Bytes): Promise<Bytes | undefined>;
  /** Values in the order of `keys`. */
  getMany(keys: readonly Bytes[]): Promise<(Bytes | undefined)[]>;
  range(range: Range): Promise<Entry[]>;
  /** A counter written by `add`; 0 when it was never written. Not validated at commit. */
  count(key: Bytes): Promise<bigint>;
  /** A hint: these keys will be asked for. An engine that is far away reads them along with what is asked for next. */
  prefetch?(keys: readonly Bytes[]): void;
}

/**
 * A serializable, optimistic transaction: reads (absent keys and ranges included) are recorded and validated at
 * commit; writes are buffered and applied all or nothing. Reads see the transaction's own writes.
 */
export interface Transaction extends Snapshot {
  /** As if `get` had answered `value`, without asking: the commit finds out, and `fn` runs again when it was wrong. */
  assume(key: Bytes, value: Bytes | undefined): void;
  put(key: Bytes, value: Bytes): void;
  delete(key: Bytes): void;
  /**
   * Adds `delta` to a counter without conflicting with other adders. With `atMost`, a commit that would leave the
   * counter above it writes nothing and rejects with CounterLimitError.
   */
  add(key: Bytes, delta: bigint, atMost?: bigint): void;
}

export type TransactOptions = {
  /**
   * What keeps the store in its owners' hands when the disk is full: signing in, counting wrong tries, disabling a
   * key. As long as it is small (4 KiB of growth) and leaves deletes their share, it is not refused with StoreFullError.
   */
  readonly administrative?: boolean;
};

/** One value and what is made of it. */
export type LookUp<T> = {
  readonly key: Bytes;
  /** Runs at once; the bytes are the engine's own and good only until it returns. */
  readonly parse: (value: Bytes | undefined) => T;
};
export type LookUps<T extends readonly unknown[]> = { readonly [Place in keyof T]: LookUp<T[Place]> };

export interface MetadataStore extends AsyncDisposable {
  /** Reading costs no way to another process or machine. */
  readonly isLocal?: true;
  /** `fn` must be short: an open snapshot keeps the engine from using old pages again. */
  read<T>(fn: (snapshot: Snapshot) => Promise<T>): Promise<T>;
  /** A few values of known keys as of one moment, fresh as `read` is and cheaper: what every request begins with. */
  lookUp<T extends readonly unknown[]>(...lookUps: LookUps<T>): Promise<T>;
  /**
   * Runs `fn` again on conflict (bounded, with jitter; then rejects with TransactionConflictError). Resolved means
   * durable: on disk, whatever happens next. A transaction without writes only validates.
   * Errors: CounterLimitError, OutcomeUnknownError, StoreFullError, StoreUnavailableError, and what `fn` throws.
   */
  transact<T>(fn: (transaction: Transaction) => Promise<T>, options?: TransactOptions): Promise<T>;
  /** Resolves when the store can serve reads and writes; rejects with StoreUnavailableError or StoreFullError. */
  ready(): Promise<void>;
}

/** A bounded `add` would have passed its limit; nothing was written. */
export class CounterLimitError extends Error {
  readonly counterKey: Bytes;
  constructor(counterKey: Bytes) {
    super('a counter would pass its limit');
    this.name = 'CounterLimitError';
    this.counterKey = counterKey;
  }
}

/** Too many conflicts in a row; nothing was written, trying again later is safe. */
export class TransactionConflictError extends Error {
  override readonly name = 'TransactionConflictError';
}

/** The connection was lost during the commit: it may or may not have happened. Delete nothing on this error. */
export class OutcomeUnknownError extends Error {
  override readonly name = 'OutcomeUnknownError';
}

/** No room (or the free-space reserve is reached); nothing was written. Answered as 507. */
export class StoreFullError extends Error {
  override readonly name = 'StoreFullError';
}

/** The engine cannot be reached. Answered as 503. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}
