// A snapshot is one LMDB read transaction, opened fresh: a process that keeps its old one goes on reading the past.
import type { Lmdb, ReadTransaction } from './lmdb-environment.ts';
import { peekValue, readRange, readValue } from './lmdb-environment.ts';
import type { Bytes, Entry, LookUps, Range, Snapshot } from './metadata-store.ts';
import { StoreUnavailableError } from './metadata-store.ts';
import { checkKey, checkRange, decodeCounter } from './recorded-transaction.ts';

export class LmdbSnapshot implements Snapshot, Disposable {
  readonly #db: Lmdb;
  readonly #transaction: ReadTransaction;
  #open = true;

  constructor(db: Lmdb) {
    this.#db = db;
    try {
      db.resetReadTxn();
      this.#transaction = db.useReadTransaction();
    } catch (cause) {
      throw new StoreUnavailableError('the metadata store gives no snapshot', { cause });
    }
  }

  async get(key: Bytes): Promise<Bytes | undefined> {
    return this.#get(key);
  }

  async getMany(keys: readonly Bytes[]): Promise<(Bytes | undefined)[]> {
    return keys.map((key) => this.#get(key));
  }

  async range(range: Range): Promise<Entry[]> {
    this.#checkOpen();
    checkRange(range);
    return readRange(this.#db, range, this.#transaction);
  }

  async count(key: Bytes): Promise<bigint> {
    return decodeCounter(this.#get(key));
  }

  [Symbol.dispose](): void {
    this.#open = false;
    this.#transaction.done();
  }

  #get(key: Bytes): Bytes | undefined {
    this.#checkOpen();
    checkKey(key);
    return readValue(this.#db, key, this.#transaction);
  }

  #checkOpen(): void {
    if (!this.#open) throw new Error('this snapshot is closed');
  }
}

export function lookUpNow<T extends readonly unknown[]>(db: Lmdb, lookUps: LookUps<T>): T {
  db.resetReadTxn();
  const found = lookUps.map(({ key, parse }) => {
    checkKey(key);
    return parse(peekValue(db, key));
  });
  // one for each of `lookUps`, which is how T is made
  return found as unknown as T;
}
