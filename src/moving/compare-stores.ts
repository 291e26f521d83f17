// The proof that ends a move, found while the source serves. Both stores are walked page by page. A key that differs has
// changed in between, or was copied wrongly: it is kept and looked at again when the changes have followed. So are all
// keys that follow from then on. Whoever is not kept is the same in both, or its change has been told and not yet followed.
import { addScope, countersOf, END_OF_KEYS, isDumped, pastLeftOut } from '../metadata/dump.ts';
import { keyAfter, tables } from '../metadata/keys.ts';
import type { Bytes, Entry, MetadataStore, Snapshot } from '../metadata/metadata-store.ts';
import type { UsageScope } from '../metadata/tables/objects.ts';
import { byteText } from '../metadata/recorded-transaction.ts';
import type { MoveDeps } from './move-deps.ts';

export type Compared = { readonly rows: number; readonly counters: number };

/** Keys that must be compared again, by their bytes as text. */
export type Unsettled = Map<string, Bytes>;

const PAGE_ROWS = 1000;
const KEYS_AT_ONCE = 500;
/** so many are settled before the walk goes on */
const MOST_UNSETTLED = 10_000;

export type CompareDeps = Pick<MoveDeps, 'source' | 'target'> & {
  readonly unsettled: Unsettled;
  /** lets the changes follow and settles what it can */
  readonly settle: () => Promise<void>;
};

/** Walks over everything that a move copies. */
export async function compareStores(deps: CompareDeps, onPage: (rows: number) => void): Promise<Compared> {
  const compared = { rows: 0, counters: 0 };
  let start: Bytes = Buffer.of(0);
  for (;;) {
    const from = start;
    const page = await deps.source.store.read((snapshot) => pageFrom(snapshot, from));
    const there = await rowsBetween(deps.target.store, from, page.end);
    keepDifferent(deps.unsettled, page.rows, there);
    await keepDifferentCounters(deps, page.counters);
    compared.rows += page.rows.length;
    compared.counters += page.counters.length;
    onPage(page.rows.length);
    if (deps.unsettled.size >= MOST_UNSETTLED) await deps.settle();
    if (page.next === null) return compared;
    start = page.next;
  }
}

type Counter = { readonly key: Bytes; readonly count: bigint };
type Page = {
  readonly rows: readonly Entry[];
  readonly counters: readonly Counter[];
  /** exclusive */
  readonly end: Bytes;
  readonly next: Bytes | null;
};

async function pageFrom(snapshot: Snapshot, start: Bytes): Promise<Page> {
  const found = await snapshot.range({ start, end: END_OF_KEYS, limit: PAGE_ROWS });
  const scopes: UsageScope[] = [];
  for (const { key, value } of found) addScope(scopes, key, value);
  const counters = (await Promise.all(scopes.map((scope) => countersOf(snapshot, scope)))).flat();
  const last = found.length < PAGE_ROWS ? undefined : found.at(-1);
  return {
    rows: found.filter(({ key }) => isDumped(key)),
    counters: counters.flatMap((entry) => (entry.kind === 'counter' ? [entry] : [])),
    end: last === undefined ? END_OF_KEYS : keyAfter(last.key),
    next: last === undefined ? null : pastLeftOut(keyAfter(last.key)),
  };
}

async function rowsBetween(store: MetadataStore, from: Bytes, end: Bytes): Promise<Entry[]> {
  const rows: Entry[] = [];
  let start = from;
  for (;;) {
    const range = { start, end, limit: PAGE_ROWS };
    const page = await store.read((snapshot) => snapshot.range(range));
    rows.push(...page.filter(({ key }) => isDumped(key)));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ROWS) return rows;
    start = pastLeftOut(keyAfter(last.key));
    if (Buffer.compare(start, end) >= 0) return rows;
  }
}

function keepDifferent(unsettled: Unsettled, here: readonly Entry[], there: readonly Entry[]): void {
  const others = new Map(there.map((row) => [byteText(row.key), row]));
  for (const { key, value } of here) {
    const name = byteText(key);
    if (!isSame(value, others.get(name)?.value)) unsettled.set(name, key);
    others.delete(name);
  }
  for (const [name, { key }] of others) unsettled.set(name, key);
}

async function keepDifferentCounters({ target, unsettled }: CompareDeps, counters: readonly Counter[]): Promise<void> {
  if (counters.length === 0) return;
  const there = await target.store.read((snapshot) => Promise.all(counters.map(({ key }) => snapshot.count(key))));
  for (const [index, { key, count }] of counters.entries()) {
    if (there[index] !== count) unsettled.set(byteText(key), key);
  }
}

const isSame = (one: Bytes | undefined, other: Bytes | undefined): boolean =>
  one === undefined || other === undefined ? one === other : Buffer.compare(one, other) === 0;

/** Lets go of the keys that are the same in both now. */
export async function settleSame(
  { source, target }: Pick<MoveDeps, 'source' | 'target'>,
  unsettled: Unsettled,
): Promise<void> {
  const keys = [...unsettled.values()];
  for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) {
    const some = keys.slice(at, at + KEYS_AT_ONCE);
    const [here, there] = await Promise.all([valuesOf(source.store, some), valuesOf(target.store, some)]);
    for (const [index, key] of some.entries()) {
      if (isSame(here[index], there[index])) unsettled.delete(byteText(key));
    }
  }
}

function valuesOf(store: MetadataStore, keys: readonly Bytes[]): Promise<(Bytes | undefined)[]> {
  return store.read(async (snapshot) => {
    const rows = await snapshot.getMany(keys.filter((key) => !isCounter(key)));
    let next = 0;
    const values: (Bytes | undefined)[] = [];
    for (const key of keys) {
      values.push(isCounter(key) ? Buffer.from((await snapshot.count(key)).toString()) : rows[next++]);
    }
    return values;
  });
}

const isCounter = (key: Bytes): boolean => key[0] === tables.usage;
