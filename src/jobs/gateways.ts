// Forgets gateways that died, and ends a rolling upgrade when every gateway is new.
import { GatewayWatch } from '../gateways/gateway-watch.ts';
import { raiseFormat } from '../gateways/raise-format.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { Clock } from '../shared/clock.ts';
import type { Job } from './job.ts';

const INTERVAL_MS = 5_000;

export function gatewaysJob({ store, clock }: { readonly store: MetadataStore; readonly clock: Clock }): Job {
  const watch = new GatewayWatch(clock);
  let done = 0;
  let waiting = 0;
  return {
    name: 'gateways',
    intervalMs: INTERVAL_MS,
    step: async () => {
      const { removed, behind } = await raiseFormat({ store, watch });
      done += removed;
      waiting = behind.length;
      return false;
    },
    status: () => ({
      done,
      waiting,
      message: waiting === 0 ? null : `the upgrade ends when ${waiting} processes of an older version have ended`,
    }),
  };
}
