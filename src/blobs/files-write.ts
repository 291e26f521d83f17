// Writing a blob: blocks and their checksums are laid out in a buffer as they will stand in the file; while one buffer
// is being written the other fills. File first, then its name, then the folder: each on disk before the next.
import type { FileHandle } from 'node:fs/promises';
import { open, rename, unlink } from 'node:fs/promises';
import type { BlobId } from '../shared/ids.ts';
import type { StagedBlob } from './blob-store.ts';
import type { BufferPool } from './files-buffers.ts';
import { translateErrno } from './files-errors.ts';
import type { BlobPlace, Folders } from './files-folders.ts';
import { BLOCK_BYTES, blockChecksum, blockSeed, CHECKSUM_BYTES, encodeHead, HEAD_BYTES } from './files-format.ts';
import { errnoOf } from '../shared/errno.ts';

export type WriteDeps = {
  readonly folders: Folders;
  readonly buffers: BufferPool;
  /** throws StoreFullError when `sizeBytes` more would go below the reserve */
  readonly checkSpace: (sizeBytes: number) => void;
};

/** Written this far, the system is told to begin: the sync at the end then has little left to do. */
const SYNC_EVERY_BYTES = 32 * 1024 * 1024;

type State = 'writing' | 'sealed' | 'failed' | 'closed';

export async function stageFile(deps: WriteDeps, id: BlobId, place: BlobPlace): Promise<StagedBlob> {
  deps.checkSpace(0);
  const handle = await open(place.temporary, 'wx', 0o600);
  return new StagedFile(deps, id, place, handle);
}

class StagedFile implements StagedBlob {
  readonly id: BlobId;
  readonly #deps: WriteDeps;
  readonly #place: BlobPlace;
  readonly #handle: FileHandle;
  readonly #seed: number;
  #state: State = 'writing';
  #sizeBytes = 0;
  #blockNumber = 0;
  /** bytes of the blob in the block being filled */
  #blockFill = 0;
  #buffer: Buffer | null = null;
  #bufferFill = HEAD_BYTES;
  /** where the buffer will stand in the file */
  #fileOffset = 0;
  #unsyncedBytes = 0;
  #flushing: Promise<void> = Promise.resolve();
  #syncing: Promise<void> | null = null;

  constructor(deps: WriteDeps, id: BlobId, place: BlobPlace, handle: FileHandle) {
    this.#deps = deps;
    this.id = id;
    this.#place = place;
    this.#handle = handle;
    this.#seed = blockSeed(id);
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#checkWriting();
    let taken = 0;
    while (taken < chunk.length) {
      const buffer = await this.#bufferWithRoom();
      const count = Math.min(chunk.length - taken, BLOCK_BYTES - this.#blockFill);
      buffer.set(chunk.subarray(taken, taken + count), this.#bufferFill);
      taken += count;
      this.#bufferFill += count;
      this.#blockFill += count;
      this.#sizeBytes += count;
      if (this.#blockFill === BLOCK_BYTES) this.#endBlock(buffer);
    }
  }

  async seal(): Promise<number> {
    this.#checkWriting();
    this.#state = 'failed';
    try {
      await this.#finishFile();
      await rename(this.#place.temporary, this.#place.file);
      await this.#deps.folders.sync(this.#place.folder);
    } catch (error) {
      throw translateErrno(error, 'writing a blob');
    }
    this.#state = 'sealed';
    return this.#sizeBytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { file, temporary } = this.#place;
    if (this.#state === 'sealed' || this.#state === 'closed') return;
    this.#state = 'closed';
    await this.#close();
    for (const path of [temporary, file]) await unlink(path).catch(ignoreMissing);
  }

  async #finishFile(): Promise<void> {
    const buffer = await this.#bufferWithRoom();
    if (this.#blockFill > 0) this.#endBlock(buffer);
    const head = encodeHead(this.id, this.#sizeBytes);
    const headIsInBuffer = this.#fileOffset === 0;
    if (headIsInBuffer) buffer.set(head);
    this.#flush(buffer);
    await this.#flushing;
    if (!headIsInBuffer) await writeWhole(this.#handle, head, 0);
    await this.#syncing;
    await this.#handle.sync();
    await this.#close();
  }

  /** A buffer in which the block being filled has room to its end. */
  async #bufferWithRoom(): Promise<Buffer> {
    if (this.#buffer !== null) {
      const blockNeeds = BLOCK_BYTES - this.#blockFill + CHECKSUM_BYTES;
      if (this.#buffer.length - this.#bufferFill >= blockNeeds) return this.#buffer;
      await this.#flushing.catch((error: unknown) => this.#fail(error));
      this.#flush(this.#buffer);
    }
    this.#buffer = this.#deps.buffers.take();
    return this.#buffer;
  }

  #endBlock(buffer: Buffer): void {
    const data = buffer.subarray(this.#bufferFill - this.#blockFill, this.#bufferFill);
    buffer.writeUInt32LE(blockChecksum(data, this.#seed, this.#blockNumber), this.#bufferFill);
    this.#bufferFill += CHECKSUM_BYTES;
    this.#blockNumber++;
    this.#blockFill = 0;
  }

  /** Starts writing the buffer; the outcome is met at the next await of `#flushing`. */
  #flush(buffer: Buffer): void {
    this.#deps.checkSpace(this.#bufferFill);
    const stored = buffer.subarray(0, this.#bufferFill);
    const offset = this.#fileOffset;
    this.#fileOffset += this.#bufferFill;
    this.#bufferFill = 0;
    this.#buffer = null;
    this.#flushing = this.#flushing.then(async () => {
      await writeWhole(this.#handle, stored, offset);
      this.#deps.buffers.give(buffer);
      this.#syncSometimes(stored.length);
    });
    this.#flushing.catch(() => undefined);
  }

  #syncSometimes(writtenBytes: number): void {
    this.#unsyncedBytes += writtenBytes;
    if (this.#unsyncedBytes < SYNC_EVERY_BYTES || this.#syncing !== null) return;
    this.#unsyncedBytes = 0;
    this.#syncing = this.#handle.datasync().finally(() => {
      this.#syncing = null;
    });
    this.#syncing.catch((error: unknown) => {
      this.#flushing = Promise.reject(error);
      this.#flushing.catch(() => undefined);
    });
  }

  async #close(): Promise<void> {
    if (this.#buffer !== null) this.#deps.buffers.give(this.#buffer);
    this.#buffer = null;
    await Promise.allSettled([this.#flushing, this.#syncing]);
    await this.#handle.close();
  }

  #checkWriting(): void {
    if (this.#state !== 'writing') throw new Error(`blob ${this.id} is ${this.#state} and takes no more bytes`);
  }

  #fail(error: unknown): never {
    this.#state = 'failed';
    throw translateErrno(error, 'writing a blob');
  }
}

async function writeWhole(handle: FileHandle, bytes: Buffer, offset: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, offset + written);
    written += bytesWritten;
  }
}

function ignoreMissing(error: unknown): void {
  if (errnoOf(error) !== 'ENOENT') throw translateErrno(error, 'removing a blob');
}
