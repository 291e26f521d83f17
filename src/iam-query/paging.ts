// Lists in pages: Marker, MaxItems, IsTruncated. A marker says behind which item to go on, so that what is made or deleted
// meanwhile neither repeats nor skips anything.
import { QueryError } from './errors.ts';

export type Paging = { readonly Marker?: string | undefined; readonly MaxItems?: number | undefined };
export type Page<T> = {
  readonly items: readonly T[];
  readonly more: { readonly IsTruncated: boolean; readonly Marker?: string };
};

const DEFAULT_ITEMS = 100;

/** `items` in the order of their names, without regard to case; each has another one. */
export function page<T>(items: readonly T[], nameOf: (item: T) => string, { Marker, MaxItems }: Paging): Page<T> {
  const after = Marker === undefined ? null : nameIn(Marker);
  // names that differ in case alone are told apart
  const name = (item: T): string => `${nameOf(item).toLowerCase()}\n${nameOf(item)}`;
  const sorted = items.toSorted((a, b) => (name(a) < name(b) ? -1 : 1));
  const rest = after === null ? sorted : sorted.filter((item) => name(item) > after);
  const shown = rest.slice(0, MaxItems ?? DEFAULT_ITEMS);
  const last = shown.at(-1);
  if (last === undefined || shown.length === rest.length) return { items: shown, more: { IsTruncated: false } };
  return { items: shown, more: { IsTruncated: true, Marker: Buffer.from(name(last)).toString('base64url') } };
}

function nameIn(marker: string): string {
  const name = Buffer.from(marker, 'base64url').toString('utf8');
  if (Buffer.from(name).toString('base64url') === marker) return name;
  throw new QueryError('ValidationError', 'Invalid Marker.');
}
