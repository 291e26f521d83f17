// The bodies of a completed multipart upload. The list is split into rows behind one index row: a range of a
// 10,000-part object reads the index and the rows it touches. A row changes only when a part's
// bytes move to another pool; rows go when the object's body does.
import type { Transaction } from '../metadata/metadata-store.ts';
import { type ListedPart, type PartListIndex, type PartListRow, partListKey } from '../metadata/tables/objects.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import { BlobMissingError } from '../blobs/blob-store.ts';
import type { BlobId } from '../shared/ids.ts';
import type { ByteRange } from './ranges.ts';
import type { StorageDeps } from './storage-deps.ts';

const PARTS_PER_ROW = 100;

/** A part, and where its bytes stand in the object. */
export type PlacedPart = ListedPart & { readonly start: number };

export function writePartList(transaction: Transaction, listId: BlobId, parts: readonly ListedPart[]): void {
  const rows: { start: number; firstPart: number }[] = [];
  let start = 0;
  for (let first = 0; first < parts.length; first += PARTS_PER_ROW) {
    const inRow = parts.slice(first, first + PARTS_PER_ROW);
    rows.push({ start, firstPart: inRow[0]?.partNumber ?? 0 });
    const row: PartListRow = { v: 1, parts: inRow };
    transaction.put(partListKey(listId, rows.length), encodeRecord(row));
    start += inRow.reduce((sum, part) => sum + part.sizeBytes, 0);
  }
  const index: PartListIndex = { v: 1, rows };
  transaction.put(partListKey(listId, 0), encodeRecord(index));
}

async function readListRow<T extends { readonly v: number }>(
  { store }: Pick<StorageDeps, 'store'>,
  listId: BlobId,
  row: number,
): Promise<T> {
  const value = await store.read((snapshot) => snapshot.get(partListKey(listId, row)));
  if (value === undefined) throw new BlobMissingError(`row ${row} of part list ${listId} is missing`);
  return decodeRecord<T>(value);
}

export const readPartListIndex = (deps: Pick<StorageDeps, 'store'>, listId: BlobId): Promise<PartListIndex> =>
  readListRow<PartListIndex>(deps, listId, 0);

/** Row `row` (from 1) with the place of each part. */
async function placedParts(
  deps: Pick<StorageDeps, 'store'>,
  listId: BlobId,
  row: number,
  rowStart: number,
): Promise<PlacedPart[]> {
  const { parts } = await readListRow<PartListRow>(deps, listId, row);
  let start = rowStart;
  return parts.map((part) => {
    const placed = { ...part, start };
    start += part.sizeBytes;
    return placed;
  });
}

/** The parts that hold bytes of `range`, in order; rows are read as the iteration comes to them. */
export async function* partsInRange(
  deps: Pick<StorageDeps, 'store'>,
  listId: BlobId,
  range: ByteRange,
): AsyncGenerator<PlacedPart> {
  const { rows } = await readPartListIndex(deps, listId);
  for (const [index, { start }] of rows.entries()) {
    const rowEnd = rows[index + 1]?.start ?? Number.POSITIVE_INFINITY;
    if (rowEnd <= range.start || start >= range.end) continue;
    for (const part of await placedParts(deps, listId, index + 1, start)) {
      if (part.start < range.end && part.start + part.sizeBytes > range.start) yield part;
    }
  }
}

export async function findListedPart(
  deps: Pick<StorageDeps, 'store'>,
  listId: BlobId,
  partNumber: number,
): Promise<PlacedPart | undefined> {
  const { rows } = await readPartListIndex(deps, listId);
  const index = rows.findLastIndex((row) => row.firstPart <= partNumber);
  const row = rows[index];
  if (row === undefined) return undefined;
  const parts = await placedParts(deps, listId, index + 1, row.start);
  return parts.find((part) => part.partNumber === partNumber);
}

export type PartPage = {
  readonly parts: readonly ListedPart[];
  readonly truncated: boolean;
};

/** Parts with numbers above `marker`, in order, at most `maxParts`. */
export async function listPartsAfter(
  deps: Pick<StorageDeps, 'store'>,
  listId: BlobId,
  marker: number,
  maxParts: number,
): Promise<PartPage> {
  const { rows } = await readPartListIndex(deps, listId);
  const first = Math.max(
    0,
    rows.findLastIndex((row) => row.firstPart <= marker + 1),
  );
  const parts: ListedPart[] = [];
  for (let index = first; index < rows.length && parts.length <= maxParts; index++) {
    const row = await placedParts(deps, listId, index + 1, rows[index]?.start ?? 0);
    parts.push(...row.filter((part) => part.partNumber > marker));
  }
  return { parts: parts.slice(0, maxParts), truncated: maxParts > 0 && parts.length > maxParts };
}
