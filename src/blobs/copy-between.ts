// A blob from one store into another, under the same id.
import type { BlobId } from '../shared/ids.ts';
import { BlobCorruptError, BlobMissingError, type BlobStore, type PoolName } from './blob-store.ts';

export type BlobToCopy = { readonly blobId: BlobId; readonly pool: PoolName; readonly storedBytes: number };

/** Returns whether it had to be copied; a whole one that is there already is left as it is. */
export async function copyBetween(from: BlobStore, to: BlobStore, blob: BlobToCopy): Promise<boolean> {
  if (await isThere(to, blob)) return false;
  const { blobId, pool, storedBytes } = blob;
  const chunks = await from.read(blobId, pool, { start: 0, end: storedBytes });
  // what a copy that was cut off has left
  await to.delete(blobId, pool);
  await using copy = await to.stage(blobId, pool);
  for await (const chunk of chunks) await copy.write(chunk);
  await copy.seal();
  return true;
}

/** Its last byte stands for the whole: a blob gets its name only when it is sealed. */
async function isThere(store: BlobStore, { blobId, pool, storedBytes }: BlobToCopy): Promise<boolean> {
  try {
    const range = { start: Math.max(0, storedBytes - 1), end: storedBytes };
    for await (const _chunk of await store.read(blobId, pool, range)) continue;
    return true;
  } catch (error) {
    if (error instanceof BlobMissingError || error instanceof BlobCorruptError) return false;
    throw error;
  }
}

/** Reads all of it; throws BlobCorruptError or BlobMissingError. */
export async function verifyBlob(store: BlobStore, { blobId, pool, storedBytes }: BlobToCopy): Promise<void> {
  for await (const _chunk of await store.read(blobId, pool, { start: 0, end: storedBytes })) continue;
}
