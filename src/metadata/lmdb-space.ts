// LMDB must never meet a full disk inside a commit. So the data file is grown ahead of the commit that may need the
// pages, inside the write transaction, because then no other process writes behind the file's end. Growing stops at a
// reserve of free space: what is left of it is for commits that shrink the store, because deleting must go on.
import { closeSync, fstatSync, openSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Lmdb } from './lmdb-environment.ts';
import { pages } from './lmdb-environment.ts';
import { isNoSpace } from './lmdb-errors.ts';
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

  isBelowReserve(): boolean {
    return this.#freeBytes() < this.#reserveBytes;
  }

  full(cause?: unknown): StoreFullError {
    const message = `the disk of ${this.#path} has reached its reserve of ${this.#reserveBytes} bytes`;
    return new StoreFullError(message, { cause });
  }

  /** Whether a commit may need `neededBytes` and leave the reserve alone. Only inside a write transaction. */
  hasRoom(db: Lmdb, neededBytes: number): boolean {
    const { used, free } = pages(db);
    const headroom = this.#fileBytes() - used;
    const beyondReserve = this.#freeBytes() - this.#reserveBytes;
    if (beyondReserve < 0) return headroom >= neededBytes && free >= 2 * neededBytes + SPARE_BYTES;
    if (headroom >= neededBytes + SPARE_BYTES) return true;
    const step = Math.max(MIN_STEP_BYTES, Math.min(used / 4, MAX_STEP_BYTES));
    const growth = Math.max(neededBytes - headroom, 0) + SPARE_BYTES + step;
    return headroom + this.#grow(Math.min(growth, beyondReserve)) >= neededBytes;
  }

  /** Whether half of the reserve, or of the pages kept ready, is left for deletes after an administrative commit. */
  isAdministrable(db: Lmdb, neededBytes: number): boolean {
    const headroom = this.#fileBytes() - pages(db).used;
    return this.#freeBytes() - neededBytes >= this.#reserveBytes / 2 || headroom >= neededBytes + SPARE_BYTES / 2;
  }

  /** For a commit that shrinks the store: makes room out of the reserve. Throws StoreFullError when that is used up. */
  takeReserve(db: Lmdb, neededBytes: number): void {
    const headroom = this.#fileBytes() - pages(db).used;
    const missing = neededBytes - headroom;
    if (missing > 0 && this.#grow(missing) < missing) throw this.full();
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }

  /** Appends whole pages of zeros, up to a full disk, and returns how many bytes. */
  #grow(wantedBytes: number): number {
    const start = this.#fileBytes();
    const end = start + Math.ceil(wantedBytes / PAGE_BYTES) * PAGE_BYTES;
    let position = start;
    try {
      while (position < end) {
        position += writeSync(this.#file, zeros, 0, Math.min(zeros.length, end - position), position);
      }
    } catch (error) {
      if (!isNoSpace(error)) throw error;
    }
    return position - start;
  }

  #fileBytes(): number {
    return fstatSync(this.#file).size;
  }

  #freeBytes(): number {
    try {
      const { bavail, bsize } = statfsSync(this.#path);
      return bavail * bsize;
    } catch (cause) {
      throw new StoreUnavailableError(`the disk of ${this.#path} cannot be reached`, { cause });
    }
  }
}
