// Listings of one bucket with 1,000 objects and of one with very many, in turn, over TLS through the S3 API.
import { fillBucket } from '../fill.ts';
import { ask } from '../load/send.ts';
import type { LoadResult } from '../load/result.ts';
import { type Load, runLoad, type Target } from '../load/wrk.ts';
import { median } from '../report/figures.ts';
import { openStoresOf, type VStorage } from '../targets/vstorage.ts';
import { PAGE_KEYS, walkBucket } from './pages.ts';

export const SMALL_OBJECTS = 1000;
const BODY = Buffer.alloc(64, 'x');
const MANY = 16;
export const ALBUMS = 100;
const SETS = 10;

export type ListingOptions = {
  readonly objects: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly say: (line: string) => void;
};

export type Rounds = { readonly perSecond: number; readonly medianMs: number; readonly p99Ms: number };
type Sizes<T> = { readonly small: T; readonly large: T };

export type ListingFigures = {
  readonly objects: number;
  readonly fillSeconds: number;
  /** by this bench's own client, page after page, from the first key to the last */
  readonly walkKeysPerSecond: number;
  /** pages of 1,000 keys */
  readonly one: Sizes<Rounds>;
  readonly many: Sizes<Rounds>;
  /** the first page with a delimiter: ALBUMS common prefixes */
  readonly folders: Sizes<Rounds>;
  /** as many common prefixes as a page can have */
  readonly fullFolders: Sizes<Rounds>;
};

const SMALL = 'bench-small';
const LARGE = 'bench-large';

export async function measureListings(target: VStorage, options: ListingOptions): Promise<ListingFigures> {
  const { objects, say } = options;
  for (const bucket of [SMALL, LARGE]) await ask(target, 'PUT', `/${bucket}`);
  const fillSeconds = await fill(target, options);
  say(`filled with ${objects} objects in ${fillSeconds.toFixed(0)} s`);
  const small = await walkBucket(target, SMALL);
  const large = await walkBucket(target, LARGE);
  if (large.keys !== objects) throw new Error(`${large.keys} of ${objects} objects are listed`);
  const folders = (delimiter: string): Sizes<Target[]> => ({
    small: [target.call('GET', `/${SMALL}`, `list-type=2&delimiter=${encodeURIComponent(delimiter)}`)],
    large: [target.call('GET', `/${LARGE}`, `list-type=2&delimiter=${encodeURIComponent(delimiter)}`)],
  });
  const inTurn = (pages: Sizes<readonly Target[]>, connections: number): Promise<Sizes<Rounds>> =>
    alternate({ origin: target.origin, connections, seconds: options.seconds }, pages, options.rounds);
  const pages = { small: small.pages, large: large.pages };
  return {
    objects,
    fillSeconds,
    walkKeysPerSecond: large.keysPerSecond,
    one: await inTurn(pages, 1),
    many: await inTurn(pages, MANY),
    folders: await inTurn(folders('/'), 1),
    fullFolders: await inTurn(folders('/image'), 1),
  };
}

async function fill(target: VStorage, { objects }: ListingOptions): Promise<number> {
  await using stores = await openStoresOf(target.server);
  const startedAtMs = performance.now();
  await fillBucket(stores.storage, { bucket: SMALL, keys: keysIn(SMALL_OBJECTS), body: BODY });
  await fillBucket(stores.storage, { bucket: LARGE, keys: keysIn(objects), body: BODY });
  return (performance.now() - startedAtMs) / 1000;
}

/** Spread evenly, so that both buckets have the same folders: ALBUMS of SETS each. */
function* keysIn(objects: number): Generator<string> {
  for (let index = 0; index < objects; index++) {
    const set = Math.floor((index * ALBUMS * SETS) / objects);
    const album = String(Math.floor(set / SETS)).padStart(3, '0');
    yield `album-${album}/set-${set % SETS}/image-${String(index).padStart(8, '0')}.jpg`;
  }
}

/** Small and large take turns, so that both meet the same moments of the machine. */
async function alternate(
  load: Pick<Load, 'origin' | 'connections' | 'seconds'>,
  pages: Sizes<readonly Target[]>,
  rounds: number,
): Promise<Sizes<Rounds>> {
  const results: { small: LoadResult[]; large: LoadResult[] } = { small: [], large: [] };
  for (let round = 0; round < rounds; round++) {
    results.small.push(await runLoad({ ...load, targets: pages.small }));
    results.large.push(await runLoad({ ...load, targets: pages.large }));
  }
  return { small: middle(results.small), large: middle(results.large) };
}

const middle = (results: readonly LoadResult[]): Rounds => ({
  perSecond: median(results.map(({ perSecond }) => perSecond)),
  medianMs: median(results.map(({ medianMs }) => medianMs)),
  p99Ms: median(results.map(({ p99Ms }) => p99Ms)),
});

export const keysPerSecond = ({ perSecond }: Rounds): number => perSecond * PAGE_KEYS;
