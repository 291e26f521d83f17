// The metadata store's own durable commit rate: what a PUT of a small object commits, rows and bytes, and nothing of
// HTTP, signatures or S3 around it. As many processes as vStorage has workers write to one store.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLmdbStore } from '../../src/metadata/lmdb.ts';
import { type LoadResult, percentile } from '../load/result.ts';
import { median } from '../report/figures.ts';
import { startProgram } from './child.ts';

export type CommitLoad = {
  readonly processes: number;
  /** of all processes */
  readonly writers: number;
  readonly bodyBytes: number;
  readonly seconds: number;
};

type Share = Omit<CommitLoad, 'processes'> & { readonly folder: string };
type Done = Pick<LoadResult, 'requests' | 'seconds' | 'medianMs' | 'p99Ms'>;

/** Of an object's row, as long as they are. */
const ROW_BYTES = 560;

export async function measureCommits({ processes, ...load }: CommitLoad): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-bench-commits-'));
  try {
    const writing = Math.min(processes, load.writers);
    const share: Share = { ...load, writers: load.writers / writing, folder };
    const done = await Promise.all(Array.from({ length: writing }, () => runShare(share)));
    const requests = done.reduce((sum, one) => sum + one.requests, 0);
    const perSecond = done.reduce((sum, one) => sum + one.requests / one.seconds, 0);
    return {
      requests,
      seconds: load.seconds,
      perSecond,
      bytesPerSecond: perSecond * load.bodyBytes,
      medianMs: median(done.map(({ medianMs }) => medianMs)),
      p99Ms: Math.max(...done.map(({ p99Ms }) => p99Ms)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runShare(share: Share): Promise<Done> {
  const args = [fileURLToPath(import.meta.url), JSON.stringify(share)];
  await using program = await startProgram(process.execPath, args, /^done (.*)$/m);
  return JSON.parse(program.match[1] ?? '') as Done;
}

async function writeShare({ folder, writers, bodyBytes, seconds }: Share): Promise<Done> {
  await using store = await openLmdbStore({ path: join(folder, 'metadata'), reserveBytes: 0 });
  const body = Buffer.alloc(bodyBytes, 'x');
  const row = Buffer.alloc(ROW_BYTES, 'r');
  const latenciesMs: number[] = [];
  const startedAtMs = performance.now();
  const writer = async (): Promise<void> => {
    while (performance.now() - startedAtMs < seconds * 1000) {
      const beganAtMs = performance.now();
      await store.transact(async (transaction) => {
        const id = randomBytes(16);
        transaction.put(Buffer.concat([Buffer.from('row'), id]), row);
        transaction.put(Buffer.concat([Buffer.from('body'), id]), body);
      });
      latenciesMs.push(performance.now() - beganAtMs);
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  return {
    requests: latenciesMs.length,
    seconds: (performance.now() - startedAtMs) / 1000,
    medianMs: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
  };
}

const [, file, share] = process.argv;
if (file === fileURLToPath(import.meta.url) && share !== undefined) {
  process.stdout.write(`done ${JSON.stringify(await writeShare(JSON.parse(share) as Share))}\n`);
}
