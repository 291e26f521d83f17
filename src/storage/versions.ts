// What writes and deletes do to the versions of a key. Always true of a key:
//   - a row in `current` is newer than all its rows in `version`;
//   - without one, the newest row in `version` is a delete marker (or there is none);
//   - at most one version is null, and when it stands in `version`, `nullVersion` tells where.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
import { MAX_KEY_BYTES, type Snapshot, type Transaction } from '../metadata/metadata-store.ts';
import {
  type BucketRecord,
  currentKey,
  type DeleteMarkerRecord,
  nullVersionKey,
  type ObjectRecord,
  versionKey,
  type VersionRecord,
} from '../metadata/tables/objects.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { S3Error } from '../shared/errors.ts';
import {
  type BucketId,
  newVersionId,
  NULL_VERSION,
  type ObjectKey,
  timeOfVersionId,
  type VersionId,
} from '../shared/ids.ts';
import { isMarker, type LocatedVersion, locateVersion, newestRow, orderOf } from './find-version.ts';
import { discardBody } from './garbage.ts';
import { charge, type UsageDelta, type WriteScope } from './write-scope.ts';

/** An object that has no version id yet. */
export type NewObject = Omit<ObjectRecord, 'versionId' | 'order'>;

export type KeyTarget = {
  readonly key: ObjectKey;
  /** what `current` has for the key */
  readonly current: ObjectRecord | undefined;
};

/** How a version is named, and its place when the name does not tell it. */
type Place = Pick<ObjectRecord, 'versionId' | 'order'>;

const nothing: UsageDelta = { bytes: 0, objects: 0 };

export type VersionTarget = KeyTarget & {
  /** what it adds to what is stored: its size, unless its bytes were counted before as parts */
  readonly addedBytes: number;
  /** from `reserveVersionId`; null or absent: none */
  readonly reserved?: VersionId | null;
};

/**
 * The id of a version that is to be made later, which a slow writer can name beforehand: newer than all there are now.
 * null: new versions have no ids of their own.
 */
export async function reserveVersionId(
  snapshot: Snapshot,
  { bucketId, versioning }: Pick<BucketRecord, 'bucketId' | 'versioning'>,
  { key, current }: KeyTarget,
  now: number,
): Promise<VersionId | null> {
  if (versioning !== 'enabled') return null;
  return nextOrder(current ?? (await newestRow(snapshot, bucketId, key)), now);
}

/** Makes `draft` the current version, unless a newer one was made since its id was reserved. */
export async function addVersion(
  transaction: Transaction,
  scope: WriteScope,
  target: VersionTarget,
  draft: NewObject,
): Promise<ObjectRecord> {
  const overtaken = await findOvertaken(transaction, scope, target);
  if (overtaken !== null) return addBeneath(transaction, scope, { ...target, reserved: overtaken }, draft);
  const { place, gone } = await makePlace(transaction, scope, target, draft.lastModified);
  const record: ObjectRecord = { ...draft, ...place };
  transaction.put(currentKey(scope.bucket.bucketId, target.key), encodeRecord(record));
  charge(transaction, scope, { bytes: target.addedBytes + gone.bytes, objects: 1 + gone.objects });
  return record;
}

/** The reserved id when there is a newer version by now. */
async function findOvertaken(
  transaction: Transaction,
  { bucket: { bucketId, versioning } }: WriteScope,
  { key, current, reserved = null }: VersionTarget,
): Promise<VersionId | null> {
  if (reserved === null || versioning !== 'enabled') return null;
  const newest = current ?? (await newestRow(transaction, bucketId, key));
  // newer ids come first
  return newest !== undefined && orderOf(newest) < reserved ? reserved : null;
}

/** As if it had been written when its id was reserved: another version hides it. */
function addBeneath(
  transaction: Transaction,
  scope: WriteScope,
  { key, addedBytes, reserved }: VersionTarget & { readonly reserved: VersionId },
  draft: NewObject,
): ObjectRecord {
  const record: ObjectRecord = { ...draft, versionId: reserved, lastModified: timeOfVersionId(reserved) };
  putRow(transaction, scope.bucket.bucketId, key, record);
  charge(transaction, scope, { bytes: addedBytes, objects: 1 });
  return record;
}

/** Deletes in a bucket that has or had versioning: what is there stays, hidden. */
export async function addMarker(
  transaction: Transaction,
  scope: WriteScope,
  target: KeyTarget,
  now: number,
): Promise<DeleteMarkerRecord> {
  const { place, gone } = await makePlace(transaction, scope, target, now);
  const marker: DeleteMarkerRecord = { v: 1, deleteMarker: true, ...place, lastModified: now };
  if (target.current !== undefined) transaction.delete(currentKey(scope.bucket.bucketId, target.key));
  putRow(transaction, scope.bucket.bucketId, target.key, marker);
  charge(transaction, scope, { bytes: gone.bytes, objects: 1 + gone.objects });
  return marker;
}

/** Removes a version for good; what was hidden behind it appears again. */
export async function removeVersion(
  transaction: Transaction,
  scope: WriteScope,
  key: ObjectKey,
  { record, current }: LocatedVersion,
  now: number,
): Promise<void> {
  const { bucketId, versioning } = scope.bucket;
  const isCurrent = current?.versionId === record.versionId;
  if (isCurrent) transaction.delete(currentKey(bucketId, key));
  else deleteRow(transaction, bucketId, key, record);
  charge(transaction, scope, discardVersion(transaction, record, now));
  if (versioning !== 'off' && (isCurrent || current === undefined)) await promote(transaction, bucketId, key);
}

/** Puts a version that was changed in place back where it stands. */
export function rewriteVersion(
  transaction: Transaction,
  bucketId: BucketId,
  key: ObjectKey,
  { current }: LocatedVersion,
  changed: ObjectRecord,
): void {
  const isCurrent = current?.versionId === changed.versionId;
  const at = isCurrent ? currentKey(bucketId, key) : versionKey(bucketId, key, orderOf(changed));
  transaction.put(at, encodeRecord(changed));
}

/** Bytes and versions that go with `record`. Its row is the caller's. */
export function discardVersion(transaction: Transaction, record: VersionRecord, now: number): UsageDelta {
  if (isMarker(record)) return { bytes: 0, objects: -1 };
  discardBody(transaction, record.body, now);
  return { bytes: -record.sizeBytes, objects: -1 };
}

/** By how much `sizeBytes` more would grow what is stored, as far as that can be told beforehand. */
export function growthOf({ bucket }: WriteScope, current: ObjectRecord | undefined, sizeBytes: number): number {
  if (bucket.versioning === 'enabled') return sizeBytes;
  // a null version that is not current goes too
  return bucket.versioning === 'suspended' ? 0 : sizeBytes - (current?.sizeBytes ?? 0);
}

/** Moves what must stay out of the way of a new version, and removes what it replaces. */
async function makePlace(
  transaction: Transaction,
  { bucket }: WriteScope,
  target: KeyTarget & Pick<VersionTarget, 'reserved'>,
  now: number,
): Promise<{ place: Place; gone: UsageDelta }> {
  const { bucketId, versioning } = bucket;
  const { key, current, reserved = null } = target;
  if (versioning === 'off') {
    const gone = current === undefined ? nothing : discardVersion(transaction, current, now);
    return { place: { versionId: NULL_VERSION }, gone };
  }
  const order = nextOrder(current ?? (await newestRow(transaction, bucketId, key)), now);
  if (versionKey(bucketId, key, order).length > MAX_KEY_BYTES) throw new S3Error('KeyTooLongError');
  if (versioning === 'suspended') {
    const gone = await replaceNull(transaction, bucketId, target, now);
    return { place: { versionId: NULL_VERSION, order }, gone };
  }
  if (current !== undefined) putRow(transaction, bucketId, key, current);
  return { place: { versionId: reserved ?? order }, gone: nothing };
}

/** While versioning is suspended, a write replaces the null version, wherever it stands, and no other. */
async function replaceNull(
  transaction: Transaction,
  bucketId: BucketId,
  { key, current }: KeyTarget,
  now: number,
): Promise<UsageDelta> {
  if (current?.versionId === NULL_VERSION) return discardVersion(transaction, current, now);
  if (current !== undefined) putRow(transaction, bucketId, key, current);
  const found = await locateVersion(transaction, bucketId, key, NULL_VERSION);
  if (found === undefined) return nothing;
  deleteRow(transaction, bucketId, key, found.record);
  return discardVersion(transaction, found.record, now);
}

/** Later than every version of the key, whatever the clock says. */
function nextOrder(newest: VersionRecord | undefined, now: number): VersionId {
  return newVersionId(newest === undefined ? now : Math.max(now, timeOfVersionId(orderOf(newest)) + 1));
}

function putRow(transaction: Transaction, bucketId: BucketId, key: ObjectKey, record: VersionRecord): void {
  const order = orderOf(record);
  const isNull = record.versionId === NULL_VERSION;
  transaction.put(versionKey(bucketId, key, order), encodeRecord(isNull ? { ...record, order } : record));
  if (isNull) transaction.put(nullVersionKey(bucketId, key), Buffer.from(order, 'latin1'));
}

function deleteRow(transaction: Transaction, bucketId: BucketId, key: ObjectKey, record: VersionRecord): void {
  transaction.delete(versionKey(bucketId, key, orderOf(record)));
  if (record.versionId === NULL_VERSION) transaction.delete(nullVersionKey(bucketId, key));
}

/** The newest version left becomes the current one, unless it is a delete marker. */
async function promote(transaction: Transaction, bucketId: BucketId, key: ObjectKey): Promise<void> {
  const newest = await newestRow(transaction, bucketId, key);
  if (newest === undefined || isMarker(newest)) return;
  deleteRow(transaction, bucketId, key, newest);
  transaction.put(currentKey(bucketId, key), encodeRecord(newest));
}
