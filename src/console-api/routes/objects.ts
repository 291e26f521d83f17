// Browsing: what is in a bucket, what there is to know of one object.
import { askOf } from '../../access/s3-actor.ts';
import { type ListedEntry, listObjects } from '../../storage/list-objects.ts';
import { type ListedVersion, listVersions } from '../../storage/list-versions.ts';
import { isMarker } from '../../storage/find-version.ts';
import { isLocked, noLock } from '../../storage/object-lock.ts';
import { refusals } from '../answers.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { bucketParams } from '../contract/buckets.ts';
import {
  listObjectsQuery,
  type ObjectEntry,
  objectList,
  objectQuery,
  objectView,
  type VersionEntry,
  versionList,
} from '../contract/objects.ts';
import { sharedBucketScope } from '../objects/bucket-scope.ts';
import { readableObject } from '../objects/find-object.ts';
import { parseObjectKey } from '../objects/object-key.ts';
import { viewObject } from '../objects/object-view.ts';
import { rightsBelow } from '../objects/rights.ts';
import { decodeVersionMarkers, encodeVersionMarkers } from '../objects/version-cursor.ts';
import { decodeCursor, encodeCursor } from '../paging.ts';
import { isoTime } from '../views/times.ts';

const tags = ['Objects'];
const access = 'signed-in';

function viewEntry(entry: ListedEntry): ObjectEntry {
  if (entry.kind === 'prefix') return entry;
  const { sizeBytes, lastModified, etag, storageClass, system } = entry.object;
  return {
    kind: 'object',
    key: entry.key,
    bytes: sizeBytes,
    lastModified: isoTime(lastModified),
    etag,
    storageClass,
    contentType: system.contentType ?? null,
  };
}

function viewVersion(entry: ListedVersion, now: number): VersionEntry {
  if (entry.kind === 'prefix') return entry;
  const { key, record, isLatest } = entry;
  const object = isMarker(record) ? null : record;
  return {
    kind: 'version',
    key,
    versionId: record.versionId,
    isLatest,
    deleteMarker: object === null,
    bytes: object?.sizeBytes ?? 0,
    lastModified: isoTime(record.lastModified),
    etag: object?.etag ?? null,
    storageClass: object?.storageClass ?? null,
    contentType: object?.system.contentType ?? null,
    locked: object !== null && isLocked(object.lock ?? noLock, now, false),
  };
}

export function objectRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/projects/:projectId/buckets/:bucket/objects',
    {
      config: { access, audit: { operation: 'ListObjectsV2', category: 'data' } },
      schema: {
        tags,
        summary: 'Objects and folders below a prefix, in order of their keys',
        params: bucketParams,
        querystring: listObjectsQuery,
        response: { 200: objectList, ...refusals },
      },
    },
    async (request) => {
      const { prefix, delimiter, startAfter = null, cursor, limit } = request.query;
      const asIf = { operation: 'ListObjectsV2', query: { prefix, delimiter, 'max-keys': String(limit) } };
      const { actor, bucket, storage } = await sharedBucketScope(deps, request, asIf);
      await actor.demand(askOf('s3:ListBucket', bucket));
      const listing = await listObjects(storage, bucket, {
        prefix,
        delimiter,
        startAfter: cursor === undefined ? startAfter : decodeCursor(cursor),
        prefixOfStartAfter: cursor === undefined ? 'show' : 'skip',
        maxKeys: limit,
      });
      return {
        items: listing.entries.map(viewEntry),
        nextCursor: listing.next === null ? null : encodeCursor(listing.next),
        rights: await rightsBelow(actor, bucket, prefix),
      };
    },
  );
  api.get(
    '/projects/:projectId/buckets/:bucket/versions',
    {
      config: { access, audit: { operation: 'ListObjectVersions', category: 'data' } },
      schema: {
        tags,
        summary: 'All versions and delete markers below a prefix, by key, newest first',
        params: bucketParams,
        querystring: listObjectsQuery,
        response: { 200: versionList, ...refusals },
      },
    },
    async (request) => {
      const { prefix, delimiter, startAfter, cursor, limit } = request.query;
      const asIf = { operation: 'ListObjectVersions', query: { prefix, delimiter, 'max-keys': String(limit) } };
      const { actor, bucket, storage } = await sharedBucketScope(deps, request, asIf);
      await actor.demand(askOf('s3:ListBucketVersions', bucket));
      const from = { keyMarker: startAfter ?? null, versionIdMarker: null };
      const markers = cursor === undefined ? from : decodeVersionMarkers(cursor);
      const listing = await listVersions(storage, bucket, { prefix, delimiter, ...markers, maxKeys: limit });
      const now = storage.clock();
      return {
        items: listing.entries.map((entry) => viewVersion(entry, now)),
        nextCursor: listing.next === null ? null : encodeVersionMarkers(listing.next),
        rights: await rightsBelow(actor, bucket, prefix),
      };
    },
  );
  api.get(
    '/projects/:projectId/buckets/:bucket/object',
    {
      config: { access, audit: { operation: 'HeadObject', category: 'data' } },
      schema: {
        tags,
        summary: 'What is stored with an object: metadata, tags, checksum, lock',
        params: bucketParams,
        querystring: objectQuery,
        response: { 200: objectView, ...refusals },
      },
    },
    async (request) => {
      const scope = await sharedBucketScope(deps, request, { operation: 'HeadObject' });
      const { versionId = null } = request.query;
      const name = { key: parseObjectKey(request.query.key), versionId };
      return await viewObject(scope, name, await readableObject(scope, name));
    },
  );
}
