// Listings of one bucket with 1,000 objects and of one with very many, in turn, over TLS through the S3 API.
import type { LoadResult } from '../load/result.ts';
import { type Load, runLoad, type Target } from '../load/wrk.ts';
import { median } from '../report/figures.ts';
import type { Filled } from '../scale/filled.ts';
import { PAGE_KEYS, walkBucket } from './pages.ts';

const MANY = 16;

export type ListingOptions = { readonly rounds: number; readonly seconds: number };

export type Rounds = { readonly perSecond: number; readonly medianMs: number; readonly p99Ms: number };
type Sizes<T> = { readonly small: T; readonly large: T };

export type ListingFigures = {
  readonly objects: number;
  readonly smallObjects: number;
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

/** `small` and `large` are buckets of one server. */
export async function measureListings(
  small: Filled,
  large: Filled,
  options: ListingOptions,
): Promise<Omit<ListingFigures, 'fillSeconds'>> {
  const { target } = large;
  const walked = { small: await walkBucket(target, small.bucket), large: await walkBucket(target, large.bucket) };
  const { keys, keysPerSecond: walkKeysPerSecond } = walked.large;
  if (keys !== large.objects) throw new Error(`${keys} of ${large.objects} objects are listed`);
  const folders = (delimiter: string): Sizes<Target[]> => {
    const query = `list-type=2&delimiter=${encodeURIComponent(delimiter)}`;
    const pageOf = ({ bucket }: Filled): Target[] => [target.call('GET', `/${bucket}`, query)];
    return { small: pageOf(small), large: pageOf(large) };
  };
  const inTurn = (pages: Sizes<readonly Target[]>, connections: number): Promise<Sizes<Rounds>> =>
    alternate({ origin: target.origin, connections, seconds: options.seconds }, pages, options.rounds);
  const pages = { small: walked.small.pages, large: walked.large.pages };
  return {
    objects: large.objects,
    smallObjects: small.objects,
    walkKeysPerSecond,
    one: await inTurn(pages, 1),
    many: await inTurn(pages, MANY),
    folders: await inTurn(folders('/'), 1),
    fullFolders: await inTurn(folders('/image'), 1),
  };
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
