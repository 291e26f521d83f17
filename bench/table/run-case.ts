// One case on one server, once.
import { runTransfers } from '../load/curl.ts';
import { runHeads } from '../load/head.ts';
import type { LoadResult } from '../load/result.ts';
import { runLoad, type Target } from '../load/wrk.ts';
import type { BenchTarget } from '../targets/target.ts';
import type { BodyFiles } from './body-files.ts';
import { type Case, LARGE_BYTES, MIB, RANGE } from './cases.ts';
import { listCalls } from './listing.ts';
import { runMultipart } from './multipart.ts';
import { freshBatch, poolCalls, putObjects } from './objects.ts';

export type RunOptions = { readonly seconds: number; readonly bodies: BodyFiles };

/** More than any server here does to 4 KiB objects in a second. */
const MOST_PER_SECOND = 12_000;
const SLOW_PER_SECOND = 800;
/** They are put first, which takes longer than deleting them. */
const MOST_DELETED = 8_000;
const MIX_REQUESTS = 200;

export function runCase(target: BenchTarget, what: Case, options: RunOptions): Promise<LoadResult> {
  switch (what.operation) {
    case 'GET':
      return what.sizeBytes > MIB ? moveLarge(target, what, options) : readPool(target, what, options);
    case 'HEAD':
      return headOne(target, what, options);
    case 'PUT':
      return what.sizeBytes > MIB ? moveLarge(target, what, options) : putFresh(target, what, options);
    case 'DELETE':
      return deleteFresh(target, what, options);
    case 'RANGE':
      return moveRanges(target, what);
    case 'LIST':
      return loadOf(target, what, options, listCalls(target));
    case 'MULTIPART':
      return runMultipart(target, what, options);
    case 'MIX':
      return runMix(target, what, options);
  }
}

function loadOf(
  { origin }: BenchTarget,
  { concurrency }: Case,
  { seconds }: RunOptions,
  targets: readonly Target[],
  more: { readonly body?: Uint8Array; readonly again?: boolean } = {},
): Promise<LoadResult> {
  return runLoad({ origin, targets, connections: concurrency, seconds, ...more });
}

function readPool(target: BenchTarget, what: Case, options: RunOptions): Promise<LoadResult> {
  return loadOf(target, what, options, poolCalls(target, 'GET', what.sizeBytes));
}

function headOne(target: BenchTarget, what: Case, { seconds }: RunOptions): Promise<LoadResult> {
  const [first] = poolCalls(target, 'HEAD', what.sizeBytes);
  if (first === undefined) throw new RangeError('no object to ask for');
  return runHeads({ origin: target.origin, target: first, connections: what.concurrency, seconds });
}

/** Signing so many URLs takes time, and a second PUT of a key is another thing than a first. */
function countFor(target: BenchTarget, { sizeBytes }: Case, { seconds }: RunOptions): number {
  const most = target.kind === 'peer' ? SLOW_PER_SECOND : MOST_PER_SECOND;
  return Math.ceil(sizeBytes > 64 * 1024 ? 400 * seconds : most * seconds);
}

function putFresh(target: BenchTarget, what: Case, options: RunOptions): Promise<LoadResult> {
  const targets = freshBatch(target, what.sizeBytes, countFor(target, what, options))('PUT');
  const body = Buffer.alloc(what.sizeBytes, 'x');
  return loadOf(target, what, options, targets, { body, again: false });
}

async function deleteFresh(target: BenchTarget, what: Case, options: RunOptions): Promise<LoadResult> {
  const count = Math.min(MOST_DELETED, countFor(target, what, { ...options, seconds: 1 }));
  const batch = freshBatch(target, what.sizeBytes, count);
  if (target.kind !== 'limit') await putObjects(target, options.bodies, what.sizeBytes, batch('PUT'));
  return loadOf(target, what, options, batch('DELETE'), { again: false });
}

/** About two seconds of a fast server. */
const transfersOf = (concurrency: number): number => Math.max(10, concurrency * (concurrency > 16 ? 1 : 2));

async function moveLarge(target: BenchTarget, what: Case, { bodies }: RunOptions): Promise<LoadResult> {
  const { operation, sizeBytes, concurrency } = what;
  const { origin } = target;
  const count = transfersOf(concurrency);
  if (operation === 'PUT') {
    const batch = freshBatch(target, sizeBytes, count);
    const bodyFile = await bodies.file(sizeBytes);
    const result = await runTransfers({ origin, targets: batch('PUT'), bodyFile, streams: concurrency });
    if (target.kind !== 'limit') await runTransfers({ origin, targets: batch('DELETE'), streams: 1 });
    return result;
  }
  const pool = poolCalls(target, 'GET', sizeBytes);
  const targets = Array.from({ length: count }, (_, index) => pool[index % pool.length] ?? []).flat();
  return runTransfers({ origin, targets, streams: concurrency });
}

function moveRanges(target: BenchTarget, { concurrency }: Case): Promise<LoadResult> {
  const pool = poolCalls(target, 'GET', LARGE_BYTES);
  const targets = Array.from({ length: 400 }, (_, index) => pool[index % pool.length] ?? []).flat();
  const range = `${RANGE.start}-${RANGE.end - 1}`;
  return runTransfers({ origin: target.origin, targets, range: `bytes=${range}`, streams: concurrency });
}

/** 45 % GET, 30 % HEAD, 15 % PUT, 10 % DELETE, well mixed. */
async function runMix(
  target: BenchTarget,
  { sizeBytes, concurrency }: Case,
  { bodies }: RunOptions,
): Promise<LoadResult> {
  const { origin } = target;
  const doomed = freshBatch(target, sizeBytes, MIX_REQUESTS / 10);
  await putObjects(target, bodies, sizeBytes, doomed('PUT'));
  const fresh = freshBatch(target, sizeBytes, (MIX_REQUESTS * 3) / 20);
  const left = { GET: poolCalls(target, 'GET', sizeBytes), HEAD: poolCalls(target, 'HEAD', sizeBytes) };
  const once = { PUT: fresh('PUT'), DELETE: doomed('DELETE') };
  const order = 'GET HEAD GET PUT GET HEAD DELETE GET HEAD GET GET HEAD GET PUT GET HEAD DELETE GET HEAD PUT'.split(
    ' ',
  );
  const targets = Array.from({ length: MIX_REQUESTS }, (_, index): Target[] => {
    const method = order[index % order.length];
    if (method === 'PUT' || method === 'DELETE') return once[method].splice(0, 1);
    const pool = left[method === 'GET' ? 'GET' : 'HEAD'];
    return [pool[index % pool.length] ?? []].flat();
  }).flat();
  const result = await runTransfers({ origin, targets, bodyFile: await bodies.file(sizeBytes), streams: concurrency });
  await runTransfers({ origin, targets: fresh('DELETE'), streams: 1 });
  return result;
}
