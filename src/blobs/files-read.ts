// Reading a range of a blob: a few blocks at a time, each verified before a byte of it is handed out, one group read
// ahead of the consumer. What a range does not touch is not read.
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import type { BlobId } from '../shared/ids.ts';
import type { BlobRange } from './blob-store.ts';
import { BlobCorruptError, BlobMissingError } from './blob-store.ts';
import { translateErrno } from './files-errors.ts';
import type { BlobPlace } from './files-folders.ts';
import {
  BLOCK_BYTES,
  blockChecksum,
  blockOffset,
  blockSeed,
  CHECKSUM_BYTES,
  decodeHead,
  HEAD_BYTES,
  STORED_BLOCK_BYTES,
} from './files-format.ts';
import { errnoOf } from '../shared/errno.ts';

const BLOCKS_PER_GROUP = 8;

type Blocks = Uint8Array[];

export async function readFile(id: BlobId, place: BlobPlace, range: BlobRange): Promise<AsyncIterable<Uint8Array>> {
  const handle = await openFile(id, place);
  const reader = new FileReader(handle, id, range);
  try {
    await reader.start();
    return reader;
  } catch (error) {
    await reader.return();
    throw error;
  }
}

async function openFile(id: BlobId, place: BlobPlace): Promise<FileHandle> {
  try {
    return await open(place.file, 'r');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') throw new BlobMissingError(`blob ${id} is missing`);
    throw translateErrno(error, 'opening a blob');
  }
}

/** Not a generator: `return()` must close the file even when nothing was read yet. */
class FileReader implements AsyncIterableIterator<Uint8Array> {
  readonly #handle: FileHandle;
  readonly #id: BlobId;
  readonly #seed: number;
  readonly #range: BlobRange;
  readonly #endBlock: number;
  #sizeBytes = 0;
  #nextBlock: number;
  #ready: Blocks = [];
  #ahead: Promise<Blocks> | null = null;
  #closed = false;

  constructor(handle: FileHandle, id: BlobId, range: BlobRange) {
    this.#handle = handle;
    this.#id = id;
    this.#seed = blockSeed(id);
    this.#range = range;
    this.#nextBlock = Math.floor(range.start / BLOCK_BYTES);
    this.#endBlock = range.end > range.start ? Math.ceil(range.end / BLOCK_BYTES) : this.#nextBlock;
  }

  /** One read brings the head and, when the range begins in the first block, the first group too. */
  async start(): Promise<void> {
    const firstEnd = this.#nextBlock === 0 ? Math.min(this.#endBlock, BLOCKS_PER_GROUP) : 0;
    const buffer = Buffer.allocUnsafeSlow(blockOffset(firstEnd));
    let filled = await this.#fill(buffer, 0, HEAD_BYTES, 0);
    this.#sizeBytes = decodeHead(buffer.subarray(0, filled), this.#id);
    if (this.#range.end > this.#sizeBytes) {
      throw new BlobCorruptError(`blob ${this.#id} has ${this.#sizeBytes} bytes, ${this.#range.end} are expected`);
    }
    if (firstEnd > 0) {
      filled = await this.#fill(buffer, filled, HEAD_BYTES + this.#storedBytes(0, firstEnd), 0);
      this.#ready = this.#verifiedBlocks(buffer.subarray(HEAD_BYTES, filled), 0, firstEnd);
      this.#nextBlock = firstEnd;
    }
    this.#readAhead();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#ready.length === 0 && this.#ahead !== null) await this.#takeGroup(this.#ahead);
    const value = this.#ready.shift();
    if (value !== undefined) return { done: false, value };
    return this.return();
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (!this.#closed) {
      this.#closed = true;
      this.#ready = [];
      await this.#ahead?.catch(() => undefined);
      this.#ahead = null;
      await this.#handle.close();
    }
    return { done: true, value: undefined };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #takeGroup(group: Promise<Blocks>): Promise<void> {
    try {
      this.#ready = await group;
    } catch (error) {
      await this.return();
      throw error;
    }
    this.#ahead = null;
    if (!this.#closed) this.#readAhead();
  }

  #readAhead(): void {
    if (this.#nextBlock >= this.#endBlock) return;
    const first = this.#nextBlock;
    this.#nextBlock = Math.min(first + BLOCKS_PER_GROUP, this.#endBlock);
    this.#ahead = this.#readGroup(first, this.#nextBlock);
    this.#ahead.catch(() => undefined);
  }

  async #readGroup(first: number, end: number): Promise<Blocks> {
    const buffer = Buffer.allocUnsafeSlow(this.#storedBytes(first, end));
    const filled = await this.#fill(buffer, 0, buffer.length, blockOffset(first));
    return this.#verifiedBlocks(buffer.subarray(0, filled), first, end);
  }

  #storedBytes(first: number, end: number): number {
    const dataBytes = Math.min(end * BLOCK_BYTES, this.#sizeBytes) - first * BLOCK_BYTES;
    return dataBytes + (end - first) * CHECKSUM_BYTES;
  }

  #verifiedBlocks(stored: Buffer, first: number, end: number): Blocks {
    const blocks: Blocks = [];
    for (let number = first; number < end; number++) {
      const start = (number - first) * STORED_BLOCK_BYTES;
      const length = Math.min(BLOCK_BYTES, this.#sizeBytes - number * BLOCK_BYTES);
      blocks.push(this.#verified(stored.subarray(start, start + length + CHECKSUM_BYTES), number));
    }
    return blocks;
  }

  /** The part of the block that lies in the range. */
  #verified(stored: Buffer, number: number): Uint8Array {
    const length = stored.length - CHECKSUM_BYTES;
    if (length < 0 || blockChecksum(stored.subarray(0, length), this.#seed, number) !== stored.readUInt32LE(length)) {
      throw new BlobCorruptError(`blob ${this.#id}: block ${number} does not match its checksum`);
    }
    const blockStart = number * BLOCK_BYTES;
    return stored.subarray(Math.max(0, this.#range.start - blockStart), Math.min(length, this.#range.end - blockStart));
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
