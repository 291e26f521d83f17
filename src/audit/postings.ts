// Where in a block the terms of one partition stand, as bytes:
//   u16                                 how many terms
//   u32 hash, u16 count, u32 place      for each, in order of the hash
//   …                                   the positions of those that stand in more than one record
// `place` is the position itself of a single one, ALL when every record has the term, else an offset into the rest: of a
// bitmap when there are many, else of u16 positions in ascending order. Little-endian throughout.
import type { TermHash } from './terms.ts';

export const MAX_BLOCK = 1024;
export const BITMAP_BYTES = MAX_BLOCK / 8;
/** From here on a bitmap is smaller. */
export const MAX_LISTED = BITMAP_BYTES / 2;
const ENTRY_BYTES = 10;
const HEAD_BYTES = 2;
const ALL = 0xffffffff;

/** Records of one block that have a term. */
export type Postings =
  | { readonly kind: 'all'; readonly count: number }
  | { readonly kind: 'one'; readonly count: 1; readonly position: number }
  /** u16 positions, ascending, from `at` on in a row that holds much else: nothing is copied */
  | { readonly kind: 'list'; readonly count: number; readonly bytes: Buffer; readonly at: number }
  | { readonly kind: 'bitmap'; readonly count: number; readonly bytes: Buffer; readonly at: number };

/** `byHash`: ascending positions. Deterministic, so that an index can be checked by making it again. */
export function encodePostings(byHash: ReadonlyMap<number, readonly number[]>, blockCount: number): Buffer {
  const entries = [...byHash].toSorted(([a], [b]) => a - b);
  const head = Buffer.alloc(HEAD_BYTES + entries.length * ENTRY_BYTES);
  const data: Buffer[] = [];
  let offset = 0;
  head.writeUInt16LE(entries.length, 0);
  for (const [index, [hash, positions]] of entries.entries()) {
    const at = HEAD_BYTES + index * ENTRY_BYTES;
    head.writeUInt32LE(hash, at);
    head.writeUInt16LE(positions.length, at + 4);
    if (positions.length === blockCount) head.writeUInt32LE(ALL, at + 6);
    else if (positions.length === 1) head.writeUInt32LE(positions[0] ?? 0, at + 6);
    else {
      const bytes = encodePositions(positions);
      head.writeUInt32LE(offset, at + 6);
      offset += bytes.length;
      data.push(bytes);
    }
  }
  return Buffer.concat([head, ...data]);
}

function encodePositions(positions: readonly number[]): Buffer {
  if (positions.length > MAX_LISTED) {
    const bitmap = Buffer.alloc(BITMAP_BYTES);
    for (const position of positions) bitmap[position >> 3] = (bitmap[position >> 3] ?? 0) | (1 << (position & 7));
    return bitmap;
  }
  const list = Buffer.alloc(positions.length * 2);
  for (const [index, position] of positions.entries()) list.writeUInt16LE(position, index * 2);
  return list;
}

/** null: no record of the block has the term. */
export function findPostings(row: Buffer, { hash }: Pick<TermHash, 'hash'>): Postings | null {
  let low = 0;
  let high = row.readUInt16LE(0) - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = row.readUInt32LE(HEAD_BYTES + middle * ENTRY_BYTES);
    if (found === hash) return entryAt(row, middle).postings;
    if (found < hash) low = middle + 1;
    else high = middle - 1;
  }
  return null;
}

export type Entry = { readonly hash: number; readonly postings: Postings };

/** In order of the hash. */
export function* entriesOf(row: Buffer): Generator<Entry> {
  const terms = row.readUInt16LE(0);
  for (let index = 0; index < terms; index++) yield entryAt(row, index);
}

function entryAt(row: Buffer, index: number): Entry {
  const at = HEAD_BYTES + index * ENTRY_BYTES;
  const count = row.readUInt16LE(at + 4);
  const place = row.readUInt32LE(at + 6);
  const hash = row.readUInt32LE(at);
  if (place === ALL) return { hash, postings: { kind: 'all', count } };
  if (count === 1) return { hash, postings: { kind: 'one', count, position: place } };
  const start = HEAD_BYTES + row.readUInt16LE(0) * ENTRY_BYTES + place;
  return { hash, postings: readPositions(row, start, count) };
}

export function readPositions(bytes: Buffer, at: number, count: number): Postings {
  return count > MAX_LISTED ? { kind: 'bitmap', count, bytes, at } : { kind: 'list', count, bytes, at };
}

/** How many bytes the positions of so many records take. */
export const positionBytes = (count: number): number => (count > MAX_LISTED ? BITMAP_BYTES : count * 2);
