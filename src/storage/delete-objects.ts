// Deleting: the record goes at once, the bytes when nobody can be reading them any more.
import type { Bytes, Transaction } from '../metadata/metadata-store.ts';
import { type BucketRecord, currentKey } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import type { ObjectKey } from '../shared/ids.ts';
import { decodeObject, removeObject } from './current-object.ts';
import { checkDelete } from './preconditions.ts';
import type { Guard, StorageDeps } from './storage-deps.ts';
import { commit } from './store-errors.ts';
import { parseScope, scopeKeys, type WriteScope } from './write-scope.ts';

/** Keys deleted in one commit. */
const BATCH = 250;

export type DeleteOptions = {
  readonly bucket: BucketRecord;
  readonly key: ObjectKey;
  /** `*` or an entity tag; null or absent: unconditional */
  readonly ifMatch?: string | null;
  readonly guard: Guard;
};

/** A key that is not there counts as deleted, unless `ifMatch` asks for it. */
export async function deleteObject(deps: StorageDeps, options: DeleteOptions): Promise<void> {
  const { bucket, key, ifMatch = null } = options;
  await commit(deps, async (transaction) => {
    await options.guard(transaction);
    const [bucketValue, projectValue, currentValue] = await transaction.getMany([
      ...scopeKeys(bucket),
      currentKey(bucket.bucketId, key),
    ]);
    const scope = parseScope(bucket, bucketValue, projectValue);
    deleteOne(transaction, scope, { key, ifMatch, value: currentValue }, deps.clock());
  });
}

function deleteOne(
  transaction: Transaction,
  scope: WriteScope,
  target: { readonly key: ObjectKey; readonly ifMatch: string | null; readonly value: Bytes | undefined },
  now: number,
): void {
  const previous = decodeObject(target.value);
  if (target.ifMatch !== null) checkDelete(target.ifMatch, previous);
  if (previous !== undefined) removeObject(transaction, scope, { key: target.key, previous }, now);
}

export type DeleteResult = { readonly key: ObjectKey; readonly error: S3Error | null };

export type KeyToDelete = { readonly key: ObjectKey; readonly ifMatch: string | null };

export type DeleteManyOptions = {
  readonly bucket: BucketRecord;
  /** a key alone is deleted unconditionally */
  readonly keys: readonly (ObjectKey | KeyToDelete)[];
  readonly guard: Guard;
};

/** One result per key, in the order given. */
export async function deleteObjects(deps: StorageDeps, options: DeleteManyOptions): Promise<DeleteResult[]> {
  const results: DeleteResult[] = [];
  const targets = options.keys.map((key) => (typeof key === 'string' ? { key, ifMatch: null } : key));
  for (let first = 0; first < targets.length; first += BATCH) {
    results.push(...(await deleteBatch(deps, options, targets.slice(first, first + BATCH))));
  }
  return results;
}

/** What fails for one key is that key's result; what fails for the commit is every key's. */
async function deleteBatch(
  deps: StorageDeps,
  { bucket, guard }: DeleteManyOptions,
  targets: readonly KeyToDelete[],
): Promise<DeleteResult[]> {
  const keys = [...scopeKeys(bucket), ...targets.map(({ key }) => currentKey(bucket.bucketId, key))];
  try {
    return await commit(deps, async (transaction) => {
      await guard(transaction);
      const [bucketValue, projectValue, ...values] = await transaction.getMany(keys);
      const scope = parseScope(bucket, bucketValue, projectValue);
      const deleted = new Set<ObjectKey>();
      return targets.map(({ key, ifMatch }, index) => {
        const value = deleted.has(key) ? undefined : values[index];
        const error = attempt(() => deleteOne(transaction, scope, { key, ifMatch, value }, deps.clock()));
        if (error === null) deleted.add(key);
        return { key, error };
      });
    });
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    return targets.map(({ key }) => ({ key, error }));
  }
}

function attempt(fn: () => void): S3Error | null {
  try {
    fn();
    return null;
  } catch (error) {
    if (error instanceof S3Error) return error;
    throw error;
  }
}
