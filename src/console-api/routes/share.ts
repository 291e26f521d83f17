import { refOf } from '../../access/principal.ts';
import { shareObject } from '../../access/share-object.ts';
import { requireReadable } from '../../storage/restore-object.ts';
import type { S3KeyId } from '../../shared/ids.ts';
import { refusals } from '../answers.ts';
import { callerOf } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { bucketParams } from '../contract/buckets.ts';
import { objectQuery, sharedLink, shareRequest } from '../contract/objects.ts';
import { sharedBucketScope } from '../objects/bucket-scope.ts';
import { dispositionOf, fileNameOf, refuseCustomerKey } from '../objects/content-headers.ts';
import { readableObject } from '../objects/find-object.ts';
import { parseObjectKey } from '../objects/object-key.ts';
import { regionOf } from '../projects-of.ts';
import { isoTime } from '../views/times.ts';

export function shareRoutes(api: Api, deps: ConsoleDeps): void {
  api.post(
    '/projects/:projectId/buckets/:bucket/object/share',
    {
      config: { access: 'signed-in', audit: 'ShareObject' },
      schema: {
        tags: ['Objects'],
        summary: 'A link for anybody, for a minute to 7 days, signed with an S3 key of the caller’s own',
        description:
          'It ends when it expires, when the key is disabled or deleted, or when the key may no longer read the object.',
        params: bucketParams,
        querystring: objectQuery,
        body: shareRequest,
        response: { 201: sharedLink, ...refusals },
      },
    },
    async (request, reply) => {
      const scope = await sharedBucketScope(deps, request, { operation: 'GetObject' });
      const name = { key: parseObjectKey(request.query.key), versionId: request.query.versionId ?? null };
      const object = await readableObject(scope, name);
      refuseCustomerKey(object);
      requireReadable(object, scope.storage.clock());
      const { s3KeyId, expiresInSeconds, mode } = request.body;
      const link = await shareObject(deps.identity, {
        project: scope.project,
        bucket: scope.bucket,
        ...name,
        sharedBy: refOf(scope.actor.identity),
        s3KeyId: s3KeyId as S3KeyId,
        endpoint: regionOf(deps, scope.project).endpoint,
        expiresInSeconds,
        contentDisposition: dispositionOf(mode === 'view' ? 'inline' : 'attachment', fileNameOf(name.key)),
        facts: callerOf(request).facts,
      });
      return await reply.code(201).send({ url: link.url, expiresAt: isoTime(link.expiresAt) });
    },
  );
}
