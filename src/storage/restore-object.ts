// Objects of archive classes: they must be restored before they can be read, for some days. Here an archive is a pool on a
// disk like the others, so a restore is done at once and copies nothing: the object can be read until the days are over.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects.html
import type { ObjectRecord } from '../metadata/tables/objects.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { type RestoreEndRecord, restoreEndKey } from '../metadata/tables/restores.ts';
import { S3Error } from '../shared/errors.ts';
import { changeObject, type ChangeOptions } from './change-object.ts';
import { dueAt } from './lifecycle-rules.ts';
import { isArchive } from './storage-classes.ts';
import type { StorageDeps } from './storage-deps.ts';

type Archivable = Pick<ObjectRecord, 'storageClass' | 'restore'>;

/** Until when the restored object can be read; null: it is not restored. */
export function restoredUntil({ storageClass, restore }: Archivable, now: number): number | null {
  return isArchive(storageClass) && restore !== undefined && restore.until > now ? restore.until : null;
}

/** Throws InvalidObjectState for an archived object that is not restored. */
export function requireReadable(object: Archivable, now: number): void {
  const { storageClass } = object;
  if (!isArchive(storageClass) || restoredUntil(object, now) !== null) return;
  throw new S3Error('InvalidObjectState', {
    message: "The operation is not valid for the object's storage class",
    fields: { StorageClass: storageClass },
  });
}

/** Returns whether it was restored already; then only the time is new. Errors: InvalidObjectState and those of a read. */
export async function restoreObject(
  deps: Pick<StorageDeps, 'store' | 'clock' | 'announce'>,
  options: ChangeOptions & { readonly days: number; readonly dayMs: number },
): Promise<{ readonly renewed: boolean }> {
  const now = deps.clock();
  const until = dueAt(now, options.days, options.dayMs);
  let renewed = false;
  const restore = (object: ObjectRecord): ObjectRecord => {
    if (!isArchive(object.storageClass)) {
      throw new S3Error('InvalidObjectState', {
        message: "Restore is not allowed for the object's current storage class",
        fields: { StorageClass: object.storageClass },
      });
    }
    renewed = restoredUntil(object, now) !== null;
    return { ...object, restore: { until } };
  };
  const { bucket, key } = options;
  await changeObject(deps, options, restore, {
    told: 'restored',
    also: (transaction, { versionId }) => {
      const row: RestoreEndRecord = { v: 1, region: bucket.region, bucket: bucket.name };
      transaction.put(restoreEndKey({ until, bucketId: bucket.bucketId, versionId, key }), encodeRecord(row));
    },
  });
  return { renewed };
}
