// Carries out what people set going in the console: copying, moving, deleting, emptying.
import { stepTasks, type Turn } from '../tasks/run-tasks.ts';
import { type TaskDeps } from '../tasks/task-deps.ts';
import type { Job } from './job.ts';

const INTERVAL_MS = 500;

export function tasksJob(deps: TaskDeps): Job {
  const turn: Turn = { last: '' };
  let done = 0;
  return {
    name: 'tasks',
    intervalMs: INTERVAL_MS,
    step: async () => {
      const task = await stepTasks(deps, turn);
      if (task !== null) done++;
      return task !== null;
    },
    status: () => ({ done, waiting: null, message: null }),
  };
}
