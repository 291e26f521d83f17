// Pages of 1,000 of a bucket with many objects.
import type { Target } from '../load/wrk.ts';
import type { BenchTarget } from '../targets/target.ts';
import { LIST_PAGE } from './cases.ts';

export const LIST_BUCKET = 'bench-list';
export const LIST_OBJECTS = 100_000;
/** Peers are filled through their own doors, which takes minutes; with fewer they are not slower. */
export const LIST_OBJECTS_OF_PEERS = 10_000;

export const listKey = (index: number): string => `photos/2026/image-${String(index).padStart(8, '0')}.jpg`;

/** Pages from all over the bucket, in no order. */
export function listCalls(target: BenchTarget): Target[] {
  if (target.kind === 'limit') return [target.call('GET', '/list')];
  const pages = Math.floor((target.kind === 'peer' ? LIST_OBJECTS_OF_PEERS : LIST_OBJECTS) / LIST_PAGE);
  return Array.from({ length: pages }, (_, index) => {
    const page = (index * 37) % pages;
    const after = page === 0 ? '' : `&start-after=${encodeURIComponent(listKey(page * LIST_PAGE - 1))}`;
    return target.call('GET', `/${LIST_BUCKET}`, `list-type=2${after}`);
  });
}
