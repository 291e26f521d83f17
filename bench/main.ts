// `npm run bench`: starts what it measures, drives it over TLS, writes figures and reports to bench/results/.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureListings } from './listing/measure.ts';
import { listingPage, type ListingReport } from './listing/report.ts';
import { readEnvironment } from './report/environment.ts';
import { makeBodyFiles } from './table/body-files.ts';
import { allCases, quickCases } from './table/cases.ts';
import { measureTable } from './table/measure.ts';
import { startServers } from './table/servers.ts';
import { startVStorage } from './targets/vstorage.ts';

const RESULTS = fileURLToPath(new URL('./results/', import.meta.url));
const WORKERS = 2;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    peers: { type: 'boolean', default: true },
    objects: { type: 'string', default: '1000000' },
    out: { type: 'string', default: RESULTS },
  },
  allowNegative: true,
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

async function benchTable(): Promise<void> {
  const environment = readEnvironment(new Date());
  await using owner = new AsyncDisposableStack();
  const bodies = owner.use(await makeBodyFiles());
  const wanted = (options.only ?? []).filter((name) => name !== 'listing');
  const cases = (options.quick ? quickCases : allCases).filter(
    ({ operation }) => wanted.length === 0 || wanted.includes(operation),
  );
  const targets = await startServers(owner, {
    workers: WORKERS,
    cases,
    bodies,
    peers: options.peers,
    elsewhere: null,
    say,
  });
  const rounds = Number(options.rounds ?? (options.quick ? 3 : 5));
  const seconds = Number(options.seconds ?? (options.quick ? 2 : 3));
  const measured = await measureTable(targets, cases, { workers: WORKERS, rounds, seconds, bodies, say });
  await mkdir(options.out, { recursive: true });
  await writeFile(
    `${options.out}/table.json`,
    `${JSON.stringify({ environment, workers: WORKERS, measured }, null, 2)}\n`,
  );
}

if (options.only === undefined || options.only.includes('listing')) await benchListings();
if (options.only === undefined || options.only.some((name) => name !== 'listing')) await benchTable();
