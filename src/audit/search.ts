// Looks for records, the newest first: among the fresh ones by reading them, in the blocks by the index. A page costs what
// it returns, not what the trail holds; where the index cannot tell (beginnings of names that share a long beginning),
// a page that has read enough in vain ends early and says where to go on.
import type { MetadataStore, Snapshot } from '../metadata/metadata-store.ts';
import { readBlocks } from './block-reader.ts';
import { type BlockQuery, searchBlocks } from './block-search.ts';
import { countBlocks, type Total } from './count.ts';
import { BlockDirectory, type ListedBlock } from './directory.ts';
import { type AuditFilter, type CompiledFilter, compileFilter } from './filter.ts';
import { findFresh, type Found } from './fresh.ts';
import type { AuditCursor } from './place.ts';

export type AuditPage = {
  readonly found: readonly Found[];
  /** null: that is all */
  readonly next: AuditCursor | null;
  /** of all pages; only with the first page, when it was wished for */
  readonly total: Total | null;
};

export type PageWish = {
  readonly limit: number;
  readonly after?: AuditCursor | null;
  readonly count?: boolean;
};

export type AuditSearch = {
  readonly find: (filter: AuditFilter, wish: PageWish) => Promise<AuditPage>;
  /** in order of their numbers */
  readonly blocks: (snapshot: Snapshot) => Promise<readonly ListedBlock[]>;
};

/** One per process: it remembers which blocks there are. */
export function createAuditSearch({ store }: { readonly store: MetadataStore }): AuditSearch {
  const directory = new BlockDirectory();
  return {
    blocks: (snapshot) => directory.list(snapshot),
    find: (filter, wish) =>
      store.read(async (snapshot) => {
        const blocks = await directory.list(snapshot);
        return find(snapshot, blocks, compileFilter(filter), wish);
      }),
  };
}

async function find(
  snapshot: Snapshot,
  blocks: readonly ListedBlock[],
  filter: CompiledFilter,
  { limit, after = null, count = false }: PageWish,
): Promise<AuditPage> {
  const inTime = blocks.filter(({ firstAt, lastAt }) => lastAt >= filter.from && firstAt < filter.to);
  const query: BlockQuery = { reader: readBlocks(snapshot, filter.groups), filter, after };
  const fresh = after === null || after.wasFresh ? await findFresh(snapshot, filter, after) : [];
  const { found, next } = await collect(query, fresh, inTime, limit);
  const total = count && after === null ? await countAll(query, fresh.length, inTime) : null;
  return { found, next, total };
}

async function collect(
  query: BlockQuery,
  fresh: readonly Found[],
  blocks: readonly ListedBlock[],
  limit: number,
): Promise<Pick<AuditPage, 'found' | 'next'>> {
  const { after } = query;
  const open = blocks.filter(({ block }) => after === null || after.wasFresh || block <= after.block);
  const found = fresh.slice(0, limit);
  const lastPlace = (): AuditCursor | null => found.at(-1)?.place ?? null;
  if (fresh.length > limit) return { found, next: lastPlace() };
  for await (const sought of searchBlocks(query, open)) {
    if ('stoppedAt' in sought) return { found, next: sought.stoppedAt };
    // one more than the page takes: there is another page
    if (found.length >= limit) return { found, next: lastPlace() };
    found.push(sought);
  }
  return { found, next: null };
}

async function countAll(query: BlockQuery, fresh: number, blocks: readonly ListedBlock[]): Promise<Total> {
  const { count, isExact } = await countBlocks(query, blocks);
  return { count: count + fresh, isExact };
}
