// Removing the objects of a blob. Always from the last to the first, which holds the size: whatever interrupts it, the
// same call again finds what is left.
import type { BlobId } from '../shared/ids.ts';
import { BlobCorruptError } from './blob-store.ts';
import { decodeHead, HEAD_BYTES } from './files-format.ts';
import type { RadosPool } from './rados-cluster.ts';
import { checked, ENOENT } from './rados-errors.ts';
import type { NameOf } from './rados-layout.ts';
import { MAX_GAP, MAX_PARALLEL, objectCount } from './rados-layout.ts';

export async function removeBlob(pool: RadosPool, id: BlobId, nameOf: NameOf): Promise<void> {
  const count = (await readCount(pool, id, nameOf)) ?? (await findEnd(pool, nameOf));
  await removeObjects(pool, nameOf, 0, count);
}

/** Objects `first`…`end`; those that are not there count as removed. */
export async function removeObjects(pool: RadosPool, nameOf: NameOf, first: number, end: number): Promise<void> {
  for (let from = end; from > first; from -= MAX_PARALLEL) {
    const least = Math.max(first, from - MAX_PARALLEL);
    const indexes = Array.from({ length: from - least }, (_, offset) => least + offset);
    // The first one goes last, alone.
    await Promise.all(indexes.filter((index) => index > 0).map((index) => removeObject(pool, nameOf(index))));
  }
  if (first === 0) await removeObject(pool, nameOf(0));
}

async function removeObject(pool: RadosPool, name: string): Promise<void> {
  const code = await pool.remove(name);
  if (code !== ENOENT) checked(code, 'removing a blob');
}

/** How many objects the blob has by its head; undefined: it has none, or a damaged one. */
async function readCount(pool: RadosPool, id: BlobId, nameOf: NameOf): Promise<number | undefined> {
  const head = Buffer.allocUnsafeSlow(HEAD_BYTES);
  const code = await pool.read(nameOf(0), head, 0);
  if (code === ENOENT) return undefined;
  try {
    return objectCount(decodeHead(head.subarray(0, checked(code, 'removing a blob')), id));
  } catch (error) {
    if (error instanceof BlobCorruptError) return undefined;
    throw error;
  }
}

/** After the last object that a torn write left. */
async function findEnd(pool: RadosPool, nameOf: NameOf): Promise<number> {
  let end = 1;
  for (let index = 1; index < end + MAX_GAP; index += MAX_PARALLEL) {
    const indexes = Array.from({ length: MAX_PARALLEL }, (_, offset) => index + offset);
    const found = await Promise.all(indexes.map((one) => exists(pool, nameOf(one))));
    const last = found.lastIndexOf(true);
    if (last >= 0) end = index + last + 1;
  }
  return end;
}

async function exists(pool: RadosPool, name: string): Promise<boolean> {
  const code = await pool.read(name, Buffer.allocUnsafeSlow(1), 0);
  return code !== ENOENT && checked(code, 'removing a blob') >= 0;
}
