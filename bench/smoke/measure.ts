// A short comparison with the bare server: the two take turns in slices of a second, and what counts is the median of
// the ratios. Slices in which other programs took much of the machine are left out: a large program loses more of its
// caches to them than a small one does.
import { runTransfers } from '../load/curl.ts';
import { watchOthers } from '../load/others.ts';
import { ask, sendAll } from '../load/send.ts';
import { NothingAnsweredError, runLoad, type Target } from '../load/wrk.ts';
import { median } from '../report/figures.ts';
import { makeBodyFiles } from '../table/body-files.ts';
import { KIB, MIB } from '../table/cases.ts';
import { startBare } from '../targets/bare.ts';
import { certificateOf, startVStorage } from '../targets/vstorage.ts';
import type { BenchTarget } from '../targets/target.ts';

const WORKERS = 2;
const CONNECTIONS = 16;
const SMALL = 4 * KIB;
const LARGE = 64 * MIB;
const POOL = 200;
const TRANSFERS = 4;
/** Of all processors. */
const MOST_OF_OTHERS = 0.2;

export const SMOKE_CASES = ['GET 4 KiB', 'PUT 4 KiB', 'GET 64 MiB', 'PUT 64 MiB'] as const;
export type SmokeCase = (typeof SMOKE_CASES)[number];

export type SmokeBench = AsyncDisposable & {
  /** vStorage ÷ bare; null: the machine was too busy with other things to tell */
  readonly ratio: (what: SmokeCase, slices: number) => Promise<number | null>;
};

/** Per second. */
type Run = (target: BenchTarget) => Promise<number>;

export async function openSmokeBench(): Promise<SmokeBench> {
  await using started = new AsyncDisposableStack();
  const bodies = started.use(await makeBodyFiles());
  const largeFile = await bodies.file(LARGE);
  const subject = started.use(await startVStorage({ workers: WORKERS, quota: '1TiB' }));
  const settings = { workers: WORKERS, streamed: [LARGE], hashing: 'thread', list: null } as const;
  const bare = started.use(await startBare({ ...certificateOf(subject), ...settings }));
  await ask(subject, 'PUT', `/${BUCKET}`);
  await sendAll(subject.origin, poolOf(subject, 'PUT', SMALL, POOL), SMALL_BODY);
  const { origin } = subject;
  await runTransfers({ origin, targets: poolOf(subject, 'PUT', LARGE, 1), bodyFile: largeFile, streams: 1 });
  const runs = runsWith(largeFile);
  // The first requests of all find nothing compiled.
  for (const what of SMOKE_CASES) await compare(runs[what], subject, bare);
  const resources = started.move();
  return {
    ratio: (what, slices) => ratioOf(runs[what], subject, bare, slices),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function ratioOf(run: Run, subject: BenchTarget, bare: BenchTarget, slices: number): Promise<number | null> {
  const ratios: number[] = [];
  for (let slice = 0; slice < slices; slice++) {
    const watch = watchOthers([...subject.pids, ...bare.pids]);
    const ratio = await compare(run, subject, bare);
    if (ratio !== null && watch.share() <= MOST_OF_OTHERS) ratios.push(ratio);
  }
  return ratios.length * 2 < slices ? null : median(ratios);
}

/** null: the disk is so busy that one of them answered nothing */
async function compare(run: Run, subject: BenchTarget, bare: BenchTarget): Promise<number | null> {
  try {
    return (await run(subject)) / (await run(bare));
  } catch (error) {
    if (error instanceof NothingAnsweredError) return null;
    throw error;
  }
}

const BUCKET = 'smoke';
const SMALL_BODY = Buffer.alloc(SMALL, 'x');

function poolOf(target: BenchTarget, method: Target['method'], sizeBytes: number, count: number): Target[] {
  const root = target.kind === 'limit' ? sizeBytes : BUCKET;
  return Array.from({ length: count }, (_, index) => target.call(method, `/${root}/${sizeBytes}-${index}`));
}

function runsWith(largeFile: string): Readonly<Record<SmokeCase, Run>> {
  const small = async (target: BenchTarget, method: 'GET' | 'PUT'): Promise<number> => {
    const targets = poolOf(target, method, SMALL, POOL);
    const body = method === 'PUT' ? { body: SMALL_BODY } : {};
    const { perSecond } = await runLoad({
      origin: target.origin,
      targets,
      connections: CONNECTIONS,
      seconds: 1,
      ...body,
    });
    return perSecond;
  };
  const large = async (target: BenchTarget, method: 'GET' | 'PUT'): Promise<number> => {
    const targets = Array.from({ length: TRANSFERS }, () => poolOf(target, method, LARGE, 1)).flat();
    return (await runTransfers({ origin: target.origin, targets, bodyFile: largeFile, streams: 1 })).perSecond;
  };
  return {
    'GET 4 KiB': (target) => small(target, 'GET'),
    'PUT 4 KiB': (target) => small(target, 'PUT'),
    'GET 64 MiB': (target) => large(target, 'GET'),
    'PUT 64 MiB': (target) => large(target, 'PUT'),
  };
}
