// Tasks in turn, a step at a time, so that a small one does not wait for a large one.
import { decodeRecord } from '../metadata/tables/record.ts';
import { type OpenTask, openTasksRange, type TaskRecord } from '../metadata/tables/tasks.ts';
import { ProblemError } from '../shared/errors.ts';
import { copyStep } from './copy-step.ts';
import { countStep } from './count-step.ts';
import { deleteStep } from './delete-step.ts';
import { dropPartCopy } from './drop-part-copy.ts';
import { emptyStep } from './empty-step.ts';
import { forgetExpired } from './forget-tasks.ts';
import { isHopeless } from './progress.ts';
import type { TaskDeps } from './task-deps.ts';
import { findTask, saveTask } from './task-rows.ts';
import { openWork, type Step, type Work } from './work.ts';

const MAX_OPEN = 1000;

/** The task that had the last step: the next one is the one after it. */
export type Turn = { last: string };

/** Does one step of one task; returns its record, or null when there was nothing to do. */
export async function stepTasks(deps: TaskDeps, turn: Turn): Promise<TaskRecord | null> {
  const open = await readOpen(deps);
  // oldest first, then round and round
  const next = open.find(({ taskId }) => taskId < turn.last) ?? open[0];
  if (next === undefined) {
    while (await forgetExpired(deps));
    return null;
  }
  turn.last = next.taskId;
  const task = await findTask(deps, next.projectId, next.taskId);
  if (task === undefined) return null;
  const { task: changed, errors } = await step(deps, task);
  await saveTask(deps, changed, errors);
  return changed;
}

async function readOpen(deps: TaskDeps): Promise<OpenTask[]> {
  const rows = await deps.store.read((snapshot) => snapshot.range({ ...openTasksRange(), limit: MAX_OPEN }));
  return rows.map(({ value }) => decodeRecord<OpenTask>(value)).toReversed();
}

async function step(deps: TaskDeps, task: TaskRecord): Promise<Step> {
  const now = deps.clock();
  const running: TaskRecord = { ...task, status: 'running', startedAt: task.startedAt ?? now };
  let work: Work | null = null;
  try {
    work = await openWork(deps, running);
    if (task.status !== 'cancelling') return await stepOf(work);
  } catch (error) {
    if (task.status !== 'cancelling') return await fail(work, running, problemOf(error), now);
  }
  if (work !== null) await dropPartCopy(work, task);
  return { task: { ...task, status: 'cancelled', finishedAt: now }, errors: [] };
}

/** Without a bucket to open, the job that ends uploads nobody goes on with takes the parts away. */
async function fail(
  work: Work | null,
  task: TaskRecord,
  problem: NonNullable<TaskRecord['problem']>,
  now: number,
): Promise<Step> {
  if (work !== null) await dropPartCopy(work, task);
  return { task: { ...task, status: 'failed', finishedAt: now, problem }, errors: [] };
}

function stepOf(work: Work): Promise<Step> {
  const { spec, place } = work.task;
  if (place.phase === 'counting') return countStep(work);
  if (spec.kind === 'empty') return emptyStep(work);
  return spec.kind === 'delete' ? deleteStep(work) : copyStep(work);
}

/** What ends the task. Anything else is the job's to try again. */
function problemOf(error: unknown): NonNullable<TaskRecord['problem']> {
  if (error instanceof ProblemError || isHopeless(error)) return { code: error.code, detail: error.message };
  throw error;
}
