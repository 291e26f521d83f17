// Which requests for a bucket's objects stand in the audit trail. It is a field of the bucket's record, because every
// request reads that and asks.
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { changeBucket } from './bucket-configurations.ts';
import type { Guard, StorageDeps } from './storage-deps.ts';

export type DataAccess = 'none' | 'write' | 'all';

export const dataAccessOf = ({ audits }: BucketRecord): DataAccess => audits ?? 'none';

/** In force at the next request. Errors: NoSuchBucket, AccessDenied, and the guard's. */
export async function setDataAccess(
  deps: Pick<StorageDeps, 'store'>,
  bucket: BucketRecord,
  wanted: DataAccess,
  guard: Guard,
): Promise<BucketRecord> {
  return changeBucket(deps, { bucket, guard }, async ({ audits: _before, ...current }) => ({
    ...current,
    ...(wanted === 'none' ? {} : { audits: wanted }),
  }));
}
