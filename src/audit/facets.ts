// What there is to filter by: the values of each field with how often they occur, among the newest records of the time
// that is asked about. Of a long trail only the newest part is counted; `records` says of how many.
import { zstdDecompressSync } from 'node:zlib';
import type { MetadataStore, Snapshot } from '../metadata/metadata-store.ts';
import { auditFacetsKey, auditGroupFacetsKey } from '../metadata/tables/audit-index.ts';
import type { Span } from './directory.ts';
import {
  addCounts,
  addToTally,
  type Facet,
  type FacetCounts,
  FACETS,
  type FacetTally,
  shownTally,
} from './facet-counts.ts';
import { compileFilter } from './filter.ts';
import { findFresh } from './fresh.ts';
import { unpackFacets } from './merge-group.ts';
import { type AuditSearch, spansBetween } from './search.ts';

const SAMPLED_SPANS = 32;
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
    const inTime = spansBetween(await search.spans(snapshot), filter);
    const sampled = inTime.slice(-SAMPLED_SPANS);
    const fresh = await findFresh(snapshot, filter, null);
    const tally: FacetTally = new Map();
    for (const { record } of fresh) addToTally(tally, record);
    const sums = new Map<Facet, Map<string, number>>();
    const name = question.accountId ?? '';
    addCounts(sums, shownTally(tally)[name] ?? {});
    for (const span of sampled) for (const counts of await readCounts(snapshot, span, name)) addCounts(sums, counts);
    return {
      facets: shownSums(sums),
      sampledRecords: sampled.flatMap(({ blocks }) => blocks).reduce((sum, { count }) => sum + count, fresh.length),
      isWhole: sampled.length === inTime.length,
    };
  });
}

/** Of a group as a whole, also when only a part of it lies in the time that is asked about. */
async function readCounts(snapshot: Snapshot, { group, blocks }: Span, accountId: string): Promise<FacetCounts[]> {
  if (group !== null) {
    const value = await snapshot.get(auditGroupFacetsKey(accountId, group));
    return value === undefined ? [] : [JSON.parse(zstdDecompressSync(value).toString('utf8')) as FacetCounts];
  }
  const values = await snapshot.getMany(blocks.map(({ block }) => auditFacetsKey(block)));
  return values.flatMap((value) => (value === undefined ? [] : [unpackFacets(value)[accountId] ?? {}]));
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
