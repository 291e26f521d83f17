// Changes of a version that stays what it is: its tags, its lock, its ACL. Neither ETag nor Last-Modified moves.
import type { Tag } from '../metadata/tables/bucket-configurations.ts';
import type { BucketRecord, ObjectLock, ObjectRecord, Retention } from '../metadata/tables/objects.ts';
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import { S3Error } from '../shared/errors.ts';
import type { ObjectKey } from '../shared/ids.ts';
import type { ObjectChange } from './changes.ts';
import { isMarker, latestVersion, type LocatedVersion, locateVersion } from './find-version.ts';
import { checkRetentionChange, noLock, requireLockBucket } from './object-lock.ts';
import type { Guard, StorageDeps } from './storage-deps.ts';
import { commit } from './store-errors.ts';
import { tagsOf } from './tags.ts';
import { rewriteVersion } from './versions.ts';
import { parseScope, scopeKeys } from './write-scope.ts';

export type ChangeOptions = {
  readonly bucket: BucketRecord;
  readonly key: ObjectKey;
  /** as the client sent it; null: the latest */
  readonly versionId: string | null;
  readonly guard: Guard;
};

type Deps = Pick<StorageDeps, 'store' | 'clock' | 'announce'>;

type Told = Extract<ObjectChange, { readonly object: ObjectRecord }>['kind'];

/** What else the commit does. */
type Effects = {
  /** what listeners are told; null: nothing */
  readonly told?: Told | null | ((before: ObjectRecord, after: ObjectRecord) => Told | null);
  readonly also?: (transaction: Transaction, changed: ObjectRecord) => void;
};

/** Errors: NoSuchKey, NoSuchVersion, MethodNotAllowed (a delete marker), and those of `change`. */
export async function changeObject(
  deps: Deps,
  options: ChangeOptions,
  change: (object: ObjectRecord, bucket: BucketRecord) => ObjectRecord,
  { told = null, also }: Effects = {},
): Promise<ObjectRecord> {
  const { bucket, key } = options;
  return commit(deps, async (transaction) => {
    await options.guard(transaction);
    const [bucketValue, projectValue] = await transaction.getMany(scopeKeys(bucket));
    const scope = parseScope(bucket, bucketValue, projectValue);
    const found = await locate(transaction, scope.bucket, options);
    if (found === undefined) throw notFound(options);
    if (isMarker(found.record)) {
      throw new S3Error('MethodNotAllowed', { headers: { 'x-amz-delete-marker': 'true', allow: 'DELETE' } });
    }
    const changed = change(found.record, scope.bucket);
    rewriteVersion(transaction, bucket.bucketId, key, found, changed);
    also?.(transaction, changed);
    const kind = typeof told === 'function' ? told(found.record, changed) : told;
    if (kind !== null) await deps.announce?.(transaction, scope.bucket, { kind, key, object: changed });
    return changed;
  });
}

async function locate(
  snapshot: Snapshot,
  bucket: BucketRecord,
  { key, versionId }: ChangeOptions,
): Promise<LocatedVersion | undefined> {
  if (versionId !== null) return locateVersion(snapshot, bucket.bucketId, key, versionId);
  const record = await latestVersion(snapshot, bucket, key);
  return record === undefined ? undefined : { record, current: isMarker(record) ? undefined : record };
}

function notFound({ key, versionId }: ChangeOptions): S3Error {
  if (versionId === null) return new S3Error('NoSuchKey', { fields: { Key: key } });
  return new S3Error('NoSuchVersion', { fields: { Key: key, VersionId: versionId } });
}

/** An empty list takes all tags away. */
export async function setTags(
  deps: Deps,
  options: ChangeOptions & { readonly tags: readonly Tag[] },
): Promise<ObjectRecord> {
  const told = options.tags.length === 0 ? 'untagged' : 'tagged';
  return changeObject(deps, options, ({ tags: _before, ...object }) => ({ ...object, ...tagsOf(options) }), { told });
}

/** Errors: InvalidRequest (the bucket has no object lock), AccessDenied (the retention in force does not allow it). */
export async function setRetention(
  deps: Deps,
  options: ChangeOptions & {
    /** null takes it away */
    readonly retention: Retention | null;
    readonly bypassGovernance: boolean;
  },
): Promise<ObjectRecord> {
  const { retention, bypassGovernance } = options;
  return changeObject(deps, options, (object, bucket) => {
    requireLockBucket(bucket);
    const lock = object.lock ?? noLock;
    checkRetentionChange(lock.retention, retention, deps.clock(), bypassGovernance);
    return withLock(object, { ...lock, retention });
  });
}

/** Errors: InvalidRequest (the bucket has no object lock). */
export async function setLegalHold(
  deps: Deps,
  options: ChangeOptions & { readonly legalHold: boolean },
): Promise<ObjectRecord> {
  return changeObject(deps, options, (object, bucket) => {
    requireLockBucket(bucket);
    return withLock(object, { ...(object.lock ?? noLock), legalHold: options.legalHold });
  });
}

function withLock({ lock: _before, ...object }: ObjectRecord, lock: ObjectLock): ObjectRecord {
  return lock.retention === null && lock.legalHold === null ? object : { ...object, lock };
}
