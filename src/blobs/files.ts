// The blob port on a file system: one file per blob (files-format.ts) in `<path>/<pool>/<last digits of the id>/`.
import { statfsSync } from 'node:fs';
import { access, constants, unlink } from 'node:fs/promises';
import { StoreFullError } from '../metadata/metadata-store.ts';
import type { BlobId } from '../shared/ids.ts';
import type { BlobRange, BlobStore, PoolName, StagedBlob } from './blob-store.ts';
import { BufferPool } from './files-buffers.ts';
import { translateErrno, translated } from './files-errors.ts';
import { Folders, placeOf } from './files-folders.ts';
import { readFile } from './files-read.ts';
import type { WriteDeps } from './files-write.ts';
import { stageFile } from './files-write.ts';
import { errnoOf } from '../shared/errno.ts';

export type FileBlobsOptions = {
  /** folder; made when it is not there */
  readonly path: string;
  /** writes are refused when they would leave the file system with less free than this */
  readonly reserveBytes: number;
};

export async function openFileBlobs(options: FileBlobsOptions): Promise<BlobStore> {
  const folders = new Folders();
  await translated('making the folder', () => folders.make(options.path, options.path));
  const checkSpace = (sizeBytes: number): void => checkFree(options, sizeBytes);
  return fileBlobs(options.path, { folders, buffers: new BufferPool(), checkSpace });
}

function fileBlobs(path: string, deps: WriteDeps): BlobStore {
  return {
    async stage(id: BlobId, pool: PoolName): Promise<StagedBlob> {
      const place = placeOf(path, pool, id);
      return translated('creating a blob', async () => {
        await deps.folders.make(place.folder, path);
        return stageFile(deps, id, place);
      });
    },
    read: (id: BlobId, pool: PoolName, range: BlobRange) => readFile(id, placeOf(path, pool, id), range),
    delete: async (id: BlobId, pool: PoolName) => {
      const { folder, file, temporary } = placeOf(path, pool, id);
      const removed = [await remove(file), await remove(temporary)];
      // Without this a power cut could bring the blob back when nothing names it any more.
      if (removed.includes(true)) await translated('removing a blob', () => deps.folders.sync(folder));
    },
    ready: () =>
      translated('reaching the folder', async () => {
        await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
        deps.checkSpace(0);
      }),
    async [Symbol.asyncDispose](): Promise<void> {},
  };
}

async function remove(file: string): Promise<boolean> {
  try {
    await unlink(file);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw translateErrno(error, 'removing a blob');
  }
}

function checkFree(options: FileBlobsOptions, sizeBytes: number): void {
  if (freeBytes(options.path) - sizeBytes < options.reserveBytes) {
    throw new StoreFullError(`fewer than ${options.reserveBytes} bytes would stay free on the disk of ${options.path}`);
  }
}

function freeBytes(path: string): number {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch (error) {
    throw translateErrno(error, 'measuring the free space');
  }
}
