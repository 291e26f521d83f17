// The objects a case works on. Limits answer any path; S3 servers get a bucket with objects of every size first.
import { runTransfers } from '../load/curl.ts';
import { sendAll } from '../load/send.ts';
import type { Target } from '../load/wrk.ts';
import type { BenchTarget } from '../targets/target.ts';
import type { BodyFiles } from './body-files.ts';
import { KIB, LARGE_BYTES, MIB, MIX_BYTES } from './cases.ts';

export const BUCKET = 'bench';

/** How many objects of a size are read in turn. */
const POOLS: ReadonlyMap<number, number> = new Map([
  [4 * KIB, 1000],
  [64 * KIB, 200],
  [MIB, 40],
  [MIX_BYTES, 20],
  [LARGE_BYTES, 2],
]);

/** The limits read the size from the first part of the path. */
function objectPath({ kind }: BenchTarget, sizeBytes: number, name: string): string {
  return kind === 'limit' ? `/${sizeBytes}/${name}` : `/${BUCKET}/${sizeBytes}/${name}`;
}

const numbered = (index: number): string => String(index).padStart(6, '0');

/** All objects of the pool of a size, to be read. */
export function poolCalls(target: BenchTarget, method: Target['method'], sizeBytes: number): Target[] {
  return Array.from({ length: POOLS.get(sizeBytes) ?? 1 }, (_, index) =>
    target.call(method, objectPath(target, sizeBytes, `object-${numbered(index)}`)),
  );
}

let batches = 0;

/** Objects that no load before has named. */
export function freshBatch(
  target: BenchTarget,
  sizeBytes: number,
  count: number,
): (method: Target['method']) => Target[] {
  const batch = `batch-${process.pid}-${batches++}`;
  const paths = Array.from({ length: count }, (_, index) =>
    objectPath(target, sizeBytes, `${batch}/${numbered(index)}`),
  );
  return (method) => paths.map((path) => target.call(method, path));
}

export async function makePools(target: BenchTarget, bodies: BodyFiles, sizes: readonly number[]): Promise<void> {
  for (const sizeBytes of sizes) await putObjects(target, bodies, sizeBytes, poolCalls(target, 'PUT', sizeBytes));
}

export async function putObjects(
  { origin }: BenchTarget,
  bodies: BodyFiles,
  sizeBytes: number,
  calls: readonly Target[],
): Promise<void> {
  if (sizeBytes <= MIB) await sendAll(origin, calls, Buffer.alloc(sizeBytes, 'x'));
  else await runTransfers({ origin, targets: calls, bodyFile: await bodies.file(sizeBytes), streams: 2 });
}
