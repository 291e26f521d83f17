// Everything that needs a server with very many objects: it is filled once.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureListings } from '../listing/measure.ts';
import { listingPage } from '../listing/report.ts';
import { readEnvironment } from '../report/environment.ts';
import { type BenchOptions, saveResult } from '../report/results.ts';
import { startVStorage } from '../targets/vstorage.ts';
import { type Filled, fillServer } from './filled.ts';
import { measureGrowth } from './growth.ts';
import { measureStart } from './start.ts';

export const SCALE_PARTS = ['listing', 'growth', 'start'] as const;
const SMALL_OBJECTS = 1000;
const START_ROUNDS = 5;
const BODY = Buffer.alloc(1024, 'x');
const SMALL = { bucket: 'bench-small', objects: SMALL_OBJECTS, body: BODY };

export async function benchScale(options: BenchOptions, parts: ReadonlySet<string>): Promise<void> {
  await using owner = new AsyncDisposableStack();
  const folders = { small: await makeFolder(owner), large: await makeFolder(owner) };
  await benchFilled(options, parts, folders);
  if (parts.has('start')) await benchStart(options, folders);
}

type Folders = { readonly small: string; readonly large: string };

/** Two servers: with few objects, and with very many, where a bucket with few is listed too. */
async function benchFilled(options: BenchOptions, parts: ReadonlySet<string>, folders: Folders): Promise<void> {
  const { workers, say, objects } = options;
  const start = { workers, quota: '1TiB' };
  await using few = await startVStorage({ ...start, dataDir: folders.small });
  await using many = await startVStorage({ ...start, dataDir: folders.large });
  const large = { target: many, bucket: 'bench-large', objects, body: BODY };
  for (const target of [few, many]) await fillServer({ target, ...SMALL });
  const startedAtMs = performance.now();
  await fillServer(large);
  const fillSeconds = (performance.now() - startedAtMs) / 1000;
  say(`filled with ${objects} objects in ${Math.round(fillSeconds)} s`);
  if (parts.has('listing')) await benchListing(options, { target: many, ...SMALL }, large, fillSeconds);
  if (parts.has('growth')) await benchGrowth(options, { target: few, ...SMALL }, large);
}

async function benchListing(options: BenchOptions, small: Filled, large: Filled, fillSeconds: number): Promise<void> {
  const environment = readEnvironment(new Date());
  const { workers, say } = options;
  const [rounds, seconds] = [options.rounds ?? (options.quick ? 2 : 5), options.seconds ?? 2];
  const report = { environment, workers, fillSeconds, ...(await measureListings(small, large, { rounds, seconds })) };
  await saveResult(options, 'listing', report);
  const page = listingPage(report);
  await writeFile(join(options.folder, 'listing.md'), page);
  say(page);
}

async function benchGrowth(options: BenchOptions, small: Filled, large: Filled): Promise<void> {
  const environment = readEnvironment(new Date());
  const { workers, say } = options;
  const rounds = options.rounds ?? (options.quick ? 3 : 7);
  const operations = await measureGrowth(small, large, { rounds, seconds: options.seconds ?? 2, say });
  const counts = { objects: large.objects, small: small.objects };
  await saveResult(options, 'growth', { environment, workers, ...counts, operations });
}

async function benchStart(options: BenchOptions, folders: Folders): Promise<void> {
  const environment = readEnvironment(new Date());
  const { workers, say, objects } = options;
  const starts = { workers, rounds: START_ROUNDS };
  const few = await measureStart(folders.small, { ...starts, objects: SMALL_OBJECTS });
  const many = await measureStart(folders.large, { ...starts, objects });
  say(`start to ready: ${Math.round(few.medianMs)} ms, with ${objects} objects ${Math.round(many.medianMs)} ms`);
  await saveResult(options, 'start', { environment, workers, few, many });
}

async function makeFolder(owner: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-bench-data-'));
  owner.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
