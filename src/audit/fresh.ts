// Records that are not in blocks yet.
import type { Snapshot } from '../metadata/metadata-store.ts';
import { auditFreshRange, auditNextBlockKey } from '../metadata/tables/audit.ts';
import type { AuditRecord } from './entry.ts';
import type { CompiledFilter } from './filter.ts';
import { parseLine, readHead } from './lines.ts';
import { type AuditCursor, comparePlaces, isBeyond } from './place.ts';

const PAGE_ROWS = 1000;

export const textOf = (value: Uint8Array): string =>
  Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8');

export type Found = { readonly line: string; readonly record: AuditRecord; readonly place: AuditCursor };

/** The newest first. */
export async function findFresh(
  snapshot: Snapshot,
  { from, to, matches }: Pick<CompiledFilter, 'from' | 'to' | 'matches'>,
  after: AuditCursor | null,
): Promise<Found[]> {
  const block = await readNextBlock(snapshot);
  const found: Found[] = [];
  for await (const line of freshLines(snapshot)) {
    const head = readHead(line);
    if (head === null || head.at < from || head.at >= to) continue;
    const { at, chain, seq } = head;
    if (!isBeyond(head, block, after)) continue;
    const record = parseLine(line);
    if (matches(record)) found.push({ line, record, place: { at, chain, seq, block, wasFresh: true } });
  }
  return found.toSorted((a, b) => comparePlaces(b.place, a.place));
}

/** Chain by chain. */
export async function* freshLines(snapshot: Snapshot): AsyncGenerator<string> {
  let { start, end } = auditFreshRange();
  for (;;) {
    const rows = await snapshot.range({ start, end, limit: PAGE_ROWS });
    for (const { value } of rows) yield* textOf(value).split('\n');
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_ROWS) return;
    start = Buffer.concat([last.key, Buffer.of(0)]);
  }
}

export async function readNextBlock(snapshot: Snapshot): Promise<number> {
  const value = await snapshot.get(auditNextBlockKey());
  return value === undefined ? 0 : Number(textOf(value));
}
