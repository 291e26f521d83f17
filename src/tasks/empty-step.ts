// What emptying a bucket does besides deleting what is in it: open uploads go, what came meanwhile is taken in another
// pass, and at last the bucket itself.
import { askOf } from '../access/s3-actor.ts';
import type { EmptySpec, TaskError, TaskRecord } from '../metadata/tables/tasks.ts';
import { S3Error } from '../shared/errors.ts';
import { deleteBucket } from '../storage/buckets.ts';
import { listUploads } from '../storage/list-uploads.ts';
import { abortUpload } from '../storage/multipart.ts';
import { deleteStep } from './delete-step.ts';
import { asTaskError, goOn, STEP_MS } from './progress.ts';
import type { Step, Work } from './work.ts';

/** Somebody who goes on uploading wins in the end. */
const MAX_PASSES = 10;

export async function emptyStep(work: Work): Promise<Step> {
  if (work.task.place.phase === 'uploads') return abortUploads(work);
  const step = await deleteStep(work);
  if (step.task.status !== 'done') return step;
  const place = { ...step.task.place, phase: 'uploads', item: 0, after: null, afterVersion: null } as const;
  return { ...step, task: { ...step.task, status: 'running', finishedAt: null, place } };
}

async function abortUploads(work: Work): Promise<Step> {
  const { task, bucket, storage, actor } = work;
  const endMs = performance.now() + STEP_MS;
  const errors: TaskError[] = [];
  const markers = { keyMarker: task.place.after, uploadIdMarker: task.place.afterVersion };
  const listing = await listUploads(storage, { bucket, prefix: '', delimiter: null, ...markers, maxUploads: 100 });
  let last: { key: string; uploadId: string } | null = null;
  for (const entry of listing.entries) {
    if (entry.kind !== 'upload') continue;
    if (performance.now() > endMs) break;
    const { key, uploadId } = entry.upload;
    const ask = askOf('s3:AbortMultipartUpload', bucket, key);
    try {
      await actor.demand(ask);
      await abortUpload(storage, { bucket, key, uploadId, guard: actor.guard(ask) });
    } catch (error) {
      if (!(error instanceof S3Error && error.code === 'NoSuchUpload')) errors.push(asTaskError(error, key, null));
    }
    last = { key, uploadId };
  }
  if (last === null) return finish(work, errors);
  const place = { ...task.place, after: last.key, afterVersion: last.uploadId };
  return { task: { ...task, place }, errors };
}

async function finish(work: Work, errors: readonly TaskError[]): Promise<Step> {
  const { task, bucket, storage, actor, deps } = work;
  const spec = task.spec as EmptySpec;
  const done = goOn(task, null, deps.clock());
  if (!spec.deleteBucket || task.failed + errors.length > 0) return { task: done, errors };
  const ask = askOf('s3:DeleteBucket', bucket);
  try {
    await actor.demand(ask);
    await deleteBucket(storage, bucket, actor.guard(ask));
    return { task: done, errors };
  } catch (error) {
    if (error instanceof S3Error && error.code === 'BucketNotEmpty' && task.place.passes < MAX_PASSES) {
      return { task: anotherPass(task), errors };
    }
    return { task: { ...done, status: 'failed', problem: problemOf(error) }, errors };
  }
}

function anotherPass(task: TaskRecord): TaskRecord {
  const { place } = task;
  return {
    ...task,
    place: { ...place, phase: 'working', item: 0, after: null, afterVersion: null, passes: place.passes + 1 },
  };
}

function problemOf(error: unknown): NonNullable<TaskRecord['problem']> {
  if (error instanceof S3Error) return { code: error.code, detail: error.message };
  throw error;
}
