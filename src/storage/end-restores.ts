// Restores of archived objects that are over: the object is as it was before, and listeners are told. Each restore left a
// row with its end; the row of one that was renewed, or whose object or bucket is gone, only goes.
import type { Transaction } from '../metadata/metadata-store.ts';
import { type BucketRecord, bucketKey } from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import {
  readRestoreEndKey,
  type RestoreEnd,
  type RestoreEndRecord,
  restoreEndRange,
} from '../metadata/tables/restores.ts';
import { isMarker, locateVersion } from './find-version.ts';
import type { StorageDeps } from './storage-deps.ts';
import { rewriteVersion } from './versions.ts';

const BATCH = 100;

/** `seen` 0: nothing is over. */
export async function endRestores(
  deps: Pick<StorageDeps, 'store' | 'clock' | 'announce'>,
): Promise<{ readonly seen: number; readonly ended: number }> {
  const range = { ...restoreEndRange(deps.clock()), limit: BATCH };
  return await deps.store.transact(async (transaction) => {
    const rows = await transaction.range(range);
    let ended = 0;
    for (const { key, value } of rows) {
      transaction.delete(key);
      if (await endRestore(deps, transaction, readRestoreEndKey(key), decodeRecord<RestoreEndRecord>(value))) ended++;
    }
    return { seen: rows.length, ended };
  });
}

async function endRestore(
  { announce }: Pick<StorageDeps, 'announce'>,
  transaction: Transaction,
  { until, bucketId, versionId, key }: RestoreEnd,
  place: RestoreEndRecord,
): Promise<boolean> {
  const value = await transaction.get(bucketKey(place.region, place.bucket));
  const bucket = value === undefined ? undefined : decodeRecord<BucketRecord>(value);
  if (bucket?.bucketId !== bucketId) return false;
  const found = await locateVersion(transaction, bucketId, key, versionId);
  if (found === undefined || isMarker(found.record) || found.record.restore?.until !== until) return false;
  const { restore: _over, ...object } = found.record;
  rewriteVersion(transaction, bucketId, key, found, object);
  await announce?.(transaction, bucket, { kind: 'restore-ended', key, object });
  return true;
}
