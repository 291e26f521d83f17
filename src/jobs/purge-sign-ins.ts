// Takes ended sessions and forgotten sign-in failures out of the store.
import { purgeSignIns } from '../identity/purge-sign-ins.ts';
import type { SessionDeps } from '../identity/sessions.ts';
import type { Job } from './job.ts';

const INTERVAL_MS = 10 * 60_000;

export function purgeSignInsJob(deps: SessionDeps): Job {
  let done = 0;
  return {
    name: 'purge-sign-ins',
    intervalMs: INTERVAL_MS,
    // One step is a whole pass, so there is never more to do at once.
    step: async () => {
      if (await purgeSignIns(deps)) done++;
      return false;
    },
    status: () => ({ done, waiting: null, message: null }),
  };
}
