// PostgreSQL and Ceph that go when a run of tests ends; servers started meanwhile run on them (engines.ts).
import { startCeph } from '../../scripts/cluster/ceph.ts';
import { startPostgres } from '../../scripts/cluster/postgres.ts';
import { BLOBS_VARIABLE, METADATA_VARIABLE } from './engines.ts';

export type ThrowAwayEngines = AsyncDisposable & {
  /** A pool of its own as `--storage-class` takes it; null: the blobs are files. */
  readonly makePlace: ((pool: string) => Promise<string>) | null;
};

export async function startEngines({ rados }: { readonly rados: boolean }): Promise<ThrowAwayEngines> {
  await using started = new AsyncDisposableStack();
  const postgres = started.use(await startPostgres({ durable: false, settings: { max_connections: '400' } }));
  process.env[METADATA_VARIABLE] = postgres.url();
  started.defer(() => void delete process.env[METADATA_VARIABLE]);
  if (!rados) return { makePlace: null, ...owned(started.move()) };
  const ceph = started.use(await startCeph({ osdBytes: 30 * 2 ** 30 }));
  const makePlace = async (pool: string): Promise<string> => {
    await ceph.makePool(pool);
    return `rados://${pool}?conf=${ceph.confFile}&id=admin`;
  };
  process.env[BLOBS_VARIABLE] = await makePlace('vstorage');
  started.defer(() => void delete process.env[BLOBS_VARIABLE]);
  return { makePlace, ...owned(started.move()) };
}

const owned = (resources: AsyncDisposableStack): AsyncDisposable => ({
  [Symbol.asyncDispose]: () => resources.disposeAsync(),
});
