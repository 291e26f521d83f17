// Which transactions may be committed by one statement: those that do not depend on each other. The statement compares
// all of them with the store before it applies any.
import { createHash, hash } from 'node:crypto';
import type { Bytes, Entry } from './metadata-store.ts';
import { CounterLimitError } from './metadata-store.ts';
import type { Parameter } from './postgres-values.ts';
import { booleanArray, byteaArray, integerArray, numericArray } from './postgres-values.ts';
import type { BufferedWrite, RecordedRange, Recording } from './recorded-transaction.ts';
import { byteText, decodeCounter, encodeCounter } from './recorded-transaction.ts';

const MAX_TRANSACTIONS = 128;
const MAX_BYTES = 4 * 1024 * 1024;

type Waiting = { readonly recording: Recording };

/** Takes the transactions of the next statement out of `waiting`, oldest first; those left depend on one taken. */
export function takeBatch<W extends Waiting>(waiting: W[]): W[] {
  const batch = new Batch();
  const taken: W[] = [];
  const left: W[] = [];
  for (const one of waiting) (batch.take(one.recording) ? taken : left).push(one);
  waiting.splice(0, waiting.length, ...left);
  return taken;
}

class Batch {
  readonly #set = new Set<string>();
  readonly #added = new Set<string>();
  #count = 0;
  #sizeBytes = 0;
  #isClosed = false;

  take(recording: Recording): boolean {
    const sizeBytes = sizeOf(recording);
    const isAlone = needsToBeAlone(recording);
    if (this.#count > 0 && (this.#isFull(sizeBytes) || isAlone || this.#isTouchedBy(recording))) return false;
    this.#count++;
    this.#sizeBytes += sizeBytes;
    this.#isClosed ||= isAlone;
    for (const [name, write] of recording.writes) (isAdd(write) ? this.#added : this.#set).add(name);
    return true;
  }

  #isFull(moreBytes: number): boolean {
    return this.#isClosed || this.#count >= MAX_TRANSACTIONS || this.#sizeBytes + moreBytes > MAX_BYTES;
  }

  /** It reads what one of the batch writes, or writes the same. Adds to one counter go together. */
  #isTouchedBy({ gets, ranges, writes }: Recording): boolean {
    for (const [name, write] of writes) {
      if (this.#set.has(name) || (!isAdd(write) && this.#added.has(name))) return true;
    }
    for (const name of gets.keys()) if (this.#set.has(name) || this.#added.has(name)) return true;
    return ranges.some((range) => isInside(range, this.#set) || isInside(range, this.#added));
  }
}

function isInside({ range }: RecordedRange, names: ReadonlySet<string>): boolean {
  const start = byteText(range.start);
  const end = byteText(range.end);
  for (const name of names) if (name >= start && name < end) return true;
  return false;
}

const isAdd = (write: BufferedWrite): boolean => write.set === null;

/** With several limits, one of them passed undoes the whole statement. */
function needsToBeAlone({ writes }: Recording): boolean {
  let limits = 0;
  for (const write of writes.values()) if (isAdd(write) && write.atMost !== null) limits++;
  return limits > 1;
}

function sizeOf({ gets, writes }: Recording): number {
  let sizeBytes = 64 * gets.size;
  for (const { key, set } of writes.values()) sizeBytes += key.length + (set?.value?.length ?? 0);
  return sizeBytes;
}

/** Parameters of the commit function: transactions by their place in `recordings`. */
export function commitParameters(recordings: readonly Recording[], shard: number): Parameter[] {
  const gets = spread(recordings, ({ gets: read, writes: written }) =>
    [...read].filter(([name, { value }]) => value !== undefined || !isPut(written.get(name))).map(([, get]) => get),
  );
  const ranges = spread(recordings, ({ ranges: read }) => read);
  const writes = spread(recordings, ({ writes: written }) => [...written.values()]);
  const set = writes.filter(({ item }) => !isAdd(item)).sort((a, b) => Buffer.compare(a.item.key, b.item.key));
  const isNew = ({ place, item }: Placed<BufferedWrite>): boolean => isMade(recordings[place], item);
  const news = set.filter((write) => isNew(write));
  const puts = set.filter((write) => !isNew(write));
  const adds = writes.filter(({ item }) => isAdd(item));
  return [
    integerArray(gets.map(({ place }) => place)),
    byteaArray(gets.map(({ item }) => item.key)),
    byteaArray(gets.map(({ item }) => (item.value === undefined ? undefined : hash('sha256', item.value, 'buffer')))),
    integerArray(ranges.map(({ place }) => place)),
    byteaArray(ranges.map(({ item }) => item.range.start)),
    byteaArray(ranges.map(({ item }) => item.range.end)),
    integerArray(ranges.map(({ item }) => item.range.limit)),
    booleanArray(ranges.map(({ item }) => item.range.reverse === true)),
    byteaArray(ranges.map(({ item }) => digestOf(item.entries))),
    integerArray(news.map(({ place }) => place)),
    byteaArray(news.map(({ item }) => item.key)),
    byteaArray(news.map(({ item }) => valueOf(item))),
    integerArray(puts.map(({ place }) => place)),
    byteaArray(puts.map(({ item }) => item.key)),
    byteaArray(puts.map(({ item }) => valueOf(item))),
    integerArray(adds.map(({ place }) => place)),
    byteaArray(adds.map(({ item }) => item.key)),
    numericArray(adds.map(({ item }) => item.delta ?? 0n)),
    numericArray(adds.map(({ item }) => item.atMost)),
    String(shard),
  ];
}

type Placed<T> = { readonly place: number; readonly item: T };

function spread<T>(recordings: readonly Recording[], items: (recording: Recording) => readonly T[]): Placed<T>[] {
  return recordings.flatMap((recording, place) => items(recording).map((item) => ({ place, item })));
}

const isPut = (write: BufferedWrite | undefined): boolean => write?.set?.value !== undefined;

/** It was read as absent and is put: making it is the comparison. */
function isMade(recording: Recording | undefined, write: BufferedWrite): boolean {
  const get = recording?.gets.get(byteText(write.key));
  return get !== undefined && get.value === undefined && isPut(write);
}

/** A counter that was set in the same transaction has a known value. */
function valueOf({ key, set, delta, atMost }: BufferedWrite): Bytes | undefined {
  if (delta === null) return set?.value;
  const after = decodeCounter(set?.value) + delta;
  if (atMost !== null && after > atMost) throw new CounterLimitError(key);
  return encodeCounter(after);
}

/** As `digest_v1` of the schema, over all entries. */
function digestOf(entries: readonly Entry[]): Buffer {
  const digest = createHash('sha256');
  const length = Buffer.alloc(4);
  for (const { key, value } of entries) {
    for (const part of [key, value]) {
      length.writeInt32BE(part.length);
      digest.update(length).update(part);
    }
  }
  return digest.digest();
}
