// The same as postings.ts for the 64 blocks of a group, in finer partitions:
//   u32                       how many terms
//   u32 hash, u32 place       for each, in order of the hash
//   …                         of those that stand in more than one record: u64 which blocks have them, then of each of
//                             these blocks u16 count (EVERY: all its records) and the positions
// `place` is an offset into the rest, or with its highest bit set block and position of the only record.
import { GROUP_BLOCKS } from '../metadata/tables/audit-index.ts';
import { type Entry, entriesOf, positionBytes, type Postings, readPositions } from './postings.ts';
import { GROUP_SPLIT, type TermHash } from './terms.ts';

const HEAD_BYTES = 4;
const ENTRY_BYTES = 8;
const SINGLE = 0x80000000;
const POSITION_BITS = 10;
const EVERY = 0xffff;

type Gathered = { readonly index: number; readonly postings: Postings }[];

/**
 * `rows`: of one partition, by the block's place in the group; undefined: it has none there. Returns the rows of the
 * partitions it is split into.
 */
export function mergePostings(rows: readonly (Buffer | undefined)[]): Buffer[] {
  const parts = Array.from({ length: GROUP_SPLIT }, () => new Map<number, Gathered>());
  for (const [index, row] of rows.entries()) {
    if (row !== undefined) for (const entry of entriesOf(row)) gather(parts, index, entry);
  }
  return parts.map(encodeGroup);
}

function gather(parts: readonly Map<number, Gathered>[], index: number, { hash, postings }: Entry): void {
  const part = parts[splitOf(hash)];
  const known = part?.get(hash);
  if (known === undefined) part?.set(hash, [{ index, postings }]);
  else known.push({ index, postings });
}

/** Which of the partitions that one is split into. */
export const splitOf = (hash: number): number => Math.floor(hash / (2 ** 32 / GROUP_SPLIT));

function encodeGroup(byHash: ReadonlyMap<number, Gathered>): Buffer {
  const entries = [...byHash].toSorted(([a], [b]) => a - b);
  const head = Buffer.alloc(HEAD_BYTES + entries.length * ENTRY_BYTES);
  const data: Buffer[] = [];
  let offset = 0;
  head.writeUInt32LE(entries.length, 0);
  for (const [at, [hash, gathered]] of entries.entries()) {
    head.writeUInt32LE(hash, HEAD_BYTES + at * ENTRY_BYTES);
    const bytes = encodeGathered(gathered);
    head.writeUInt32LE(typeof bytes === 'number' ? bytes : offset, HEAD_BYTES + at * ENTRY_BYTES + 4);
    if (typeof bytes === 'number') continue;
    offset += bytes.length;
    data.push(bytes);
  }
  return Buffer.concat([head, ...data]);
}

function encodeGathered(gathered: Gathered): Buffer | number {
  const [only, ...more] = gathered;
  if (only !== undefined && more.length === 0 && only.postings.kind === 'one') {
    return SINGLE + (only.index << POSITION_BITS) + only.postings.position;
  }
  let mask = 0n;
  for (const { index } of gathered) mask |= 1n << BigInt(index);
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(mask, 0);
  return Buffer.concat([head, ...gathered.flatMap(({ postings }) => encodeOne(postings))]);
}

function encodeOne(postings: Postings): Buffer[] {
  const count = Buffer.alloc(2);
  count.writeUInt16LE(postings.kind === 'all' ? EVERY : postings.count, 0);
  if (postings.kind === 'all') return [count];
  if (postings.kind !== 'one') {
    const { bytes, at } = postings;
    return [count, bytes.subarray(at, at + positionBytes(postings.count))];
  }
  const position = Buffer.alloc(2);
  position.writeUInt16LE(postings.position, 0);
  return [count, position];
}

/** Where the blocks of the group that have a term say which of their records do. */
export type GroupPostings = {
  /** of 32 blocks each: which have it */
  readonly masks: readonly [low: number, high: number];
  /** null: no record of this block of the group has it. `blockCount`: how many records the block has */
  readonly at: (index: number, blockCount: number) => Postings | null;
};

/** null: no record of the group has the term. */
export function findGroupPostings(row: Buffer, { hash }: Pick<TermHash, 'hash'>): GroupPostings | null {
  const terms = row.readUInt32LE(0);
  let low = 0;
  let high = terms - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = HEAD_BYTES + middle * ENTRY_BYTES;
    const found = row.readUInt32LE(at);
    if (found === hash) return readPlace(row, row.readUInt32LE(at + 4), terms);
    if (found < hash) low = middle + 1;
    else high = middle - 1;
  }
  return null;
}

function readPlace(row: Buffer, place: number, terms: number): GroupPostings {
  if (place >= SINGLE) return single(place - SINGLE);
  const start = HEAD_BYTES + terms * ENTRY_BYTES + place;
  const masks = [row.readInt32LE(start), row.readInt32LE(start + 4)] as const;
  const places = placesOf(row, start + 8, masks);
  return {
    masks,
    at: (index, blockCount) => {
      const at = places[index] ?? 0;
      return at === 0 ? null : readOne(row, at, blockCount);
    },
  };
}

function single(packed: number): GroupPostings {
  const position = packed & ((1 << POSITION_BITS) - 1);
  const only = packed >> POSITION_BITS;
  const found: Postings = { kind: 'one', count: 1, position };
  return {
    masks: [only < 32 ? 1 << only : 0, only < 32 ? 0 : 1 << (only - 32)],
    at: (index) => (index === only ? found : null),
  };
}

/** By block: where its count stands; 0: it has none. */
function placesOf(row: Buffer, start: number, masks: readonly [number, number]): Uint32Array {
  const places = new Uint32Array(GROUP_BLOCKS);
  let at = start;
  for (let index = 0; index < GROUP_BLOCKS; index++) {
    if (((masks[index < 32 ? 0 : 1] >>> (index & 31)) & 1) === 0) continue;
    places[index] = at;
    const count = row.readUInt16LE(at);
    at += 2 + (count === EVERY ? 0 : positionBytes(count));
  }
  return places;
}

function readOne(row: Buffer, at: number, blockCount: number): Postings {
  const count = row.readUInt16LE(at);
  if (count === EVERY) return { kind: 'all', count: blockCount };
  if (count === 1) return { kind: 'one', count, position: row.readUInt16LE(at + 2) };
  return readPositions(row, at + 2, count);
}
