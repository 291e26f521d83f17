// The table: every case on every server, in turn, so that all meet the same moments of the machine.
import type { LoadResult } from '../load/result.ts';
import { cpuSecondsOf, forgetPeaks, peakMiBOf, processTree } from '../load/process-use.ts';
import { median } from '../report/figures.ts';
import { measureCommits } from '../targets/commits.ts';
import type { BenchTarget } from '../targets/target.ts';
import { type Case, caseName, isLimited, KIB } from './cases.ts';
import { runCase, type RunOptions } from './run-case.ts';

export type Cell = {
  readonly target: string;
  /** per second, of every round: rounds of one case belong together by their place */
  readonly rounds: readonly number[];
  readonly perSecond: number;
  readonly bytesPerSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  /** of all its processes, per 1,000 requests; null: it is none of this machine's, or does not serve */
  readonly cpuSecondsPer1000: number | null;
  /** of its largest process */
  readonly peakMiB: number | null;
};

export type Measured = { readonly case: Case; readonly cells: readonly Cell[] };

export type TableOptions = RunOptions & {
  readonly rounds: number;
  readonly workers: number;
  /** false: the store's own commits are not among the limits */
  readonly commits?: boolean;
  readonly say: (line: string) => void;
};

/** The store's commit rate stands among the limits of small PUTs. */
export const COMMITS = "the store's own commits";

type Runner = {
  readonly name: string;
  readonly isPeer: boolean;
  readonly pids: readonly number[];
  readonly run: () => Promise<LoadResult>;
};

export async function measureTable(
  targets: readonly BenchTarget[],
  cases: readonly Case[],
  options: TableOptions,
): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const what of cases) {
    try {
      const cells = await measureCase(targets, what, options);
      measured.push({ case: what, cells });
      options.say(`${caseName(what).padEnd(22)} ${cells.map(shortly).join('   ')}`);
    } catch (error) {
      // The others are still worth measuring; the page says that this one was not.
      options.say(`${caseName(what)} could not be measured: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return measured;
}

async function measureCase(targets: readonly BenchTarget[], what: Case, options: TableOptions): Promise<Cell[]> {
  const runners = runnersOf(targets, what, options);
  const rounds: { result: LoadResult; cpuSeconds: number; peakMiB: number }[][] = runners.map(() => []);
  const most = isLimited(what) ? options.rounds : Math.max(1, options.rounds - 1);
  for (let round = 0; round < most; round++) {
    for (const [index, runner] of runners.entries()) {
      // Peers are slow, and far enough away to be seen in fewer rounds.
      if (round === 0 || round < most - (runner.isPeer ? 1 : 0)) rounds[index]?.push(await runOnce(runner));
    }
  }
  return runners.map(({ name, pids }, index) => toCell(name, pids.length > 0, rounds[index] ?? []));
}

const shortly = ({ target, perSecond, bytesPerSecond }: Cell): string =>
  `${target} ${perSecond >= 100 ? `${Math.round(perSecond)}/s` : `${Math.round(bytesPerSecond / 1e6)} MB/s`}`;

/** A listing of a server that reads no file, and nginx takes no bodies. */
function canRun({ name, kind }: BenchTarget, { operation, sizeBytes }: Case): boolean {
  if (kind !== 'limit') return true;
  if (name === 'nginx') return operation === 'GET' || operation === 'HEAD' || operation === 'RANGE';
  if (name.includes('event loop')) return operation === 'PUT' && sizeBytes > 64 * KIB;
  return operation !== 'MIX' && operation !== 'DELETE';
}

function runnersOf(targets: readonly BenchTarget[], what: Case, options: TableOptions): Runner[] {
  const runners = targets
    .filter((target) => canRun(target, what))
    .map((target) => ({
      name: target.name,
      isPeer: target.kind === 'peer',
      pids: target.pids,
      run: () => runCase(target, what, options),
    }));
  if (options.commits === false || what.operation !== 'PUT' || what.sizeBytes !== 4 * KIB) return runners;
  const load = { processes: options.workers, writers: what.concurrency, bodyBytes: what.sizeBytes };
  const run = (): Promise<LoadResult> => measureCommits({ ...load, seconds: options.seconds });
  return [...runners, { name: COMMITS, isPeer: false, pids: [], run }];
}

async function runOnce({ pids, run }: Runner): Promise<{ result: LoadResult; cpuSeconds: number; peakMiB: number }> {
  const tree = pids.flatMap(processTree);
  forgetPeaks(tree);
  const before = cpuSecondsOf(tree);
  const result = await run();
  return { result, cpuSeconds: cpuSecondsOf(tree) - before, peakMiB: peakMiBOf(tree) };
}

function toCell(
  target: string,
  isHere: boolean,
  rounds: readonly { readonly result: LoadResult; readonly cpuSeconds: number; readonly peakMiB: number }[],
): Cell {
  const of = (pick: (result: LoadResult) => number): number => median(rounds.map(({ result }) => pick(result)));
  const cpu = rounds.map(({ result, cpuSeconds }) => (cpuSeconds / result.requests) * 1000);
  return {
    target,
    rounds: rounds.map(({ result }) => result.perSecond),
    perSecond: of(({ perSecond }) => perSecond),
    bytesPerSecond: of(({ bytesPerSecond }) => bytesPerSecond),
    medianMs: of(({ medianMs }) => medianMs),
    p99Ms: of(({ p99Ms }) => p99Ms),
    cpuSecondsPer1000: isHere ? median(cpu) : null,
    peakMiB: isHere ? Math.max(...rounds.map(({ peakMiB }) => peakMiB)) : null,
  };
}
