// Deleting. Without versioning the record goes at once, the bytes when nobody can be reading them any more. With it a
// plain delete only adds a delete marker; a named version goes for good, unless a lock holds it.
import type { Bytes, Transaction } from '../metadata/metadata-store.ts';
import { type BucketRecord, currentKey, type VersionRecord } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import type { ObjectKey } from '../shared/ids.ts';
import type { Announce } from './changes.ts';
import { decodeObject, isMarker, locateVersion } from './find-version.ts';
import { checkRemovable } from './object-lock.ts';
import { checkDelete } from './preconditions.ts';
import type { Guard, StorageDeps } from './storage-deps.ts';
import { commit } from './store-errors.ts';
import { addMarker, removeVersion } from './versions.ts';
import { parseScope, scopeKeys, type WriteScope } from './write-scope.ts';

/** Keys deleted in one commit. */
const BATCH = 250;

export type DeleteTarget = {
  readonly key: ObjectKey;
  /** as the client sent it; null or absent: no version is named */
  readonly versionId?: string | null;
  /** `*` or an entity tag; null or absent: unconditional */
  readonly ifMatch?: string | null;
  /** the caller may, and asks to, override locks of governance */
  readonly bypassGovernance?: boolean;
};

export type DeleteOptions = DeleteTarget & {
  readonly bucket: BucketRecord;
  readonly guard: Guard;
};

export type DeleteOutcome = {
  /** of the version removed, or of the delete marker made; null when the bucket has no versioning */
  readonly versionId: string | null;
  /** a delete marker was made or removed */
  readonly deleteMarker: boolean;
};

/** A key or version that is not there counts as deleted, unless `ifMatch` asks for it. Errors: AccessDenied (a lock). */
export async function deleteObject(deps: StorageDeps, options: DeleteOptions): Promise<DeleteOutcome> {
  const { bucket } = options;
  return commit(deps, async (transaction) => {
    await options.guard(transaction);
    const [bucketValue, projectValue, value] = await transaction.getMany([
      ...scopeKeys(bucket),
      currentKey(bucket.bucketId, options.key),
    ]);
    const scope = parseScope(bucket, bucketValue, projectValue);
    const within = { transaction, scope, now: deps.clock(), announce: deps.announce };
    return deleteOne(within, options, value);
  });
}

type DeleteScope = {
  readonly transaction: Transaction;
  readonly scope: WriteScope;
  readonly now: number;
  readonly announce: Announce | undefined;
};

/** `value`: what `current` has for the key. */
async function deleteOne(within: DeleteScope, target: DeleteTarget, value: Bytes | undefined): Promise<DeleteOutcome> {
  const { versionId = null } = target;
  if (versionId !== null) return deleteVersion(within, target, versionId);
  const { transaction, scope, now } = within;
  const { key, ifMatch = null } = target;
  const current = decodeObject(value);
  if (ifMatch !== null) checkDelete(ifMatch, current);
  if (scope.bucket.versioning !== 'off') {
    const marker = await addMarker(transaction, scope, { key, current }, now);
    await within.announce?.(transaction, scope.bucket, { kind: 'marked', key, versionId: marker.versionId });
    return { versionId: marker.versionId, deleteMarker: true };
  }
  if (current !== undefined) {
    await removeVersion(transaction, scope, key, { record: current, current }, now);
    await announceRemoval(within, key, current);
  }
  return { versionId: null, deleteMarker: false };
}

async function deleteVersion(within: DeleteScope, target: DeleteTarget, versionId: string): Promise<DeleteOutcome> {
  const { transaction, scope, now } = within;
  const { key, ifMatch = null, bypassGovernance = false } = target;
  const found = await locateVersion(transaction, scope.bucket.bucketId, key, versionId);
  if (ifMatch !== null) checkDelete(ifMatch, objectOf(found?.record));
  if (found === undefined) return { versionId, deleteMarker: false };
  checkRemovable(found.record, now, bypassGovernance);
  await removeVersion(transaction, scope, key, found, now);
  await announceRemoval(within, key, found.record);
  return { versionId, deleteMarker: isMarker(found.record) };
}

async function announceRemoval(within: DeleteScope, key: ObjectKey, record: VersionRecord): Promise<void> {
  const object = isMarker(record) ? null : record;
  const change = { kind: 'removed', key, versionId: record.versionId, object } as const;
  await within.announce?.(within.transaction, within.scope.bucket, change);
}

const objectOf = (record: VersionRecord | undefined) => (record === undefined || isMarker(record) ? undefined : record);

export type DeleteResult = {
  readonly key: ObjectKey;
  readonly error: S3Error | null;
  /** null with an error */
  readonly outcome: DeleteOutcome | null;
};

export type DeleteManyOptions = {
  readonly bucket: BucketRecord;
  /** a key alone is deleted unconditionally */
  readonly keys: readonly (ObjectKey | DeleteTarget)[];
  /** of all that do not say otherwise */
  readonly bypassGovernance?: boolean;
  readonly guard: Guard;
};

/** One result per key, in the order given. */
export async function deleteObjects(deps: StorageDeps, options: DeleteManyOptions): Promise<DeleteResult[]> {
  const results: DeleteResult[] = [];
  const { bypassGovernance = false } = options;
  const targets = options.keys.map((key) => ({ bypassGovernance, ...(typeof key === 'string' ? { key } : key) }));
  for (let first = 0; first < targets.length; first += BATCH) {
    results.push(...(await deleteBatch(deps, options, targets.slice(first, first + BATCH))));
  }
  return results;
}

/** What fails for one key is that key's result; what fails for the commit is every key's. */
async function deleteBatch(
  deps: StorageDeps,
  { bucket, guard }: DeleteManyOptions,
  targets: readonly DeleteTarget[],
): Promise<DeleteResult[]> {
  const currentKeys = targets.map(({ key }) => currentKey(bucket.bucketId, key));
  try {
    return await commit(deps, async (transaction) => {
      await guard(transaction);
      const [bucketValue, projectValue, ...values] = await transaction.getMany([...scopeKeys(bucket), ...currentKeys]);
      const scope = parseScope(bucket, bucketValue, projectValue);
      const within = { transaction, scope, now: deps.clock(), announce: deps.announce };
      const results: DeleteResult[] = [];
      const touched = new Set<ObjectKey>();
      for (const [index, target] of targets.entries()) {
        const { key } = target;
        const value = touched.has(key) ? await transaction.get(currentKey(bucket.bucketId, key)) : values[index];
        results.push(await attempt(key, () => deleteOne(within, target, value)));
        touched.add(key);
      }
      return results;
    });
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    return targets.map(({ key }) => ({ key, error, outcome: null }));
  }
}

/** What is refused has written nothing: every check comes before the first write. */
async function attempt(key: ObjectKey, fn: () => Promise<DeleteOutcome>): Promise<DeleteResult> {
  try {
    return { key, error: null, outcome: await fn() };
  } catch (error) {
    if (error instanceof S3Error) return { key, error, outcome: null };
    throw error;
  }
}
