// The one write path of PutObject, CopyObject and form uploads: blob first, metadata second, delete last.
import type { Snapshot } from '../metadata/metadata-store.ts';
import { type BucketRecord, currentKey, type ObjectRecord, type SystemMetadata } from '../metadata/tables/objects.ts';
import type { ObjectKey, VersionId } from '../shared/ids.ts';
import { decodeObject, replaceObject } from './current-object.ts';
import type { ObjectSource } from './object-source.ts';
import { commitBody, type PendingBody, receiveBody } from './pending-body.ts';
import { checkWrite, type WritePreconditions } from './preconditions.ts';
import type { Guard, StorageDeps } from './storage-deps.ts';
import { checkRoom, parseScope, scopeKeys } from './write-scope.ts';

export type WriteOptions = {
  readonly bucket: BucketRecord;
  readonly key: ObjectKey;
  readonly source: ObjectSource;
  readonly system: SystemMetadata;
  readonly user: Readonly<Record<string, string>>;
  /** also the pool its bytes go to */
  readonly storageClass: string;
  readonly preconditions: WritePreconditions;
  readonly guard: Guard;
};

/** Errors: QuotaExceeded, StorageFull, PreconditionFailed, NoSuchKey (If-Match), NoSuchBucket, and the source's. */
export async function writeObject(deps: StorageDeps, options: WriteOptions): Promise<ObjectRecord> {
  const { bucket, key, preconditions } = options;
  const keys = [...scopeKeys(bucket), currentKey(bucket.bucketId, key)];
  const admit = async (snapshot: Snapshot, sizeBytes: number | null): Promise<void> => {
    const [bucketValue, projectValue, currentValue] = await snapshot.getMany(keys);
    const current = decodeObject(currentValue);
    checkWrite(preconditions, current);
    await checkRoom(
      snapshot,
      parseScope(bucket, bucketValue, projectValue),
      (sizeBytes ?? 0) - (current?.sizeBytes ?? 0),
    );
  };
  await using pending = await receiveBody(deps, options.source, options.storageClass, admit);
  return await commitBody(deps, pending, async (transaction) => {
    await options.guard(transaction);
    const [bucketValue, projectValue, currentValue] = await transaction.getMany(keys);
    const scope = parseScope(bucket, bucketValue, projectValue);
    const previous = decodeObject(currentValue);
    checkWrite(preconditions, previous);
    const record = newRecord(options, pending, deps.clock());
    replaceObject(transaction, scope, { key, previous, addedBytes: record.sizeBytes }, record);
    return record;
  });
}

function newRecord(options: WriteOptions, pending: PendingBody, now: number): ObjectRecord {
  return {
    v: 1,
    versionId: 'null' as VersionId,
    sizeBytes: pending.sizeBytes,
    etag: pending.md5Hex,
    lastModified: now,
    storageClass: options.storageClass,
    system: options.system,
    user: options.user,
    checksum: pending.checksum,
    body: pending.body,
  };
}
