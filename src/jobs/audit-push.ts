// Tells the audit trail to the targets that the operator named.
import { Pusher } from '../audit/push/push.ts';
import type { PushTarget } from '../audit/push/push-target.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { Clock } from '../shared/clock.ts';
import type { Job } from './job.ts';

const INTERVAL_MS = 1_000;

type Deps = { readonly store: MetadataStore; readonly clock: Clock; readonly auditTargets: readonly PushTarget[] };

export function auditPushJob({ auditTargets, ...deps }: Deps): Job {
  const pushers = auditTargets.map((target) => ({ name: target.name, pusher: new Pusher(deps, target) }));
  let done = 0;
  return {
    name: 'audit-push',
    intervalMs: INTERVAL_MS,
    step: async () => {
      const told = await Promise.all(pushers.map(({ pusher }) => pusher.step()));
      const sum = told.reduce((total, count) => total + count, 0);
      done += sum;
      return sum > 0;
    },
    status: () => {
      const failing = pushers.filter(({ pusher }) => pusher.error !== null);
      const message = failing.map(({ name, pusher }) => `${name}: ${pusher.error}`).join('; ');
      return { done, waiting: null, message: message === '' ? null : message };
    },
  };
}
