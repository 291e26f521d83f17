// A batch of a bucket's rows, with what the rules want done to each and where the walk goes on after it.
import { KeyReader, keyAfter } from '../metadata/keys.ts';
import type { Bytes, Entry, Snapshot } from '../metadata/metadata-store.ts';
import type { LifecycleCursor } from '../metadata/tables/lifecycle.ts';
import {
  currentKey,
  currentRange,
  type ObjectRecord,
  readUploadByKeyKey,
  readVersionKey,
  type UploadRecord,
  uploadByKeyRange,
  uploadKey,
  type VersionRecord,
  versionRange,
} from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { ObjectKey } from '../shared/ids.ts';
import { isMarker } from './find-version.ts';
import { factsOf, type KeyedObject, type KeyedVersion, type LifecycleScope } from './lifecycle-apply.ts';
import {
  abortOf,
  currentAction,
  lonelyMarkerExpires,
  noncurrentAction,
  noncurrentMarkerExpires,
} from './lifecycle-rules.ts';

const BATCH = 500;

export type Task =
  | ({ readonly kind: 'expire-current' } & KeyedObject)
  | ({ readonly kind: 'expire-version' } & KeyedVersion)
  | ({ readonly kind: 'expire-marker' } & KeyedVersion)
  | ({ readonly kind: 'transition'; readonly storageClass: string } & KeyedObject)
  | { readonly kind: 'abort-upload'; readonly key: ObjectKey; readonly uploadId: string };

export type PlannedTask = {
  readonly task: Task;
  /** where to go on when the task cannot be done now */
  readonly before: LifecycleCursor;
};

export type Plan = {
  readonly tasks: readonly PlannedTask[];
  readonly seen: number;
  /** null: that was the last of the bucket */
  readonly next: LifecycleCursor | null;
};

export const firstCursor: LifecycleCursor = { part: 'current', after: null, chain: null };

const nextPart = { current: 'noncurrent', noncurrent: 'uploads', uploads: null } as const;

export async function planBatch(snapshot: Snapshot, scope: LifecycleScope, cursor: LifecycleCursor): Promise<Plan> {
  const range = rangeOf(scope, cursor);
  const entries = await snapshot.range({ ...range, limit: BATCH });
  const planners = { current: planCurrent, noncurrent: planNoncurrent, uploads: planUploads } as const;
  const { tasks, last } = await planners[cursor.part](snapshot, scope, cursor, entries);
  if (entries.length === BATCH) return { tasks, seen: entries.length, next: last };
  const part = nextPart[cursor.part];
  return { tasks, seen: entries.length, next: part === null ? null : { part, after: null, chain: null } };
}

function rangeOf(
  { bucket: { bucketId } }: LifecycleScope,
  { part, after }: LifecycleCursor,
): { start: Bytes; end: Bytes } {
  const ranges = {
    current: () => currentRange(bucketId, ''),
    noncurrent: () => versionRange(bucketId),
    uploads: () => uploadByKeyRange(bucketId, ''),
  };
  const { start, end } = ranges[part]();
  return { start: after === null ? start : keyAfter(Buffer.from(after, 'base64')), end };
}

const cursorAt = ({ part }: LifecycleCursor, key: Bytes, chain: LifecycleCursor['chain'] = null): LifecycleCursor => ({
  part,
  after: Buffer.from(key).toString('base64'),
  chain,
});

type Planned = { readonly tasks: readonly PlannedTask[]; readonly last: LifecycleCursor };

async function planCurrent(
  _snapshot: Snapshot,
  { configuration, timing }: LifecycleScope,
  cursor: LifecycleCursor,
  entries: readonly Entry[],
): Promise<Planned> {
  const tasks: PlannedTask[] = [];
  let last = cursor;
  for (const entry of entries) {
    const key = readCurrentKey(entry.key);
    const object = decodeRecord<ObjectRecord>(entry.value);
    const action = currentAction(configuration, factsOf(key, object), timing);
    if (action?.kind === 'expire') tasks.push({ task: { kind: 'expire-current', key, object }, before: last });
    if (action?.kind === 'transition') {
      const { storageClass } = action;
      tasks.push({ task: { kind: 'transition', key, object, storageClass }, before: last });
    }
    last = cursorAt(cursor, entry.key);
  }
  return { tasks, last };
}

function readCurrentKey(encoded: Bytes): ObjectKey {
  const reader = new KeyReader(encoded);
  reader.text();
  return reader.tail() as ObjectKey;
}

type Chain = NonNullable<LifecycleCursor['chain']>;

/** Rows come newest first per key, so the version before a row is the one that made it noncurrent. */
async function planNoncurrent(
  snapshot: Snapshot,
  scope: LifecycleScope,
  cursor: LifecycleCursor,
  entries: readonly Entry[],
): Promise<Planned> {
  const successors = await currentTimes(snapshot, scope, entries);
  const tasks: PlannedTask[] = [];
  let last = cursor;
  let chain: Chain | null = cursor.chain;
  for (const entry of entries) {
    const { key } = readVersionKey(entry.key);
    const record = decodeRecord<VersionRecord>(entry.value);
    const successorAt = chain?.key === key ? chain.successorAt : successors.get(key);
    const newer: number = chain?.key === key ? chain.newer : 0;
    const task =
      successorAt === undefined
        ? latestTask(scope, key, record)
        : versionTask(scope, key, record, { successorAt, newer });
    if (task !== null) tasks.push({ task, before: last });
    chain = { key, newer: successorAt === undefined ? 0 : newer + 1, successorAt: record.lastModified };
    last = cursorAt(cursor, entry.key, chain);
  }
  return { tasks, last };
}

/** When the live current version of each key was made; keys without one have a delete marker as their newest row. */
async function currentTimes(
  snapshot: Snapshot,
  { bucket: { bucketId } }: LifecycleScope,
  entries: readonly Entry[],
): Promise<ReadonlyMap<string, number>> {
  const keys = [...new Set(entries.map((entry) => readVersionKey(entry.key).key))];
  const values = await snapshot.getMany(keys.map((key) => currentKey(bucketId, key)));
  return new Map(
    keys.flatMap((key, index) => {
      const value = values[index];
      return value === undefined ? [] : [[key, decodeRecord<ObjectRecord>(value).lastModified] as const];
    }),
  );
}

function latestTask({ configuration, timing }: LifecycleScope, key: ObjectKey, record: VersionRecord): Task | null {
  const { lastModified } = record;
  if (!isMarker(record) || !lonelyMarkerExpires(configuration, { key, lastModified }, timing)) return null;
  return { kind: 'expire-marker', key, record };
}

function versionTask(
  { configuration, timing }: LifecycleScope,
  key: ObjectKey,
  record: VersionRecord,
  { successorAt: noncurrentSince, newer }: { readonly successorAt: number; readonly newer: number },
): Task | null {
  if (isMarker(record)) {
    const expires = noncurrentMarkerExpires(configuration, { key, noncurrentSince, newer }, timing);
    return expires ? { kind: 'expire-version', key, record } : null;
  }
  const action = noncurrentAction(configuration, { ...factsOf(key, record), noncurrentSince, newer }, timing);
  if (action?.kind === 'expire') return { kind: 'expire-version', key, record };
  return action === null ? null : { kind: 'transition', key, object: record, storageClass: action.storageClass };
}

async function planUploads(
  snapshot: Snapshot,
  { bucket: { bucketId }, configuration, timing }: LifecycleScope,
  cursor: LifecycleCursor,
  entries: readonly Entry[],
): Promise<Planned> {
  const names = entries.map((entry) => readUploadByKeyKey(entry.key));
  const values = await snapshot.getMany(names.map(({ uploadId }) => uploadKey(bucketId, uploadId)));
  const tasks: PlannedTask[] = [];
  let last = cursor;
  for (const [index, entry] of entries.entries()) {
    const value = values[index];
    const upload = value === undefined ? null : decodeRecord<UploadRecord>(value);
    const abort = upload === null || upload.completed !== null ? null : abortOf(configuration, upload, timing.dayMs);
    if (upload !== null && abort !== null && abort.at <= timing.now) {
      tasks.push({ task: { kind: 'abort-upload', key: upload.key, uploadId: upload.uploadId }, before: last });
    }
    last = cursorAt(cursor, entry.key);
  }
  return { tasks, last };
}
