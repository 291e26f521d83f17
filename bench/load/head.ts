// HEAD is driven by ab: wrk waits for the body that Content-Length speaks of and that HEAD never has.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../test/support/run-command.ts';
import type { LoadResult } from './result.ts';
import type { Target } from './wrk.ts';

const NO_LIMIT = '100000000';

export type HeadLoad = {
  readonly origin: string;
  readonly target: Target;
  readonly connections: number;
  readonly seconds: number;
};

export async function runHeads({ origin, target, connections, seconds }: HeadLoad): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-bench-ab-'));
  try {
    const percentiles = join(folder, 'percentiles');
    const args = [
      '-q',
      '-k',
      '-i',
      '-c',
      String(connections),
      '-t',
      String(seconds),
      '-n',
      NO_LIMIT,
      '-e',
      percentiles,
    ];
    const output = await runCommand('ab', [...args, `${origin}${target.path}`], { timeoutMs: (seconds + 60) * 1000 });
    const number = (label: string): number =>
      Number(new RegExp(`^${label}:\\s+([\\d.]+)`, 'm').exec(output)?.[1] ?? Number.NaN);
    const refused = number('Non-2xx responses') || number('Failed requests');
    if (refused > 0) throw new Error(`HEAD ${target.path.split('?')[0]}: ${refused} requests were refused`);
    const share = await readPercentiles(percentiles);
    const [requests, took] = [number('Complete requests'), number('Time taken for tests')];
    return {
      requests,
      seconds: took,
      perSecond: requests / took,
      bytesPerSecond: 0,
      medianMs: share(50),
      p99Ms: share(99),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lines of `percent,milliseconds`. */
async function readPercentiles(file: string): Promise<(percent: number) => number> {
  const lines = (await readFile(file, 'utf8')).split('\n').map((line) => line.split(','));
  return (percent) => Number(lines.find(([share]) => share === String(percent))?.[1] ?? Number.NaN);
}
