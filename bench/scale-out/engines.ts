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
const POSTGRES = { shared_buffers: '1GB', max_connections: '300', max_wal_size: '8GB' };

/** PostgreSQL, and a pool in the cluster. */
export async function startEngines(ceph: BenchCeph): Promise<ScaleOut> {
  await using started = new AsyncDisposableStack();
  const postgres = started.use(await startPostgres({ settings: POSTGRES }));
  await ceph.makePool(POOL);
  const resources = started.move();
  return {
    settings: { metadata: postgres.url(), blobs: `rados://${POOL}?conf=${ceph.conf}&id=admin` },
    execute: postgres.execute,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

export type OnEnginesOptions = {
  readonly workers: number;
  readonly args?: readonly string[];
  /** of the gateway that was first on these engines; absent: this one is */
  readonly masterKeyFile?: string;
};

export function startOnEngines({ metadata, blobs }: EngineSettings, options: OnEnginesOptions): Promise<VStorage> {
  const { workers, args = [], masterKeyFile } = options;
  const env = {
    VSTORAGE_METADATA: metadata,
    VSTORAGE_BLOBS: blobs,
    ...(masterKeyFile === undefined ? {} : { VSTORAGE_MASTER_KEY_FILE: masterKeyFile }),
  };
  return startVStorage({ workers, quota: '1TiB', env, args });
}
