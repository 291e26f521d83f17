// How often each value occurs that people filter by, for each account whose trail a record belongs to.
import type { AuditRecord } from './entry.ts';

export const FACETS = [
  'operation',
  'category',
  'access',
  'channel',
  'actor',
  'outcome',
  'code',
  'who',
  'bucket',
] as const;
export type Facet = (typeof FACETS)[number];

export type Counts = Readonly<Record<string, number>>;
export type FacetCounts = Readonly<Partial<Record<Facet, Counts>>>;
/** By account id; '' for all records, those of nobody included. */
export type CountsByAccount = Readonly<Record<string, FacetCounts>>;

/** Beyond it the rarest of a block are left out. */
const MAX_VALUES = 100;

const readers: Readonly<Record<Facet, (record: AuditRecord) => string | null | undefined>> = {
  operation: ({ operation }) => operation,
  category: ({ category }) => category,
  access: ({ access }) => access,
  channel: ({ channel }) => channel,
  actor: ({ who }) => who.type,
  outcome: ({ outcome }) => outcome,
  code: ({ code }) => code,
  who: ({ who }) => who.name ?? who.id,
  bucket: ({ bucket }) => bucket,
};

export type FacetTally = Map<string, Map<Facet, Map<string, number>>>;

export function addToTally(tally: FacetTally, record: AuditRecord): void {
  for (const accountId of ['', ...record.accounts]) add(tally, accountId, record);
}

export function shownTally(tally: FacetTally): CountsByAccount {
  return Object.fromEntries([...tally].map(([accountId, facets]) => [accountId, shownCounts(facets)]));
}

function add(tally: FacetTally, accountId: string, record: AuditRecord): void {
  const facets = tally.get(accountId) ?? new Map<Facet, Map<string, number>>();
  tally.set(accountId, facets);
  for (const facet of FACETS) {
    const value = readers[facet](record);
    if (!value) continue;
    const counts = facets.get(facet) ?? new Map<string, number>();
    facets.set(facet, counts);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
}

export function shownCounts(facets: ReadonlyMap<Facet, ReadonlyMap<string, number>>): FacetCounts {
  return Object.fromEntries(
    [...facets].map(([facet, counts]) => [
      facet,
      Object.fromEntries([...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, MAX_VALUES)),
    ]),
  );
}

export function addCounts(into: Map<Facet, Map<string, number>>, counts: FacetCounts): void {
  for (const facet of FACETS) {
    const sums = into.get(facet) ?? new Map<string, number>();
    into.set(facet, sums);
    for (const [value, count] of Object.entries(counts[facet] ?? {})) sums.set(value, (sums.get(value) ?? 0) + count);
  }
}
