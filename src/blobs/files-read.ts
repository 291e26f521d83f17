// Reading a range of a blob: a few blocks at a time, each verified before a byte of it is handed out, one group read
// ahead of the consumer. What a range does not touch is not read.
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import type { BlobId } from '../shared/ids.ts';
import type { BlobRange } from './blob-store.ts';
import { BlobCorruptError, BlobMissingError } from './blob-store.ts';
import { errnoOf, translateErrno } from './files-errors.ts';
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

  async start(): Promise<void> {
    this.#sizeBytes = decodeHead(await this.#pread(0, HEAD_BYTES), this.#id);
    if (this.#range.end > this.#sizeBytes) {
      throw new BlobCorruptError(`blob ${this.#id} has ${this.#sizeBytes} bytes, ${this.#range.end} are expected`);
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
    const dataEnd = Math.min(end * BLOCK_BYTES, this.#sizeBytes);
    const dataBytes = dataEnd - first * BLOCK_BYTES;
    const stored = await this.#pread(blockOffset(first), dataBytes + (end - first) * CHECKSUM_BYTES);
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

  /** Fewer bytes than asked for only at the end of the file: then blocks are missing and fail their checksum. */
  async #pread(offset: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafeSlow(length);
    let filled = 0;
    try {
      while (filled < length) {
        const { bytesRead } = await this.#handle.read(buffer, filled, length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
    } catch (error) {
      throw translateErrno(error, 'reading a blob');
    }
    return buffer.subarray(0, filled);
  }
}
