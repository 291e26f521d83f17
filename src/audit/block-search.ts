// Looks through blocks by their index, the newest first. What the index names is compared with the record itself.
import { type BlockReader } from './block-reader.ts';
import { CHUNK_LINES } from './block-meta.ts';
import type { ListedBlock } from './directory.ts';
import type { CompiledFilter } from './filter.ts';
import type { Found } from './fresh.ts';
import { parseLine, readHead } from './lines.ts';
import { type AuditCursor, isBeyond } from './place.ts';
import { allOf, everything, type Postings } from './postings.ts';

/** Chunks that a page may read and find nothing in. */
const MAX_IN_VAIN = 150;

export type BlockQuery = {
  readonly reader: BlockReader;
  readonly filter: CompiledFilter;
  readonly after: AuditCursor | null;
};

/** `stoppedAt`: enough was read in vain; the search goes on behind it. */
export type Sought = Found | { readonly stoppedAt: AuditCursor };

/** `blocks` in order of their numbers. */
export async function* searchBlocks(query: BlockQuery, blocks: readonly ListedBlock[]): AsyncGenerator<Sought> {
  let inVain = 0;
  for (const block of blocks.toReversed()) {
    for await (const { line, isNewChunk } of candidates(query, block)) {
      const found = look(query, block.block, line);
      if (found !== null && 'record' in found) yield found;
      else if (isNewChunk && ++inVain >= MAX_IN_VAIN && found !== null) {
        yield { stoppedAt: found.place };
        return;
      }
    }
  }
}

/** With what the index says of it; null: no record of the block can be meant. */
export async function postingsIn({ reader }: BlockQuery, block: ListedBlock): Promise<readonly Postings[] | null> {
  const postings = await reader.postings(block);
  return postings !== null && postings.length === 0 ? [everything(block.count)] : postings;
}

async function* candidates(
  query: BlockQuery,
  block: ListedBlock,
): AsyncGenerator<{ readonly line: string; readonly isNewChunk: boolean }> {
  const { reader, filter } = query;
  const newest = newestWanted(query, block);
  for (const position of allOf((await postingsIn(query, block)) ?? [])) {
    const chunk = Math.floor(position / CHUNK_LINES);
    if ((block.chunksAt[chunk] ?? 0) > newest) continue;
    if ((block.chunksAt[chunk + 1] ?? block.lastAt) < filter.from) return;
    const before = reader.chunksRead();
    const line = await reader.line(block.block, position);
    // dropped since the search began
    if (line === undefined) return;
    yield { line, isNewChunk: reader.chunksRead() > before };
  }
}

const newestWanted = ({ filter, after }: BlockQuery, { block }: ListedBlock): number =>
  after !== null && block >= after.block ? Math.min(filter.to - 1, after.at) : filter.to - 1;

/** null: a page before had it. Without `record`: it was not meant. */
function look({ filter, after }: BlockQuery, block: number, line: string): Found | Pick<Found, 'place'> | null {
  const head = readHead(line);
  if (head === null || !isBeyond(head, block, after)) return null;
  const { at, chain, seq } = head;
  const place = { at, chain, seq, block, wasFresh: false };
  const record = parseLine(line);
  return filter.matches(record) ? { line, record, place } : { place };
}
