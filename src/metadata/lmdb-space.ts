// LMDB must never meet a full disk inside a commit. Two guards: with less than a reserve of free space only what
// shrinks the store is committed (deleting must go on), and the data file is grown ahead of the commit that may need
// the pages, inside the write transaction, because then no other process writes behind the file's end.
import { closeSync, fstatSync, openSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Lmdb } from './lmdb-environment.ts';
import { usedBytes } from './lmdb-environment.ts';
import { StoreFullError, StoreUnavailableError } from './metadata-store.ts';

const PAGE_BYTES = 4096;
/** A put copies its leaf, may split it, and copies its share of the branches above; its value comes on top. */
export const PUT_BYTES = 4 * PAGE_BYTES;
export const DELETE_BYTES = 2 * PAGE_BYTES;
/** the path from the root and the free list, once per commit */
export const COMMIT_BYTES = 64 * PAGE_BYTES;
/** kept ready beyond the need, so that deletes find pages when the disk is full */
const SPARE_BYTES = 1024 * 1024;
const MIN_STEP_BYTES = 1024 * 1024;
const MAX_STEP_BYTES = 16 * 1024 * 1024;
const zeros = Buffer.alloc(MIN_STEP_BYTES);

export class LmdbSpace implements Disposable {
  readonly #path: string;
  readonly #reserveBytes: number;
  readonly #file: number;

  constructor(path: string, reserveBytes: number) {
    this.#path = path;
    this.#reserveBytes = reserveBytes;
    this.#file = openSync(join(path, 'data.mdb'), 'r+');
  }

  isLow(): boolean {
    try {
      const { bavail, bsize } = statfsSync(this.#path);
      return bavail * bsize < this.#reserveBytes;
    } catch (cause) {
      throw new StoreUnavailableError(`the disk of ${this.#path} cannot be reached`, { cause });
    }
  }

  full(cause?: unknown): StoreFullError {
    const message = `the disk of ${this.#path} has reached its reserve of ${this.#reserveBytes} bytes`;
    return new StoreFullError(message, { cause });
  }

  /** Only inside a write transaction. Throws StoreFullError when the file cannot hold the commit. */
  growAhead(db: Lmdb, neededBytes: number, isLow: boolean): void {
    const size = fstatSync(this.#file).size;
    const used = usedBytes(db);
    const headroom = size - used;
    if (headroom >= neededBytes + (isLow ? 0 : SPARE_BYTES)) return;
    const step = Math.max(MIN_STEP_BYTES, Math.min(used / 4, MAX_STEP_BYTES));
    const missing = neededBytes - headroom;
    const growth = isLow ? missing : Math.max(missing, 0) + SPARE_BYTES + step;
    try {
      this.#appendZeros(size, Math.ceil(growth / PAGE_BYTES) * PAGE_BYTES);
    } catch (cause) {
      if (fstatSync(this.#file).size - used < neededBytes) throw this.full(cause);
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }

  #appendZeros(start: number, count: number): void {
    let position = start;
    while (position < start + count) {
      position += writeSync(
        this.#file,
        zeros,
        0,
        Math.ceil(Math.min(zeros.length, start + count - position)),
        position,
      );
    }
  }
}
