// Long work on objects, done in the background: it goes on when the page is closed and after a restart.
import { z } from 'zod';
import { projectParams } from '../contract.ts';
import { objectKey } from './objects.ts';

const time = z.iso.datetime();
const bucket = z.string().min(1).max(63);
const versionId = z.string().min(1).max(64);

/** One object, or everything below a prefix. */
const copyItem = z.union([
  z.strictObject({ key: objectKey, to: objectKey }),
  z.strictObject({ prefix: objectKey, to: z.string().max(1024) }),
]);
const deleteItem = z.union([
  z.strictObject({ key: objectKey, versionId: versionId.optional() }),
  z.strictObject({ prefix: objectKey }),
]);

const copying = {
  bucket,
  toBucket: bucket,
  items: z.array(copyItem).min(1).max(10_000),
  /** objects that are there already */
  existing: z.enum(['replace', 'keep']).default('replace'),
};

export const createTaskRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('copy'), ...copying }),
  z.strictObject({ kind: z.literal('move'), ...copying }),
  z.strictObject({
    kind: z.literal('delete'),
    bucket,
    items: z.array(deleteItem).min(1).max(10_000),
    /** also what is older, and delete markers: nothing is left to restore */
    versions: z.boolean().default(false),
    bypassGovernance: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('empty'),
    bucket,
    /** the bucket too, when nothing is left in it */
    deleteBucket: z.boolean().default(false),
    bypassGovernance: z.boolean().default(false),
    /** the bucket's name, typed by somebody who means it */
    confirm: z.string(),
  }),
]);
export type CreateTaskRequest = z.input<typeof createTaskRequest>;

export const taskStatus = z.enum(['waiting', 'running', 'cancelling', 'done', 'failed', 'cancelled']);
export type TaskStatus = z.infer<typeof taskStatus>;

export const taskView = z.object({
  id: z.string(),
  kind: z.enum(['copy', 'move', 'delete', 'empty']),
  status: taskStatus,
  bucket: z.string(),
  toBucket: z.string().nullable(),
  /** what it is about: the first item, and how many there are */
  first: z.string().nullable(),
  items: z.int(),
  createdBy: z.string(),
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
  /** objects, versions and delete markers dealt with, and their bytes */
  done: z.object({ objects: z.int(), bytes: z.int() }),
  skipped: z.int(),
  failed: z.int(),
  /** null: not counted yet */
  total: z.object({ objects: z.int(), bytes: z.int() }).nullable(),
  /** the key it is at */
  current: z.string().nullable(),
  /** why it failed as a whole */
  problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
  canCancel: z.boolean(),
});
export type TaskView = z.infer<typeof taskView>;

export const taskParams = projectParams.extend({ taskId: z.string().regex(/^[0-9a-v]{32}$/) });
export const tasksQuery = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export const taskList = z.object({ items: z.array(taskView), nextCursor: z.string().nullable() });
export type TaskList = z.infer<typeof taskList>;

export const taskErrors = z.object({
  items: z.array(z.object({ key: z.string(), versionId: z.string().nullable(), code: z.string(), detail: z.string() })),
  nextCursor: z.string().nullable(),
});
export type TaskErrors = z.infer<typeof taskErrors>;
