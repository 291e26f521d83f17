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
/** Stepping over so many entries costs as much as a jump. */
const PROBE_BATCH = 8;
const MOST_JUMPS = 64;

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
  const batches = walk.delimiter === null ? oneBatch : growingBatches();
  let position = walk.start;
  while (Buffer.compare(position, walk.end) < 0) {
    const batch = batches.next(wanted - items.length);
    const entries = await walk.read({ start: position, end: walk.end, ...batch });
    const last = entries.at(-1);
    if (batch.keysOnly && last !== undefined && !isBelowDelimiter(walk, last)) {
      batches.land();
      continue;
    }
    const taken = takeItems(walk, entries, items, wanted);
    if (items.length >= wanted || last === undefined || entries.length < batch.limit) break;
    position = nextPosition(walk, items, last);
    batches.learn(entries.length, taken);
  }
  const truncated = items.length > walk.limit;
  return { items: truncated ? items.slice(0, walk.limit) : items, truncated };
}

type Batch = Pick<Range, 'limit' | 'keysOnly'>;

type Batches = {
  /** what to read when `wanted` items are still missing; keys only: one, which is expected to be below a new prefix */
  readonly next: (wanted: number) => Batch;
  /** of so many entries read, so many were not below a prefix that was listed already */
  readonly learn: (read: number, taken: number) => void;
  /** what was expected below a prefix is an entry of its own, and is to be read with its value */
  readonly land: () => void;
};

const oneBatch: Batches = { next: (wanted) => ({ limit: wanted }), learn: () => {}, land: () => {} };

/**
 * Below prefixes of many keys all but the first entry are read in vain: only the first key then, with a jump after it, and
 * now and then a larger batch to see whether it pays again. While it does, batches grow.
 */
function growingBatches(): Batches {
  let size = FIRST_BATCH;
  let jumps = 0;
  let pause = 1;
  return {
    next: (wanted) =>
      jumps > 0 ? { limit: 1, keysOnly: true } : { limit: Math.min(size, Math.max(PROBE_BATCH, wanted)) },
    learn: (read, taken) => {
      if (jumps > 0) {
        jumps--;
        return;
      }
      const pays = taken * PROBE_BATCH > read;
      size = pays ? size * 2 : PROBE_BATCH;
      pause = pays ? 1 : Math.min(pause * 2, MOST_JUMPS);
      jumps = pays ? 0 : pause;
    },
    land: () => {
      jumps = 0;
    },
  };
}

function isBelowDelimiter({ keyOf, prefix, delimiter }: KeyWalk, { key }: Entry): boolean {
  return commonPrefixOf(keyOf(key), prefix, delimiter) !== null;
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
