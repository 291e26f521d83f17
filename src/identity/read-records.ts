import type { Bytes, Snapshot } from '../metadata/metadata-store.ts';
import { keyAfter } from '../metadata/keys.ts';
import { decodeRecord } from '../metadata/tables/record.ts';

const PAGE = 1000;

export async function readRecord<T extends { readonly v: number }>(
  snapshot: Snapshot,
  key: Bytes,
): Promise<T | undefined> {
  const value = await snapshot.get(key);
  return value === undefined ? undefined : decodeRecord<T>(value);
}

/** Every value of a range, read in pages. For ranges that a limit bounds. */
export async function readValues(snapshot: Snapshot, range: { start: Bytes; end: Bytes }): Promise<Bytes[]> {
  const values: Bytes[] = [];
  let start = range.start;
  for (;;) {
    const entries = await snapshot.range({ start, end: range.end, limit: PAGE });
    for (const entry of entries) values.push(entry.value);
    const last = entries.at(-1);
    if (last === undefined || entries.length < PAGE) return values;
    start = keyAfter(last.key);
  }
}

export async function readRecords<T extends { readonly v: number }>(
  snapshot: Snapshot,
  range: { start: Bytes; end: Bytes },
): Promise<T[]> {
  return (await readValues(snapshot, range)).map((value) => decodeRecord<T>(value));
}

/** Values that are themselves text, such as ids in an index. */
export const textValue = (value: Bytes): string => Buffer.from(value).toString('utf8');
export const encodeText = (text: string): Bytes => Buffer.from(text, 'utf8');
