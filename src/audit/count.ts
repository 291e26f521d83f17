// How many records a filter finds, by the index alone: exact while that is cheap, then estimated from the newest blocks.
import type { BlockQuery } from './block-search.ts';
import { CHUNK_LINES, type ListedBlock } from './block-meta.ts';
import type { Span } from './directory.ts';

const MAX_ROWS = 600;
const MAX_BLOCKS = 10_000;

export type Total = { readonly count: number; readonly isExact: boolean };

export async function countBlocks({ index, filter }: BlockQuery, spans: readonly Span[]): Promise<Total> {
  const mostRows = index.rowsRead + MAX_ROWS;
  const blocks = spans.reduce((sum, span) => sum + span.blocks.length, 0);
  let isExact = filter.isIndexed;
  let count = 0;
  let counted = 0;
  for (const span of spans.toReversed()) {
    if (counted >= MAX_BLOCKS || index.rowsRead >= mostRows) break;
    const opened = await index.open(span);
    for (const block of span.blocks) {
      const isWhole = block.firstAt >= filter.from && block.lastAt < filter.to;
      const share = isWhole ? 1 : shareOf(block, filter);
      isExact &&= isWhole;
      if (opened !== null) count += opened.count(block) * share;
    }
    counted += span.blocks.length;
  }
  if (counted === blocks) return { count: Math.round(count), isExact };
  return { count: Math.round((count / counted) * blocks), isExact: false };
}

/** About how much of the block lies between the times asked for, by its chunks. */
function shareOf({ lastAt, chunksAt, count }: ListedBlock, { from, to }: { from: number; to: number }): number {
  const inside = chunksAt.filter((at, index) => (chunksAt[index + 1] ?? lastAt) >= from && at < to);
  return Math.min(1, (inside.length * CHUNK_LINES) / count);
}
