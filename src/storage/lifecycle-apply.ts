// What lifecycle rules decided, done: each in a commit that finds the version as it was and asks the rules again.
import type { Transaction } from '../metadata/metadata-store.ts';
import type { LifecycleConfiguration } from '../metadata/tables/lifecycle.ts';
import {
  type BucketRecord,
  currentKey,
  type ObjectRecord,
  type VersionRecord,
  versionsOfKeyRange,
} from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import type { ObjectKey } from '../shared/ids.ts';
import { revisionOf } from './bucket-configurations.ts';
import { decodeObject, isMarker, locateVersion } from './find-version.ts';
import { currentAction, type LifecycleTiming, type ObjectFacts } from './lifecycle-rules.ts';
import { abortUpload } from './multipart.ts';
import { isLocked, noLock } from './object-lock.ts';
import type { StorageDeps } from './storage-deps.ts';
import { addMarker, removeVersion } from './versions.ts';
import { parseScope, scopeKeys, type WriteScope } from './write-scope.ts';

/** A walk works with the rules of this revision of the bucket. */
export type LifecycleScope = {
  readonly bucket: BucketRecord;
  readonly configuration: LifecycleConfiguration;
  readonly timing: LifecycleTiming;
};

/** The bucket or its rules changed: to be looked at anew. */
export class RulesChangedError extends Error {
  override readonly name = 'RulesChangedError';
}

export const factsOf = (key: string, object: ObjectRecord): ObjectFacts => ({
  key,
  sizeBytes: object.sizeBytes,
  tags: object.tags ?? [],
  storageClass: object.storageClass,
  lastModified: object.lastModified,
});

export type KeyedObject = { readonly key: ObjectKey; readonly object: ObjectRecord };
export type KeyedVersion = { readonly key: ObjectKey; readonly record: VersionRecord };

/** Without versioning the objects go; with it they are hidden by delete markers. Returns how many. */
export async function expireCurrent(
  deps: StorageDeps,
  scope: LifecycleScope,
  objects: readonly KeyedObject[],
): Promise<number> {
  const keys = objects.map(({ key }) => currentKey(scope.bucket.bucketId, key));
  return deps.store.transact(async (transaction) => {
    const write = await enter(transaction, scope);
    const values = await transaction.getMany(keys);
    let count = 0;
    for (const [index, { key, object }] of objects.entries()) {
      const current = decodeObject(values[index]);
      if (current === undefined || !isSame(current, object) || !isExpired(scope, key, current)) continue;
      await expireOne(deps, transaction, write, { key, current });
      count++;
    }
    return count;
  });
}

/** Tags may have changed since the walk read the object. */
function isExpired({ configuration, timing }: LifecycleScope, key: ObjectKey, object: ObjectRecord): boolean {
  return currentAction(configuration, factsOf(key, object), timing)?.kind === 'expire';
}

async function expireOne(
  deps: StorageDeps,
  transaction: Transaction,
  write: WriteScope,
  { key, current }: { readonly key: ObjectKey; readonly current: ObjectRecord },
): Promise<void> {
  if (write.bucket.versioning === 'off') {
    await removeVersion(transaction, write, key, { record: current, current }, deps.clock());
    const { versionId } = current;
    await deps.announce?.(transaction, write.bucket, { kind: 'removed', key, versionId, object: current });
    return;
  }
  const { versionId } = await addMarker(transaction, write, { key, current }, deps.clock());
  await deps.announce?.(transaction, write.bucket, { kind: 'marked', key, versionId });
}

/** Noncurrent versions and delete markers go for good; a lock wins. Returns how many went. */
export async function expireVersions(
  deps: StorageDeps,
  scope: LifecycleScope,
  versions: readonly KeyedVersion[],
): Promise<number> {
  return deps.store.transact(async (transaction) => {
    const write = await enter(transaction, scope);
    let count = 0;
    for (const { key, record } of versions) {
      const found = await locateVersion(transaction, scope.bucket.bucketId, key, record.versionId);
      if (found === undefined || !isSame(found.record, record) || found.current?.versionId === record.versionId)
        continue;
      if (isHeld(found.record, deps.clock())) continue;
      await removeVersion(transaction, write, key, found, deps.clock());
      const object = isMarker(found.record) ? null : found.record;
      await deps.announce?.(transaction, write.bucket, { kind: 'removed', key, versionId: record.versionId, object });
      count++;
    }
    return count;
  });
}

/** A delete marker goes when it is all there is of its key. */
export async function expireLonelyMarkers(
  deps: StorageDeps,
  scope: LifecycleScope,
  markers: readonly KeyedVersion[],
): Promise<number> {
  const lonely = await deps.store.read(async (snapshot) => {
    const found: KeyedVersion[] = [];
    for (const marker of markers) {
      const range = { ...versionsOfKeyRange(scope.bucket.bucketId, marker.key), limit: 2 };
      const current = await snapshot.get(currentKey(scope.bucket.bucketId, marker.key));
      if (current === undefined && (await snapshot.range(range)).length === 1) found.push(marker);
    }
    return found;
  });
  return lonely.length === 0 ? 0 : expireVersions(deps, scope, lonely);
}

/** Returns whether it was still open. */
export async function abortOverdue(
  deps: StorageDeps,
  { bucket }: LifecycleScope,
  upload: { readonly key: ObjectKey; readonly uploadId: string },
): Promise<boolean> {
  try {
    await abortUpload(deps, { ...upload, bucket, guard: async () => {} });
    return true;
  } catch (error) {
    if (error instanceof S3Error && error.code === 'NoSuchUpload') return false;
    throw error;
  }
}

async function enter(transaction: Transaction, { bucket }: LifecycleScope): Promise<WriteScope> {
  const [bucketValue, projectValue] = await transaction.getMany(scopeKeys(bucket));
  const write = parseScope(bucket, bucketValue, projectValue);
  if (revisionOf(write.bucket) !== revisionOf(bucket)) throw new RulesChangedError('the bucket was configured anew');
  return write;
}

function isSame(a: VersionRecord, b: VersionRecord): boolean {
  if (a.versionId !== b.versionId || a.lastModified !== b.lastModified) return false;
  return isMarker(a) || isMarker(b) ? isMarker(a) === isMarker(b) : a.etag === b.etag;
}

const isHeld = (record: VersionRecord, now: number): boolean =>
  !isMarker(record) && isLocked(record.lock ?? noLock, now, false);
