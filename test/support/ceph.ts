// The Ceph of a test file, known to the processes it starts.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Ceph, CephOptions } from '../../scripts/cluster/ceph.ts';
import { startCeph } from '../../scripts/cluster/ceph.ts';
import type { BlobStore } from '../../src/blobs/blob-store.ts';
import type { RadosCluster, RadosPool } from '../../src/blobs/rados-cluster.ts';
import { connectRados } from '../../src/blobs/rados-cluster.ts';
import { openRadosBlobs } from '../../src/blobs/rados.ts';
import type { RadosClusterOptions } from '../../src/blobs/rados-options.ts';

const VARIABLE = 'TEST_CEPH';
export const TEST_POOL = 'vstorage-test';

let connection: Promise<RadosCluster> | null = null;

/** Starts one with the pool `TEST_POOL`; the functions below find it, in child processes too. */
export async function shareCeph(options: CephOptions = {}): Promise<Ceph> {
  const ceph = await startCeph(options);
  await ceph.makePool(TEST_POOL);
  process.env[VARIABLE] = ceph.confFile;
  return {
    ...ceph,
    [Symbol.asyncDispose]: async () => {
      await (await connection)?.[Symbol.asyncDispose]();
      await ceph[Symbol.asyncDispose]();
    },
  };
}

export function cephOptions(): RadosClusterOptions {
  const confFile = process.env[VARIABLE];
  if (confFile === undefined) throw new Error('no Ceph was started: shareCeph() comes first');
  return { confFile, clientId: 'admin', timeoutMs: 15_000 };
}

/** A blob store with a connection of its own, in a namespace. */
export async function openTestBlobs(namespace: string): Promise<BlobStore> {
  const cluster = await connectRados(cephOptions());
  const blobs = await openRadosBlobs(cluster, { pool: TEST_POOL, namespace });
  return { ...blobs, [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose]() };
}

/** The objects themselves, over one connection of this process. */
export async function openTestPool(namespace: string): Promise<RadosPool> {
  connection ??= connectRados(cephOptions());
  return (await connection).openPool({ pool: TEST_POOL, namespace });
}

export async function listObjects(namespace: string): Promise<string[]> {
  const args = ['--conf', cephOptions().confFile, '-p', TEST_POOL, '-N', namespace, 'ls'];
  const { stdout } = await promisify(execFile)('rados', args);
  return stdout.split('\n').filter((name) => name !== '');
}
