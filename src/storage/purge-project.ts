// Emptying a project whose time in the trash is over, in small units that may stop and go on anywhere.
import type { Transaction } from '../metadata/metadata-store.ts';
import type { ProjectRecord } from '../metadata/tables/identities.ts';
import {
  type BucketRecord,
  bucketByProjectRange,
  bucketKey,
  currentRange,
  nullVersionKey,
  readBucketByProjectKey,
  readVersionKey,
  type VersionRecord,
  versionRange,
} from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import { removeBucket } from './buckets.ts';
import { dropUploadsOfBucket } from './drop-uploads.ts';
import type { StorageDeps } from './storage-deps.ts';
import { discardVersion } from './versions.ts';
import { charge } from './write-scope.ts';

const OBJECTS_PER_UNIT = 250;

/**
 * Deletes some objects, or one empty bucket with its open uploads. Returns false when the project has no bucket left.
 * The caller has made sure that nobody can restore the project any more.
 */
export async function purgeProjectStorage(
  deps: Pick<StorageDeps, 'store' | 'clock'>,
  project: ProjectRecord,
): Promise<boolean> {
  const bucket = await firstBucket(deps, project);
  if (bucket === undefined) return false;
  const removed = await deps.store.transact(async (transaction) => {
    if (await deleteSome(transaction, bucket, project, deps.clock())) return false;
    await removeBucket(transaction, bucket, deps.clock());
    return true;
  });
  if (removed) await dropUploadsOfBucket(deps, bucket);
  return true;
}

async function firstBucket(
  { store }: Pick<StorageDeps, 'store'>,
  { projectId, region }: ProjectRecord,
): Promise<BucketRecord | undefined> {
  return store.read(async (snapshot) => {
    const [entry] = await snapshot.range({ ...bucketByProjectRange(projectId), limit: 1 });
    if (entry === undefined) return undefined;
    const value = await snapshot.get(bucketKey(region, readBucketByProjectKey(entry.key)));
    return value === undefined ? undefined : decodeRecord<BucketRecord>(value);
  });
}

async function deleteSome(
  transaction: Transaction,
  bucket: BucketRecord,
  project: ProjectRecord,
  now: number,
): Promise<boolean> {
  const { bucketId } = bucket;
  const current = await transaction.range({ ...currentRange(bucketId, ''), limit: OBJECTS_PER_UNIT });
  const versions =
    current.length > 0 ? [] : await transaction.range({ ...versionRange(bucketId), limit: OBJECTS_PER_UNIT });
  const entries = [...current, ...versions];
  for (const { key, value } of entries) {
    transaction.delete(key);
    charge(transaction, { bucket, project }, discardVersion(transaction, decodeRecord<VersionRecord>(value), now));
  }
  for (const { key } of versions) transaction.delete(nullVersionKey(bucketId, readVersionKey(key).key));
  return entries.length > 0;
}
