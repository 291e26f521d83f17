// Postings of one block put together. This runs for every block that a search looks into: no closures, no copies.
import { BITMAP_BYTES, MAX_BLOCK, type Postings } from './postings.ts';

/** Of records that have any of several terms; null: none has. */
export function anyOf(found: readonly Postings[], blockCount: number): Postings | null {
  const [first, ...more] = found;
  if (first === undefined || more.length === 0) return first ?? null;
  if (found.some(({ kind }) => kind === 'all')) return { kind: 'all', count: blockCount };
  const bytes = Buffer.alloc(BITMAP_BYTES);
  for (const postings of found) mark(bytes, postings);
  return { kind: 'bitmap', count: countBits(bytes), bytes };
}

const scratch = Buffer.alloc(BITMAP_BYTES);
const taken = new Uint16Array(MAX_BLOCK);

/** Positions of records that have all terms, ascending; what is returned holds until the next call. */
export function allOf(found: readonly Postings[], blockCount: number): Uint16Array {
  const telling = found.filter(({ kind }) => kind !== 'all').toSorted((a, b) => a.count - b.count);
  const [rarest, ...others] = telling;
  let count = rarest === undefined ? listAll(blockCount) : list(rarest);
  for (const postings of others) {
    if (count === 0) break;
    count = keep(count, postings);
  }
  return taken.subarray(0, count);
}

function listAll(blockCount: number): number {
  for (let position = 0; position < blockCount; position++) taken[position] = position;
  return blockCount;
}

function list(postings: Postings): number {
  if (postings.kind === 'one') {
    taken[0] = postings.position;
    return 1;
  }
  if (postings.kind === 'all') return listAll(postings.count);
  if (postings.kind === 'list') {
    for (let index = 0; index < postings.count; index++) taken[index] = postings.bytes.readUInt16LE(index * 2);
    return postings.count;
  }
  let count = 0;
  for (let byte = 0; byte < BITMAP_BYTES; byte++) {
    let bits = postings.bytes[byte] ?? 0;
    for (let position = byte * 8; bits !== 0; position++, bits >>= 1) if (bits & 1) taken[count++] = position;
  }
  return count;
}

function keep(count: number, postings: Postings): number {
  const bits = postings.kind === 'bitmap' ? postings.bytes : scratch;
  if (bits === scratch) mark(scratch.fill(0), postings);
  let kept = 0;
  for (let index = 0; index < count; index++) {
    const position = taken[index] ?? 0;
    if (((bits[position >> 3] ?? 0) & (1 << (position & 7))) !== 0) taken[kept++] = position;
  }
  return kept;
}

function mark(bits: Buffer, postings: Postings): void {
  const set = (position: number): void => {
    bits[position >> 3] = (bits[position >> 3] ?? 0) | (1 << (position & 7));
  };
  if (postings.kind === 'one') set(postings.position);
  else if (postings.kind === 'all') bits.fill(0xff);
  else if (postings.kind === 'bitmap') {
    for (let byte = 0; byte < BITMAP_BYTES; byte++) bits[byte] = (bits[byte] ?? 0) | (postings.bytes[byte] ?? 0);
  } else for (let index = 0; index < postings.count; index++) set(postings.bytes.readUInt16LE(index * 2));
}

function countBits(bits: Buffer): number {
  let count = 0;
  for (const byte of bits) for (let left = byte; left !== 0; left &= left - 1) count++;
  return count;
}
