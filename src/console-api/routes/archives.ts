// Several objects as one file: the selection is left with the server first, because a download is a plain link.
import { Readable } from 'node:stream';
import { z } from 'zod';
import { refOf } from '../../access/principal.ts';
import { decodeRecord, encodeRecord } from '../../metadata/tables/record.ts';
import { archiveKey, type ArchiveRecord, type ExpiryRecord, taskExpiryKey } from '../../metadata/tables/tasks.ts';
import { ProblemError } from '../../shared/errors.ts';
import { newVersionId } from '../../shared/ids.ts';
import { refusals } from '../answers.ts';
import { isSame } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { bucketParams } from '../contract/buckets.ts';
import { archiveParams, archiveRequest, archiveTicket } from '../contract/objects.ts';
import { zipOf } from '../objects/archive.ts';
import { type BucketScope, sharedBucketScope } from '../objects/bucket-scope.ts';
import { dispositionOf, fileNameOf } from '../objects/content-headers.ts';
import { parseObjectKey } from '../objects/object-key.ts';
import { isoTime } from '../views/times.ts';

const tags = ['Objects'];
const KEPT_MS = 3_600_000;
/** 10,000 keys */
const MAX_BODY_BYTES = 2 * 1024 * 1024;
const zip = { description: 'The ZIP file', content: { 'application/zip': { schema: z.unknown() } } };

type Wanted = z.output<typeof archiveRequest>;

async function keep({ storage, bucket, actor }: BucketScope, wanted: Wanted): Promise<ArchiveRecord> {
  const now = storage.clock();
  const items = wanted.items.map((item) => ('prefix' in item ? item : { key: parseObjectKey(item.key) }));
  const record: ArchiveRecord = {
    v: 1,
    id: newVersionId(now),
    bucketId: bucket.bucketId,
    createdBy: refOf(actor.identity),
    items,
    base: wanted.base,
    fileName: `${wanted.name ?? (wanted.base === '' ? bucket.name : fileNameOf(wanted.base))}.zip`,
    expiresAt: now + KEPT_MS,
  };
  const expiry: ExpiryRecord = { v: 1, kind: 'archive', id: record.id };
  await storage.store.transact(async (transaction) => {
    transaction.put(archiveKey(record.id), encodeRecord(record));
    transaction.put(taskExpiryKey(record.expiresAt, record.id), encodeRecord(expiry));
  });
  return record;
}

async function findKept({ storage, bucket, actor }: BucketScope, id: string): Promise<ArchiveRecord> {
  const value = await storage.store.read((snapshot) => snapshot.get(archiveKey(id)));
  const record = value === undefined ? undefined : decodeRecord<ArchiveRecord>(value);
  const isMine = record !== undefined && isSame(record.createdBy, refOf(actor.identity));
  if (isMine && record.bucketId === bucket.bucketId && record.expiresAt > storage.clock()) return record;
  throw new ProblemError(404, 'no-such-archive', 'This download has expired. Choose the objects again.');
}

export function archiveRoutes(api: Api, deps: ConsoleDeps): void {
  api.post(
    '/projects/:projectId/buckets/:bucket/archives',
    {
      config: { access: 'signed-in', audit: { operation: 'CreateArchive', category: 'data', access: 'read' } },
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        tags,
        summary: 'Choose objects and folders to be fetched as one ZIP file, within an hour',
        params: bucketParams,
        body: archiveRequest,
        response: { 201: archiveTicket, ...refusals },
      },
    },
    async (request, reply) => {
      const scope = await sharedBucketScope(deps, request, { operation: 'GetObject' });
      const { id, expiresAt } = await keep(scope, request.body);
      const { projectId, bucket } = request.params;
      const path = `/api/v1/projects/${projectId}/buckets/${bucket}/archives/${id}`;
      return await reply.code(201).send({ id, path, expiresAt: isoTime(expiresAt) });
    },
  );
  api.get(
    '/projects/:projectId/buckets/:bucket/archives/:id',
    {
      config: { access: 'signed-in', audit: { operation: 'GetArchive', category: 'data' } },
      exposeHeadRoute: false,
      schema: {
        tags,
        summary: 'The ZIP file, made while it is sent; what the caller may not read is listed in it',
        params: archiveParams,
        response: { 200: zip, ...refusals },
      },
    },
    async (request, reply) => {
      const scope = await sharedBucketScope(deps, request, { operation: 'GetObject' });
      const record = await findKept(scope, request.params.id);
      reply
        .header('content-type', 'application/zip')
        .header('content-disposition', dispositionOf('attachment', record.fileName));
      return await reply.send(Readable.fromWeb(zipOf(scope, record)));
    },
  );
}
