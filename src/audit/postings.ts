// Where in a block the terms of one partition stand, as bytes:
//   u16                    how many terms
//   u32 hash, u16 count, u32 place      for each, in order of the hash
//   …                      the positions of those that stand in more than one record
// `place` is the position itself of a single one, ALL when every record has the term, else an offset into the rest: of a
// bitmap when there are many, else of u16 positions in ascending order. Little-endian throughout.

export const MAX_BLOCK = 4096;
const BITMAP_BYTES = MAX_BLOCK / 8;
/** From here on a bitmap is smaller. */
const MAX_LISTED = BITMAP_BYTES / 2;
const ENTRY_BYTES = 10;
const HEAD_BYTES = 2;
const ALL = 0xffffffff;

/** Positions in a block. */
export type Postings = {
  readonly count: number;
  readonly has: (position: number) => boolean;
  /** the highest first */
  readonly descending: () => Iterable<number>;
};

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
export function findPostings(row: Uint8Array, hash: number, blockCount: number): Postings | null {
  const bytes = Buffer.from(row.buffer, row.byteOffset, row.byteLength);
  const terms = bytes.readUInt16LE(0);
  const at = findEntry(bytes, terms, hash);
  if (at < 0) return null;
  const count = bytes.readUInt16LE(at + 4);
  const place = bytes.readUInt32LE(at + 6);
  if (place === ALL) return everything(blockCount);
  if (count === 1) return single(place);
  const data = bytes.subarray(HEAD_BYTES + terms * ENTRY_BYTES + place);
  return count > MAX_LISTED ? fromBitmap(data.subarray(0, BITMAP_BYTES), count) : fromList(data, count);
}

function findEntry(bytes: Buffer, terms: number, hash: number): number {
  let low = 0;
  let high = terms - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = HEAD_BYTES + middle * ENTRY_BYTES;
    const found = bytes.readUInt32LE(at);
    if (found === hash) return at;
    if (found < hash) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

const single = (position: number): Postings => ({
  count: 1,
  has: (asked) => asked === position,
  descending: () => [position],
});

export const everything = (blockCount: number): Postings => ({
  count: blockCount,
  has: () => true,
  descending: function* () {
    for (let position = blockCount - 1; position >= 0; position--) yield position;
  },
});

function fromBitmap(bitmap: Uint8Array, count: number): Postings {
  const has = (position: number): boolean => ((bitmap[position >> 3] ?? 0) & (1 << (position & 7))) !== 0;
  return {
    count,
    has,
    descending: function* () {
      for (let byte = BITMAP_BYTES - 1; byte >= 0; byte--) {
        if (bitmap[byte] === 0) continue;
        for (let position = byte * 8 + 7; position >= byte * 8; position--) if (has(position)) yield position;
      }
    },
  };
}

function fromList(list: Buffer, count: number): Postings {
  const at = (index: number): number => list.readUInt16LE(index * 2);
  return {
    count,
    has: (position) => {
      let low = 0;
      let high = count - 1;
      while (low <= high) {
        const middle = (low + high) >> 1;
        const found = at(middle);
        if (found === position) return true;
        if (found < position) low = middle + 1;
        else high = middle - 1;
      }
      return false;
    },
    descending: function* () {
      for (let index = count - 1; index >= 0; index--) yield at(index);
    },
  };
}

/** Of records that have any of several terms. */
export function anyOf(found: readonly Postings[]): Postings | null {
  const [first, ...more] = found;
  if (first === undefined || more.length === 0) return first ?? null;
  const bitmap = new Uint8Array(BITMAP_BYTES);
  let count = 0;
  for (const postings of found) {
    for (const position of postings.descending()) {
      const byte = bitmap[position >> 3] ?? 0;
      const bit = 1 << (position & 7);
      if ((byte & bit) === 0) count++;
      bitmap[position >> 3] = byte | bit;
    }
  }
  return fromBitmap(bitmap, count);
}

/** Of records that have them all, the newest first: walks the rarest. */
export function* allOf(found: readonly Postings[]): Generator<number> {
  const [rarest, ...others] = found.toSorted((a, b) => a.count - b.count);
  if (rarest === undefined) return;
  for (const position of rarest.descending()) if (others.every((postings) => postings.has(position))) yield position;
}
