// `npm run bench`: starts what it measures, drives it over TLS, writes figures and reports to bench/results/.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureListings } from './listing/measure.ts';
import { listingPage, type ListingReport } from './listing/report.ts';
import { readEnvironment } from './report/environment.ts';
import { startVStorage } from './targets/vstorage.ts';

const RESULTS = fileURLToPath(new URL('./results/', import.meta.url));
const WORKERS = 2;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    objects: { type: 'string', default: '1000000' },
    out: { type: 'string', default: RESULTS },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function benchListings(): Promise<void> {
  const environment = readEnvironment(new Date());
  await using target = await startVStorage({ workers: WORKERS, quota: '1TiB' });
  const [rounds, seconds] = options.quick ? [2, 2] : [7, 4];
  const figures = await measureListings(target, { objects: Number(options.objects), rounds, seconds, say });
  const report: ListingReport = { environment, workers: WORKERS, ...figures };
  await mkdir(options.out, { recursive: true });
  await writeFile(`${options.out}/listing.json`, `${JSON.stringify(report, null, 2)}\n`);
  const page = listingPage(report);
  await writeFile(`${options.out}/listing.md`, page);
  say(page);
}

await benchListings();
