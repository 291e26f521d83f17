// The blocks of a blob in its file, 512 KiB at a time.
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import type { BlobId } from '../shared/ids.ts';
import type { BlobRange } from './blob-store.ts';
import { BlobMissingError } from './blob-store.ts';
import type { StoredBlocks } from './block-reader.ts';
import { readBlob } from './block-reader.ts';
import { translateErrno } from './files-errors.ts';
import type { BlobPlace } from './files-folders.ts';
import { blockOffset, HEAD_BYTES, storedSize } from './files-format.ts';
import { errnoOf } from '../shared/errno.ts';

const BLOCKS_PER_GROUP = 8;

export async function readFile(id: BlobId, place: BlobPlace, range: BlobRange): Promise<AsyncIterable<Uint8Array>> {
  return readBlob(new FileBlocks(await openFile(id, place)), id, range);
}

async function openFile(id: BlobId, place: BlobPlace): Promise<FileHandle> {
  try {
    return await open(place.file, 'r');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') throw new BlobMissingError(`blob ${id} is missing`);
    throw translateErrno(error, 'opening a blob');
  }
}

class FileBlocks implements StoredBlocks {
  readonly groupsAhead = 1;
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  groupEnd(firstBlock: number): number {
    return firstBlock + BLOCKS_PER_GROUP;
  }

  async readStart(endBlock: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafeSlow(blockOffset(endBlock));
    const filled = await this.#fill(buffer, 0, HEAD_BYTES, 0);
    if (filled < HEAD_BYTES) return buffer.subarray(0, filled);
    const needed = Math.min(buffer.length, storedSize(buffer));
    return buffer.subarray(0, await this.#fill(buffer, filled, needed, 0));
  }

  async readBlocks(firstBlock: number, storedBytes: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafeSlow(storedBytes);
    return buffer.subarray(0, await this.#fill(buffer, 0, storedBytes, blockOffset(firstBlock)));
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /**
   * Reads on from `filled` until at least `needed` bytes of the buffer are filled; returns how many are. Fewer than
   * needed only at the end of the file: then blocks are missing and fail their checksum.
   */
  async #fill(buffer: Buffer, filled: number, needed: number, offset: number): Promise<number> {
    let count = filled;
    try {
      while (count < needed) {
        const { bytesRead } = await this.#handle.read(buffer, count, buffer.length - count, offset + count);
        if (bytesRead === 0) break;
        count += bytesRead;
      }
    } catch (error) {
      throw translateErrno(error, 'reading a blob');
    }
    return count;
  }
}
