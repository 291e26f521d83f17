// Background work on objects: set going, watched, stopped.
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { askOf } from '../../access/s3-actor.ts';
import { refOf } from '../../access/principal.ts';
import type { TaskId, TaskItem, TaskRecord } from '../../metadata/tables/tasks.ts';
import { bucketUsage } from '../../projects/usage.ts';
import { ProblemError } from '../../shared/errors.ts';
import { createTask, type NewTask } from '../../tasks/create-task.ts';
import { cancelTask, findTask, listTaskErrors, listTasks } from '../../tasks/task-rows.ts';
import { refusals } from '../answers.ts';
import { callerOf, isSame } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { projectParams } from '../contract.ts';
import { createTaskRequest, taskErrors, taskList, taskParams, tasksQuery, taskView } from '../contract/tasks.ts';
import { bucketIn, type ProjectScope, projectScope, sharedBucketIn } from '../objects/bucket-scope.ts';
import { parseObjectKey } from '../objects/object-key.ts';
import { viewTask } from '../objects/task-view.ts';
import { decodeCursor, encodeCursor } from '../paging.ts';
import { kebab } from '../problems.ts';
import { projectOf } from '../projects-of.ts';

const tags = ['Tasks'];
const access = 'signed-in';
/** 10,000 keys, twice */
const MAX_ITEMS_BODY_BYTES = 4 * 1024 * 1024;

type Wanted = z.output<typeof createTaskRequest>;
type Given = {
  readonly key?: string;
  readonly prefix?: string;
  readonly to?: string;
  readonly versionId?: string | undefined;
};

function itemOf({ key, prefix, to, versionId }: Given): TaskItem {
  if (prefix !== undefined) return { prefix, ...(to === undefined ? {} : { to }) };
  const name = parseObjectKey(key ?? '');
  return {
    key: name,
    ...(versionId === undefined ? {} : { versionId }),
    ...(to === undefined ? {} : { to: parseObjectKey(to) }),
  };
}

/** What the task is made of. That its creator may do it is asked for each object, when its turn comes. */
async function describeTask(
  scope: ProjectScope,
  wanted: Wanted,
): Promise<Pick<NewTask, 'spec' | 'bucket' | 'toBucket' | 'items' | 'total'>> {
  // a bucket of another account is not emptied as a whole: only its owner can say that
  const bucket = await (wanted.kind === 'empty' ? bucketIn : sharedBucketIn)(scope, wanted.bucket);
  if (wanted.kind === 'empty') {
    if (wanted.confirm !== bucket.name) {
      const message = `Type the bucket's name, ${bucket.name}, to confirm that everything in it is to be deleted.`;
      throw new ProblemError(400, 'not-confirmed', message, { field: 'confirm' });
    }
    await scope.actor.demand(askOf('s3:ListBucketVersions', bucket));
    const { deleteBucket, bypassGovernance } = wanted;
    if (deleteBucket) await scope.actor.demand(askOf('s3:DeleteBucket', bucket));
    const total = await bucketUsage(scope.storage, bucket.bucketId);
    return { spec: { kind: 'empty', deleteBucket, bypassGovernance }, bucket, toBucket: null, items: [], total };
  }
  const items = wanted.items.map(itemOf);
  await demandListing(scope, wanted, bucket, items);
  if (wanted.kind === 'delete') {
    const { versions, bypassGovernance } = wanted;
    return { spec: { kind: 'delete', versions, bypassGovernance }, bucket, toBucket: null, items, total: null };
  }
  const toBucket = await sharedBucketIn(scope, wanted.toBucket);
  return { spec: { kind: wanted.kind, existing: wanted.existing }, bucket, toBucket, items, total: null };
}

/** Who may not list what is below a prefix may not have it walked through either. */
async function demandListing(
  { actor }: ProjectScope,
  wanted: Wanted,
  bucket: NewTask['bucket'],
  items: readonly TaskItem[],
): Promise<void> {
  const versions = wanted.kind === 'delete' && wanted.versions;
  const action = versions ? 's3:ListBucketVersions' : 's3:ListBucket';
  const prefixes = items.flatMap((item) => ('prefix' in item ? [item.prefix] : versions ? [item.key] : []));
  for (const prefix of new Set(prefixes)) {
    await actor.demand(askOf(action, bucket, null, { context: { 's3:prefix': prefix } }));
  }
}

/** The caller's own; the root account sees everybody's. */
function isVisible(request: FastifyRequest, task: TaskRecord): boolean {
  const { identity } = callerOf(request);
  return identity.type === 'root' || isSame(refOf(identity), task.createdBy);
}

async function taskOf(
  deps: ConsoleDeps,
  request: FastifyRequest<{ Params: { projectId: string; taskId: string } }>,
): Promise<TaskRecord> {
  const { projectId } = await projectOf(deps, callerOf(request).identity.accountId, request.params.projectId);
  const task = await findTask(deps.storage, projectId, request.params.taskId as TaskId);
  if (task !== undefined && isVisible(request, task)) return task;
  throw new ProblemError(404, 'no-such-task', 'There is no such task. Tasks are forgotten two weeks after they end.');
}

export function taskListRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/projects/:projectId/tasks',
    {
      config: { access, audit: 'ListTasks' },
      schema: {
        tags,
        summary:
          'The background tasks of the project, newest first: the caller’s own, for the root account everybody’s',
        params: projectParams,
        querystring: tasksQuery,
        response: { 200: taskList, ...refusals },
      },
    },
    async (request) => {
      const { projectId } = await projectOf(deps, callerOf(request).identity.accountId, request.params.projectId);
      const { cursor, limit } = request.query;
      const after = cursor === undefined ? null : (decodeCursor(cursor) as TaskId);
      const found = await listTasks(deps.storage, projectId, { after, limit });
      const last = found.length < limit ? undefined : found.at(-1);
      const items = found.filter((task) => isVisible(request, task)).map(viewTask);
      return { items, nextCursor: last === undefined ? null : encodeCursor(last.taskId) };
    },
  );
  api.post(
    '/projects/:projectId/tasks',
    {
      config: { access, audit: 'CreateTask' },
      bodyLimit: MAX_ITEMS_BODY_BYTES,
      schema: {
        tags,
        summary: 'Copy, move or delete objects and folders, or empty a bucket, in the background',
        description: 'The task has its creator’s rights, object by object, at the moment each is dealt with.',
        params: projectParams,
        body: createTaskRequest,
        response: { 202: taskView, ...refusals },
      },
    },
    async (request, reply) => {
      const { identity, facts } = callerOf(request);
      const scope = await projectScope(deps, request, request.params.projectId, { operation: 'CreateTask' });
      const task = await createTask(deps.storage, {
        ...(await describeTask(scope, request.body)),
        project: scope.project,
        createdBy: refOf(identity),
        creatorName: identity.name,
        clientAddress: facts.clientAddress,
      });
      return await reply.code(202).send(viewTask(task));
    },
  );
}

export function taskRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/projects/:projectId/tasks/:taskId',
    {
      config: { access, audit: 'GetTask' },
      schema: { tags, summary: 'One task', params: taskParams, response: { 200: taskView, ...refusals } },
    },
    async (request) => viewTask(await taskOf(deps, request)),
  );
  api.post(
    '/projects/:projectId/tasks/:taskId/cancel',
    {
      config: { access, audit: 'CancelTask' },
      schema: {
        tags,
        summary: 'Stop a task after what it is doing; what is done stays done',
        params: taskParams,
        response: { 200: taskView, ...refusals },
      },
    },
    async (request) => viewTask(await cancelTask(deps.storage, await taskOf(deps, request))),
  );
  api.get(
    '/projects/:projectId/tasks/:taskId/errors',
    {
      config: { access, audit: 'ListTaskErrors' },
      schema: {
        tags,
        summary: 'What could not be done, and why; the first 1,000 are kept',
        params: taskParams,
        querystring: tasksQuery,
        response: { 200: taskErrors, ...refusals },
      },
    },
    async (request) => {
      const { taskId } = await taskOf(deps, request);
      const { cursor, limit } = request.query;
      const after = cursor === undefined ? null : Number.parseInt(decodeCursor(cursor), 10);
      const found = await listTaskErrors(deps.storage, taskId, { after, limit });
      const last = found.length < limit ? undefined : found.at(-1);
      const items = found.map(({ key, versionId, code, detail }) => ({ key, versionId, code: kebab(code), detail }));
      return { items, nextCursor: last === undefined ? null : encodeCursor(String(last.index)) };
    },
  );
}
