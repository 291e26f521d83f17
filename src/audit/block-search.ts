// Looks through blocks by their index, the newest first. What the index names is compared with the record itself.
import type { Snapshot } from '../metadata/metadata-store.ts';
import { auditChunkKey } from '../metadata/tables/audit.ts';
import { CHUNK_LINES, type ListedBlock } from './block-meta.ts';
import { unpackLines } from './build-block.ts';
import type { Span } from './directory.ts';
import type { CompiledFilter } from './filter.ts';
import type { Found } from './fresh.ts';
import type { IndexReader } from './index-reader.ts';
import { parseLine, readHead } from './lines.ts';
import { type AuditCursor, isBeyond } from './place.ts';

/** Chunks that a page may read and find nothing in. */
const MAX_IN_VAIN = 100;

export type BlockQuery = {
  readonly snapshot: Snapshot;
  readonly index: IndexReader;
  readonly filter: CompiledFilter;
  readonly after: AuditCursor | null;
};

/** `stoppedAt`: enough was read in vain; the search goes on behind it. */
export type Sought = Found | { readonly stoppedAt: AuditCursor };

/** `spans` in order of their numbers. */
export async function* searchBlocks(query: BlockQuery, spans: readonly Span[]): AsyncGenerator<Sought> {
  let inVain = 0;
  for (const span of spans.toReversed()) {
    const index = await query.index.open(span);
    if (index === null) continue;
    for (const block of span.blocks.toReversed()) {
      const found = index.positions(block);
      if (found.length === 0) continue;
      // a copy: what the index returns holds until it is asked again, by another search too
      const positions = wanted(query, block, found).toReversed();
      for await (const chunk of chunksOf(query, block, positions)) {
        const results = chunk.map((line) => look(query, block.block, line)).filter((result) => result !== null);
        for (const result of results) if ('record' in result) yield result;
        const last = results.at(-1);
        if (results.some((result) => 'record' in result) || last === undefined) continue;
        if (++inVain < MAX_IN_VAIN) continue;
        yield { stoppedAt: last.place };
        return;
      }
    }
  }
}

/** Without those that cannot be meant because of their time. */
function wanted({ filter, after }: BlockQuery, block: ListedBlock, positions: Uint16Array): Uint16Array {
  const { chunksAt, lastAt } = block;
  const newest = after !== null && block.block >= after.block ? Math.min(filter.to - 1, after.at) : filter.to - 1;
  if (block.firstAt >= filter.from && lastAt <= newest) return positions;
  return positions.filter((position) => {
    const chunk = Math.floor(position / CHUNK_LINES);
    return (chunksAt[chunk] ?? 0) <= newest && (chunksAt[chunk + 1] ?? lastAt) >= filter.from;
  });
}

/** The lines at these positions, descending, by the chunk they stand in. */
async function* chunksOf(
  { snapshot }: BlockQuery,
  { block }: ListedBlock,
  positions: Uint16Array,
): AsyncGenerator<readonly string[]> {
  for (let index = 0; index < positions.length; ) {
    const chunk = Math.floor((positions[index] ?? 0) / CHUNK_LINES);
    const value = await snapshot.get(auditChunkKey(block, chunk));
    // dropped since the search began
    if (value === undefined) return;
    const lines = unpackLines(value);
    const found: string[] = [];
    for (; index < positions.length; index++) {
      const position = positions[index] ?? 0;
      if (Math.floor(position / CHUNK_LINES) !== chunk) break;
      found.push(lines[position % CHUNK_LINES] ?? '');
    }
    yield found;
  }
}

/** null: a page before had it. Without `record`: it was not meant. */
function look({ filter, after }: BlockQuery, block: number, line: string): Found | Pick<Found, 'place'> | null {
  const head = readHead(line);
  if (head === null || !isBeyond(head, block, after)) return null;
  const { at, chain, seq } = head;
  const place = { at, chain, seq, block, wasFresh: false };
  const record = parseLine(line);
  return filter.matches(record) ? { line, record, place } : { place };
}
