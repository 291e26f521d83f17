// Events as JSON files in a bucket of the same project: one file for each source bucket and minute, with all its events.
// A file and the removal of its events from the outbox are one commit, so no event is reported twice. Writing a report
// tells nobody: reports on reports would never end.
import type { OutboxRecord } from '../metadata/tables/events.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import type { BucketName, ObjectKey } from '../shared/ids.ts';
import { findBucket } from '../storage/buckets.ts';
import { memorySource } from '../storage/memory-source.ts';
import type { StorageDeps } from '../storage/storage-deps.ts';
import { writeObject } from '../storage/write-object.ts';
import type { EventTarget, Settle } from './event-target.ts';

const MINUTE_MS = 60_000;
const BATCH = 1000;
/** Files of one minute: far more than a minute's events need */
const MAX_FILES = 1000;

export type ReportOptions = { readonly bucket: string; readonly naming: 'flat' | 'dated'; readonly gatherMs?: number };

export function reportTarget(deps: StorageDeps, options: ReportOptions): EventTarget {
  const { announce: _silent, ...quiet } = deps;
  return {
    batchSize: BATCH,
    concurrency: 1,
    gatherMs: options.gatherMs ?? MINUTE_MS,
    deliver: async (batch, settle) => {
      const [first] = batch;
      if (first === undefined) return;
      const bucket = await reportBucket(quiet, first, options.bucket);
      await writeReport(quiet, { bucket, batch, settle, name: reportName(first, options.naming, deps.clock()) });
    },
  };
}

async function reportBucket(deps: StorageDeps, { projectId }: OutboxRecord, name: string): Promise<BucketRecord> {
  const bucket = await findBucket(deps, name as BucketName);
  if (bucket === undefined) throw new Error(`the report bucket ${name} does not exist`);
  if (bucket.projectId !== projectId) throw new Error(`the report bucket ${name} is in another project`);
  return bucket;
}

/** `photos/2026-11-23-17-54` or `photos/2026/11/23/2026-11-23-17-54`: the minute of delivery. */
export function reportName({ bucket }: Pick<OutboxRecord, 'bucket'>, naming: 'flat' | 'dated', now: number): string {
  const minute = new Date(now).toISOString().slice(0, 16).replaceAll(/[T:]/g, '-');
  const day = naming === 'dated' ? `${minute.slice(0, 10).replaceAll('-', '/')}/` : '';
  return `${bucket}/${day}${minute}`;
}

type Report = {
  readonly bucket: BucketRecord;
  readonly name: string;
  readonly batch: readonly OutboxRecord[];
  readonly settle: Settle;
};

async function writeReport(deps: StorageDeps, { bucket, name, batch, settle }: Report): Promise<void> {
  const bytes = Buffer.from(JSON.stringify({ Records: batch.map(({ event }) => event) }));
  for (let number = 1; number <= MAX_FILES; number++) {
    const key = (number === 1 ? name : `${name}-${number}`) as ObjectKey;
    try {
      await writeObject(deps, {
        bucket,
        key,
        source: memorySource(bytes),
        system: { contentType: 'application/json' },
        user: {},
        storageClass: bucket.defaultStorageClass,
        preconditions: { ifMatch: null, ifNoneMatch: '*' },
        guard: async (transaction) => settle(transaction),
      });
      return;
    } catch (error) {
      if (!(error instanceof S3Error && error.code === 'PreconditionFailed')) throw error;
    }
  }
  throw new Error(`there are ${MAX_FILES} reports of this minute already`);
}
