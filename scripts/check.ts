// `npm run check`: what every change must pass, in under a minute: format, lint, types, direction of dependencies,
// unit tests, generated documents.
import { availableParallelism } from 'node:os';
import { runChecks } from './checks.ts';
import { findTests, runTests } from './run-tests.ts';
import { Summary } from './summary.ts';

const summary = new Summary();
await runChecks(summary.add);
await runTests({
  files: await findTests(['src/**/*.test.ts', 'console/src/**/*.test.ts'], false),
  concurrency: availableParallelism(),
  fileTimeoutMs: 60_000,
  deadlineMs: performance.now() + 300_000,
  onOutcome: summary.add,
});
process.exitCode = summary.finish();
