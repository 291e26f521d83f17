// Small operations are driven by wrk: it costs little, and presigned URLs leave the client's own signing out.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../../test/support/run-command.ts';
import type { LoadResult } from './result.ts';

const SCRIPT = fileURLToPath(new URL('./rotate.lua', import.meta.url));
/** One thread drives many connections; a second only takes time from the server on small machines. */
const MAX_THREADS = 2;

export type Target = {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** path and query */
  readonly path: string;
};

export type Load = {
  /** `https://host:port` */
  readonly origin: string;
  /** sent in turn */
  readonly targets: readonly Target[];
  /** false: each target is sent once at most; the load ends with them, or with the time */
  readonly again?: boolean;
  /** of every PUT */
  readonly body?: Uint8Array;
  readonly connections: number;
  readonly seconds: number;
};

/** Nothing came back in all the time: a disk, for instance, that others keep busy. */
export class NothingAnsweredError extends Error {}

type Printed = {
  readonly requests: number;
  readonly durationUs: number;
  readonly bytes: number;
  readonly brokenConnections: number;
  readonly refused: number;
  /** bodies that were sent; wrk only counts what comes back */
  readonly bodies: number;
  readonly p50Us: number;
  readonly p99Us: number;
};

/** Rejects when any request was refused or broke: a figure for errors would be a fast one. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-bench-load-'));
  try {
    const requests = join(folder, 'requests');
    await writeFile(requests, load.targets.map(({ method, path }) => `${method} ${path}\n`).join(''));
    const body = join(folder, 'body');
    if (load.body !== undefined) await writeFile(body, load.body);
    const more = load.body === undefined ? [] : [body];
    const printed = await runWrk(load, [requests, load.again === false ? 'once' : 'again', ...more]);
    return toResult(load, printed);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runWrk(load: Load, scriptArgs: readonly string[]): Promise<Printed> {
  const threads = Math.min(MAX_THREADS, load.connections);
  const args = ['-t', String(threads), '-c', String(load.connections), '-d', `${load.seconds}s`, '--timeout', '60s'];
  const stdout = await runCommand('wrk', [...args, '-s', SCRIPT, load.origin, '--', ...scriptArgs], {
    env: { WRK_THREADS: String(threads) },
    timeoutMs: (load.seconds + 90) * 1000,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Printed;
}

function toResult(load: Load, printed: Printed): LoadResult {
  const { requests, brokenConnections, refused } = printed;
  const [first] = load.targets;
  const what = `${first?.method} ${first?.path.split('?')[0]} … at concurrency ${load.connections}`;
  if (requests === 0 && brokenConnections === 0) throw new NothingAnsweredError(`${what}: nothing was answered`);
  if (brokenConnections > 0 || refused > 0) {
    throw new Error(`${what}: of ${requests} requests ${refused} were refused, ${brokenConnections} connections broke`);
  }
  const seconds = printed.durationUs / 1e6;
  return {
    requests,
    seconds,
    perSecond: requests / seconds,
    bytesPerSecond: (printed.bytes + printed.bodies * (load.body?.length ?? 0)) / seconds,
    medianMs: printed.p50Us / 1000,
    p99Ms: printed.p99Us / 1000,
  };
}
