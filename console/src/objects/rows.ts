// The order that rows are shown in, and how a row is called.
import { compareValues, type Sorting, type SortValue } from '../hooks/use-table-view.ts';
import type { Entry, FileEntry } from './listing.ts';
import { endingOf, nameOf } from './names.ts';

/** Two versions of a key are two rows. */
export function idOf(entry: Entry): string {
  if (entry.kind === 'prefix') return `p ${entry.prefix}`;
  return entry.kind === 'object' ? `o ${entry.key}` : `v ${entry.versionId} ${entry.key}`;
}

export const keyOf = (entry: Entry): string => (entry.kind === 'prefix' ? entry.prefix : entry.key);
export const labelOf = (entry: Entry): string => nameOf(keyOf(entry));
export const isFile = (entry: Entry): entry is FileEntry => entry.kind !== 'prefix';

/** More than this is not sorted while somebody waits. */
export const MAX_SORTED = 50_000;
/** So few are shown as people expect a folder: folders first, numbers by value. More come in the order of their keys. */
const SMALL = 1000;

const values: Readonly<Record<string, (entry: FileEntry) => SortValue>> = {
  size: (entry) => entry.bytes,
  type: (entry) => endingOf(entry.key),
  class: (entry) => entry.storageClass ?? '',
  modified: (entry) => entry.lastModified,
};

const NAME: Sorting = { column: 'name', descending: false };

export type View = { sorting: Sorting | null; language: string; complete: boolean };

/** The rows in order; the same array when that is the order they came in. */
export function arrange(rows: readonly Entry[], { sorting, language, complete }: View): readonly Entry[] {
  const chosen = sorting ?? (complete && rows.length <= SMALL ? NAME : null);
  if (chosen === null || rows.length > MAX_SORTED) return rows;
  const value = values[chosen.column];
  const byName = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  const direction = chosen.descending ? -1 : 1;
  const compare = (a: Entry, b: Entry): number => {
    if (!isFile(a) || !isFile(b)) {
      if (isFile(a) !== isFile(b)) return isFile(a) ? 1 : -1;
      return byName.compare(labelOf(a), labelOf(b)) * (value === undefined ? direction : 1);
    }
    const order = value === undefined ? 0 : compareValues(value(a), value(b), language) * direction;
    // versions of one key stay together, newest first, as they came
    return (
      order || (a.key === b.key ? 0 : byName.compare(labelOf(a), labelOf(b)) * (value === undefined ? direction : 1))
    );
  };
  return rows.toSorted(compare);
}
