// What the jobs do with bytes that no record names. Every unit may be done twice: bytes are deleted first, the row that
// tells of them last, so that a crash between the two only repeats the deletion.
import type { Bytes } from '../metadata/metadata-store.ts';
import { StoreFullError } from '../metadata/metadata-store.ts';
import {
  type Garbage,
  type GarbageRecord,
  garbageDueRange,
  type StagedBlobRecord,
  readStagedBlobKey,
  stagedBlobRange,
} from '../metadata/tables/garbage.ts';
import {
  inlineBodyKey,
  type PartBody,
  type PartListRow,
  type PartRecord,
  partListKey,
  partListRowsRange,
  partRange,
} from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { BlobId } from '../shared/ids.ts';
import { isCollectionHeld } from './collection-hold.ts';
import { dropUploadsOfBucket } from './drop-uploads.ts';
import { discard, GRACE_MS } from './garbage.ts';
import { STAGED_SILENCE_MS } from './staging.ts';
import type { StorageDeps } from './storage-deps.ts';

/** Rows of the queue, or parts, dealt with in one unit. */
const BATCH = 32;

/** On a full disk room comes before slow readers of what is deleted: they keep this long to open what they read. */
const GRACE_WHEN_FULL_MS = 5_000;

/** Staging rows looked at in one unit: more than uploads run at the same time. */
const STAGED_BATCH = 1000;

/** Deletes what is due, a few rows at a time. Returns how many rows it dealt with. */
export async function collectGarbage(deps: StorageDeps): Promise<number> {
  if (await isCollectionHeld(deps)) return 0;
  const early = (await isFull(deps)) ? GRACE_MS - GRACE_WHEN_FULL_MS : 0;
  const range = garbageDueRange(deps.clock() + early);
  const entries = await deps.store.read((snapshot) => snapshot.range({ ...range, limit: BATCH }));
  const outcomes = await Promise.allSettled(
    entries.map(async ({ key, value }) => {
      const finished = await collectOne(deps, decodeRecord<GarbageRecord>(value).garbage);
      return finished ? key : null;
    }),
  );
  const finished = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? (outcome.value ?? []) : []));
  await deleteRows(deps, finished);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return entries.length;
}

async function isFull(deps: StorageDeps): Promise<boolean> {
  const outcomes = await Promise.allSettled([deps.store.ready(), deps.blobs.ready()]);
  return outcomes.some((outcome) => outcome.status === 'rejected' && outcome.reason instanceof StoreFullError);
}

async function deleteRows(deps: StorageDeps, keys: readonly Bytes[]): Promise<void> {
  if (keys.length === 0) return;
  await deps.store.transact(async (transaction) => {
    for (const key of keys) transaction.delete(key);
  });
}

/** Returns whether all of it is gone; else it is to be called again. */
async function collectOne(deps: StorageDeps, garbage: Garbage): Promise<boolean> {
  switch (garbage.kind) {
    case 'blob':
    case 'inline':
      await deleteBodies(deps, [garbage], []);
      return true;
    case 'parts':
      return collectPartList(deps, garbage.listId);
    case 'upload':
      return collectParts(deps, garbage);
    case 'bucket-uploads':
      await dropUploadsOfBucket(deps, garbage);
      return true;
  }
}

/** Blobs first; then, in one commit, inline bodies and the rows that named either. */
async function deleteBodies(deps: StorageDeps, bodies: readonly PartBody[], rows: readonly Bytes[]): Promise<void> {
  for (const body of bodies) {
    if (body.kind === 'blob') await deps.blobs.delete(body.blobId, body.pool);
  }
  const inline = bodies.flatMap((body) => (body.kind === 'inline' ? [inlineBodyKey(body.blobId)] : []));
  await deleteRows(deps, [...inline, ...rows]);
}

/** One row of the list at a time, the index last. */
async function collectPartList(deps: StorageDeps, listId: BlobId): Promise<boolean> {
  const [row] = await deps.store.read((snapshot) => snapshot.range({ ...partListRowsRange(listId), limit: 1 }));
  if (row === undefined) {
    await deleteRows(deps, [partListKey(listId, 0)]);
    return true;
  }
  const { parts } = decodeRecord<PartListRow>(row.value);
  await deleteBodies(
    deps,
    parts.map((part) => part.body),
    [row.key],
  );
  return false;
}

async function collectParts(deps: StorageDeps, upload: Garbage & { kind: 'upload' }): Promise<boolean> {
  const range = partRange(upload.bucketId, upload.uploadId);
  const entries = await deps.store.read((snapshot) => snapshot.range({ ...range, limit: BATCH }));
  const parts = entries.map(({ value }) => decodeRecord<PartRecord>(value));
  await deleteBodies(
    deps,
    parts.map((part) => part.body),
    entries.map((entry) => entry.key),
  );
  return entries.length < BATCH;
}

/**
 * Gives up staged blobs whose writer has not been heard of for long: a crash left them. The staging row goes before the
 * bytes do, and a commit needs the row. Returns how many.
 */
export async function giveUpStaged(deps: StorageDeps): Promise<number> {
  const rows = await deps.store.read((snapshot) => snapshot.range({ ...stagedBlobRange(), limit: STAGED_BATCH }));
  const now = deps.clock();
  const old = rows.filter(({ value }) => isAbandoned(value, now)).slice(0, BATCH);
  for (const { key } of old) {
    await deps.store.transact(async (transaction) => {
      const value = await transaction.get(key);
      // claimed or renewed at the last moment
      if (value === undefined || !isAbandoned(value, now)) return;
      transaction.delete(key);
      const { pool } = decodeRecord<StagedBlobRecord>(value);
      discard(transaction, { kind: 'blob', blobId: readStagedBlobKey(key), pool }, now);
    });
  }
  return old.length;
}

const isAbandoned = (value: Bytes, now: number): boolean =>
  decodeRecord<StagedBlobRecord>(value).renewedAt <= now - STAGED_SILENCE_MS;
