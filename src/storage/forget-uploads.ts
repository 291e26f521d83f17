// The records of completed uploads: kept for a day, so that a client that lost the answer can ask again.
import { keyAfter } from '../metadata/keys.ts';
import type { Bytes } from '../metadata/metadata-store.ts';
import { allUploadsRange, type UploadRecord } from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { StorageDeps } from './storage-deps.ts';

export const COMPLETED_KEPT_MS = 24 * 60 * 60 * 1000;
const BATCH = 500;

/** Looks at some uploads from `cursor` on (null: the first); returns where to go on, null after the last. */
export async function forgetCompletedUploads(
  deps: Pick<StorageDeps, 'store' | 'clock'>,
  cursor: Bytes | null,
): Promise<{ readonly cursor: Bytes | null; readonly forgotten: number }> {
  const { start, end } = allUploadsRange();
  const range = { start: cursor ?? start, end, limit: BATCH };
  const entries = await deps.store.read((snapshot) => snapshot.range(range));
  const until = deps.clock() - COMPLETED_KEPT_MS;
  const old = entries.filter(({ value }) => {
    const { completed } = decodeRecord<UploadRecord>(value);
    return completed !== null && completed.at <= until;
  });
  if (old.length > 0) {
    await deps.store.transact(async (transaction) => {
      for (const { key } of old) transaction.delete(key);
    });
  }
  const last = entries.at(-1);
  return { cursor: last === undefined || entries.length < BATCH ? null : keyAfter(last.key), forgotten: old.length };
}
