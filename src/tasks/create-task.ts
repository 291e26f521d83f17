import type { Transaction } from '../metadata/metadata-store.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import {
  ITEMS_PER_ROW,
  type OpenTask,
  openTaskKey,
  openTasksRange,
  type TaskBucket,
  type TaskCount,
  type TaskId,
  type TaskItem,
  taskItemsKey,
  type TaskItems,
  taskKey,
  type TaskRecord,
  type TaskSpec,
} from '../metadata/tables/tasks.ts';
import type { IdentityRef, ProjectRecord } from '../metadata/tables/identities.ts';
import type { Clock } from '../shared/clock.ts';
import { ProblemError } from '../shared/errors.ts';
import { newVersionId } from '../shared/ids.ts';

/** Tasks that wait or run, of all projects: each is looked at in turn. */
const MAX_OPEN_TASKS = 200;

export type NewTask = {
  /** in which it was asked for, and where it is shown: a bucket may be another account's */
  readonly project: Pick<ProjectRecord, 'accountId' | 'projectId'>;
  readonly spec: TaskSpec;
  readonly bucket: BucketRecord;
  readonly toBucket: BucketRecord | null;
  /** none for `empty` */
  readonly items: readonly TaskItem[];
  readonly createdBy: IdentityRef;
  readonly creatorName: string;
  readonly clientAddress: string;
  /** when it is known already */
  readonly total: TaskCount | null;
};

type Deps = { readonly store: MetadataStore; readonly clock: Clock };

/** Errors: too-many-tasks, copy-into-itself. */
export async function createTask(deps: Deps, wanted: NewTask): Promise<TaskRecord> {
  for (const item of wanted.items) refuseLoop(wanted, item);
  const task = newRecord(wanted, deps.clock());
  await deps.store.transact(async (transaction) => {
    const open = await transaction.range({ ...openTasksRange(), limit: MAX_OPEN_TASKS });
    if (open.length >= MAX_OPEN_TASKS) {
      const message = `${MAX_OPEN_TASKS} tasks are waiting already. Try again when some are done.`;
      throw new ProblemError(409, 'too-many-tasks', message);
    }
    putTask(transaction, task, wanted.items);
  });
  return task;
}

/** A folder copied into itself would never end; an object moved onto itself would be gone. */
function refuseLoop({ bucket, toBucket }: NewTask, item: TaskItem): void {
  if (toBucket?.bucketId !== bucket.bucketId || item.to === undefined) return;
  const isLoop =
    'prefix' in item ? item.to.startsWith(item.prefix) : item.to === item.key && item.versionId === undefined;
  if (!isLoop) return;
  const what = 'prefix' in item ? item.prefix : item.key;
  throw new ProblemError(409, 'copy-into-itself', `${what} would be copied into itself. Choose another place.`);
}

function newRecord(wanted: NewTask, now: number): TaskRecord {
  const { project, spec, bucket, toBucket, items, createdBy, creatorName, clientAddress, total } = wanted;
  const [first] = items;
  return {
    v: 1,
    taskId: newVersionId(now) as string as TaskId,
    accountId: project.accountId,
    projectId: project.projectId,
    region: bucket.region,
    createdBy,
    creatorName,
    clientAddress,
    spec,
    bucket: nameOf(bucket),
    toBucket: toBucket === null ? null : nameOf(toBucket),
    itemCount: items.length,
    first: first === undefined ? null : 'prefix' in first ? first.prefix : first.key,
    status: 'waiting',
    createdAt: now,
    startedAt: null,
    finishedAt: null,
    done: { objects: 0, bytes: 0 },
    skipped: 0,
    failed: 0,
    total,
    place: {
      phase: total === null ? 'counting' : 'working',
      item: 0,
      after: null,
      afterVersion: null,
      part: null,
      passes: 0,
    },
    problem: null,
  };
}

const nameOf = ({ bucketId, name }: BucketRecord): TaskBucket => ({ bucketId, name });

function putTask(transaction: Transaction, task: TaskRecord, items: readonly TaskItem[]): void {
  const { projectId, taskId } = task;
  const open: OpenTask = { v: 1, projectId, taskId };
  transaction.put(taskKey(projectId, taskId), encodeRecord(task));
  transaction.put(openTaskKey(taskId), encodeRecord(open));
  for (let row = 0; row * ITEMS_PER_ROW < items.length; row++) {
    const some: TaskItems = { v: 1, items: items.slice(row * ITEMS_PER_ROW, (row + 1) * ITEMS_PER_ROW) };
    transaction.put(taskItemsKey(taskId, row), encodeRecord(some));
  }
}
