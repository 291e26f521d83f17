// Times the first pages. Beside the wall clock stands the CPU time of this process: on a busy machine only that tells.
import { loadavg } from 'node:os';
import type { AuditFilter } from '../../src/audit/filter.ts';
import type { AuditSearch } from '../../src/audit/search.ts';

const ROUNDS = 15;
const PAGE = 50;

export type Timing = {
  readonly name: string;
  readonly found: number;
  readonly total: string;
  /** ms: of all rounds but the first */
  readonly median: number;
  readonly worst: number;
  readonly cpuMedian: number;
};

export async function measure(
  search: AuditSearch,
  searches: Readonly<Record<string, AuditFilter>>,
): Promise<readonly Timing[]> {
  const timings: Timing[] = [];
  for (const [name, filter] of Object.entries(searches)) timings.push(await measureOne(search, name, filter));
  return timings;
}

async function measureOne(search: AuditSearch, name: string, filter: AuditFilter): Promise<Timing> {
  const wall: number[] = [];
  const cpu: number[] = [];
  let page = await search.find(filter, { limit: PAGE, count: true });
  for (let round = 0; round < ROUNDS; round++) {
    const [startedMs, usage] = [performance.now(), process.cpuUsage()];
    page = await search.find(filter, { limit: PAGE, count: true });
    wall.push(performance.now() - startedMs);
    const { user, system } = process.cpuUsage(usage);
    cpu.push((user + system) / 1000);
  }
  const { count = 0, isExact = false } = page.total ?? {};
  return {
    name,
    found: page.found.length,
    total: `${isExact ? '' : '≈ '}${count}`,
    median: medianOf(wall),
    worst: Math.max(...wall),
    cpuMedian: medianOf(cpu),
  };
}

const medianOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

export function tableOf(timings: readonly Timing[]): string {
  const rows = timings.map(
    ({ name, found, total, median, worst, cpuMedian }) =>
      `| ${name} | ${found} | ${total} | ${median.toFixed(1)} | ${worst.toFixed(1)} | ${cpuMedian.toFixed(1)} |`,
  );
  const head =
    '| search | first page | in all | median ms | worst ms | median CPU ms |\n|---|---:|---:|---:|---:|---:|';
  return [head, ...rows].join('\n');
}

/** Processes that want a core, over the last minute. */
export const loadText = (): string => (loadavg()[0] ?? 0).toFixed(1);
