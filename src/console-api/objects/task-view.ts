import type { TaskRecord } from '../../metadata/tables/tasks.ts';
import { isFinished } from '../../tasks/task-rows.ts';
import type { TaskView } from '../contract/tasks.ts';
import { kebab } from '../problems.ts';
import { isoTime, isoTimeOrNull } from '../views/times.ts';

export function viewTask(task: TaskRecord): TaskView {
  const { spec, place, problem } = task;
  return {
    id: task.taskId,
    kind: spec.kind,
    status: task.status,
    bucket: task.bucket.name,
    toBucket: task.toBucket?.name ?? null,
    first: task.first,
    items: task.itemCount,
    createdBy: task.creatorName,
    createdAt: isoTime(task.createdAt),
    startedAt: isoTimeOrNull(task.startedAt),
    finishedAt: isoTimeOrNull(task.finishedAt),
    done: task.done,
    skipped: task.skipped,
    failed: task.failed,
    total: place.phase === 'counting' ? null : task.total,
    current: place.after,
    problem: problem === null ? null : { code: kebab(problem.code), detail: problem.detail },
    canCancel: !isFinished(task) && task.status !== 'cancelling',
  };
}
