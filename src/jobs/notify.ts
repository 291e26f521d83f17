// Tells the events of the outbox to their targets.
import { deliverDue, type DeliverDeps, listDead } from '../events/deliver.ts';
import type { Job } from './job.ts';

const INTERVAL_MS = 500;
const MAX_COUNTED = 1000;

export function notifyJob(deps: DeliverDeps): Job {
  let done = 0;
  let failed = 0;
  let dead = 0;
  let counted = false;
  return {
    name: 'notify',
    intervalMs: INTERVAL_MS,
    step: async () => {
      const round = await deliverDue(deps);
      done += round.delivered;
      failed = round.failed;
      if (!counted || round.dead > 0) dead = (await listDead(deps, MAX_COUNTED)).length;
      counted = true;
      return round.delivered > 0;
    },
    status: () => ({ done, waiting: failed === 0 ? null : failed, message: messageOf(failed, dead) }),
  };
}

function messageOf(failed: number, dead: number): string | null {
  if (dead > 0) {
    const count = dead === MAX_COUNTED ? `${MAX_COUNTED} or more` : String(dead);
    return `${count} events could not be delivered within a day: see vstorage event list, then vstorage event retry`;
  }
  return failed === 0 ? null : `${failed} events could not be delivered and will be tried again`;
}
