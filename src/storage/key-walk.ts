// Listing by seek: walks keys in byte order and jumps over everything below a common prefix, so that the cost is the
// number of entries returned, never the number of keys they stand for.
import type { Bytes, Entry, Range } from '../metadata/metadata-store.ts';
import { keyAfter } from '../metadata/keys.ts';

export type KeyWalk = {
  /** where to begin and end, encoded */
  readonly start: Bytes;
  readonly end: Bytes;
  /** every key between them begins with it */
  readonly prefix: string;
  /** null: no common prefixes */
  readonly delimiter: string | null;
  /** most entries and prefixes to return */
  readonly limit: number;
  readonly read: (range: Range) => Promise<Entry[]>;
  readonly keyOf: (encoded: Bytes) => string;
  /** the first place after all keys that begin with `prefix` */
  readonly afterPrefix: (prefix: string) => Bytes;
};

export type WalkedItem =
  | { readonly kind: 'entry'; readonly key: string; readonly entry: Entry }
  | { readonly kind: 'prefix'; readonly prefix: string };

const FIRST_BATCH = 32;
const SMALLEST_BATCH = 8;

export function commonPrefixOf(key: string, prefix: string, delimiter: string | null): string | null {
  if (delimiter === null || delimiter === '') return null;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? null : key.slice(0, at + delimiter.length);
}

export async function walkKeys(walk: KeyWalk): Promise<{ items: WalkedItem[]; truncated: boolean }> {
  if (walk.limit === 0) return { items: [], truncated: false };
  // One more than asked for tells whether the listing goes on.
  const wanted = walk.limit + 1;
  const items: WalkedItem[] = [];
  let position = walk.start;
  let batch = walk.delimiter === null ? wanted : Math.min(wanted, FIRST_BATCH);
  while (Buffer.compare(position, walk.end) < 0) {
    const entries = await walk.read({ start: position, end: walk.end, limit: batch });
    const taken = takeItems(walk, entries, items, wanted);
    const last = entries.at(-1);
    if (items.length >= wanted || last === undefined || entries.length < batch) break;
    position = nextPosition(walk, items, last);
    // Entries below a prefix that was listed already were read in vain: read less at a time, or more while they count.
    batch = taken * 2 < entries.length ? Math.max(SMALLEST_BATCH, batch >> 2) : batch * 2;
    batch = Math.min(batch, Math.max(SMALLEST_BATCH, wanted - items.length));
  }
  const truncated = items.length > walk.limit;
  return { items: truncated ? items.slice(0, walk.limit) : items, truncated };
}

/** Adds what the entries stand for; returns how many were not below a prefix that was listed already. */
function takeItems(walk: KeyWalk, entries: readonly Entry[], items: WalkedItem[], wanted: number): number {
  let below = openPrefix(items);
  let taken = 0;
  for (const entry of entries) {
    if (items.length >= wanted) break;
    const key = walk.keyOf(entry.key);
    if (below !== null && key.startsWith(below)) continue;
    taken++;
    below = commonPrefixOf(key, walk.prefix, walk.delimiter);
    items.push(below === null ? { kind: 'entry', key, entry } : { kind: 'prefix', prefix: below });
  }
  return taken;
}

function openPrefix(items: readonly WalkedItem[]): string | null {
  const last = items.at(-1);
  return last?.kind === 'prefix' ? last.prefix : null;
}

function nextPosition(walk: KeyWalk, items: readonly WalkedItem[], last: Entry): Bytes {
  const below = openPrefix(items);
  return below === null ? keyAfter(last.key) : walk.afterPrefix(below);
}

/** The larger of two encoded keys. */
export const laterOf = (a: Bytes, b: Bytes): Bytes => (Buffer.compare(a, b) < 0 ? b : a);
