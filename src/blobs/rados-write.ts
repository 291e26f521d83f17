// Writing a blob to RADOS: blocks and their checksums are laid out in a buffer per object. Full objects are written while
// the next one fills, a few at once; the first object is kept and written last, with the head.
import type { BlobId } from '../shared/ids.ts';
import type { StagedBlob } from './blob-store.ts';
import type { BufferPool } from './files-buffers.ts';
import { BLOCK_BYTES, blockChecksum, blockSeed, CHECKSUM_BYTES, encodeHead, HEAD_BYTES } from './files-format.ts';
import type { RadosPool } from './rados-cluster.ts';
import { checked } from './rados-errors.ts';
import type { NameOf } from './rados-layout.ts';
import { locate, MAX_PARALLEL, SHORT_BLOCKS, SHORT_OBJECT_BYTES } from './rados-layout.ts';
import { removeObjects } from './rados-remove.ts';

export type RadosWriteDeps = {
  readonly pool: RadosPool;
  /** of first objects while they are short, of first objects, and of the others */
  readonly shortBuffers: BufferPool;
  readonly firstBuffers: BufferPool;
  readonly moreBuffers: BufferPool;
};

type State = 'writing' | 'sealed' | 'failed' | 'closed';
type Filling = { readonly buffer: Buffer; fill: number };

export class StagedObjects implements StagedBlob {
  readonly id: BlobId;
  readonly #deps: RadosWriteDeps;
  readonly #nameOf: NameOf;
  readonly #seed: number;
  #state: State = 'writing';
  #sizeBytes = 0;
  #blockNumber = 0;
  /** bytes of the blob in the block being filled */
  #blockFill = 0;
  #first: Filling | null = null;
  /** the object being filled when it is not the first */
  #more: Filling | null = null;
  #nextIndex = 1;
  readonly #writing = new Set<Promise<void>>();
  #error: unknown = null;

  constructor(deps: RadosWriteDeps, id: BlobId, nameOf: NameOf) {
    this.#deps = deps;
    this.id = id;
    this.#nameOf = nameOf;
    this.#seed = blockSeed(id);
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#checkWriting();
    let taken = 0;
    while (taken < chunk.length) {
      const object = this.#filling();
      const count = Math.min(chunk.length - taken, BLOCK_BYTES - this.#blockFill);
      object.buffer.set(chunk.subarray(taken, taken + count), object.fill);
      taken += count;
      object.fill += count;
      this.#blockFill += count;
      this.#sizeBytes += count;
      if (this.#blockFill === BLOCK_BYTES) await this.#endBlock(object);
    }
  }

  async seal(): Promise<number> {
    this.#checkWriting();
    this.#state = 'failed';
    const object = this.#filling();
    if (this.#blockFill > 0) await this.#endBlock(object);
    if (this.#more !== null) await this.#flush(this.#more);
    await Promise.all(this.#writing);
    this.#throwFailure();
    await this.#writeFirst();
    this.#state = 'sealed';
    return this.#sizeBytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state === 'sealed' || this.#state === 'closed') return;
    const wasSealing = this.#state === 'failed';
    this.#state = 'closed';
    await Promise.all(this.#writing);
    this.#giveBack();
    const from = wasSealing ? 0 : 1;
    if (this.#nextIndex > from) await removeObjects(this.#deps.pool, this.#nameOf, from, this.#nextIndex);
  }

  /** The head makes it a blob. */
  async #writeFirst(): Promise<void> {
    const { buffer, fill } = this.#first ?? this.#takeFirst();
    buffer.set(encodeHead(this.id, this.#sizeBytes));
    checked(await this.#deps.pool.write(this.#nameOf(0), buffer.subarray(0, fill)), 'writing a blob');
    this.#giveBack();
  }

  /** The object that takes the next byte. */
  #filling(): Filling {
    if (locate(this.#blockNumber).index === 0) return this.#fillingFirst();
    this.#more ??= { buffer: this.#deps.moreBuffers.take(), fill: 0 };
    return this.#more;
  }

  #fillingFirst(): Filling {
    const first = this.#first ?? this.#takeFirst();
    if (this.#blockNumber < SHORT_BLOCKS || first.buffer.length > SHORT_OBJECT_BYTES) return first;
    const buffer = this.#deps.firstBuffers.take();
    buffer.set(first.buffer.subarray(0, first.fill));
    this.#deps.shortBuffers.give(first.buffer);
    this.#first = { buffer, fill: first.fill };
    return this.#first;
  }

  #takeFirst(): Filling {
    this.#first = { buffer: this.#deps.shortBuffers.take(), fill: HEAD_BYTES };
    return this.#first;
  }

  async #endBlock(object: Filling): Promise<void> {
    const data = object.buffer.subarray(object.fill - this.#blockFill, object.fill);
    object.fill = object.buffer.writeUInt32LE(blockChecksum(data, this.#seed, this.#blockNumber), object.fill);
    this.#blockFill = 0;
    this.#blockNumber++;
    const isFull = object.fill + CHECKSUM_BYTES + BLOCK_BYTES > object.buffer.length;
    if (object === this.#more && isFull) await this.#flush(object);
  }

  /** Begins to write the object; resolves when few enough are on their way. The buffer is free at once. */
  async #flush({ buffer, fill }: Filling): Promise<void> {
    this.#more = null;
    const write = this.#writeMore(buffer, fill, this.#nameOf(this.#nextIndex)).finally(() =>
      this.#writing.delete(write),
    );
    this.#nextIndex++;
    this.#writing.add(write);
    while (this.#writing.size >= MAX_PARALLEL) await Promise.race(this.#writing);
    this.#throwFailure();
  }

  /** Never rejects. */
  async #writeMore(buffer: Buffer, fill: number, name: string): Promise<void> {
    try {
      checked(await this.#deps.pool.write(name, buffer.subarray(0, fill)), 'writing a blob');
    } catch (error) {
      this.#error ??= error;
    } finally {
      this.#deps.moreBuffers.give(buffer);
    }
  }

  #giveBack(): void {
    if (this.#first !== null) this.#giveFirst(this.#first.buffer);
    if (this.#more !== null) this.#deps.moreBuffers.give(this.#more.buffer);
    this.#first = null;
    this.#more = null;
  }

  #giveFirst(buffer: Buffer): void {
    const { shortBuffers, firstBuffers } = this.#deps;
    (buffer.length === SHORT_OBJECT_BYTES ? shortBuffers : firstBuffers).give(buffer);
  }

  #throwFailure(): void {
    if (this.#error === null) return;
    this.#state = 'failed';
    throw this.#error;
  }

  #checkWriting(): void {
    if (this.#state !== 'writing') throw new Error(`blob ${this.id} is ${this.#state} and takes no more bytes`);
  }
}
