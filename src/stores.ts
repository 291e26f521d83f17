// The only file that names concrete adapters. Apart from build.ts, because the primary and operator commands need
// the stores and none of what serves them.
import type { BlobStore } from './blobs/blob-store.ts';
import { openFileBlobs } from './blobs/files.ts';
import { poolsIn } from './blobs/pools.ts';
import type { RadosCluster } from './blobs/rados-cluster.ts';
import { connectRados } from './blobs/rados-cluster.ts';
import { openRadosBlobs } from './blobs/rados.ts';
import type { BlobPlace, StoreConfig } from './config/config.ts';
import { readMasterKeyFromEnvironment } from './config/env.ts';
import { poolNames, poolPlaces } from './config/pools.ts';
import { createKeyRing } from './encryption/key-ring.ts';
import type { IdentityDeps } from './identity/identity-deps.ts';
import { openMasterKey } from './identity/master-key-file.ts';
import { openLmdbStore } from './metadata/lmdb.ts';
import { readFilling } from './metadata/dump.ts';
import { type MetadataStore, StoreUnavailableError } from './metadata/metadata-store.ts';
import { withMoveGate } from './metadata/move-gate.ts';
import { readMove } from './metadata/move-record.ts';
import { refuseNewerFormat } from './metadata/store-format.ts';
import { systemClock } from './shared/clock.ts';
import type { StorageDeps } from './storage/storage-deps.ts';

/** Both stores and the master key: what operator commands work on, with a server running or not. */
export type Stores = AsyncDisposable & {
  readonly store: MetadataStore;
  readonly blobs: BlobStore;
  readonly identity: IdentityDeps;
  readonly storage: StorageDeps;
};

/** The stores alone, whatever is in them: what fills them from elsewhere works on. */
export type Engines = AsyncDisposable & Pick<Stores, 'store' | 'blobs'>;

export async function openEngines(config: StoreConfig): Promise<Engines> {
  await using opened = new AsyncDisposableStack();
  const store = opened.use(await openMetadata(config));
  const blobs = opened.use(await openBlobs(config));
  const resources = opened.move();
  return { store, blobs, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

export async function openStores(config: StoreConfig): Promise<Stores> {
  await using opened = new AsyncDisposableStack();
  const { inlineBytes } = config;
  const engines = opened.use(await openEngines(config));
  await refuseHalfFilled(engines.store);
  await refuseMoved(engines.store);
  await engines.store.read((snapshot) => refuseNewerFormat(snapshot));
  const { blobs } = engines;
  const store = withMoveGate(engines.store, systemClock);
  const masterKey = await openMasterKey(store, config.masterKey, readMasterKeyFromEnvironment() ?? undefined);
  const keyRing = createKeyRing({ store, masterKey, clock: systemClock }, config.kmsKeys);
  const resources = opened.move();
  const [region, ...more] = config.regions;
  const poolOf = poolNames(config.regions);
  const regionNames = [region.name, ...more.map(({ name }) => name)] as const;
  return {
    store,
    blobs,
    identity: { store, clock: systemClock, masterKey, limits: config.limits, regionNames },
    storage: { store, blobs, clock: systemClock, inlineBytes, region: region.name, poolOf, keyRing },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Half of somebody's data must not be taken for all of it. */
async function refuseHalfFilled(store: MetadataStore): Promise<void> {
  const source = await store.read(readFilling);
  if (source === null) return;
  throw new StoreUnavailableError(`this store is still being filled from ${source}: run that command again first`);
}

/** Whoever starts on what was left behind would write where nobody looks any more. */
async function refuseMoved(store: MetadataStore): Promise<void> {
  const move = await store.read(readMove);
  if (move?.state !== 'moved') return;
  throw new StoreUnavailableError(
    `this store was moved to ${move.to}: start with those --metadata and --blobs (vstorage migrate --abort takes it back)`,
  );
}

/** The reserve is of disks of this machine: a server elsewhere minds its own. */
async function openMetadata({ metadata, reserveBytes }: StoreConfig): Promise<MetadataStore> {
  if (metadata.kind === 'postgres') {
    // its client costs memory that the embedded store does without
    const { openPostgresStore } = await import('./metadata/postgres.ts');
    return openPostgresStore(metadata);
  }
  return openLmdbStore({ path: metadata.path, reserveBytes });
}

async function openBlobs(config: StoreConfig): Promise<BlobStore> {
  await using opened = new AsyncDisposableStack();
  const places: PlaceDeps = { reserveBytes: config.reserveBytes, clusters: new Map(), opened };
  const main = await openPlace(places, config.blobs);
  const stores = new Map([[JSON.stringify(config.blobs), main]]);
  const elsewhere = new Map<string, BlobStore>();
  for (const [pool, place] of poolPlaces(config)) {
    const name = JSON.stringify(place);
    const store = stores.get(name) ?? (await openPlace(places, place));
    stores.set(name, store);
    elsewhere.set(pool, store);
  }
  const resources = opened.move();
  return { ...poolsIn(main, elsewhere), [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** `clusters`: connections, by what they were made with; places in one cluster share one. */
type PlaceDeps = {
  readonly reserveBytes: number;
  readonly clusters: Map<string, RadosCluster>;
  readonly opened: AsyncDisposableStack;
};

async function openPlace({ reserveBytes, clusters, opened }: PlaceDeps, place: BlobPlace): Promise<BlobStore> {
  if (place.kind === 'files') return opened.use(await openFileBlobs({ path: place.path, reserveBytes }));
  const { confFile, clientId, timeoutMs } = place;
  const name = JSON.stringify({ confFile, clientId, timeoutMs });
  const cluster = clusters.get(name) ?? opened.use(await connectRados(place));
  clusters.set(name, cluster);
  return opened.use(await openRadosBlobs(cluster, place));
}
