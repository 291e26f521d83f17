// ListObjectVersions: all versions and delete markers, by key in UTF-8 bytes, then newest first. The live current
// versions stand in a table of their own; reads of both are merged into one order, that of the `version` table.
import { keyAfter, openTextBytes } from '../metadata/keys.ts';
import type { Bytes, Entry, Range, Snapshot } from '../metadata/metadata-store.ts';
import {
  type BucketRecord,
  currentKey,
  currentRange,
  type ObjectRecord,
  readVersionKey,
  versionKey,
  type VersionRecord,
  versionRange,
  versionsOfKeyRange,
} from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { BucketId, ObjectKey, VersionId } from '../shared/ids.ts';
import { latestVersion, locateVersion, orderOf } from './find-version.ts';
import { commonPrefixOf, laterOf, walkKeys, type WalkedItem } from './key-walk.ts';
import type { StorageDeps } from './storage-deps.ts';

export type ListVersionsOptions = {
  readonly prefix: string;
  /** of any length; null or empty: none */
  readonly delimiter: string | null;
  /** null: from the beginning */
  readonly keyMarker: string | null;
  /** only with `keyMarker`: go on within that key, after this version; null: after all of its versions */
  readonly versionIdMarker: string | null;
  readonly maxKeys: number;
};

export type ListedVersion =
  | { readonly kind: 'version'; readonly key: ObjectKey; readonly record: VersionRecord; readonly isLatest: boolean }
  | { readonly kind: 'prefix'; readonly prefix: string };

export type VersionListing = {
  readonly entries: readonly ListedVersion[];
  readonly truncated: boolean;
  /** markers of the next page; null when this is the last */
  readonly next: { readonly keyMarker: string; readonly versionIdMarker: string | null } | null;
};

export async function listVersions(
  deps: Pick<StorageDeps, 'store'>,
  bucket: BucketRecord,
  options: ListVersionsOptions,
): Promise<VersionListing> {
  return deps.store.read(async (snapshot) => {
    const { prefix } = options;
    const { start, end } = versionRange(bucket.bucketId, prefix);
    const { items, truncated } = await walkKeys({
      start: laterOf(start, await resumeAt(snapshot, bucket.bucketId, options)),
      end,
      prefix,
      delimiter: options.delimiter === '' ? null : options.delimiter,
      limit: options.maxKeys,
      keyOf: (encoded) => readVersionKey(encoded).key,
      afterPrefix: (text) => versionRange(bucket.bucketId, text).end,
      read: (range) => readMerged(snapshot, bucket.bucketId, prefix, range),
    });
    const entries = await listed(snapshot, bucket.bucketId, items);
    return { entries, truncated, next: truncated ? markersOf(entries.at(-1)) : null };
  });
}

async function resumeAt(snapshot: Snapshot, bucketId: BucketId, options: ListVersionsOptions): Promise<Bytes> {
  const { prefix, delimiter, keyMarker, versionIdMarker } = options;
  if (keyMarker === null) return versionRange(bucketId, prefix).start;
  const below = keyMarker.startsWith(prefix) ? commonPrefixOf(keyMarker, prefix, delimiter) : null;
  if (below !== null) return versionRange(bucketId, below).end;
  if (versionIdMarker === null) return versionsOfKeyRange(bucketId, keyMarker).end;
  if (versionIdMarker !== 'null') return keyAfter(versionKey(bucketId, keyMarker, versionIdMarker as VersionId));
  const found = await locateVersion(snapshot, bucketId, keyMarker as ObjectKey, versionIdMarker);
  // Who deletes page after page has deleted it: what is left of the key is still to be listed.
  if (found === undefined) return versionsOfKeyRange(bucketId, keyMarker).start;
  return keyAfter(versionKey(bucketId, keyMarker, orderOf(found.record)));
}

/** `range` is one of the `version` table; what `current` has in it stands where its order puts it. */
async function readMerged(snapshot: Snapshot, bucketId: BucketId, prefix: string, range: Range): Promise<Entry[]> {
  const [rows, current] = await Promise.all([snapshot.range(range), readCurrent(snapshot, bucketId, prefix, range)]);
  const merged = [...rows, ...current].sort((a, b) => Buffer.compare(a.key, b.key));
  return merged.slice(0, range.limit);
}

async function readCurrent(snapshot: Snapshot, bucketId: BucketId, prefix: string, range: Range): Promise<Entry[]> {
  const start = Buffer.concat([currentKey(bucketId, ''), openTextBytes(range.start, 1)]);
  const { end } = currentRange(bucketId, prefix);
  if (Buffer.compare(start, end) >= 0) return [];
  // One more: the key that `start` stands in may have its current version before it.
  const entries = await snapshot.range({ start, end, limit: range.limit + 1 });
  const tailAt = currentKey(bucketId, '').length;
  const placed = entries.map(({ key, value }) => {
    const text = Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('utf8', tailAt);
    return { key: versionKey(bucketId, text, orderOf(decodeRecord<ObjectRecord>(value))), value };
  });
  return placed.filter(({ key }) => Buffer.compare(key, range.start) >= 0);
}

async function listed(snapshot: Snapshot, bucketId: BucketId, items: readonly WalkedItem[]): Promise<ListedVersion[]> {
  const entries: ListedVersion[] = [];
  for (const item of items) {
    if (item.kind === 'prefix') entries.push(item);
    else {
      const key = item.key as ObjectKey;
      const record = decodeRecord<VersionRecord>(item.entry.value);
      entries.push({
        kind: 'version',
        key,
        record,
        isLatest: await isLatest(snapshot, bucketId, entries, key, record),
      });
    }
  }
  return entries;
}

/** The first of a key is its latest, except where a page goes on within the key. */
async function isLatest(
  snapshot: Snapshot,
  bucketId: BucketId,
  before: readonly ListedVersion[],
  key: ObjectKey,
  record: VersionRecord,
): Promise<boolean> {
  const previous = before.at(-1);
  if (previous !== undefined) return previous.kind === 'prefix' || previous.key !== key;
  const latest = await latestVersion(snapshot, { bucketId, versioning: 'enabled' }, key);
  return latest !== undefined && orderOf(latest) === orderOf(record);
}

function markersOf(last: ListedVersion | undefined): VersionListing['next'] {
  if (last === undefined) return null;
  if (last.kind === 'prefix') return { keyMarker: last.prefix, versionIdMarker: null };
  return { keyMarker: last.key, versionIdMarker: last.record.versionId };
}
