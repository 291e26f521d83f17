// Looks for records, the newest first: among the fresh ones by reading them, in the blocks by the index. A page costs what
// it returns, not what the trail holds; where the index cannot tell (beginnings of names that share a long beginning),
// a page that has read enough in vain ends early and says where to go on.
import type { MetadataStore, Snapshot } from '../metadata/metadata-store.ts';
import { type BlockQuery, searchBlocks } from './block-search.ts';
import { countBlocks, type Total } from './count.ts';
import { BlockDirectory, type Span } from './directory.ts';
import { type AuditFilter, type CompiledFilter, compileFilter } from './filter.ts';
import { findFresh, type Found } from './fresh.ts';
import { IndexReader } from './index-reader.ts';
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
  /** all blocks, in order of their numbers */
  readonly spans: (snapshot: Snapshot) => Promise<readonly Span[]>;
};

/** One per process: it remembers which blocks there are. */
export function createAuditSearch({ store }: { readonly store: MetadataStore }): AuditSearch {
  const directory = new BlockDirectory();
  return {
    spans: (snapshot) => directory.list(snapshot),
    find: (filter, wish) =>
      store.read(async (snapshot) => find(snapshot, await directory.list(snapshot), compileFilter(filter), wish)),
  };
}

async function find(
  snapshot: Snapshot,
  spans: readonly Span[],
  filter: CompiledFilter,
  { limit, after = null, count = false }: PageWish,
): Promise<AuditPage> {
  const inTime = spansBetween(spans, filter);
  const query: BlockQuery = { snapshot, index: new IndexReader(snapshot, filter.clauses), filter, after };
  const fresh = after === null || after.wasFresh ? await findFresh(snapshot, filter, after) : [];
  const { found, next } = await collect(query, fresh, inTime, limit);
  const isWanted = count && after === null;
  const total = isWanted ? await countAll(query, { found, next }, fresh.length, inTime) : null;
  return { found, next, total };
}

/** What may hold records of this time. */
export function spansBetween(spans: readonly Span[], { from, to }: Pick<CompiledFilter, 'from' | 'to'>): Span[] {
  return narrow(spans, ({ firstAt, lastAt }) => lastAt >= from && firstAt < to);
}

function narrow(spans: readonly Span[], test: (block: Span['blocks'][number]) => boolean): Span[] {
  return spans.flatMap(({ group, blocks }) => {
    const kept = blocks.every(test) ? blocks : blocks.filter(test);
    return kept.length === 0 ? [] : [{ group, blocks: kept }];
  });
}

async function collect(
  query: BlockQuery,
  fresh: readonly Found[],
  spans: readonly Span[],
  limit: number,
): Promise<Pick<AuditPage, 'found' | 'next'>> {
  const { after } = query;
  const open = after === null || after.wasFresh ? spans : narrow(spans, ({ block }) => block <= after.block);
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

/** A page that is the only one has been counted by looking. */
async function countAll(
  query: BlockQuery,
  { found, next }: Pick<AuditPage, 'found' | 'next'>,
  fresh: number,
  spans: readonly Span[],
): Promise<Total> {
  if (next === null) return { count: found.length, isExact: true };
  const { count, isExact } = await countBlocks(query, spans);
  return { count: count + fresh, isExact };
}
