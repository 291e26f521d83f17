// Runs test files with every server under test on PostgreSQL (and RADOS), in throw-away ones that it starts:
//   node test/on-engines.ts [--rados] test/s3/ test/clients/
import { availableParallelism } from 'node:os';
import { findTests, runTests } from '../scripts/run-tests.ts';
import { Summary } from '../scripts/summary.ts';
import { startEngines } from './support/throw-away-engines.ts';

const MINUTE_MS = 60_000;

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const summary = new Summary();
await using _engines = await startEngines({ rados: process.argv.includes('--rados') });

const files = (await findTests(['test/**/*.test.ts'], false)).filter((file) =>
  wanted.some((part) => file.includes(part)),
);
await runTests({
  files,
  concurrency: Math.min(availableParallelism(), 2),
  fileTimeoutMs: 8 * MINUTE_MS,
  deadlineMs: performance.now() + 60 * MINUTE_MS,
  onOutcome: summary.add,
});
process.exitCode = summary.finish();
