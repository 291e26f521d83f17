// Delivers server access logs, all that wait at once, every few minutes.
import { deliverAccessLogs } from '../access-logs/deliver.ts';
import type { StorageDeps } from '../storage/storage-deps.ts';
import type { Job } from './job.ts';

export function accessLogsJob(deps: StorageDeps & { readonly accessLogIntervalMs: number }): Job {
  let done = 0;
  return {
    name: 'access-logs',
    intervalMs: deps.accessLogIntervalMs,
    step: async () => {
      done += await deliverAccessLogs(deps);
      return false;
    },
    status: () => ({ done, waiting: null, message: null }),
  };
}
