// A task that is being worked on: its buckets as they are, and its creator's rights as they are now.
import { actAs, type S3Actor } from '../access/s3-actor.ts';
import { originOf } from '../events/origin-of.ts';
import { queueEvents } from '../events/outbox.ts';
import { loadIdentity } from '../identity/load-identity.ts';
import { type ProjectRecord, projectKey } from '../metadata/tables/identities.ts';
import { type BucketRecord, bucketKey } from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { TaskBucket, TaskError, TaskRecord } from '../metadata/tables/tasks.ts';
import type { Snapshot } from '../metadata/metadata-store.ts';
import { ProblemError } from '../shared/errors.ts';
import type { Region } from '../shared/ids.ts';
import type { StorageDeps } from '../storage/storage-deps.ts';
import type { TaskDeps } from './task-deps.ts';

export type Work = {
  readonly deps: TaskDeps;
  readonly task: TaskRecord;
  readonly actor: S3Actor;
  readonly storage: StorageDeps;
  readonly bucket: BucketRecord;
  /** where copies go */
  readonly toBucket: BucketRecord;
};

/** What a step came to: the task as it is to be written, and what could not be done. */
export type Step = { readonly task: TaskRecord; readonly errors: readonly TaskError[] };

/** As events name what each kind does. */
const operations = { copy: 'CopyObject', move: 'CopyObject', delete: 'DeleteObjects', empty: 'DeleteObjects' } as const;

/** Throws ProblemError when the task cannot go on at all. */
export async function openWork(deps: TaskDeps, task: TaskRecord): Promise<Work> {
  const { identity, bucket, toBucket } = await deps.store.read((snapshot) => load(snapshot, task));
  const { clientAddress } = task;
  const facts = {
    receivedAt: deps.clock(),
    clientAddress,
    secure: true,
    headers: new Map(),
    query: new Map(),
    requestedRegion: task.region,
  };
  const origin = originOf(identity, { sourceIpAddress: clientAddress, requestId: task.taskId });
  const announce = queueEvents(deps.clock, { by: 'request', operation: operations[task.spec.kind] }, origin);
  const storage = { ...deps, region: task.region as Region, announce };
  return { deps, task, actor: actAs(deps, identity, facts), storage, bucket, toBucket };
}

async function load(snapshot: Snapshot, task: TaskRecord) {
  const identity = await loadIdentity(snapshot, task.accountId, task.createdBy);
  if (identity === undefined) {
    throw new ProblemError(409, 'task-creator-gone', `${task.creatorName} has been disabled or deleted meanwhile.`);
  }
  const value = await snapshot.get(projectKey(task.projectId));
  if (value === undefined || decodeRecord<ProjectRecord>(value).trashedAt !== null) {
    throw new ProblemError(409, 'project-in-trash', 'The project has been moved to the trash.');
  }
  const bucket = await loadBucket(snapshot, task, task.bucket);
  const toBucket = task.toBucket === null ? bucket : await loadBucket(snapshot, task, task.toBucket);
  return { identity, bucket, toBucket };
}

async function loadBucket(snapshot: Snapshot, task: TaskRecord, { name, bucketId }: TaskBucket): Promise<BucketRecord> {
  const value = await snapshot.get(bucketKey(task.region, name));
  const bucket = value === undefined ? undefined : decodeRecord<BucketRecord>(value);
  if (bucket?.bucketId === bucketId) return bucket;
  throw new ProblemError(409, 'bucket-gone', `The bucket ${name} has been deleted meanwhile.`);
}
