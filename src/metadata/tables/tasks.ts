// Long work on objects (copying, moving, deleting, emptying), as it stands in the metadata store: what is to be done,
// how far it is, what went wrong. And selections that are waiting to be downloaded as one file.
import type { AccountId, BucketId, BucketName, ObjectKey, ProjectId } from '../../shared/ids.ts';
import { encodeKey, KeyReader, prefixRange, tables } from '../keys.ts';
import type { Bytes } from '../metadata-store.ts';
import type { IdentityRef } from './identities.ts';
import type { ObjectRecord } from './objects.ts';

declare const brand: unique symbol;
/** 32 characters of `0-9a-v` whose byte order is newest first. */
export type TaskId = string & { readonly [brand]: 'TaskId' };

/** One object, or everything below a prefix; `to`: the key, or the prefix, that it becomes */
export type TaskItem =
  | { readonly key: ObjectKey; readonly versionId?: string; readonly to?: ObjectKey }
  | { readonly prefix: string; readonly to?: string };

export type CopySpec = {
  readonly kind: 'copy' | 'move';
  readonly existing: 'replace' | 'keep';
  /** what copies get instead of what their sources have */
  readonly replaced?: Partial<Pick<ObjectRecord, 'system' | 'user' | 'storageClass'>>;
};
export type DeleteSpec = {
  readonly kind: 'delete';
  /** everything that was ever there, for good */
  readonly versions: boolean;
  readonly bypassGovernance: boolean;
};
export type EmptySpec = { readonly kind: 'empty'; readonly deleteBucket: boolean; readonly bypassGovernance: boolean };
export type TaskSpec = CopySpec | DeleteSpec | EmptySpec;

/** The name as it was: a bucket made anew under it is another one. */
export type TaskBucket = { readonly bucketId: BucketId; readonly name: BucketName };

/** A large object that is being copied in parts. */
export type PartCopy = {
  readonly uploadId: string;
  readonly to: ObjectKey;
  readonly nextPart: number;
  /** of the source: when it changes, the copy begins again */
  readonly etag: string;
};

export type TaskPlace = {
  readonly phase: 'counting' | 'working' | 'uploads';
  /** index of the item */
  readonly item: number;
  /** the last key of the item's prefix that was dealt with */
  readonly after: string | null;
  /** where versions are listed: the version of `after` */
  readonly afterVersion: string | null;
  readonly part: PartCopy | null;
  /** how often it has gone through everything: what came meanwhile is taken too */
  readonly passes: number;
};

export type TaskCount = { readonly objects: number; readonly bytes: number };

export type TaskRecord = {
  readonly v: 1;
  readonly taskId: TaskId;
  readonly accountId: AccountId;
  readonly projectId: ProjectId;
  readonly region: string;
  /** whose rights it has, at each moment */
  readonly createdBy: IdentityRef;
  readonly creatorName: string;
  /** conditions of policies may ask for it */
  readonly clientAddress: string;
  readonly spec: TaskSpec;
  readonly bucket: TaskBucket;
  readonly toBucket: TaskBucket | null;
  readonly itemCount: number;
  /** key or prefix, to be shown */
  readonly first: string | null;
  readonly status: 'waiting' | 'running' | 'cancelling' | 'done' | 'failed' | 'cancelled';
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly done: TaskCount;
  readonly skipped: number;
  readonly failed: number;
  /** null: not counted yet */
  readonly total: TaskCount | null;
  readonly place: TaskPlace;
  /** why it failed as a whole */
  readonly problem: { readonly code: string; readonly detail: string } | null;
};

export type TaskItems = { readonly v: 1; readonly items: readonly TaskItem[] };

export type TaskError = {
  readonly v: 1;
  readonly key: string;
  readonly versionId: string | null;
  readonly code: string;
  readonly detail: string;
};

/** A selection that somebody may fetch as one file until it expires. */
export type ArchiveRecord = {
  readonly v: 1;
  readonly id: string;
  readonly bucketId: BucketId;
  readonly createdBy: IdentityRef;
  readonly items: readonly TaskItem[];
  readonly base: string;
  readonly fileName: string;
  readonly expiresAt: number;
};

/** value: TaskRecord; newest first */
export const taskKey = (projectId: ProjectId, taskId: TaskId): Bytes =>
  encodeKey(tables.task, 'task', projectId, { tail: taskId });
export const tasksOfProjectRange = (projectId: ProjectId): { start: Bytes; end: Bytes } =>
  prefixRange(tables.task, 'task', projectId);

export type OpenTask = { readonly v: 1; readonly projectId: ProjectId; readonly taskId: TaskId };
/** value: OpenTask; those that are not finished */
export const openTaskKey = (taskId: TaskId): Bytes => encodeKey(tables.task, 'open', { tail: taskId });
export const openTasksRange = (): { start: Bytes; end: Bytes } => prefixRange(tables.task, 'open');

/** Items in one row. */
export const ITEMS_PER_ROW = 200;
/** value: TaskItems; row n holds the items from n × ITEMS_PER_ROW on */
export const taskItemsKey = (taskId: TaskId, row: number): Bytes =>
  encodeKey(tables.task, 'items', taskId, BigInt(row));
export const taskItemsRange = (taskId: TaskId): { start: Bytes; end: Bytes } =>
  prefixRange(tables.task, 'items', taskId);

/** value: TaskError; in the order they happened */
export const taskErrorKey = (taskId: TaskId, index: number): Bytes =>
  encodeKey(tables.task, 'error', taskId, BigInt(index));
export const taskErrorsRange = (taskId: TaskId): { start: Bytes; end: Bytes } =>
  prefixRange(tables.task, 'error', taskId);
export function readTaskErrorKey(key: Bytes): number {
  const reader = new KeyReader(key);
  reader.text();
  reader.text();
  return Number(reader.uint());
}

/** value: ArchiveRecord */
export const archiveKey = (id: string): Bytes => encodeKey(tables.task, 'archive', { tail: id });

/** What is to be forgotten, in order of time. */
export type ExpiryRecord =
  | { readonly v: 1; readonly kind: 'task'; readonly projectId: ProjectId; readonly taskId: TaskId }
  | { readonly v: 1; readonly kind: 'archive'; readonly id: string };
export const taskExpiryKey = (at: number, id: string): Bytes =>
  encodeKey(tables.task, 'expiry', BigInt(at), { tail: id });
export const taskExpiryRange = (now: number): { start: Bytes; end: Bytes } => ({
  start: prefixRange(tables.task, 'expiry').start,
  end: encodeKey(tables.task, 'expiry', BigInt(now)),
});
