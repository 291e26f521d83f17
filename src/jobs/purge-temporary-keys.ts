// Takes temporary credentials that expired a day ago out of the store.
import { type PurgeDeps, purgeTemporaryKeys } from '../identity/temporary-keys.ts';
import type { Job } from './job.ts';

const INTERVAL_MS = 10 * 60_000;

export function purgeTemporaryKeysJob(deps: PurgeDeps): Job {
  let done = 0;
  return {
    name: 'purge-temporary-keys',
    intervalMs: INTERVAL_MS,
    step: async () => {
      const { purged, more } = await purgeTemporaryKeys(deps);
      done += purged;
      return more;
    },
    status: () => ({ done, waiting: null, message: null }),
  };
}
