// Tells of restored objects of archive classes whose days are over. Reads refuse them from that moment on without it.
import { endRestores } from '../storage/end-restores.ts';
import type { StorageDeps } from '../storage/storage-deps.ts';
import type { Job } from './job.ts';

const LONGEST_INTERVAL_MS = 60_000;
const SHORTEST_INTERVAL_MS = 200;

export function endRestoresJob(deps: StorageDeps & { readonly lifecycleDayMs: number }): Job {
  let done = 0;
  return {
    name: 'end-restores',
    intervalMs: Math.min(LONGEST_INTERVAL_MS, Math.max(SHORTEST_INTERVAL_MS, deps.lifecycleDayMs / 10)),
    step: async () => {
      const { seen, ended } = await endRestores(deps);
      done += ended;
      return seen > 0;
    },
    status: () => ({ done, waiting: null, message: null }),
  };
}
