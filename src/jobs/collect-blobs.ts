// Deletes bytes that no record names any more, and gives up blobs that no commit claimed.
import { collectGarbage, giveUpStaged } from '../storage/collect-garbage.ts';
import type { StorageDeps } from '../storage/storage-deps.ts';
import type { Job } from './job.ts';

const INTERVAL_MS = 5_000;

export function collectBlobsJob(deps: StorageDeps): Job {
  let done = 0;
  return {
    name: 'collect-blobs',
    intervalMs: INTERVAL_MS,
    step: async () => {
      const units = (await collectGarbage(deps)) + (await giveUpStaged(deps));
      done += units;
      return units > 0;
    },
    status: () => ({ done, waiting: null, message: null }),
  };
}
