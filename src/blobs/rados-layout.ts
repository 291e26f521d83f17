// A blob in RADOS: the same head and blocks as in a file (files-format.ts), cut into objects at block borders.
//
//   <pool>/<blob id>       head and the first 16 blocks (1 MiB); written last, so that a blob without it does not exist
//   <pool>/<blob id>.1 …   63 blocks each, a little less than 4 MiB
//
// Every object is written once and whole, which erasure-coded pools take too. A small blob is one object, one write.
import type { BlobId } from '../shared/ids.ts';
import type { PoolName } from './blob-store.ts';
import { BLOCK_BYTES, HEAD_BYTES, STORED_BLOCK_BYTES } from './files-format.ts';

export const FIRST_BLOCKS = 16;
export const MORE_BLOCKS = 63;
/** Most blobs that are not small end within these blocks: no need to set aside a whole first object for each. */
export const SHORT_BLOCKS = 2;
export const SHORT_OBJECT_BYTES = HEAD_BYTES + SHORT_BLOCKS * STORED_BLOCK_BYTES;
export const FIRST_OBJECT_BYTES = HEAD_BYTES + FIRST_BLOCKS * STORED_BLOCK_BYTES;
export const MORE_OBJECT_BYTES = MORE_BLOCKS * STORED_BLOCK_BYTES;
/** Objects of one blob that are written, or removed, at once. */
export const MAX_PARALLEL = 4;
/** Between what a torn write and a torn removal of it left there are never so many missing objects in a row. */
export const MAX_GAP = 4 * MAX_PARALLEL;

const BLOB_ID = /^[0-9a-f]{32}$/;
/** a region's name, a hyphen and a storage class's */
const POOL_NAME = /^[A-Za-z0-9_-]{1,65}$/;

export type NameOf = (index: number) => string;

export function namesOf(pool: PoolName, id: BlobId): NameOf {
  if (!BLOB_ID.test(id)) throw new TypeError('a blob id is 32 hexadecimal digits');
  if (!POOL_NAME.test(pool)) throw new TypeError('a pool name is letters, digits, _ and -');
  return (index) => (index === 0 ? `${pool}/${id}` : `${pool}/${id}.${index}`);
}

/** The object that holds a block, where in it the block begins, and which block is the first of the next object. */
export function locate(block: number): { readonly index: number; readonly offset: number; readonly endBlock: number } {
  if (block < FIRST_BLOCKS) {
    return { index: 0, offset: HEAD_BYTES + block * STORED_BLOCK_BYTES, endBlock: FIRST_BLOCKS };
  }
  const index = 1 + Math.floor((block - FIRST_BLOCKS) / MORE_BLOCKS);
  const firstBlock = FIRST_BLOCKS + (index - 1) * MORE_BLOCKS;
  return { index, offset: (block - firstBlock) * STORED_BLOCK_BYTES, endBlock: firstBlock + MORE_BLOCKS };
}

export function objectCount(sizeBytes: number): number {
  const blocks = Math.ceil(sizeBytes / BLOCK_BYTES);
  return blocks === 0 ? 1 : locate(blocks - 1).index + 1;
}
