// What reports are made of: hours are added up, usage is sampled, what is too old is dropped.
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { foldMeters } from '../reports/fold-meters.ts';
import { dropOldPoints, RETENTION_START, type RetentionPlace } from '../reports/retention.ts';
import { sampleUsage } from '../reports/sample-usage.ts';
import type { Clock } from '../shared/clock.ts';
import type { Job } from './job.ts';

const INTERVAL_MS = 60_000;
const RETENTION_EVERY_MS = 24 * 3_600_000;

type Deps = { readonly store: MetadataStore; readonly clock: Clock };

export function reportsJob(deps: Deps): Job {
  let done = 0;
  let place: RetentionPlace | null = RETENTION_START;
  let nextWalkAt = 0;
  const dropOld = async (): Promise<boolean> => {
    if (place === null && deps.clock() < nextWalkAt) return false;
    place = await dropOldPoints(deps, place ?? RETENTION_START);
    if (place === null) nextWalkAt = deps.clock() + RETENTION_EVERY_MS;
    return place !== null;
  };
  return {
    name: 'reports',
    intervalMs: INTERVAL_MS,
    step: async () => {
      const didSomething = (await foldMeters(deps)) || (await sampleUsage(deps)) || (await dropOld());
      if (didSomething) done++;
      return didSomething;
    },
    status: () => ({ done, waiting: null, message: null }),
  };
}
