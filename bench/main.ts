// `npm run bench`: starts what it measures, drives it over TLS, writes figures to bench/results/ and the page with them.
// Parts (`--only`, several): listing, growth, start, memory, smoke, table, or operations of the table. Without: all.
import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { measureMemory } from './memory/measure.ts';
import { readEnvironment } from './report/environment.ts';
import { type BenchOptions, RESULTS, saveResult } from './report/results.ts';
import { writePage } from './report/write-page.ts';
import { benchScale, SCALE_PARTS } from './scale/run.ts';
import { benchSmoke } from './smoke/run.ts';
import { benchTable } from './table/run.ts';

const WORKERS = 2;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    peers: { type: 'boolean', default: true },
    objects: { type: 'string', default: '1000000' },
    out: { type: 'string', default: RESULTS },
    target: { type: 'string' },
    'access-key': { type: 'string' },
    'secret-key-file': { type: 'string' },
    region: { type: 'string', default: 'us-east-1' },
  },
  allowNegative: true,
});

const startedAtMs = performance.now();
const say = (line: string): void => {
  const seconds = Math.round((performance.now() - startedAtMs) / 1000);
  process.stdout.write(`${String(seconds).padStart(4)} s  ${line}\n`);
};

const options: BenchOptions = {
  workers: WORKERS,
  quick: values.quick,
  rounds: values.rounds === undefined ? null : Number(values.rounds),
  seconds: values.seconds === undefined ? null : Number(values.seconds),
  peers: values.peers,
  objects: Number(values.objects),
  folder: values.out,
  elsewhere: elsewhere(),
  say,
};

function elsewhere(): BenchOptions['elsewhere'] {
  const { target, 'access-key': accessKey, 'secret-key-file': secretKeyFile, region } = values;
  if (target === undefined) return null;
  if (accessKey === undefined || secretKeyFile === undefined) {
    throw new Error('--target needs --access-key and --secret-key-file');
  }
  return { url: target, accessKey, secretKeyFile, region };
}

const parts = new Set(values.only ?? ['smoke', 'table', 'memory', ...SCALE_PARTS]);
const operations = [...parts].filter((part) => part === part.toUpperCase());
await mkdir(options.folder, { recursive: true });

async function benchMemory(): Promise<void> {
  const environment = readEnvironment(new Date());
  await saveResult(options, 'memory', { environment, workers: WORKERS, ...(await measureMemory(options)) });
}

/** What fails does not keep the others from being measured. */
async function attempt(part: string, measure: () => Promise<void>): Promise<void> {
  try {
    await measure();
  } catch (error) {
    process.exitCode = 1;
    say(`${part} failed: ${error instanceof Error ? error.stack : String(error)}`);
  }
}

if (parts.has('smoke')) await attempt('smoke', () => benchSmoke(options));
if (parts.has('table') || operations.length > 0) await attempt('the table', () => benchTable(options, operations));
if (parts.has('memory')) await attempt('memory', benchMemory);
if (SCALE_PARTS.some((part) => parts.has(part))) await attempt('scale', () => benchScale(options, parts));
await writePage(options);
say('done');
