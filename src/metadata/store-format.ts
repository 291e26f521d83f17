// The number of the form that everything in a store is written in. A program knows one number and all below it. What a new
// number brings is not written before every gateway knows it (gateways/raise-format.ts); until then a newer program writes
// as the older ones do.
import { encodeKey, tables } from './keys.ts';
import { type Snapshot, StoreUnavailableError, type Transaction } from './metadata-store.ts';
import { decodeRecord, encodeRecord } from './tables/record.ts';

/** What this program knows. Raise it with every change that an older program would read wrongly or undo. */
export const KNOWN_FORMAT = 1;

type FormatRecord = { readonly v: 1; readonly format: number };

/** Absent: 1. */
const formatKey = encodeKey(tables.meta, 'format');

export class StoreTooNewError extends StoreUnavailableError {}

export async function readFormat(snapshot: Snapshot): Promise<number> {
  const value = await snapshot.get(formatKey);
  return value === undefined ? 1 : decodeRecord<FormatRecord>(value).format;
}

export function putFormat(transaction: Transaction, format: number): void {
  const record: FormatRecord = { v: 1, format };
  transaction.put(formatKey, encodeRecord(record));
}

export async function refuseNewerFormat(snapshot: Snapshot, known: number = KNOWN_FORMAT): Promise<void> {
  const format = await readFormat(snapshot);
  if (format <= known) return;
  throw new StoreTooNewError(
    `this store is written in format ${format}, this program knows formats up to ${known}: use a newer program`,
  );
}
