// Moving an object to another storage class: its bytes go to that class's pool, then its record says so. A small body
// stands in the metadata store whatever its class. The parts of a completed upload move one by one, each with a commit of
// its own, so that a large object can be left in the middle and gone on with.
import type { Transaction } from '../metadata/metadata-store.ts';
import {
  type BucketRecord,
  type ObjectRecord,
  partListKey,
  partListRowsRange,
  type PartListRow,
} from '../metadata/tables/objects.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import type { BlobId, ObjectKey } from '../shared/ids.ts';
import { type BlobBody, moveBlob } from './copy-blob.ts';
import { isMarker, type LocatedVersion, locateVersion } from './find-version.ts';
import { discardBody } from './garbage.ts';
import type { StorageDeps } from './storage-deps.ts';
import { rewriteVersion } from './versions.ts';
import { parseScope, scopeKeys } from './write-scope.ts';

export type TransitionTarget = {
  readonly bucket: BucketRecord;
  readonly key: ObjectKey;
  /** as it was when the rules were asked */
  readonly object: ObjectRecord;
  readonly storageClass: string;
};

/** 'more': part of it was moved, call again. 'gone': it is not what it was. */
export async function transitionObject(deps: StorageDeps, target: TransitionTarget): Promise<'done' | 'more' | 'gone'> {
  const { object, storageClass } = target;
  const { body, sizeBytes } = object;
  const pool = deps.poolOf(target.bucket.region, storageClass);
  if (body.kind === 'inline') return (await deps.store.transact((t) => rewrite(deps, t, target, {}))) ? 'done' : 'gone';
  if (body.kind === 'blob') {
    const moved = await moveBlob(deps, { body, sizeBytes, pool }, async (transaction, copy) => {
      if (!(await rewrite(deps, transaction, target, { body: copy }))) return false;
      discardBody(transaction, body, deps.clock());
      return true;
    });
    return moved ? 'done' : 'gone';
  }
  const next = await findPartElsewhere(deps, body.listId, pool);
  if (next !== null) return (await movePart(deps, target, body.listId, next)) ? 'more' : 'gone';
  return (await deps.store.transact((t) => rewrite(deps, t, target, {}))) ? 'done' : 'gone';
}

/** The version, if it still is what the caller saw, whatever has become of its tags or lock. */
async function locate(
  transaction: Transaction,
  { bucket, key, object }: TransitionTarget,
): Promise<{ found: LocatedVersion; record: ObjectRecord; bucket: BucketRecord } | null> {
  const [bucketValue, projectValue] = await transaction.getMany(scopeKeys(bucket));
  const scope = parseScope(bucket, bucketValue, projectValue);
  const found = await locateVersion(transaction, bucket.bucketId, key, object.versionId);
  if (found === undefined || isMarker(found.record) || !isSameBody(found.record, object)) return null;
  return { found, record: found.record, bucket: scope.bucket };
}

function isSameBody(a: ObjectRecord, b: ObjectRecord): boolean {
  const nameOf = ({ body }: ObjectRecord): BlobId => (body.kind === 'parts' ? body.listId : body.blobId);
  return nameOf(a) === nameOf(b) && a.storageClass === b.storageClass;
}

async function rewrite(
  deps: StorageDeps,
  transaction: Transaction,
  target: TransitionTarget,
  change: { readonly body?: BlobBody },
): Promise<boolean> {
  const located = await locate(transaction, target);
  if (located === null) return false;
  const { restore: _ended, ...record } = located.record;
  const object = { ...record, ...change, storageClass: target.storageClass };
  rewriteVersion(transaction, target.bucket.bucketId, target.key, located.found, object);
  await deps.announce?.(transaction, located.bucket, { kind: 'transitioned', key: target.key, object });
  return true;
}

type PartElsewhere = {
  readonly row: number;
  readonly index: number;
  readonly body: BlobBody;
  readonly sizeBytes: number;
};

/** The first part whose bytes are not in the pool yet. */
async function findPartElsewhere(deps: StorageDeps, listId: BlobId, pool: string): Promise<PartElsewhere | null> {
  const rows = await deps.store.read((snapshot) => snapshot.range({ ...partListRowsRange(listId), limit: 1000 }));
  for (const [at, { value }] of rows.entries()) {
    for (const [index, { body, sizeBytes }] of decodeRecord<PartListRow>(value).parts.entries()) {
      if (body.kind === 'blob' && body.pool !== pool) return { row: at + 1, index, body, sizeBytes };
    }
  }
  return null;
}

async function movePart(
  deps: StorageDeps,
  target: TransitionTarget,
  listId: BlobId,
  { row, index, body, sizeBytes }: PartElsewhere,
): Promise<boolean> {
  const rowKey = partListKey(listId, row);
  const pool = deps.poolOf(target.bucket.region, target.storageClass);
  return moveBlob(deps, { body, sizeBytes, pool }, async (transaction, copy) => {
    const value = (await locate(transaction, target)) === null ? undefined : await transaction.get(rowKey);
    if (value === undefined) return false;
    const { parts } = decodeRecord<PartListRow>(value);
    const part = parts[index];
    if (part?.body.blobId !== body.blobId) return false;
    const changed: PartListRow = { v: 1, parts: parts.with(index, { ...part, body: copy }) };
    transaction.put(rowKey, encodeRecord(changed));
    discardBody(transaction, body, deps.clock());
    return true;
  });
}
