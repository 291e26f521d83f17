// The checks of `npm run check` that are not tests.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.ts';
import type { Outcome } from './run-tests.ts';
import { tail } from './run-tests.ts';

type Check = { readonly name: string; readonly script: string; readonly args: readonly string[] };

const CHECKS: readonly Check[] = [
  { name: 'format (npm run format mends it)', script: 'node_modules/@biomejs/biome/bin/biome', args: ['format'] },
  { name: 'lint', script: 'node_modules/oxlint/bin/oxlint', args: ['--type-aware'] },
  { name: 'types', script: 'node_modules/typescript/bin/tsc', args: ['--noEmit', '-p', '.'] },
  {
    name: 'types of the browser tests',
    script: 'node_modules/typescript/bin/tsc',
    args: ['--noEmit', '-p', 'test/browser'],
  },
  { name: 'types of the console', script: 'node_modules/typescript/bin/tsc', args: ['--noEmit', '-p', 'console'] },
  { name: 'texts of the console in both languages', script: 'console/scripts/check-locales.ts', args: [] },
  { name: 'generated documents (npm run docs mends it)', script: 'scripts/write-docs.ts', args: ['--check'] },
  { name: 'tests that docs/s3-checklist.md names', script: 'scripts/check-s3-checklist.ts', args: [] },
];

const TIMEOUT_MS = 120_000;

export async function runChecks(onOutcome: (outcome: Outcome) => void): Promise<void> {
  for (const check of CHECKS) {
    if (!existsSync(join(root, check.script))) throw new Error(`${check.script} is missing: run npm install`);
    const { ok, output, durationMs } = await run(process.execPath, [check.script, ...check.args], {
      timeoutMs: TIMEOUT_MS,
    });
    const failed = ok ? [] : [{ name: check.name, detail: tail(output) }];
    onOutcome({ source: `check: ${check.name}`, passed: ok ? 1 : 0, failed, skipped: 0, durationMs });
  }
}
