// vStorage on PostgreSQL and Ceph, both started for the bench. Their writes are durable.
import { startPostgres } from '../../scripts/cluster/postgres.ts';
import type { BenchCeph } from '../targets/radosgw.ts';
import { startVStorage, type VStorage } from '../targets/vstorage.ts';

export type EngineSettings = { readonly metadata: string; readonly blobs: string };

export type ScaleOut = AsyncDisposable & {
  readonly settings: EngineSettings;
  readonly execute: (sql: string) => Promise<{ readonly rows: readonly unknown[] }>;
};

const POOL = 'vstorage';
/** A quarter of a small machine's memory, as docs/scale-out.md advises. */
const POSTGRES = { shared_buffers: '1GB', max_connections: '300', max_wal_size: '8GB' };

/** PostgreSQL, and a pool in the cluster. */
export async function startEngines(ceph: BenchCeph): Promise<ScaleOut> {
  const postgres = await startPostgres({ settings: POSTGRES });
  await ceph.makePool(POOL);
  return {
    settings: { metadata: postgres.url(), blobs: `rados://${POOL}?conf=${ceph.conf}&id=admin` },
    execute: postgres.execute,
    [Symbol.asyncDispose]: () => postgres[Symbol.asyncDispose](),
  };
}

export function startOnEngines(
  { metadata, blobs }: EngineSettings,
  workers: number,
  args: readonly string[] = [],
): Promise<VStorage> {
  const env = { VSTORAGE_METADATA: metadata, VSTORAGE_BLOBS: blobs, ...profiling() };
  return startVStorage({ workers, quota: '1TiB', env, args });
}

/** `NODE_OPTIONS=--cpu-prof` reaches the server by its environment as it is. */
const profiling = (): Record<string, string> => ({});
