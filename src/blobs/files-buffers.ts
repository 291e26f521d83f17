// Write buffers are taken and given back, so that a busy server does not allocate half a mebibyte per request.
import { HEAD_BYTES, STORED_BLOCK_BYTES } from './files-format.ts';

const BLOCKS_PER_BUFFER = 8;
export const BUFFER_BYTES = HEAD_BYTES + BLOCKS_PER_BUFFER * STORED_BLOCK_BYTES;
/** kept for the next request; 8 MiB */
const MAX_KEPT = 16;

export class BufferPool {
  readonly #sizeBytes: number;
  readonly #maxKept: number;
  readonly #kept: Buffer[] = [];

  constructor(sizeBytes = BUFFER_BYTES, maxKept = MAX_KEPT) {
    this.#sizeBytes = sizeBytes;
    this.#maxKept = maxKept;
  }

  /** Contents are undefined. */
  take(): Buffer {
    return this.#kept.pop() ?? Buffer.allocUnsafeSlow(this.#sizeBytes);
  }

  give(buffer: Buffer): void {
    if (this.#kept.length < this.#maxKept) this.#kept.push(buffer);
  }
}
