// The walk through all buckets with lifecycle rules, once a lifecycle day, in small units. Where it stands is a row of the
// bucket, so that it goes on after a crash or elsewhere.
import { BlobCorruptError, BlobMissingError } from '../blobs/blob-store.ts';
import type { Bytes } from '../metadata/metadata-store.ts';
import {
  type LifecycleCursor,
  type LifecycleProgress,
  lifecycleProgressKey,
  lifecycleProgressRange,
  readLifecycleProgressKey,
} from '../metadata/tables/lifecycle.ts';
import { keyAfter } from '../metadata/keys.ts';
import { type BucketRecord, bucketKey } from '../metadata/tables/objects.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import { S3Error } from '../shared/errors.ts';
import type { BucketId } from '../shared/ids.ts';
import { configurationIn } from './bucket-configurations.ts';
import {
  abortOverdue,
  expireCurrent,
  expireLonelyMarkers,
  expireVersions,
  type LifecycleScope,
  RulesChangedError,
} from './lifecycle-apply.ts';
import { firstCursor, planBatch, type PlannedTask, type Task } from './lifecycle-plan.ts';
import type { StorageDeps } from './storage-deps.ts';
import { transitionObject, type TransitionTarget } from './transition-object.ts';

export type LifecycleDeps = StorageDeps & { readonly lifecycleDayMs: number };

/** Done by one unit of the walk. */
export type LifecycleReport = {
  readonly bucket: string | null;
  readonly seen: number;
  readonly done: number;
  /** objects that could not be moved: their bytes are damaged or missing */
  readonly damaged: number;
  /** false: nothing is left to do today */
  readonly worked: boolean;
};

const BUCKETS_PER_READ = 1000;
const COMMIT_SIZE = 100;
/** A unit ends after so long, so that a pause or a stop takes effect. */
const UNIT_MS = 2_000;

export async function stepLifecycle(deps: LifecycleDeps): Promise<LifecycleReport> {
  const now = deps.clock();
  const day = Math.floor(now / deps.lifecycleDayMs);
  const found = await findUnfinished(deps, day);
  if (found === null) return { bucket: null, seen: 0, done: 0, damaged: 0, worked: false };
  const { bucketId, progress } = found;
  const scope = await openScope(deps, bucketId, progress, now);
  if (scope === null) return { ...(await forget(deps, bucketId, progress)), bucket: progress.name };
  const cursor = progress.walk?.day === day ? progress.walk.cursor : firstCursor;
  const outcome = await walkOn(deps, scope, cursor);
  if (outcome === 'again') return { bucket: progress.name, seen: 0, done: 0, damaged: 0, worked: true };
  const { next, ...counts } = outcome;
  await save(
    deps,
    bucketId,
    progress,
    next === null ? { finishedDay: day, walk: null } : { walk: { day, cursor: next } },
  );
  return { ...counts, bucket: progress.name, worked: true };
}

type Found = { readonly bucketId: BucketId; readonly progress: LifecycleProgress };

async function findUnfinished(deps: StorageDeps, day: number): Promise<Found | null> {
  let { start, end } = lifecycleProgressRange();
  for (;;) {
    const range = { start, end, limit: BUCKETS_PER_READ };
    const rows = await deps.store.read((snapshot) => snapshot.range(range));
    for (const { key, value } of rows) {
      const progress = decodeRecord<LifecycleProgress>(value);
      if (progress.finishedDay !== day) return { bucketId: readLifecycleProgressKey(key), progress };
    }
    const last: Bytes | undefined = rows.at(-1)?.key;
    if (last === undefined || rows.length < BUCKETS_PER_READ) return null;
    start = keyAfter(last);
  }
}

/** null: the bucket, or its rules, are gone. */
async function openScope(
  deps: LifecycleDeps,
  bucketId: BucketId,
  { region, name }: LifecycleProgress,
  now: number,
): Promise<LifecycleScope | null> {
  return deps.store.read(async (snapshot) => {
    const value = await snapshot.get(bucketKey(region, name));
    const bucket = value === undefined ? undefined : decodeRecord<BucketRecord>(value);
    if (bucket?.bucketId !== bucketId) return null;
    const configuration = await configurationIn(snapshot, bucketId, 'lifecycle');
    return configuration === null ? null : { bucket, configuration, timing: { now, dayMs: deps.lifecycleDayMs } };
  });
}

type Walked = {
  readonly next: LifecycleCursor | null;
  readonly seen: number;
  readonly done: number;
  readonly damaged: number;
};

/** 'again': the rules changed meanwhile. A bucket whose project is in the trash is left alone for today. */
async function walkOn(deps: LifecycleDeps, scope: LifecycleScope, cursor: LifecycleCursor): Promise<Walked | 'again'> {
  const plan = await deps.store.read((snapshot) => planBatch(snapshot, scope, cursor));
  try {
    const { done, damaged, stoppedAt } = await perform(deps, scope, plan.tasks);
    return { next: stoppedAt ?? plan.next, seen: plan.seen, done, damaged };
  } catch (error) {
    if (error instanceof RulesChangedError) return 'again';
    if (error instanceof S3Error && error.code === 'NoSuchBucket') return 'again';
    if (error instanceof S3Error && error.code === 'AccessDenied')
      return { next: null, seen: plan.seen, done: 0, damaged: 0 };
    throw error;
  }
}

/** In order; what is of one kind and small goes into one commit. `stoppedAt`: the time of this unit was over there. */
async function perform(
  deps: LifecycleDeps,
  scope: LifecycleScope,
  tasks: readonly PlannedTask[],
): Promise<{ done: number; damaged: number; stoppedAt: LifecycleCursor | null }> {
  const until = deps.clock() + UNIT_MS;
  let done = 0;
  let damaged = 0;
  for (const group of groupTasks(tasks)) {
    const [first] = group;
    if (first === undefined) continue;
    if (deps.clock() >= until) return { done, damaged, stoppedAt: first.before };
    const outcome = await performGroup(
      deps,
      scope,
      group.map(({ task }) => task),
    );
    if (outcome === 'more') return { done, damaged, stoppedAt: first.before };
    if (outcome === 'damaged') damaged++;
    else done += outcome;
  }
  return { done, damaged, stoppedAt: null };
}

function groupTasks(tasks: readonly PlannedTask[]): PlannedTask[][] {
  const groups: PlannedTask[][] = [];
  for (const planned of tasks) {
    const group = groups.at(-1);
    const kind = group?.[0]?.task.kind;
    const joins = kind === planned.task.kind && kind !== 'transition' && kind !== 'abort-upload';
    if (group !== undefined && joins && group.length < COMMIT_SIZE) group.push(planned);
    else groups.push([planned]);
  }
  return groups;
}

async function performGroup(
  deps: LifecycleDeps,
  scope: LifecycleScope,
  tasks: readonly Task[],
): Promise<number | 'more' | 'damaged'> {
  const [first] = tasks;
  if (first?.kind === 'transition') {
    return move(deps, { ...first, bucket: scope.bucket });
  }
  if (first?.kind === 'abort-upload') return (await abortOverdue(deps, scope, first)) ? 1 : 0;
  const current = tasks.flatMap((task) => (task.kind === 'expire-current' ? [task] : []));
  if (current.length > 0) return expireCurrent(deps, scope, current);
  const markers = tasks.flatMap((task) => (task.kind === 'expire-marker' ? [task] : []));
  if (markers.length > 0) return expireLonelyMarkers(deps, scope, markers);
  return expireVersions(
    deps,
    scope,
    tasks.flatMap((task) => (task.kind === 'expire-version' ? [task] : [])),
  );
}

/** One damaged object must not keep the walk from all others; it stays where it is. */
async function move(deps: LifecycleDeps, target: TransitionTarget): Promise<number | 'more' | 'damaged'> {
  try {
    const outcome = await transitionObject(deps, target);
    return outcome === 'more' ? 'more' : outcome === 'done' ? 1 : 0;
  } catch (error) {
    if (error instanceof BlobCorruptError || error instanceof BlobMissingError) return 'damaged';
    throw error;
  }
}

/** Unless the rules were set anew meanwhile: then the walk begins anew as well. */
async function save(
  deps: StorageDeps,
  bucketId: BucketId,
  before: LifecycleProgress,
  change: Partial<LifecycleProgress>,
): Promise<void> {
  const key = lifecycleProgressKey(bucketId);
  await deps.store.transact(async (transaction) => {
    const value = await transaction.get(key);
    if (value === undefined || !Buffer.from(encodeRecord(before)).equals(value)) return;
    transaction.put(key, encodeRecord({ ...before, ...change }));
  });
}

async function forget(
  deps: StorageDeps,
  bucketId: BucketId,
  before: LifecycleProgress,
): Promise<Omit<LifecycleReport, 'bucket'>> {
  const key = lifecycleProgressKey(bucketId);
  await deps.store.transact(async (transaction) => {
    const value = await transaction.get(key);
    if (value !== undefined && Buffer.from(encodeRecord(before)).equals(value)) transaction.delete(key);
  });
  return { seen: 0, done: 0, damaged: 0, worked: true };
}
