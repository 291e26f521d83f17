// What can be changed of an object that is there: metadata, class, tags, lock; an older version brought back.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refOf } from '../../access/principal.ts';
import { askOf, versioned } from '../../access/s3-actor.ts';
import type { CopySpec } from '../../metadata/tables/tasks.ts';
import { S3Error } from '../../shared/errors.ts';
import { setLegalHold, setRetention, setTags } from '../../storage/change-object.ts';
import { restoreObject } from '../../storage/restore-object.ts';
import { checkTags } from '../../storage/tags.ts';
import { copyObject, type CopyFrom } from '../../tasks/copy-object.ts';
import { createTask } from '../../tasks/create-task.ts';
import { refusals } from '../answers.ts';
import { callerOf } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { bucketParams } from '../contract/buckets.ts';
import {
  keyQuery,
  objectQuery,
  objectView,
  restoreArchiveRequest,
  setLegalHoldRequest,
  setMetadataRequest,
  setRetentionRequest,
  setTagsRequest,
} from '../contract/objects.ts';
import { taskView } from '../contract/tasks.ts';
import { type BucketScope, sharedBucketScope } from '../objects/bucket-scope.ts';
import { type ObjectName, readableObject } from '../objects/find-object.ts';
import { metadataOf } from '../objects/metadata.ts';
import { parseObjectKey } from '../objects/object-key.ts';
import { viewObject } from '../objects/object-view.ts';
import { chosenClass } from '../objects/storage-class.ts';
import { viewTask } from '../objects/task-view.ts';

const tags = ['Objects'];
const access = 'signed-in';
/** What is copied while the caller waits; more becomes a task. */
const AT_ONCE_BYTES = 256 * 1024 ** 2;

const changed = { 200: objectView, ...refusals };
const changedOrTask = { 200: objectView, 202: taskView, ...refusals };

type Named = FastifyRequest<{ Querystring: { key: string; versionId?: string | undefined } }>;

const nameOf = ({ query }: Named): ObjectName => ({
  key: parseObjectKey(query.key),
  versionId: query.versionId ?? null,
});

async function answerObject(scope: BucketScope, name: ObjectName) {
  return await viewObject(scope, name, await readableObject(scope, name));
}

/** An object made anew out of itself or out of an older version. */
async function remake(
  request: FastifyRequest,
  reply: FastifyReply,
  scope: BucketScope,
  from: CopyFrom,
  replaced: NonNullable<CopySpec['replaced']>,
) {
  const { actor, bucket, storage, project } = scope;
  const { key, versionId, object } = from;
  if (object.sizeBytes <= AT_ONCE_BYTES) {
    const ifMatch = versionId === null ? { ifMatch: object.etag } : {};
    await copyObject(storage, actor, from, { bucket, key, replaced, ...ifMatch });
    return await answerObject(scope, { key, versionId: null });
  }
  const task = await createTask(storage, {
    spec: { kind: 'copy', existing: 'replace', replaced },
    project,
    bucket,
    toBucket: bucket,
    items: [{ key, versionId: object.versionId, to: key }],
    createdBy: refOf(actor.identity),
    creatorName: actor.identity.name,
    clientAddress: callerOf(request).facts.clientAddress,
    total: { objects: 1, bytes: object.sizeBytes },
  });
  return await reply.code(202).send(viewTask(task));
}

export function objectChangeRoutes(api: Api, deps: ConsoleDeps): void {
  addRemakes(api, deps);
  addLocks(api, deps);
  api.put(
    '/projects/:projectId/buckets/:bucket/object/tags',
    {
      config: { access, audit: { operation: 'PutObjectTagging', category: 'data' } },
      schema: {
        tags,
        summary: 'Set the tags of an object; an empty list takes them away',
        params: bucketParams,
        querystring: objectQuery,
        body: setTagsRequest,
        response: changed,
      },
    },
    async (request) => {
      const scope = await sharedBucketScope(deps, request, { operation: 'PutObjectTagging' });
      const { actor, bucket, storage } = scope;
      const name = nameOf(request);
      checkTags(request.body.tags, 'object');
      const ask = askOf(versioned('Put', name.versionId, 'Tagging'), bucket, name.key, name);
      await actor.demand(ask);
      await setTags(storage, { bucket, ...name, tags: request.body.tags, guard: actor.guard(ask) });
      return await answerObject(scope, name);
    },
  );
  api.post(
    '/projects/:projectId/buckets/:bucket/object/restore-archive',
    {
      config: { access, audit: { operation: 'RestoreObject', category: 'data' } },
      schema: {
        tags,
        summary: 'Make an archived object readable for some days',
        params: bucketParams,
        querystring: objectQuery,
        body: restoreArchiveRequest,
        response: changed,
      },
    },
    async (request) => {
      const scope = await sharedBucketScope(deps, request, { operation: 'RestoreObject' });
      const { actor, bucket, storage } = scope;
      const name = nameOf(request);
      const ask = askOf('s3:RestoreObject', bucket, name.key, name);
      await actor.demand(ask);
      const { days } = request.body;
      const dayMs = deps.objects.lifecycleDayMs;
      await restoreObject(storage, { bucket, ...name, days, dayMs, guard: actor.guard(ask) });
      return await answerObject(scope, name);
    },
  );
}

function addRemakes(api: Api, deps: ConsoleDeps): void {
  api.put(
    '/projects/:projectId/buckets/:bucket/object/metadata',
    {
      config: { access, audit: { operation: 'UpdateObjectMetadata', category: 'data' } },
      schema: {
        tags,
        summary:
          'Set metadata and storage class: the object is made anew with them, as a new version where there are any',
        params: bucketParams,
        querystring: keyQuery,
        body: setMetadataRequest,
        response: changedOrTask,
      },
    },
    async (request, reply) => {
      const wanted = request.body;
      const headers = { 'x-amz-metadata-directive': 'REPLACE', 'x-amz-storage-class': wanted.storageClass };
      const scope = await sharedBucketScope(deps, request, { operation: 'CopyObject', headers });
      const name = { key: parseObjectKey(request.query.key), versionId: null };
      const object = await readableObject(scope, name);
      const storageClass = chosenClass(scope.region, wanted.storageClass, object.storageClass);
      const replaced = { ...metadataOf(wanted), storageClass };
      return await remake(request, reply, scope, { bucket: scope.bucket, ...name, object }, replaced);
    },
  );
  api.post(
    '/projects/:projectId/buckets/:bucket/object/restore-version',
    {
      config: { access, audit: { operation: 'RestoreObjectVersion', category: 'data' } },
      schema: {
        tags,
        summary: 'Put an older version on top as the newest; nothing is deleted',
        params: bucketParams,
        querystring: objectQuery,
        response: changedOrTask,
      },
    },
    async (request, reply) => {
      const scope = await sharedBucketScope(deps, request, { operation: 'CopyObject' });
      const name = nameOf(request);
      const object = await readableObject(scope, name);
      return await remake(request, reply, scope, { bucket: scope.bucket, ...name, object }, {});
    },
  );
}

function addLocks(api: Api, deps: ConsoleDeps): void {
  api.put(
    '/projects/:projectId/buckets/:bucket/object/retention',
    {
      config: { access, audit: { operation: 'PutObjectRetention', category: 'data' } },
      schema: {
        tags,
        summary: 'Set until when a version cannot be deleted',
        params: bucketParams,
        querystring: objectQuery,
        body: setRetentionRequest,
        response: changed,
      },
    },
    async (request) => {
      const scope = await sharedBucketScope(deps, request, { operation: 'PutObjectRetention' });
      const { actor, bucket, storage } = scope;
      const name = nameOf(request);
      const { retention: wanted, bypassGovernance } = request.body;
      const asks = [askOf('s3:PutObjectRetention', bucket, name.key, name)];
      if (bypassGovernance) asks.push(askOf('s3:BypassGovernanceRetention', bucket, name.key, name));
      await actor.demand(...asks);
      const retention = wanted === null ? null : { mode: wanted.mode, until: Date.parse(wanted.until) };
      if (retention !== null && retention.until <= storage.clock()) {
        throw new S3Error('InvalidArgument', {
          message: 'The date until which the version is kept must be in the future.',
        });
      }
      const guard = actor.guard(...asks);
      await setRetention(storage, { bucket, ...name, retention, bypassGovernance, guard });
      return await answerObject(scope, name);
    },
  );
  api.put(
    '/projects/:projectId/buckets/:bucket/object/legal-hold',
    {
      config: { access, audit: { operation: 'PutObjectLegalHold', category: 'data' } },
      schema: {
        tags,
        summary: 'Place or release a legal hold on a version',
        params: bucketParams,
        querystring: objectQuery,
        body: setLegalHoldRequest,
        response: changed,
      },
    },
    async (request) => {
      const scope = await sharedBucketScope(deps, request, { operation: 'PutObjectLegalHold' });
      const { actor, bucket, storage } = scope;
      const name = nameOf(request);
      const ask = askOf('s3:PutObjectLegalHold', bucket, name.key, name);
      await actor.demand(ask);
      await setLegalHold(storage, { bucket, ...name, legalHold: request.body.on, guard: actor.guard(ask) });
      return await answerObject(scope, name);
    },
  );
}
