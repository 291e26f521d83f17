// Forgets multipart uploads that were completed a day ago. Open ones never expire by themselves, as on AWS: their
// parts count in the usage until the client, or a lifecycle rule, aborts them.
import type { Bytes } from '../metadata/metadata-store.ts';
import { forgetCompletedUploads } from '../storage/forget-uploads.ts';
import type { StorageDeps } from '../storage/storage-deps.ts';
import type { Job } from './job.ts';

const INTERVAL_MS = 10 * 60 * 1000;

export function expireUploadsJob(deps: Pick<StorageDeps, 'store' | 'clock'>): Job {
  let done = 0;
  let cursor: Bytes | null = null;
  return {
    name: 'expire-uploads',
    intervalMs: INTERVAL_MS,
    step: async () => {
      const walked = await forgetCompletedUploads(deps, cursor);
      cursor = walked.cursor;
      done += walked.forgotten;
      return cursor !== null;
    },
    status: () => ({ done, waiting: null, message: null }),
  };
}
