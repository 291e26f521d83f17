// What a deletion would come to, counted as far as a moment allows.
import { askOf } from '../../access/s3-actor.ts';
import type { DeletePreview } from '../contract/objects.ts';
import { findVersion, isMarker } from '../../storage/find-version.ts';
import { listObjects } from '../../storage/list-objects.ts';
import { listVersions } from '../../storage/list-versions.ts';
import { isLocked, noLock } from '../../storage/object-lock.ts';
import type { ObjectKey } from '../../shared/ids.ts';
import type { VersionRecord } from '../../metadata/tables/objects.ts';
import type { BucketScope } from './bucket-scope.ts';

const PAGE = 1000;
const TIME_MS = 1500;

export type DeletionItem = { readonly key: ObjectKey; readonly versionId: string | null } | { readonly prefix: string };

type Count = { -readonly [Name in 'objects' | 'bytes' | 'locked']: number } & {
  older: { versions: number; deleteMarkers: number; bytes: number } | null;
  complete: boolean;
};

export async function countDeletion(scope: BucketScope, items: readonly DeletionItem[]): Promise<DeletePreview> {
  const { actor, bucket } = scope;
  const listsVersions = bucket.versioning !== 'off' && (await actor.allows(askOf('s3:ListBucketVersions', bucket)));
  const older = listsVersions ? { versions: 0, deleteMarkers: 0, bytes: 0 } : null;
  const count: Count = { objects: 0, bytes: 0, locked: 0, older, complete: true };
  const endMs = performance.now() + TIME_MS;
  for (const item of items) {
    if (performance.now() > endMs) count.complete = false;
    if (!count.complete) break;
    if ('prefix' in item) await countBelow(scope, item.prefix, () => true, count, endMs);
    else if (item.versionId === null && older !== null) {
      await countBelow(scope, item.key, (key) => key === item.key, count, endMs);
    } else await countOne(scope, item, count);
  }
  const { objects, bytes, locked, complete } = count;
  return { complete, objects, bytes, older, locked, versioning: bucket.versioning };
}

async function countOne(
  { bucket, storage, actor }: BucketScope,
  { key, versionId }: { readonly key: ObjectKey; readonly versionId: string | null },
  count: Count,
): Promise<void> {
  await actor.demand(askOf('s3:ListBucket', bucket, null, { context: { 's3:prefix': key } }));
  const found = await findVersion(storage, bucket, key, versionId);
  if (found !== undefined) add(count, found, versionId === null, storage.clock());
}

async function countBelow(
  scope: BucketScope,
  prefix: string,
  isWanted: (key: string) => boolean,
  count: Count,
  endMs: number,
): Promise<void> {
  const { bucket, storage, actor } = scope;
  await actor.demand(askOf('s3:ListBucket', bucket, null, { context: { 's3:prefix': prefix } }));
  let from: { keyMarker: string; versionIdMarker: string | null } | null = null;
  do {
    const page: Page =
      count.older === null ? await objectPage(scope, prefix, from) : await versionPage(scope, prefix, from);
    const wanted = page.records.filter(({ key }) => isWanted(key));
    for (const { record, isLatest } of wanted) add(count, record, isLatest, storage.clock());
    from = wanted.length < page.records.length ? null : page.next;
    if (from !== null && performance.now() > endMs) count.complete = false;
  } while (from !== null && count.complete);
}

type Markers = { keyMarker: string; versionIdMarker: string | null };
type Page = {
  readonly records: readonly { readonly key: string; readonly record: VersionRecord; readonly isLatest: boolean }[];
  readonly next: Markers | null;
};

async function objectPage({ storage, bucket }: BucketScope, prefix: string, from: Markers | null): Promise<Page> {
  const startAfter = from?.keyMarker ?? null;
  const listing = await listObjects(storage, bucket, { prefix, delimiter: null, startAfter, maxKeys: PAGE });
  const records = listing.entries.flatMap((entry) =>
    entry.kind === 'object' ? [{ key: entry.key, record: entry.object, isLatest: true }] : [],
  );
  return { records, next: listing.next === null ? null : { keyMarker: listing.next, versionIdMarker: null } };
}

async function versionPage({ storage, bucket }: BucketScope, prefix: string, from: Markers | null): Promise<Page> {
  const markers = from ?? { keyMarker: null, versionIdMarker: null };
  const listing = await listVersions(storage, bucket, { prefix, delimiter: null, ...markers, maxKeys: PAGE });
  return { records: listing.entries.flatMap((entry) => (entry.kind === 'version' ? [entry] : [])), next: listing.next };
}

function add(count: Count, record: VersionRecord, isLatest: boolean, now: number): void {
  if (isMarker(record)) {
    if (count.older !== null) count.older.deleteMarkers++;
    return;
  }
  if (isLocked(record.lock ?? noLock, now, false)) count.locked++;
  if (isLatest || count.older === null) {
    count.objects++;
    count.bytes += record.sizeBytes;
  } else {
    count.older.versions++;
    count.older.bytes += record.sizeBytes;
  }
}
