// Looks at all projects every minute: usage alerts, quotas that grow by themselves, periods that are over.
import { watchProjects, type WatchDeps } from '../projects/watch-projects.ts';
import type { Job } from './job.ts';

const INTERVAL_MS = 60_000;

export function projectWatchJob(deps: WatchDeps): Job {
  let done = 0;
  let after: string | null = '';
  return {
    name: 'project-watch',
    intervalMs: INTERVAL_MS,
    step: async () => {
      after = await watchProjects(deps, after ?? '');
      done++;
      return after !== null;
    },
    status: () => ({ done, waiting: null, message: null }),
  };
}
