// Large bodies are moved by curl: files up, nothing kept of what comes down.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../test/support/run-command.ts';
import { type LoadResult, percentile } from './result.ts';
import type { Target } from './wrk.ts';

/** One thread each: a second lets many streams use another core. */
const MAX_PROCESSES = 2;
const TIMEOUT_MS = 15 * 60_000;

export type Transfers = {
  readonly origin: string;
  /** all are sent, once */
  readonly targets: readonly Target[];
  /** of every PUT */
  readonly bodyFile?: string;
  /** `bytes=0-9` */
  readonly range?: string;
  readonly streams: number;
};

type Transfer = { readonly status: number; readonly seconds: number; readonly bytes: number };

/** Rejects when any transfer failed. */
export async function runTransfers(transfers: Transfers): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-bench-curl-'));
  try {
    const processes = Math.min(MAX_PROCESSES, transfers.streams);
    const shares = Array.from({ length: processes }, (_, number) =>
      transfers.targets.filter((__, index) => index % processes === number),
    );
    const startedAtMs = performance.now();
    const done = await Promise.all(
      shares.map((targets, number) =>
        runCurl(transfers, targets, transfers.streams / processes, join(folder, `${number}`)),
      ),
    );
    return summarize(transfers, done.flat(), (performance.now() - startedAtMs) / 1000);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runCurl(
  { origin, bodyFile, range }: Transfers,
  targets: readonly Target[],
  streams: number,
  configFile: string,
): Promise<Transfer[]> {
  const sections = targets.map((target) => section(origin, target, bodyFile, range));
  await writeFile(configFile, sections.join('next\n'));
  const parallel = streams > 1 ? ['--parallel', '--parallel-immediate', '--parallel-max', String(streams)] : [];
  const output = await runCommand('curl', ['-s', ...parallel, '-K', configFile], { timeoutMs: TIMEOUT_MS });
  return [...output.matchAll(/^DONE (\d+) (\S+) (\d+) (\d+)$/gm)].map(([, status, seconds, down, up]) => ({
    status: Number(status),
    seconds: Number(seconds),
    bytes: Number(down) + Number(up),
  }));
}

const SHOWN = '\\nDONE %{http_code} %{time_total} %{size_download} %{size_upload}\\n';

/** `next` forgets what was said before it, so each says everything. */
function section(origin: string, { method, path }: Target, bodyFile: string | undefined, range?: string): string {
  const what = {
    GET: `output = "/dev/null"`,
    HEAD: `head\noutput = "/dev/null"`,
    PUT: `upload-file = "${bodyFile ?? ''}"\nheader = "Expect:"\noutput = "/dev/null"`,
    POST: `request = "POST"\noutput = "/dev/null"`,
    DELETE: `request = "DELETE"\noutput = "/dev/null"`,
  };
  const lines = [
    `url = "${origin}${path}"`,
    what[method],
    // The certificate is not what is measured, and peers have their own.
    'insecure',
    'http1.1',
    ...(range === undefined ? [] : [`header = "Range: ${range}"`]),
    `write-out = "${SHOWN}"`,
  ];
  return `${lines.join('\n')}\n`;
}

function summarize(
  { targets, streams, origin }: Transfers,
  done: readonly Transfer[],
  wallSeconds: number,
): LoadResult {
  const failed = done.filter(({ status }) => status >= 300);
  if (done.length !== targets.length || failed.length > 0) {
    throw new Error(`${origin}: of ${targets.length} transfers ${done.length} ended, ${failed.length} were refused`);
  }
  const times = done.map(({ seconds }) => seconds);
  // One after another, so that the time curl itself needs to start and end does not count.
  const seconds = streams === 1 ? times.reduce((sum, time) => sum + time, 0) : wallSeconds;
  const bytes = done.reduce((sum, transfer) => sum + transfer.bytes, 0);
  return {
    requests: done.length,
    seconds,
    perSecond: done.length / seconds,
    bytesPerSecond: bytes / seconds,
    medianMs: percentile(times, 0.5) * 1000,
    p99Ms: percentile(times, 0.99) * 1000,
  };
}
