// Reading tasks, asking them to stop, and writing how far they are.
import { keyAfter } from '../metadata/keys.ts';
import type { MetadataStore, Snapshot, Transaction } from '../metadata/metadata-store.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import {
  type ExpiryRecord,
  ITEMS_PER_ROW,
  openTaskKey,
  readTaskErrorKey,
  type TaskError,
  taskErrorKey,
  taskErrorsRange,
  taskExpiryKey,
  type TaskId,
  type TaskItem,
  taskItemsKey,
  type TaskItems,
  taskKey,
  type TaskRecord,
  tasksOfProjectRange,
} from '../metadata/tables/tasks.ts';
import { ProblemError } from '../shared/errors.ts';
import type { ProjectId } from '../shared/ids.ts';

/** How long a task can be looked at after it has ended. */
const KEPT_MS = 14 * 86_400_000;
/** Of the errors of one task those are kept; all are counted. */
export const MAX_TASK_ERRORS = 1000;

type Deps = { readonly store: MetadataStore };

export async function readTask(
  snapshot: Snapshot,
  projectId: ProjectId,
  taskId: TaskId,
): Promise<TaskRecord | undefined> {
  const value = await snapshot.get(taskKey(projectId, taskId));
  return value === undefined ? undefined : decodeRecord<TaskRecord>(value);
}

export const findTask = (deps: Deps, projectId: ProjectId, taskId: TaskId): Promise<TaskRecord | undefined> =>
  deps.store.read((snapshot) => readTask(snapshot, projectId, taskId));

export const isFinished = ({ status }: Pick<TaskRecord, 'status'>): boolean =>
  status === 'done' || status === 'failed' || status === 'cancelled';

type Page = { readonly after: TaskId | null; readonly limit: number };

/** Newest first. */
export async function listTasks(deps: Deps, projectId: ProjectId, { after, limit }: Page): Promise<TaskRecord[]> {
  const { start, end } = tasksOfProjectRange(projectId);
  const from = after === null ? start : keyAfter(taskKey(projectId, after));
  const rows = await deps.store.read((snapshot) => snapshot.range({ start: from, end, limit }));
  return rows.map(({ value }) => decodeRecord<TaskRecord>(value));
}

type NumberedError = TaskError & { readonly index: number };

export async function listTaskErrors(
  deps: Deps,
  taskId: TaskId,
  { after, limit }: { readonly after: number | null; readonly limit: number },
): Promise<NumberedError[]> {
  const { start, end } = taskErrorsRange(taskId);
  const from = after === null ? start : keyAfter(taskErrorKey(taskId, after));
  const rows = await deps.store.read((snapshot) => snapshot.range({ start: from, end, limit }));
  return rows.map(({ key, value }) => ({ ...decodeRecord<TaskError>(value), index: readTaskErrorKey(key) }));
}

/** What it is doing at that moment is finished first. Errors: task-finished. */
export async function cancelTask(deps: Deps, { projectId, taskId }: TaskRecord): Promise<TaskRecord> {
  return deps.store.transact(async (transaction) => {
    const task = await readTask(transaction, projectId, taskId);
    if (task === undefined || isFinished(task)) {
      throw new ProblemError(409, 'task-finished', 'This task has ended already.');
    }
    const cancelling: TaskRecord = { ...task, status: 'cancelling' };
    transaction.put(taskKey(projectId, taskId), encodeRecord(cancelling));
    return cancelling;
  });
}

export async function readItem(deps: Deps, taskId: TaskId, index: number): Promise<TaskItem | undefined> {
  const row = Math.floor(index / ITEMS_PER_ROW);
  const value = await deps.store.read((snapshot) => snapshot.get(taskItemsKey(taskId, row)));
  return value === undefined ? undefined : decodeRecord<TaskItems>(value).items[index % ITEMS_PER_ROW];
}

/** What a step came to. Whoever asked meanwhile that the task stop is not overwritten. */
export async function saveTask(deps: Deps, task: TaskRecord, errors: readonly TaskError[]): Promise<void> {
  await deps.store.transact(async (transaction) => {
    const stored = await readTask(transaction, task.projectId, task.taskId);
    if (stored === undefined) return;
    const status = stored.status === 'cancelling' && task.status === 'running' ? 'cancelling' : task.status;
    const failed = task.failed + errors.length;
    for (const [index, error] of errors.entries()) {
      if (task.failed + index >= MAX_TASK_ERRORS) break;
      transaction.put(taskErrorKey(task.taskId, task.failed + index), encodeRecord(error));
    }
    const next: TaskRecord = { ...task, status, failed };
    transaction.put(taskKey(task.projectId, task.taskId), encodeRecord(next));
    if (isFinished(next)) close(transaction, next);
  });
}

function close(transaction: Transaction, { taskId, projectId, finishedAt }: TaskRecord): void {
  transaction.delete(openTaskKey(taskId));
  const expiry: ExpiryRecord = { v: 1, kind: 'task', projectId, taskId };
  transaction.put(taskExpiryKey((finishedAt ?? 0) + KEPT_MS, taskId), encodeRecord(expiry));
}
