// The lock a new version gets, decided in the commit that makes it: the bucket's default may change at any time.
import type { Transaction } from '../metadata/metadata-store.ts';
import type { BucketRecord, ObjectLock, ObjectRecord } from '../metadata/tables/objects.ts';
import { configurationIn } from './bucket-configurations.ts';
import { lockOfNew, noLock, requireLockBucketForWrite } from './object-lock.ts';

/** To be spread into the record. Errors: InvalidRequest when a lock is asked for in a bucket without. */
export async function resolveLock(
  transaction: Transaction,
  bucket: BucketRecord,
  asked: ObjectLock | undefined,
  now: number,
): Promise<Pick<ObjectRecord, 'lock'>> {
  if (asked !== undefined) requireLockBucketForWrite(bucket);
  if (!bucket.objectLock) return {};
  const configuration = await configurationIn(transaction, bucket.bucketId, 'objectLock');
  const lock = lockOfNew(asked ?? noLock, configuration, now);
  return lock === undefined ? {} : { lock };
}
