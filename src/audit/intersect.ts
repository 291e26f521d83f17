// Postings of one block put together. This runs for every block that a search looks into: nothing is copied, and little
// made that must be cleaned up.
import { BITMAP_BYTES, MAX_BLOCK, type Postings } from './postings.ts';

/** Of records that have any of several terms; null: none has. */
export function anyOf(found: readonly Postings[], blockCount: number): Postings | null {
  const [first] = found;
  if (first === undefined || found.length === 1) return first ?? null;
  if (found.some(({ kind }) => kind === 'all')) return { kind: 'all', count: blockCount };
  const bytes = Buffer.alloc(BITMAP_BYTES);
  for (const postings of found) mark(bytes, postings);
  return { kind: 'bitmap', count: countBits(bytes, 0), bytes, at: 0 };
}

const scratch = Buffer.alloc(BITMAP_BYTES);
const taken = new Uint16Array(MAX_BLOCK);

/** Positions of records that have all terms, ascending; what is returned holds until the next call. */
export function allOf(found: readonly Postings[], blockCount: number): Uint16Array {
  const rarest = rarestOf(found);
  let count = rarest === null ? listAll(blockCount) : list(rarest);
  for (const postings of found) {
    if (count === 0) break;
    if (postings !== rarest && postings.kind !== 'all') count = keep(count, postings);
  }
  return taken.subarray(0, count);
}

/** How many have all terms, without saying which. */
export function countOf(found: readonly Postings[], blockCount: number): number {
  let telling = 0;
  let onlyBitmaps = true;
  for (const { kind } of found) {
    if (kind === 'all') continue;
    telling++;
    onlyBitmaps &&= kind === 'bitmap';
  }
  if (telling === 0) return blockCount;
  if (telling === 1) return rarestOf(found)?.count ?? 0;
  return onlyBitmaps ? countCommon(found) : countListed(found, blockCount);
}

function countListed(found: readonly Postings[], blockCount: number): number {
  const rarest = rarestOf(found);
  let count = rarest === null ? blockCount : list(rarest);
  for (const postings of found) {
    if (count > 0 && postings !== rarest && postings.kind !== 'all') count = keep(count, postings);
  }
  return count;
}

function rarestOf(found: readonly Postings[]): Postings | null {
  let rarest: Postings | null = null;
  for (const postings of found) {
    if (postings.kind !== 'all' && (rarest === null || postings.count < rarest.count)) rarest = postings;
  }
  return rarest;
}

function countCommon(found: readonly Postings[]): number {
  let count = 0;
  for (let word = 0; word < BITMAP_BYTES; word += 4) {
    let common = -1;
    for (const postings of found) {
      if (postings.kind === 'bitmap') common &= postings.bytes.readInt32LE(postings.at + word);
    }
    count += bitsOf(common);
  }
  return count;
}

/** Of 32. */
function bitsOf(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function listAll(blockCount: number): number {
  for (let position = 0; position < blockCount; position++) taken[position] = position;
  return blockCount;
}

const positionAt = (bytes: Buffer, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);

function list(postings: Postings): number {
  if (postings.kind === 'one') {
    taken[0] = postings.position;
    return 1;
  }
  if (postings.kind === 'all') return listAll(postings.count);
  const { bytes, at } = postings;
  if (postings.kind === 'list') {
    for (let index = 0; index < postings.count; index++) taken[index] = positionAt(bytes, at + index * 2);
    return postings.count;
  }
  let count = 0;
  for (let byte = 0; byte < BITMAP_BYTES; byte++) {
    let bits = bytes[at + byte] ?? 0;
    for (let position = byte * 8; bits !== 0; position++, bits >>= 1) if (bits & 1) taken[count++] = position;
  }
  return count;
}

function keep(count: number, postings: Postings): number {
  const isBitmap = postings.kind === 'bitmap';
  const bits = isBitmap ? postings.bytes : scratch;
  const at = isBitmap ? postings.at : 0;
  if (!isBitmap) mark(scratch.fill(0), postings);
  let kept = 0;
  for (let index = 0; index < count; index++) {
    const position = taken[index] ?? 0;
    if (((bits[at + (position >> 3)] ?? 0) & (1 << (position & 7))) !== 0) taken[kept++] = position;
  }
  return kept;
}

function mark(bits: Buffer, postings: Postings): void {
  if (postings.kind === 'one') set(bits, postings.position);
  else if (postings.kind === 'all') bits.fill(0xff);
  else if (postings.kind === 'bitmap') {
    for (let byte = 0; byte < BITMAP_BYTES; byte++) {
      bits[byte] = (bits[byte] ?? 0) | (postings.bytes[postings.at + byte] ?? 0);
    }
  } else {
    for (let index = 0; index < postings.count; index++) set(bits, positionAt(postings.bytes, postings.at + index * 2));
  }
}

function set(bits: Buffer, position: number): void {
  bits[position >> 3] = (bits[position >> 3] ?? 0) | (1 << (position & 7));
}

function countBits(bits: Buffer, at: number): number {
  let count = 0;
  for (let word = 0; word < BITMAP_BYTES; word += 4) count += bitsOf(bits.readInt32LE(at + word));
  return count;
}
