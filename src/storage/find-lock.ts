// Whether anything of a project is locked: a project is not purged before nothing is.
import { keyAfter } from '../metadata/keys.ts';
import type { Bytes, Entry } from '../metadata/metadata-store.ts';
import type { ProjectRecord } from '../metadata/tables/identities.ts';
import { type BucketRecord, currentRange, type VersionRecord, versionRange } from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { Region } from '../shared/ids.ts';
import { listBuckets } from './buckets.ts';
import { isMarker } from './find-version.ts';
import { isLocked, noLock } from './object-lock.ts';
import type { StorageDeps } from './storage-deps.ts';

const BATCH = 1000;

type Deps = Pick<StorageDeps, 'store' | 'clock'>;

/** When the first lock that is found ends: Infinity for a legal hold; null: nothing is locked. */
export async function findLock(deps: Deps, project: ProjectRecord): Promise<number | null> {
  for await (const { bucketId, objectLock } of bucketsOf(deps, project)) {
    if (!objectLock) continue;
    for (const range of [currentRange(bucketId, ''), versionRange(bucketId)]) {
      for await (const { value } of entriesOf(deps, range)) {
        const until = lockEnd(decodeRecord<VersionRecord>(value), deps.clock());
        if (until !== null) return until;
      }
    }
  }
  return null;
}

async function* bucketsOf({ store }: Deps, { projectId, region }: ProjectRecord): AsyncGenerator<BucketRecord> {
  let startAfter: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listBuckets>> = await listBuckets(
      { store, region: region as Region },
      projectId,
      { startAfter, maxBuckets: BATCH },
    );
    yield* page.buckets;
    startAfter = page.next;
  } while (startAfter !== null);
}

async function* entriesOf({ store }: Deps, { start, end }: { start: Bytes; end: Bytes }): AsyncGenerator<Entry> {
  let from = start;
  for (;;) {
    const entries = await store.read((snapshot) => snapshot.range({ start: from, end, limit: BATCH }));
    yield* entries;
    const last = entries.at(-1);
    if (last === undefined || entries.length < BATCH) return;
    from = keyAfter(last.key);
  }
}

function lockEnd(record: VersionRecord, now: number): number | null {
  const lock = isMarker(record) ? noLock : (record.lock ?? noLock);
  if (!isLocked(lock, now, false)) return null;
  const { retention, legalHold } = lock;
  return legalHold === true || retention === null ? Number.POSITIVE_INFINITY : retention.until;
}
