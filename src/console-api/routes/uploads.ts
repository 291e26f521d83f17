// Uploads in parts: begin, see what arrived, complete, abort. Parts come in upload-parts.ts.
import { newObjectOf } from '../../access/external-buckets.ts';
import { askOf } from '../../access/s3-actor.ts';
import type { S3Ask } from '../../access/s3-resource.ts';
import type { UploadRecord } from '../../metadata/tables/objects.ts';
import { completeUpload } from '../../storage/complete-upload.ts';
import { listParts, listUploads } from '../../storage/list-uploads.ts';
import { abortUpload, createUpload } from '../../storage/multipart.ts';
import { noPreconditions } from '../../storage/preconditions.ts';
import { checkTags } from '../../storage/tags.ts';
import { nothing, refusals } from '../answers.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { bucketParams } from '../contract/buckets.ts';
import {
  completedUpload,
  completeUploadRequest,
  createUploadRequest,
  partList,
  partsQuery,
  uploadList,
  uploadParams,
  uploadQuery,
  uploadsQuery,
  type UploadView,
  uploadView,
} from '../contract/uploads.ts';
import { sharedBucketScope } from '../objects/bucket-scope.ts';
import { metadataOf } from '../objects/metadata.ts';
import { parseObjectKey } from '../objects/object-key.ts';
import { UPLOAD_CHECKSUM } from '../objects/request-body.ts';
import { chosenClass } from '../objects/storage-class.ts';
import { viewPart } from '../objects/upload-part-view.ts';
import { decodeVersionMarkers, encodeVersionMarkers } from '../objects/version-cursor.ts';
import { decodeCursor, encodeCursor } from '../paging.ts';
import { isoTime } from '../views/times.ts';

const tags = ['Uploads'];
const access = 'signed-in';
/** 10,000 parts with their entity tags */
const MAX_PARTS_BODY_BYTES = 2 * 1024 * 1024;

function viewUpload({ uploadId, key, initiatedAt, initiator, storageClass }: UploadRecord): UploadView {
  return { uploadId, key, startedAt: isoTime(initiatedAt), startedBy: initiator.displayName, storageClass };
}

export function uploadRoutes(api: Api, deps: ConsoleDeps): void {
  addCreate(api, deps);
  addLists(api, deps);
  addEnds(api, deps);
}

function addCreate(api: Api, deps: ConsoleDeps): void {
  api.post(
    '/projects/:projectId/buckets/:bucket/uploads',
    {
      config: { access, audit: { operation: 'CreateMultipartUpload', category: 'data' } },
      schema: {
        tags,
        summary: 'Begin an upload in parts',
        params: bucketParams,
        body: createUploadRequest,
        response: { 201: uploadView, ...refusals },
      },
    },
    async (request, reply) => {
      const wanted = request.body;
      const headers = { 'x-amz-storage-class': wanted.storageClass };
      const scope = await sharedBucketScope(deps, request, { operation: 'CreateMultipartUpload', headers });
      const { actor, bucket, storage } = scope;
      const key = parseObjectKey(wanted.key);
      if (wanted.tags !== undefined) checkTags(wanted.tags, 'object');
      const asks: S3Ask[] = [askOf('s3:PutObject', bucket, key)];
      if (wanted.tags !== undefined) asks.push(askOf('s3:PutObjectTagging', bucket, key, { isNew: true }));
      await actor.demand(...asks);
      const { canonicalId, name } = actor.identity;
      const upload = await createUpload(storage, {
        bucket,
        key,
        ...metadataOf(wanted),
        storageClass: chosenClass(scope.region, wanted.storageClass, bucket.defaultStorageClass),
        ...(wanted.tags === undefined ? {} : { tags: wanted.tags }),
        ...(await newObjectOf(storage, actor, bucket)),
        checksumAlgorithm: UPLOAD_CHECKSUM,
        checksumType: 'FULL_OBJECT',
        initiator: { id: canonicalId, displayName: name },
        guard: actor.guard(...asks),
      });
      return await reply.code(201).send(viewUpload(upload));
    },
  );
}

function addLists(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/projects/:projectId/buckets/:bucket/uploads',
    {
      config: { access, audit: { operation: 'ListMultipartUploads', category: 'data' } },
      schema: {
        tags,
        summary: 'Uploads that were begun and not completed',
        params: bucketParams,
        querystring: uploadsQuery,
        response: { 200: uploadList, ...refusals },
      },
    },
    async (request) => {
      const { prefix, cursor, limit } = request.query;
      const asIf = { operation: 'ListMultipartUploads', query: { prefix } };
      const { actor, bucket, storage } = await sharedBucketScope(deps, request, asIf);
      await actor.demand(askOf('s3:ListBucketMultipartUploads', bucket));
      const from = cursor === undefined ? null : decodeVersionMarkers(cursor);
      const listing = await listUploads(storage, {
        bucket,
        prefix,
        delimiter: null,
        keyMarker: from?.keyMarker ?? null,
        uploadIdMarker: from?.versionIdMarker ?? null,
        maxUploads: limit,
      });
      const { next } = listing;
      const nextMarkers = next === null ? null : { keyMarker: next.keyMarker, versionIdMarker: next.uploadIdMarker };
      return {
        items: listing.entries.flatMap((entry) => (entry.kind === 'upload' ? [viewUpload(entry.upload)] : [])),
        nextCursor: nextMarkers === null ? null : encodeVersionMarkers(nextMarkers),
      };
    },
  );
  api.get(
    '/projects/:projectId/buckets/:bucket/uploads/:uploadId/parts',
    {
      config: { access, audit: { operation: 'ListParts', category: 'data' } },
      schema: {
        tags,
        summary: 'The parts that have arrived: what an interrupted upload goes on with',
        params: uploadParams,
        querystring: partsQuery,
        response: { 200: partList, ...refusals },
      },
    },
    async (request) => {
      const { actor, bucket, storage } = await sharedBucketScope(deps, request, { operation: 'ListParts' });
      const key = parseObjectKey(request.query.key);
      await actor.demand(askOf('s3:ListMultipartUploadParts', bucket, key));
      const { uploadId } = request.params;
      const { cursor, limit } = request.query;
      const partNumberMarker = cursor === undefined ? 0 : Number.parseInt(decodeCursor(cursor), 10);
      const listing = await listParts(storage, { bucket, key, uploadId, partNumberMarker, maxParts: limit });
      const nextCursor = listing.next === null ? null : encodeCursor(String(listing.next));
      return { items: listing.parts.map(viewPart), nextCursor };
    },
  );
}

function addEnds(api: Api, deps: ConsoleDeps): void {
  api.post(
    '/projects/:projectId/buckets/:bucket/uploads/:uploadId/complete',
    {
      config: { access, audit: { operation: 'CompleteMultipartUpload', category: 'data' } },
      bodyLimit: MAX_PARTS_BODY_BYTES,
      schema: {
        tags,
        summary: 'Make the object of its parts; asked again, it answers the same',
        params: uploadParams,
        querystring: uploadQuery,
        body: completeUploadRequest,
        response: { 200: completedUpload, ...refusals },
      },
    },
    async (request) => {
      const scope = await sharedBucketScope(deps, request, { operation: 'CompleteMultipartUpload' });
      const { actor, bucket, storage } = scope;
      const key = parseObjectKey(request.query.key);
      const ask = askOf('s3:PutObject', bucket, key);
      await actor.demand(ask);
      const done = await completeUpload(storage, {
        bucket,
        key,
        uploadId: request.params.uploadId,
        parts: request.body.parts.map((part) => ({ ...part, checksum: null })),
        checksum: null,
        checksumType: null,
        objectSizeBytes: null,
        preconditions: noPreconditions,
        guard: actor.guard(ask),
      });
      const { etag, versionId, checksum } = done;
      return { key, versionId, etag, checksum };
    },
  );
  api.delete(
    '/projects/:projectId/buckets/:bucket/uploads/:uploadId',
    {
      config: { access, audit: { operation: 'AbortMultipartUpload', category: 'data' } },
      schema: {
        tags,
        summary: 'Give an upload up; its parts are deleted',
        params: uploadParams,
        querystring: uploadQuery,
        response: { 204: nothing, ...refusals },
      },
    },
    async (request, reply) => {
      const { actor, bucket, storage } = await sharedBucketScope(deps, request, { operation: 'AbortMultipartUpload' });
      const key = parseObjectKey(request.query.key);
      const ask = askOf('s3:AbortMultipartUpload', bucket, key);
      await actor.demand(ask);
      await abortUpload(storage, { bucket, key, uploadId: request.params.uploadId, guard: actor.guard(ask) });
      return await reply.code(204).send(null);
    },
  );
}
