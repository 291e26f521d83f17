// Carries out the lifecycle rules of all buckets: a walk through each, once a lifecycle day and when its rules are set.
import { type LifecycleDeps, stepLifecycle } from '../storage/lifecycle-walk.ts';
import type { Job } from './job.ts';

const LONGEST_INTERVAL_MS = 60_000;
const SHORTEST_INTERVAL_MS = 200;
const LOOKS_PER_DAY = 40;

export function lifecycleJob(deps: LifecycleDeps): Job {
  let done = 0;
  let seen = 0;
  let damaged = 0;
  let at: string | null = null;
  return {
    name: 'lifecycle',
    intervalMs: Math.min(LONGEST_INTERVAL_MS, Math.max(SHORTEST_INTERVAL_MS, deps.lifecycleDayMs / LOOKS_PER_DAY)),
    step: async () => {
      const report = await stepLifecycle(deps);
      done += report.done;
      seen += report.seen;
      damaged += report.damaged;
      at = report.bucket;
      return report.worked;
    },
    status: () => ({
      done,
      waiting: null,
      message: messageOf(at, seen, damaged),
    }),
  };
}

function messageOf(at: string | null, seen: number, damaged: number): string | null {
  const trouble =
    damaged === 0 ? '' : `${damaged} times an object was not moved because its bytes are damaged or missing`;
  const place = at === null ? '' : `walks through the bucket ${at}; looked at ${seen} versions and uploads so far`;
  return [trouble, place].filter((text) => text !== '').join('; ') || null;
}
