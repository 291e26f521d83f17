// A blob from one store into another, byte for byte: what the target gives back is compared with what the source gave.
import { createHash } from 'node:crypto';
import { BlobCorruptError, BlobMissingError, type BlobStore } from '../blobs/blob-store.ts';
import type { BlobToCopy } from '../blobs/copy-between.ts';
import { MoveError, type Pair } from './move-deps.ts';

type Blobs = { readonly source: Pick<Pair, 'blobs'>; readonly target: Pick<Pair, 'blobs'> };

/** Throws BlobMissingError or BlobCorruptError as the source does. */
export async function copyVerified({ source, target }: Blobs, blob: BlobToCopy): Promise<void> {
  const { blobId, pool } = blob;
  const there = await digestIfThere(target.blobs, blob);
  if (there !== null && there === (await digestOf(source.blobs, blob))) return;
  const chunks = await source.blobs.read(blobId, pool, { start: 0, end: blob.storedBytes });
  // what a copy that was cut off has left
  if (there === null) await target.blobs.delete(blobId, pool);
  else throw new MoveError(`the target holds other bytes under the id of blob ${pool}/${blobId}: use an empty target`);
  const hash = createHash('sha256');
  {
    await using copy = await target.blobs.stage(blobId, pool);
    for await (const chunk of chunks) {
      hash.update(chunk);
      await copy.write(chunk);
    }
    await copy.seal();
  }
  if ((await digestOf(target.blobs, blob)) === hash.digest('hex')) return;
  throw new MoveError(`the target gives other bytes back than it was given for blob ${pool}/${blobId}`);
}

async function digestIfThere(blobs: BlobStore, blob: BlobToCopy): Promise<string | null> {
  try {
    return await digestOf(blobs, blob);
  } catch (error) {
    if (error instanceof BlobMissingError || error instanceof BlobCorruptError) return null;
    throw error;
  }
}

async function digestOf(blobs: BlobStore, { blobId, pool, storedBytes }: BlobToCopy): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of await blobs.read(blobId, pool, { start: 0, end: storedBytes })) hash.update(chunk);
  return hash.digest('hex');
}
