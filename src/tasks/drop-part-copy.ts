import type { TaskRecord } from '../metadata/tables/tasks.ts';
import { S3Error } from '../shared/errors.ts';
import { abortUpload } from '../storage/multipart.ts';
import type { Work } from './work.ts';

/** The parts of a large copy that will not be completed. Nobody's rights are asked: they are the task's own. */
export async function dropPartCopy({ storage, toBucket }: Work, { place: { part } }: TaskRecord): Promise<void> {
  if (part === null) return;
  try {
    await abortUpload(storage, { bucket: toBucket, key: part.to, uploadId: part.uploadId, guard: async () => {} });
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
  }
}
