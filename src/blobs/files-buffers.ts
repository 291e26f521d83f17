// Write buffers are taken and given back, so that a busy server does not allocate half a mebibyte per request.
import { HEAD_BYTES, STORED_BLOCK_BYTES } from './files-format.ts';

const BLOCKS_PER_BUFFER = 8;
export const BUFFER_BYTES = HEAD_BYTES + BLOCKS_PER_BUFFER * STORED_BLOCK_BYTES;
/** kept for the next request; 8 MiB */
const MAX_KEPT = 16;

export class BufferPool {
  readonly #kept: Buffer[] = [];

  /** Contents are undefined. */
  take(): Buffer {
    return this.#kept.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
  }

  give(buffer: Buffer): void {
    if (this.#kept.length < MAX_KEPT) this.#kept.push(buffer);
  }
}
