// Lists page by an opaque cursor: the sort key of the last item sent. A list may change between two pages; no item that
// stays is skipped or sent twice.
import { ProblemError } from '../shared/errors.ts';

export type Page<Item> = { items: Item[]; nextCursor: string | null };
export type PageQuery = { readonly cursor?: string | undefined; readonly limit: number };

export const encodeCursor = (sortKey: string): string => Buffer.from(sortKey, 'utf8').toString('base64url');

export function decodeCursor(cursor: string): string {
  const sortKey = Buffer.from(cursor, 'base64url').toString('utf8');
  if (cursor === '' || encodeCursor(sortKey) !== cursor) {
    throw new ProblemError(
      400,
      'invalid-cursor',
      'This cursor is not one that the server made. Start from the first page.',
      {
        field: 'cursor',
      },
    );
  }
  return sortKey;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** One page of a list that fits in memory (an account's limits bound it). Sort keys must be unique. */
export function paginate<Item>(
  items: readonly Item[],
  sortKeyOf: (item: Item) => string,
  query: PageQuery,
): Page<Item> {
  const after = query.cursor === undefined ? null : decodeCursor(query.cursor);
  const rest = items
    .map((item) => ({ item, sortKey: sortKeyOf(item) }))
    .filter(({ sortKey }) => after === null || compare(sortKey, after) > 0)
    .sort((a, b) => compare(a.sortKey, b.sortKey));
  const page = rest.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: page.map(({ item }) => item),
    nextCursor: rest.length > page.length && last !== undefined ? encodeCursor(last.sortKey) : null,
  };
}

const LAST_TIME = 10 ** 15;

/** Sorts newest first. */
export const newestFirst = (createdAt: number, id: string): string => `${LAST_TIME - createdAt} ${id}`;
