// Runs test files, each in a process of its own, a bounded number at a time, each with a time limit.
import { glob, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root, run } from './run.ts';

const REPORTER = fileURLToPath(new URL('./test-reporter.js', import.meta.url));
const FIXED_SEED = new URL('../test/support/fixed-seed.ts', import.meta.url).href;

export type Outcome = {
  /** a test file, or a check */
  readonly source: string;
  readonly passed: number;
  readonly failed: readonly Failure[];
  readonly skipped: number;
  readonly durationMs: number;
};

export type Failure = { readonly name: string; readonly detail: string };

export type TestRun = {
  readonly files: readonly string[];
  readonly concurrency: number;
  readonly fileTimeoutMs: number;
  /** by `performance.now()`: files not begun by then fail */
  readonly deadlineMs: number;
  readonly onOutcome: (outcome: Outcome) => void;
};

/** In order of name; `*.long.test.ts` only when asked for. */
export async function findTests(patterns: readonly string[], long: boolean): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob([...patterns], { cwd: root })) {
    if (file.endsWith('.long.test.ts') === long) files.push(file);
  }
  return files.toSorted();
}

export async function runTests(tests: TestRun): Promise<void> {
  const queue = [...tests.files];
  const next = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      tests.onOutcome(await runFile(file, tests));
    }
  };
  await Promise.all(Array.from({ length: tests.concurrency }, next));
}

async function runFile(file: string, tests: TestRun): Promise<Outcome> {
  const timeLeftMs = tests.deadlineMs - performance.now();
  if (timeLeftMs < 1000) return brokenFile(file, 'not run: the time of the whole run is up', 0);
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-report-'));
  try {
    const report = join(folder, 'report');
    const args = ['--import', FIXED_SEED, `--test-reporter=${REPORTER}`, `--test-reporter-destination=${report}`, file];
    const timeoutMs = Math.min(tests.fileTimeoutMs, timeLeftMs);
    const finished = await run(process.execPath, args, { timeoutMs });
    return outcomeOf(file, await readFile(report, 'utf8').catch(() => ''), finished);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Line = { readonly name: string; readonly result: 'passed' | 'failed' | 'skipped'; readonly error: string };

function outcomeOf(
  file: string,
  report: string,
  finished: { ok: boolean; output: string; durationMs: number },
): Outcome {
  const lines = report
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Line);
  const failed = lines.filter((line) => line.result === 'failed').map(({ name, error }) => ({ name, detail: error }));
  const count = (result: Line['result']): number => lines.filter((line) => line.result === result).length;
  const { durationMs } = finished;
  if (!finished.ok && failed.length === 0) failed.push({ name: 'the file as a whole', detail: tail(finished.output) });
  if (finished.ok && lines.length === 0) failed.push({ name: 'the file as a whole', detail: 'it contains no test' });
  return { source: file, passed: count('passed'), failed, skipped: count('skipped'), durationMs };
}

function brokenFile(source: string, detail: string, durationMs: number): Outcome {
  return { source, passed: 0, failed: [{ name: 'the file as a whole', detail }], skipped: 0, durationMs };
}

export const tail = (text: string): string => text.trimEnd().split('\n').slice(-60).join('\n');
