// What there is to filter by: the values of each field with how often they occur, among the newest records of the time
// that is asked about. Of more than SAMPLED_BLOCKS only the newest are counted; `records` says of how many.
import { zstdDecompressSync } from 'node:zlib';
import type { MetadataStore, Snapshot } from '../metadata/metadata-store.ts';
import { auditFacetsKey } from '../metadata/tables/audit.ts';
import type { ListedBlock } from './directory.ts';
import { addCounts, addToTally, type CountsByAccount, type Facet, FACETS, type FacetTally, shownTally } from './facet-counts.ts';
import { compileFilter } from './filter.ts';
import { findFresh } from './fresh.ts';
import type { AuditSearch } from './search.ts';

const SAMPLED_BLOCKS = 64;
const MAX_VALUES = 100;

export type FacetValue = { readonly value: string; readonly count: number };
export type Facets = {
  readonly facets: Record<Facet, FacetValue[]>;
  /** how many records were counted, whoever's they are: the newest ones */
  readonly sampledRecords: number;
  readonly isWhole: boolean;
};

export type FacetQuestion = { readonly accountId: string | null; readonly from?: number; readonly to?: number };

export async function readFacets(
  { store, search }: { readonly store: MetadataStore; readonly search: AuditSearch },
  question: FacetQuestion,
): Promise<Facets> {
  return store.read(async (snapshot) => {
    const filter = compileFilter(question);
    const inTime = (await search.blocks(snapshot)).filter(
      ({ firstAt, lastAt }) => lastAt >= filter.from && firstAt < filter.to,
    );
    const sampled = inTime.slice(-SAMPLED_BLOCKS);
    const fresh = await findFresh(snapshot, filter, null);
    const tally: FacetTally = new Map();
    for (const { record } of fresh) addToTally(tally, record);
    const sums = new Map<Facet, Map<string, number>>();
    const name = question.accountId ?? '';
    addCounts(sums, shownTally(tally)[name] ?? {});
    for (const counts of await readCounts(snapshot, sampled)) addCounts(sums, counts[name] ?? {});
    return {
      facets: shownSums(sums),
      sampledRecords: sampled.reduce((sum, { count }) => sum + count, fresh.length),
      isWhole: sampled.length === inTime.length,
    };
  });
}

async function readCounts(snapshot: Snapshot, blocks: readonly ListedBlock[]): Promise<CountsByAccount[]> {
  const values = await snapshot.getMany(blocks.map(({ block }) => auditFacetsKey(block)));
  return values.flatMap((value) =>
    value === undefined ? [] : [JSON.parse(zstdDecompressSync(value).toString('utf8')) as CountsByAccount],
  );
}

function shownSums(sums: ReadonlyMap<Facet, ReadonlyMap<string, number>>): Facets['facets'] {
  const values = (facet: Facet): FacetValue[] =>
    [...(sums.get(facet) ?? [])]
      .map(([value, count]) => ({ value, count }))
      .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, MAX_VALUES);
  const [operation, category, access, channel, actor, outcome, code, who, bucket] = FACETS.map(values);
  return {
    operation: operation ?? [],
    category: category ?? [],
    access: access ?? [],
    channel: channel ?? [],
    actor: actor ?? [],
    outcome: outcome ?? [],
    code: code ?? [],
    who: who ?? [],
    bucket: bucket ?? [],
  };
}
