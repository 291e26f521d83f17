// Reading a range of a blob, wherever its blocks are kept (files-format.ts): groups of blocks, each block verified
// before a byte of it is handed out, some groups read ahead of the consumer. What a range does not touch is not read.
import type { BlobId } from '../shared/ids.ts';
import type { BlobRange } from './blob-store.ts';
import { BlobCorruptError } from './blob-store.ts';
import { BLOCK_BYTES, blockChecksum, blockSeed, CHECKSUM_BYTES, decodeHead, HEAD_BYTES } from './files-format.ts';

/** The bytes of one blob as an engine keeps them. */
export interface StoredBlocks {
  /** groups on their way at once */
  readonly groupsAhead: number;
  /** A group that begins with this block ends before that one. */
  groupEnd(firstBlock: number): number;
  /** The head and what follows it up to block `endBlock`, or as much as there is. Throws BlobMissingError. */
  readStart(endBlock: number): Promise<Buffer>;
  /** `storedBytes` from the beginning of a block, or as many as there are. */
  readBlocks(firstBlock: number, storedBytes: number): Promise<Buffer>;
  close(): Promise<void>;
}

type Blocks = Uint8Array[];

export async function readBlob(stored: StoredBlocks, id: BlobId, range: BlobRange): Promise<AsyncIterable<Uint8Array>> {
  const reader = new BlockReader(stored, id, range);
  try {
    await reader.start();
    return reader;
  } catch (error) {
    await reader.return();
    throw error;
  }
}

/** Not a generator: `return()` must close the blob even when nothing was read yet. */
class BlockReader implements AsyncIterableIterator<Uint8Array> {
  readonly #stored: StoredBlocks;
  readonly #id: BlobId;
  readonly #seed: number;
  readonly #range: BlobRange;
  readonly #endBlock: number;
  #sizeBytes = 0;
  #nextBlock: number;
  #ready: Blocks = [];
  readonly #ahead: Promise<Blocks>[] = [];
  #closed = false;

  constructor(stored: StoredBlocks, id: BlobId, range: BlobRange) {
    this.#stored = stored;
    this.#id = id;
    this.#seed = blockSeed(id);
    this.#range = range;
    this.#nextBlock = Math.floor(range.start / BLOCK_BYTES);
    this.#endBlock = range.end > range.start ? Math.ceil(range.end / BLOCK_BYTES) : this.#nextBlock;
  }

  /** One read brings the head and, when the range begins in the first block, the first group too. */
  async start(): Promise<void> {
    const firstEnd = this.#nextBlock === 0 ? this.#groupEnd() : 0;
    const start = await this.#stored.readStart(firstEnd);
    this.#sizeBytes = decodeHead(start, this.#id);
    if (this.#range.end > this.#sizeBytes) {
      throw new BlobCorruptError(`blob ${this.#id} has ${this.#sizeBytes} bytes, ${this.#range.end} are expected`);
    }
    if (firstEnd > 0) {
      const group = start.subarray(HEAD_BYTES, HEAD_BYTES + this.#storedBytes(0, firstEnd));
      this.#ready = this.#verifiedBlocks(group, 0, firstEnd);
      this.#nextBlock = firstEnd;
    }
    this.#readAhead();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    while (this.#ready.length === 0 && this.#ahead.length > 0) await this.#takeGroup();
    const value = this.#ready.shift();
    if (value !== undefined) return { done: false, value };
    return this.return();
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (!this.#closed) {
      this.#closed = true;
      this.#ready = [];
      await Promise.allSettled(this.#ahead.splice(0));
      await this.#stored.close();
    }
    return { done: true, value: undefined };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #takeGroup(): Promise<void> {
    try {
      this.#ready = (await this.#ahead[0]) ?? [];
    } catch (error) {
      await this.return();
      throw error;
    }
    void this.#ahead.shift();
    if (!this.#closed) this.#readAhead();
  }

  #groupEnd(): number {
    return Math.min(this.#stored.groupEnd(this.#nextBlock), this.#endBlock);
  }

  #readAhead(): void {
    while (this.#nextBlock < this.#endBlock && this.#ahead.length < this.#stored.groupsAhead) {
      const first = this.#nextBlock;
      this.#nextBlock = this.#groupEnd();
      const group = this.#readGroup(first, this.#nextBlock);
      group.catch(() => undefined);
      this.#ahead.push(group);
    }
  }

  async #readGroup(first: number, end: number): Promise<Blocks> {
    const stored = await this.#stored.readBlocks(first, this.#storedBytes(first, end));
    return this.#verifiedBlocks(stored, first, end);
  }

  #storedBytes(first: number, end: number): number {
    const dataBytes = Math.min(end * BLOCK_BYTES, this.#sizeBytes) - first * BLOCK_BYTES;
    return dataBytes + (end - first) * CHECKSUM_BYTES;
  }

  #verifiedBlocks(stored: Buffer, first: number, end: number): Blocks {
    const blocks: Blocks = [];
    let start = 0;
    for (let number = first; number < end; number++) {
      const length = Math.min(BLOCK_BYTES, this.#sizeBytes - number * BLOCK_BYTES) + CHECKSUM_BYTES;
      blocks.push(this.#verified(stored.subarray(start, start + length), number));
      start += length;
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
}
