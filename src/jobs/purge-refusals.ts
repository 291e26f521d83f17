// Keeps the explanations of refusals as few and as young as they are to be.
import { purgeRefusals } from '../explain/purge-refusals.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { Clock } from '../shared/clock.ts';
import type { Job } from './job.ts';

const INTERVAL_MS = 60_000;

export function purgeRefusalsJob(deps: { readonly store: MetadataStore; readonly clock: Clock }): Job {
  let done = 0;
  return {
    name: 'purge-refusals',
    intervalMs: INTERVAL_MS,
    // One step is a whole pass, so there is never more to do at once.
    step: async () => {
      done += await purgeRefusals(deps);
      return false;
    },
    status: () => ({ done, waiting: null, message: null }),
  };
}
