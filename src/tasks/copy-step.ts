// Copying and moving, some objects a step; a large one takes steps of its own.
import { askOf } from '../access/s3-actor.ts';
import type { CopySpec, TaskError, TaskPlace, TaskRecord } from '../metadata/tables/tasks.ts';
import type { ObjectRecord } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import { deleteObject } from '../storage/delete-objects.ts';
import { findVersion, isMarker } from '../storage/find-version.ts';
import { copyLargeStep } from './copy-large.ts';
import { dropPartCopy } from './drop-part-copy.ts';
import { type CopyFrom, copyObject, type CopyTo } from './copy-object.ts';
import { addDone, asTaskError, goOn, STEP_MS } from './progress.ts';
import { isLarge } from './task-deps.ts';
import { objectOf, readPage, type Target } from './walk.ts';
import type { Step, Work } from './work.ts';

const PAGE = 64;
/** Copies at a time: while one waits for the disk, others read. */
const AT_ONCE = 4;

export async function copyStep(work: Work): Promise<Step> {
  const endMs = performance.now() + STEP_MS;
  const { targets, next } = await readPage(work, work.task.place, PAGE);
  const [first] = targets;
  if (first !== undefined && isLargeTarget(work, first))
    return largeStep(work, first, targets.length === 1 ? next : first.place);
  const errors: TaskError[] = [];
  let task = work.task;
  let at = 0;
  while (at < targets.length && performance.now() < endMs) {
    const some = targets.slice(at, at + AT_ONCE);
    const stop = some.findIndex((target) => isLargeTarget(work, target));
    const batch = stop < 0 ? some : some.slice(0, stop);
    if (batch.length === 0) break;
    const outcomes = await Promise.all(batch.map((target) => copyOne(work, target)));
    for (const outcome of outcomes) {
      if (outcome.kind === 'failed') errors.push(outcome.error);
      else if (outcome.kind === 'skipped') task = { ...task, skipped: task.skipped + 1 };
      else task = addDone(task, 1, outcome.bytes);
    }
    at += batch.length;
  }
  const last = targets[at - 1];
  const place = at >= targets.length ? next : (last?.place ?? task.place);
  return { task: goOn(task, place, work.deps.clock()), errors };
}

type Outcome =
  | { readonly kind: 'done'; readonly bytes: number }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'failed'; readonly error: TaskError };

function isLargeTarget({ deps }: Work, target: Target): boolean {
  const object = objectOf(target);
  return object !== undefined && isLarge(deps, object);
}

async function copyOne(work: Work, target: Target): Promise<Outcome> {
  const { key, versionId } = target;
  try {
    const ends = await endsOf(work, target);
    if (ends === 'moved') return { kind: 'done', bytes: 0 };
    if (ends === 'kept') return { kind: 'skipped' };
    const { from, to } = ends;
    await copyObject(work.storage, work.actor, from, to);
    if (work.task.spec.kind === 'move') await removeSource(work, from);
    return { kind: 'done', bytes: from.object.sizeBytes };
  } catch (error) {
    return { kind: 'failed', error: asTaskError(error, key, versionId) };
  }
}

type Ends = { readonly from: CopyFrom; readonly to: CopyTo };

async function endsOf(work: Work, target: Target): Promise<Ends | 'moved' | 'kept'> {
  const { key, versionId } = target;
  const there = target.to === null ? undefined : await currentAt(work, target.to);
  const object = objectOf(target);
  if (object === undefined) {
    if (work.task.spec.kind === 'move' && there !== undefined && isOurs(work.task, there)) return 'moved';
    throw new S3Error(versionId === null ? 'NoSuchKey' : 'NoSuchVersion');
  }
  const spec = work.task.spec as CopySpec;
  if (there !== undefined && spec.existing === 'keep') return 'kept';
  const from = { bucket: work.bucket, key, versionId, object };
  const { storageClass } = object;
  const known = work.deps.classesOf(work.task.region).includes(storageClass);
  const replaced = { ...(known ? {} : { storageClass: work.toBucket.defaultStorageClass }), ...spec.replaced };
  return { from, to: { bucket: work.toBucket, key: target.to ?? key, replaced } };
}

async function currentAt(work: Work, key: Target['key']): Promise<ObjectRecord | undefined> {
  const found = await findVersion(work.storage, work.toBucket, key, null);
  return found === undefined || isMarker(found) ? undefined : found;
}

/** After a crash a step is done again: what it had moved is at its new place already. */
const isOurs = ({ startedAt }: TaskRecord, { lastModified }: ObjectRecord): boolean => lastModified >= (startedAt ?? 0);

/** Only while it still is what was copied. */
async function removeSource({ storage, actor }: Work, { bucket, key, versionId, object }: CopyFrom): Promise<void> {
  const ask = askOf('s3:DeleteObject', bucket, key);
  await actor.demand(ask);
  if (versionId !== null) return;
  await deleteObject(storage, { bucket, key, ifMatch: object.etag, guard: actor.guard(ask) });
}

async function largeStep(work: Work, target: Target, next: TaskPlace | null): Promise<Step> {
  const { task, deps } = work;
  try {
    const ends = await endsOf(work, target);
    if (typeof ends === 'string') {
      const skipped = ends === 'kept' ? { ...task, skipped: task.skipped + 1 } : addDone(task, 1, 0);
      return { task: goOn(skipped, next, deps.clock()), errors: [] };
    }
    const step = await copyLargeStep({ ...work, ...ends }, task.place.part, deps.partBytes);
    if (step.kind === 'more') {
      return { task: { ...addDone(task, 0, step.bytes), place: { ...task.place, part: step.part } }, errors: [] };
    }
    if (task.spec.kind === 'move') await removeSource(work, ends.from);
    return { task: goOn(addDone(task, 1, step.bytes), withoutPart(next), deps.clock()), errors: [] };
  } catch (error) {
    const failed = asTaskError(error, target.key, target.versionId);
    await dropPartCopy(work, task);
    return { task: goOn(task, withoutPart(next), deps.clock()), errors: [failed] };
  }
}

const withoutPart = (place: TaskPlace | null): TaskPlace | null => (place === null ? null : { ...place, part: null });
