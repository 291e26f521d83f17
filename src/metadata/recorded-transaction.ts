// The optimistic half of a transaction, the same for every engine: what was read from the snapshot is recorded, what
// is written is buffered. The engine's commit checks the first and applies the second (lmdb-commit.ts).
import type { Bytes, Entry, Range, Snapshot, Transaction } from './metadata-store.ts';
import { MAX_KEY_BYTES } from './metadata-store.ts';

export type RecordedGet = { readonly key: Bytes; readonly value: Bytes | undefined };
export type RecordedRange = { readonly range: Range; readonly entries: readonly Entry[] };

/** What a commit does to one key: first `set` (`undefined` deletes, null leaves), then the counter's `delta`. */
export type BufferedWrite = {
  readonly key: Bytes;
  readonly set: { readonly value: Bytes | undefined } | null;
  readonly delta: bigint | null;
  readonly atMost: bigint | null;
};

export type Recording = {
  readonly gets: ReadonlyMap<string, RecordedGet>;
  readonly ranges: readonly RecordedRange[];
  readonly writes: ReadonlyMap<string, BufferedWrite>;
};

/** A text of one character per byte: compares, as JavaScript compares strings, like the bytes. */
export function byteText(key: Bytes): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}

/** A counter's value is its decimal text, so that it can be read by people and passes 2^63. */
export function decodeCounter(value: Bytes | undefined): bigint {
  if (value === undefined) return 0n;
  return BigInt(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1'));
}

export function encodeCounter(count: bigint): Bytes {
  return Buffer.from(count.toString(), 'latin1');
}

export function checkKey(key: Bytes): void {
  if (key.length > 0 && key.length <= MAX_KEY_BYTES) return;
  throw new RangeError(`a key must have 1 to ${MAX_KEY_BYTES} bytes, this one has ${key.length}`);
}

/** Bounds of a range are compared only, never stored: they may be longer than a key (`keyAfter`). */
export function checkRange(range: Range): void {
  if (!Number.isInteger(range.limit) || range.limit < 1) throw new RangeError('the limit of a range must be 1 or more');
}

export class RecordedTransaction implements Transaction {
  readonly gets = new Map<string, RecordedGet>();
  readonly ranges: RecordedRange[] = [];
  readonly writes = new Map<string, BufferedWrite>();
  readonly #snapshot: Snapshot;
  #open = true;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  /** From here on every call throws: a handle that leaked out of `transact` must not be used silently in vain. */
  end(): void {
    this.#open = false;
  }

  async get(key: Bytes): Promise<Bytes | undefined> {
    const [value] = await this.getMany([key]);
    return value;
  }

  async getMany(keys: readonly Bytes[]): Promise<(Bytes | undefined)[]> {
    for (const key of keys) this.#check(key);
    const names = keys.map(byteText);
    const missing = new Map<string, Bytes>();
    for (const [index, name] of names.entries()) {
      const key = keys[index];
      if (key !== undefined && !this.writes.has(name) && !this.gets.has(name)) missing.set(name, key);
    }
    if (missing.size > 0) await this.#readMissing(missing);
    if (this.writes.size === 0) return names.map((name) => this.gets.get(name)?.value);
    return Promise.all(names.map((name) => this.#current(name)));
  }

  async range(range: Range): Promise<Entry[]> {
    this.#checkOpen();
    checkRange(range);
    const own = this.#ownWrites(range);
    // Each own write can hide one stored entry, so that many more are asked for.
    const asked = { ...range, limit: range.limit + own.length };
    const entries = await this.#snapshot.range(asked);
    this.ranges.push({ range: asked, entries });
    return own.length === 0 ? entries : this.#merge(range, entries, own);
  }

  async count(key: Bytes): Promise<bigint> {
    this.#check(key);
    const write = this.writes.get(byteText(key));
    if (write === undefined) return this.#snapshot.count(key);
    const before = write.set === null ? await this.#snapshot.count(key) : decodeCounter(write.set.value);
    return before + (write.delta ?? 0n);
  }

  prefetch(keys: readonly Bytes[]): void {
    this.#checkOpen();
    this.#snapshot.prefetch?.(keys);
  }

  assume(key: Bytes, value: Bytes | undefined): void {
    this.#check(key);
    const name = byteText(key);
    if (!this.gets.has(name)) this.gets.set(name, { key: Buffer.from(key), value });
  }

  put(key: Bytes, value: Bytes): void {
    this.#set(key, value);
  }

  delete(key: Bytes): void {
    this.#set(key, undefined);
  }

  add(key: Bytes, delta: bigint, atMost?: bigint): void {
    this.#check(key);
    const name = byteText(key);
    const earlier = this.writes.get(name);
    this.writes.set(name, {
      key: earlier?.key ?? Buffer.from(key),
      set: earlier?.set ?? null,
      delta: (earlier?.delta ?? 0n) + delta,
      atMost: smaller(earlier?.atMost ?? null, atMost ?? null),
    });
  }

  #set(key: Bytes, value: Bytes | undefined): void {
    this.#check(key);
    this.writes.set(byteText(key), { key: Buffer.from(key), set: { value }, delta: null, atMost: null });
  }

  async #readMissing(missing: ReadonlyMap<string, Bytes>): Promise<void> {
    const copies = [...missing].map(([name, key]) => [name, Buffer.from(key)] as const);
    const values = await this.#snapshot.getMany(copies.map(([, key]) => key));
    for (const [index, [name, key]] of copies.entries()) {
      if (!this.gets.has(name)) this.gets.set(name, { key, value: values[index] });
    }
  }

  async #current(name: string): Promise<Bytes | undefined> {
    const write = this.writes.get(name);
    return write === undefined ? this.gets.get(name)?.value : this.#written(write);
  }

  async #written(write: BufferedWrite): Promise<Bytes | undefined> {
    if (write.delta === null) return write.set?.value;
    return encodeCounter(await this.count(write.key));
  }

  #ownWrites(range: Range): BufferedWrite[] {
    if (this.writes.size === 0) return [];
    const start = byteText(range.start);
    const end = byteText(range.end);
    return [...this.writes].filter(([name]) => name >= start && name < end).map(([, write]) => write);
  }

  async #merge(range: Range, stored: readonly Entry[], own: readonly BufferedWrite[]): Promise<Entry[]> {
    const merged = new Map(stored.map((entry) => [byteText(entry.key), entry]));
    for (const write of own) {
      const value = await this.#written(write);
      if (value === undefined) merged.delete(byteText(write.key));
      else merged.set(byteText(write.key), { key: write.key, value });
    }
    const names = [...merged.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    if (range.reverse === true) names.reverse();
    return names.slice(0, range.limit).flatMap((name) => merged.get(name) ?? []);
  }

  #check(key: Bytes): void {
    this.#checkOpen();
    checkKey(key);
  }

  #checkOpen(): void {
    if (!this.#open) throw new Error('this transaction is over');
  }
}

function smaller(a: bigint | null, b: bigint | null): bigint | null {
  if (a === null) return b;
  if (b === null) return a;
  return a < b ? a : b;
}
