// `npm test`: installs what the tests need, builds the console, then runs the checks and every test. `--long` runs the
// long tests (`*.long.test.ts`) instead. Arguments narrow it down to test files whose path contains one of them.
// `--s3-tests DIR` runs that checkout of ceph/s3-tests and nothing else (docs/s3-tests.md).
import { availableParallelism } from 'node:os';
import { buildConsole, isConsoleCurrent } from '../scripts/build-console.ts';
import { runChecks } from '../scripts/checks.ts';
import { run } from '../scripts/run.ts';
import { findTests, runTests } from '../scripts/run-tests.ts';
import { Summary } from '../scripts/summary.ts';
import { ensureSystemTools } from './system-tools.ts';

const MINUTE_MS = 60_000;
const PATTERNS = ['src/**/*.test.ts', 'console/src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'];

const long = process.argv.includes('--long');
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const summary = new Summary();
const deadlineMs = performance.now() + (long ? 240 : 45) * MINUTE_MS;

const suite = process.argv.indexOf('--s3-tests');
if (suite >= 0) {
  const args = ['test/conformance/s3-tests.ts', ...process.argv.slice(suite + 1)];
  process.exit((await run(process.execPath, args, { inherit: true })).ok ? 0 : 1);
}
await prepare();
if (!long && wanted.length === 0) await runChecks(summary.add);
const files = (await findTests(PATTERNS, long)).filter(
  (file) => wanted.length === 0 || wanted.some((part) => file.includes(part)),
);
// Faults, the bench's smoke and long tests measure and starve the machine: one at a time, after the others.
const alone = files.filter((file) => long || file.startsWith('test/faults/') || file.startsWith('bench/smoke/'));
const together = files.filter((file) => !alone.includes(file));
const limits = { fileTimeoutMs: (long ? 120 : 8) * MINUTE_MS, deadlineMs, onOutcome: summary.add };
await runTests({ ...limits, files: together, concurrency: Math.min(availableParallelism(), 4) });
await runTests({ ...limits, files: alone, concurrency: 1 });
process.exitCode = summary.finish();

async function prepare(): Promise<void> {
  const missing = await ensureSystemTools();
  for (const name of missing)
    fail(`needed by the tests: ${name}`, 'not installed; install it, then run npm test again');
  if (!(await isConsoleCurrent()) && !(await buildConsole())) fail('the console', 'could not be built, see above');
}

function fail(source: string, detail: string): void {
  summary.add({ source, passed: 0, failed: [{ name: source, detail }], skipped: 0, durationMs: 0 });
}
