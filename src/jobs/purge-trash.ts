// Purges projects whose time in the trash is over: objects, uploads and buckets first, then keys and the project.
import type { IdentityDeps } from '../identity/identity-deps.ts';
import { purgeProjects } from '../projects/purge-projects.ts';
import { findLock } from '../storage/find-lock.ts';
import { purgeProjectStorage } from '../storage/purge-project.ts';
import type { Job } from './job.ts';

const INTERVAL_MS = 60_000;

export function purgeTrashJob(deps: IdentityDeps): Job {
  let done = 0;
  return {
    name: 'purge-trash',
    intervalMs: INTERVAL_MS,
    step: async () => {
      const didSomething = await purgeProjects(deps, {
        purge: (project) => purgeProjectStorage(deps, project),
        lockedUntil: (project) => findLock(deps, project),
      });
      if (didSomething) done++;
      return didSomething;
    },
    status: () => ({ done, waiting: null, message: null }),
  };
}
