// Writing and reading whole blobs.
import { createHash } from 'node:crypto';
import type { BlobRange, BlobStore } from '../../../src/blobs/blob-store.ts';
import type { BlobId } from '../../../src/shared/ids.ts';
import { newBlobId } from '../../../src/shared/ids.ts';

export const POOL = 'STANDARD';
export const KIB = 1024;
export const MIB = 1024 * KIB;

/** Bytes that repeat nowhere near, the same every time. */
export function pattern(sizeBytes: number): Buffer {
  const out = Buffer.alloc(sizeBytes);
  for (let offset = 0; offset < sizeBytes; offset += 64) {
    createHash('sha512').update(String(offset)).digest().copy(out, offset);
  }
  return out;
}

export async function store(blobs: BlobStore, data: Buffer, chunkBytes = 70_001, pool = POOL): Promise<BlobId> {
  const id = newBlobId(Date.now());
  await using staged = await blobs.stage(id, pool);
  for (let start = 0; start < data.length; start += chunkBytes) {
    await staged.write(data.subarray(start, start + chunkBytes));
  }
  const sizeBytes = await staged.seal();
  if (sizeBytes !== data.length) throw new Error(`sealed ${sizeBytes} of ${data.length} bytes`);
  return id;
}

export async function load(blobs: BlobStore, id: BlobId, range: BlobRange, pool = POOL): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await blobs.read(id, pool, range)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
