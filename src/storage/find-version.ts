// Finding one version of a key. The live current version stands in `current`, everything else in `version`.
import { MAX_KEY_BYTES, type Bytes, type Snapshot } from '../metadata/metadata-store.ts';
import {
  type BucketRecord,
  currentKey,
  type DeleteMarkerRecord,
  nullVersionKey,
  type ObjectRecord,
  versionKey,
  type VersionRecord,
  versionsOfKeyRange,
} from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import { type BucketId, isVersionId, NULL_VERSION, type ObjectKey, placeAt, type VersionId } from '../shared/ids.ts';
import type { StorageDeps } from './storage-deps.ts';

export const isMarker = (record: VersionRecord): record is DeleteMarkerRecord => 'deleteMarker' in record;

export const decodeObject = (value: Bytes | undefined): ObjectRecord | undefined =>
  value === undefined ? undefined : decodeRecord<ObjectRecord>(value);

const decodeVersion = (value: Bytes | undefined): VersionRecord | undefined =>
  value === undefined ? undefined : decodeRecord<VersionRecord>(value);

/** Its place among the versions of its key: byte order is newest first. */
export function orderOf({ versionId, order, lastModified }: VersionRecord): VersionId {
  return order ?? (versionId === NULL_VERSION ? placeAt(lastModified) : versionId);
}

export type LocatedVersion = {
  readonly record: VersionRecord;
  /** of the key; the same as `record` when that is what was asked for */
  readonly current: ObjectRecord | undefined;
};

/** `versionId` may be anything a client sent. */
export async function locateVersion(
  snapshot: Snapshot,
  bucketId: BucketId,
  key: ObjectKey,
  versionId: string,
): Promise<LocatedVersion | undefined> {
  if (!isVersionId(versionId)) return undefined;
  const isNull = versionId === NULL_VERSION;
  const second = isNull ? nullVersionKey(bucketId, key) : versionKey(bucketId, key, versionId);
  const keys = second.length > MAX_KEY_BYTES ? [currentKey(bucketId, key)] : [currentKey(bucketId, key), second];
  const [currentValue, found] = await snapshot.getMany(keys);
  const current = decodeObject(currentValue);
  if (current?.versionId === versionId) return { record: current, current };
  const record = isNull ? await followPointer(snapshot, bucketId, key, found) : decodeVersion(found);
  return record?.versionId === versionId ? { record, current } : undefined;
}

async function followPointer(
  snapshot: Snapshot,
  bucketId: BucketId,
  key: ObjectKey,
  pointer: Bytes | undefined,
): Promise<VersionRecord | undefined> {
  if (pointer === undefined) return undefined;
  const order = Buffer.from(pointer).toString('latin1') as VersionId;
  return decodeVersion(await snapshot.get(versionKey(bucketId, key, order)));
}

/** The newest of what is not in `current`. When `current` has no row for the key, that is a delete marker. */
export async function newestRow(
  snapshot: Snapshot,
  bucketId: BucketId,
  key: ObjectKey,
): Promise<VersionRecord | undefined> {
  const [first] = await snapshot.range({ ...versionsOfKeyRange(bucketId, key), limit: 1 });
  return decodeVersion(first?.value);
}

/** The newest version of a key: an object, or the delete marker that hides what is older. */
export async function latestVersion(
  snapshot: Snapshot,
  { bucketId, versioning }: Pick<BucketRecord, 'bucketId' | 'versioning'>,
  key: ObjectKey,
): Promise<VersionRecord | undefined> {
  const current = decodeObject(await snapshot.get(currentKey(bucketId, key)));
  return current !== undefined || versioning === 'off' ? current : newestRow(snapshot, bucketId, key);
}

/** `versionId` null: the newest. */
export async function findVersion(
  deps: Pick<StorageDeps, 'store'>,
  bucket: BucketRecord,
  key: ObjectKey,
  versionId: string | null,
): Promise<VersionRecord | undefined> {
  if (versionId === null) {
    const [current] = await deps.store.lookUp({ key: currentKey(bucket.bucketId, key), parse: decodeObject });
    if (current !== undefined || bucket.versioning === 'off') return current;
  }
  return deps.store.read(async (snapshot) => {
    if (versionId === null) return latestVersion(snapshot, bucket, key);
    return (await locateVersion(snapshot, bucket.bucketId, key, versionId))?.record;
  });
}
