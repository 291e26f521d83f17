// Every adapter of the two ports. To add one: implement the port, add an entry here, run `node --test test/contract/`.
// The suites (metadata-store.suite.ts, blob-store.suite.ts) and the processes they start take everything from here.
// An entry opens the store at a folder; an adapter that talks to a server keeps its database or pool name in it.
import { open, readdir, truncate } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openFileBlobs } from '../../src/blobs/files.ts';
import type { BlobStore, PoolName } from '../../src/blobs/blob-store.ts';
import { openLmdbStore } from '../../src/metadata/lmdb.ts';
import type { MetadataStore } from '../../src/metadata/metadata-store.ts';
import { openPostgresStore } from '../../src/metadata/postgres.ts';
import { listObjects, openTestBlobs, openTestPool } from '../support/ceph.ts';
import { postgresOptions } from '../support/postgres.ts';
import { storedObjects } from './stored-objects.ts';
import type { BlobId } from '../../src/shared/ids.ts';

export type MetadataAdapter = {
  readonly name: string;
  /** Several processes open the same folder at once. */
  readonly open: (folder: string) => Promise<MetadataStore>;
};

/** A blob as the engine keeps it, to be damaged by the suite. */
export type StoredBlob = {
  /** bytes the engine keeps for it, checksums and all */
  readonly sizeBytes: number;
  readonly invertByte: (position: number) => Promise<void>;
  readonly truncate: (sizeBytes: number) => Promise<void>;
};

export type BlobAdapter = {
  readonly name: string;
  readonly open: (folder: string) => Promise<BlobStore>;
  readonly stored: (folder: string, id: BlobId, pool: PoolName) => Promise<StoredBlob>;
  /** How many blobs, whole or half-written, the engine keeps. */
  readonly countStored: (folder: string) => Promise<number>;
};

export const lmdb: MetadataAdapter = {
  name: 'lmdb',
  open: (folder) => openLmdbStore({ path: join(folder, 'metadata'), reserveBytes: 0 }),
};

/** A schema per folder, in the server that test/support/postgres.ts started. */
export const postgres: MetadataAdapter = {
  name: 'postgres',
  open: (folder) => openPostgresStore(postgresOptions(basename(folder))),
};

export const metadataAdapters: readonly MetadataAdapter[] = [lmdb, postgres];

export const files: BlobAdapter = {
  name: 'files',
  open: (folder) => openFileBlobs({ path: join(folder, 'blobs'), reserveBytes: 0 }),
  stored: async (folder, id, pool) => storedFile(join(folder, 'blobs', pool, id.slice(-3), id)),
  countStored: async (folder) => {
    const names = await readdir(join(folder, 'blobs'), { recursive: true, withFileTypes: true });
    return names.filter((name) => name.isFile()).length;
  },
};

/** A namespace per folder, in the cluster that test/support/ceph.ts started. */
export const rados: BlobAdapter = {
  name: 'rados',
  open: (folder) => openTestBlobs(basename(folder)),
  stored: async (folder, id, pool) => storedObjects(await openTestPool(basename(folder)), id, pool),
  countStored: async (folder) => {
    const names = await listObjects(basename(folder));
    return new Set(names.map((name) => name.replace(/\.\d+$/, ''))).size;
  },
};

export const blobAdapters: readonly BlobAdapter[] = [files, rados];

async function storedFile(file: string): Promise<StoredBlob> {
  await using handle = await open(file, 'r');
  const { size } = await handle.stat();
  return {
    sizeBytes: size,
    invertByte: async (position) => {
      await using writable = await open(file, 'r+');
      const byte = Buffer.alloc(1);
      await writable.read(byte, 0, 1, position);
      await writable.write(Buffer.of(byte.readUInt8() ^ 0xff), 0, 1, position);
    },
    truncate: (sizeBytes) => truncate(file, sizeBytes),
  };
}
