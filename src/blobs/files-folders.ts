// Where a blob's file is, and folders whose entries survive a power cut: a new name is on disk only when the folder
// that holds it was synced.
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BlobId } from '../shared/ids.ts';
import { syncFolder } from '../shared/sync-folder.ts';
import type { PoolName } from './blob-store.ts';

export type BlobPlace = { readonly folder: string; readonly file: string; readonly temporary: string };

const BLOB_ID = /^[0-9a-f]{32}$/;
/** a region's name, a hyphen and a storage class's */
const POOL_NAME = /^[A-Za-z0-9_-]{1,65}$/;
/** 4,096 folders per pool: ten million blobs make 2,400 names in each */
const FAN_OUT_DIGITS = 3;

/** Ids begin with the time; their end is random and spreads over the folders. */
export function placeOf(root: string, pool: PoolName, id: BlobId): BlobPlace {
  if (!BLOB_ID.test(id)) throw new TypeError('a blob id is 32 hexadecimal digits');
  if (!POOL_NAME.test(pool)) throw new TypeError('a pool name is letters, digits, _ and -');
  const folder = join(root, pool, id.slice(-FAN_OUT_DIGITS));
  const file = join(folder, id);
  return { folder, file, temporary: `${file}.part` };
}

export class Folders {
  readonly #made = new Map<string, Promise<void>>();
  readonly #nextSync = new Map<string, Promise<void>>();
  readonly #runningSync = new Map<string, Promise<void>>();

  /** Makes the folder and its parents. Another process may have made it and died before its sync: so sync anyway. */
  async make(folder: string, stopAt: string): Promise<void> {
    const made = this.#made.get(folder) ?? this.#make(folder, stopAt);
    this.#made.set(folder, made);
    try {
      await made;
    } catch (error) {
      this.#made.delete(folder);
      throw error;
    }
  }

  /** Calls that come while a sync of the folder runs share the one after it. */
  sync(folder: string): Promise<void> {
    const waiting = this.#nextSync.get(folder);
    if (waiting !== undefined) return waiting;
    const next = this.#syncAfter(folder, this.#runningSync.get(folder));
    this.#nextSync.set(folder, next);
    return next;
  }

  async #make(folder: string, stopAt: string): Promise<void> {
    const parent = dirname(folder);
    if (folder !== stopAt) await this.make(parent, stopAt);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await this.sync(parent);
  }

  async #syncAfter(folder: string, running: Promise<void> | undefined): Promise<void> {
    await running?.catch(() => undefined);
    this.#nextSync.delete(folder);
    const sync = syncFolder(folder);
    this.#runningSync.set(folder, sync);
    try {
      await sync;
    } finally {
      if (this.#runningSync.get(folder) === sync) this.#runningSync.delete(folder);
    }
  }
}
