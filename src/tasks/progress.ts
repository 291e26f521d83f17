import type { TaskError, TaskPlace, TaskRecord } from '../metadata/tables/tasks.ts';
import { S3Error } from '../shared/errors.ts';
import { isLockRefusal } from '../storage/object-lock.ts';

/** How long a step goes on before it writes how far it is. */
export const STEP_MS = 800;

/** A task that goes on at `place`; null: everything is done. */
export function goOn(task: TaskRecord, place: TaskPlace | null, now: number): TaskRecord {
  return place === null ? { ...task, status: 'done', finishedAt: now } : { ...task, status: 'running', place };
}

export function addDone(task: TaskRecord, objects: number, bytes: number): TaskRecord {
  return { ...task, done: { objects: task.done.objects + objects, bytes: task.done.bytes + bytes } };
}

/** What will be over by itself: the step is tried again. */
const PASSING = new Set(['SlowDown', 'ServiceUnavailable', 'InternalError', 'RequestTimeout']);
/** What every further object would meet, too: the task ends. */
const HOPELESS = new Set(['QuotaExceeded', 'StorageFull']);

/** The error of one object as it is listed. What is not about that object is thrown. */
export function asTaskError(error: unknown, key: string, versionId: string | null): TaskError {
  if (!(error instanceof S3Error) || PASSING.has(error.code) || HOPELESS.has(error.code)) throw error;
  const code = isLockRefusal(error) ? 'ObjectLocked' : error.code;
  return { v: 1, key, versionId, code, detail: error.message };
}

export const isHopeless = (error: unknown): error is S3Error => error instanceof S3Error && HOPELESS.has(error.code);
