// Pools in several places behind one blob port: each storage class may have a disk of its own.
import type { BlobStore, PoolName } from './blob-store.ts';

/** `elsewhere`: the pools that are not in `main`. They stay their owner's, who closes them. */
export function poolsIn(
  main: BlobStore,
  elsewhere: ReadonlyMap<PoolName, BlobStore>,
): Omit<BlobStore, typeof Symbol.asyncDispose> {
  const storeOf = (pool: PoolName): BlobStore => elsewhere.get(pool) ?? main;
  const all = [main, ...elsewhere.values()];
  return {
    stage: (id, pool) => storeOf(pool).stage(id, pool),
    read: (id, pool, range) => storeOf(pool).read(id, pool, range),
    delete: (id, pool) => storeOf(pool).delete(id, pool),
    ready: async () => {
      for (const store of all) await store.ready();
    },
  };
}
