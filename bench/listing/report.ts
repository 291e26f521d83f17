// The figures of listings as JSON and as a page to read, with what they must be.
import type { Environment } from '../report/environment.ts';
import { round } from '../report/figures.ts';
import { describe, type Row, table, verdict } from '../report/markdown.ts';
import { ALBUMS } from '../scale/filled.ts';
import { keysPerSecond, type ListingFigures, type Rounds } from './measure.ts';
import { PAGE_KEYS } from './pages.ts';

export type ListingReport = { readonly environment: Environment; readonly workers: number } & ListingFigures;

const MAX_RATIO = 1.3;

type Sizes = ListingFigures['one'];

/** How much slower the large bucket is. */
export const slowdown = ({ small, large }: Sizes): number => large.medianMs / small.medianMs;
export const slowdownByRate = ({ small, large }: Sizes): number => small.perSecond / large.perSecond;

export function listingPage(report: ListingReport): string {
  const { objects, smallObjects, one, many, folders, fullFolders, environment, workers } = report;
  const count = objects.toLocaleString('en');
  const rows: readonly Row[] = [
    keysRow(`pages of ${PAGE_KEYS}, one client`, one, 25_000, slowdown(one)),
    keysRow(`pages of ${PAGE_KEYS}, 16 clients`, many, 150_000, slowdownByRate(many)),
    timeRow(`first page with a delimiter: ${ALBUMS} folders`, folders, slowdown(folders)),
    timeRow('first page with a delimiter: 1,000 folders', fullFolders, null),
  ];
  return [
    `# Listing a bucket of ${count} objects`,
    describe(environment, workers),
    `The bucket was filled through the storage layer over the real store (${round(report.fillSeconds)} s), everything else
goes over TLS through the S3 API: \`wrk\` with presigned URLs of ListObjectsV2, pages in no order, the same listings of a
bucket with ${smallObjects.toLocaleString('en')} objects in turn with them. Medians of all rounds. A client that walked the bucket from
the first key to the last with continuation tokens, parsing and checking, saw ${round(report.walkKeysPerSecond).toLocaleString('en')} keys/s.`,
    table(
      ['what', `${smallObjects.toLocaleString('en')} objects`, `${count} objects`, 'wanted', 'slower by', 'wanted'],
      rows,
    ),
    `Folders of the large bucket hold ${(objects / ALBUMS).toLocaleString('en')} objects each (in the second line ${(objects / 1000).toLocaleString('en')}), those of the small one ${smallObjects / ALBUMS} (1): a
folder costs one jump, whatever is in it. Where every folder holds a single object there is nothing to jump over, so the last
line is not flat, only fast.`,
    'Written by `npm run bench -- --only listing`; the figures are in `listing.json`.',
    '',
  ].join('\n\n');
}

function keysRow(what: string, sizes: Sizes, wanted: number, ratio: number): Row {
  const shown = (rounds: Rounds): string => `${round(keysPerSecond(rounds)).toLocaleString('en')} keys/s`;
  const is = keysPerSecond(sizes.large) >= wanted;
  return [
    what,
    shown(sizes.small),
    shown(sizes.large),
    verdict(`≥ ${wanted.toLocaleString('en')}`, is),
    ...flat(ratio),
  ];
}

function timeRow(what: string, sizes: Sizes, ratio: number | null): Row {
  const shown = ({ medianMs }: Rounds): string => `${round(medianMs)} ms`;
  return [what, shown(sizes.small), shown(sizes.large), verdict('< 10 ms', sizes.large.medianMs < 10), ...flat(ratio)];
}

function flat(ratio: number | null): [string, string] {
  return ratio === null ? ['', ''] : [`${round(ratio)} ×`, verdict(`≤ ${MAX_RATIO} ×`, ratio <= MAX_RATIO)];
}
