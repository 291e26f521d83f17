// The bytes of an object, down and up: streamed, on the read and write path of the S3 API.
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { newObjectOf } from '../../access/external-buckets.ts';
import { askOf } from '../../access/s3-actor.ts';
import type { ObjectRecord } from '../../metadata/tables/objects.ts';
import { S3Error } from '../../shared/errors.ts';
import { checkRead } from '../../storage/preconditions.ts';
import { type ByteRange, parseRange } from '../../storage/ranges.ts';
import { openObject } from '../../storage/read-object.ts';
import { requireReadable } from '../../storage/restore-object.ts';
import { writeObject } from '../../storage/write-object.ts';
import { z } from 'zod';
import { refusals } from '../answers.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { bucketParams } from '../contract/buckets.ts';
import { contentQuery, putObjectQuery, storedObject } from '../contract/objects.ts';
import { sharedBucketScope } from '../objects/bucket-scope.ts';
import { contentHeaders, refuseCustomerKey } from '../objects/content-headers.ts';
import { readableObject } from '../objects/find-object.ts';
import { parseObjectKey } from '../objects/object-key.ts';
import { viewStored } from '../objects/object-view.ts';
import { openRequestBody, takeBodies } from '../objects/request-body.ts';
import { chosenClass } from '../objects/storage-class.ts';

const tags = ['Objects'];
const bytes = {
  description: 'The bytes',
  content: { 'application/octet-stream': { schema: z.unknown() } },
};

/** The part asked for; an If-Range that names another state of the object asks for all of it. */
function rangeOf({ headers }: FastifyRequest, object: ObjectRecord): ByteRange | null {
  const { range } = headers;
  const condition = headers['if-range'];
  const changed = typeof condition === 'string' && condition.replace(/^"|"$/g, '') !== object.etag;
  if (range === undefined || changed) return null;
  const parsed = parseRange(range, object.sizeBytes);
  if (parsed === 'whole') return null;
  if (parsed !== 'unsatisfiable') return parsed;
  throw new S3Error('InvalidRange', {
    message: `The range ${range} lies outside the object's ${object.sizeBytes} bytes.`,
  });
}

function isUnchanged({ headers }: FastifyRequest, object: ObjectRecord): boolean {
  const ifNoneMatch = headers['if-none-match'] ?? null;
  const conditions = { ifMatch: null, ifNoneMatch, ifModifiedSince: null, ifUnmodifiedSince: null };
  return checkRead(conditions, object) === 'not-modified';
}

export function objectContentRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/projects/:projectId/buckets/:bucket/object/content',
    {
      config: { access: 'signed-in', audit: { operation: 'GetObject', category: 'data' } },
      exposeHeadRoute: false,
      schema: {
        tags,
        summary: 'The bytes of an object, as a file or to be shown in a page; takes Range',
        params: bucketParams,
        querystring: contentQuery,
        response: { 200: bytes, 206: bytes, ...refusals },
      },
    },
    async (request, reply) => {
      const scope = await sharedBucketScope(deps, request, { operation: 'GetObject' });
      const { versionId = null, disposition } = request.query;
      const key = parseObjectKey(request.query.key);
      const object = await readableObject(scope, { key, versionId });
      refuseCustomerKey(object);
      reply.headers(contentHeaders(key, object, disposition));
      if (isUnchanged(request, object)) return await reply.code(304).send();
      requireReadable(object, scope.storage.clock());
      const range = rangeOf(request, object);
      const { start, end } = range ?? { start: 0, end: object.sizeBytes };
      const chunks = await openObject(scope.storage, object, { start, end }, null);
      if (range !== null) reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${object.sizeBytes}`);
      reply.header('content-length', end - start).serializer(String);
      return await reply.send(Readable.from(chunks, { objectMode: false }));
    },
  );
  takeBodies(api, (scope) => addPut(scope, deps));
}

function addPut(api: Api, deps: ConsoleDeps): void {
  api.put(
    '/projects/:projectId/buckets/:bucket/object/content',
    {
      config: { access: 'signed-in', audit: { operation: 'PutObject', category: 'data' } },
      schema: {
        tags,
        summary: 'Store an object of at most 5 GiB: the body is its bytes, Content-Type its own',
        params: bucketParams,
        querystring: putObjectQuery,
        response: { 200: storedObject, ...refusals },
      },
    },
    async (request, reply) => {
      const { storageClass: wanted, ifAbsent } = request.query;
      const headers = { 'x-amz-storage-class': wanted };
      const scope = await sharedBucketScope(deps, request, { operation: 'PutObject', headers });
      const { actor, bucket, storage } = scope;
      const key = parseObjectKey(request.query.key);
      const ask = askOf('s3:PutObject', bucket, key);
      await actor.demand(ask);
      const storageClass = chosenClass(scope.region, wanted, bucket.defaultStorageClass);
      const contentType = request.headers['content-type'];
      const object = await writeObject(storage, {
        bucket,
        key,
        source: openRequestBody(request, reply),
        system: contentType === undefined ? {} : { contentType },
        user: {},
        storageClass,
        ...(await newObjectOf(storage, actor, bucket)),
        preconditions: { ifMatch: null, ifNoneMatch: ifAbsent === 'true' ? '*' : null },
        guard: actor.guard(ask),
      });
      return viewStored(key, object);
    },
  );
}
