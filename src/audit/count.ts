// How many records a filter finds, by the index alone: exact while that is cheap, then estimated from the newest blocks.
import { type BlockQuery, postingsIn } from './block-search.ts';
import { CHUNK_LINES } from './block-meta.ts';
import type { ListedBlock } from './directory.ts';
import { allOf, type Postings } from './postings.ts';

const MAX_ROWS = 1_500;
const MAX_STEPS = 100_000;

export type Total = { readonly count: number; readonly isExact: boolean };

export async function countBlocks(query: BlockQuery, blocks: readonly ListedBlock[]): Promise<Total> {
  const { reader, filter } = query;
  const enough = reader.rowsRead() + MAX_ROWS;
  let count = 0;
  let steps = 0;
  let left = blocks.length;
  let isExact = filter.isIndexed;
  while (left > 0 && steps < MAX_STEPS && reader.rowsRead() < enough) {
    const block = blocks[--left];
    if (block === undefined) break;
    const share = shareOf(block, filter);
    isExact &&= share === 1;
    const { found, walked } = countIn(block, (await postingsIn(query, block)) ?? []);
    count += found * share;
    steps += walked + 1;
  }
  const counted = blocks.length - left;
  if (left === 0) return { count: Math.round(count), isExact };
  return { count: counted === 0 ? 0 : Math.round((count / counted) * blocks.length), isExact: false };
}

function countIn(block: ListedBlock, postings: readonly Postings[]): { found: number; walked: number } {
  if (postings.length === 0) return { found: 0, walked: 0 };
  const telling = postings.filter(({ count }) => count < block.count);
  if (telling.length === 0) return { found: block.count, walked: 0 };
  const [only] = telling;
  if (telling.length === 1) return { found: only?.count ?? 0, walked: 0 };
  let found = 0;
  for (const _position of allOf(telling)) found++;
  return { found, walked: Math.min(...telling.map(({ count }) => count)) };
}

/** How much of the block lies between the times asked for, by its chunks. */
function shareOf(
  { firstAt, lastAt, chunksAt, count }: ListedBlock,
  { from, to }: { from: number; to: number },
): number {
  if (firstAt >= from && lastAt < to) return 1;
  const inside = chunksAt.filter((at, index) => (chunksAt[index + 1] ?? lastAt) >= from && at < to);
  return Math.min(1, (inside.length * CHUNK_LINES) / count);
}
