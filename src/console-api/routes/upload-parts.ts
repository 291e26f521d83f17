import { askOf } from '../../access/s3-actor.ts';
import { uploadPart } from '../../storage/multipart.ts';
import { refusals } from '../answers.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { partParams, partView, uploadQuery } from '../contract/uploads.ts';
import { sharedBucketScope } from '../objects/bucket-scope.ts';
import { parseObjectKey } from '../objects/object-key.ts';
import { openRequestBody, takeBodies } from '../objects/request-body.ts';
import { viewPart } from '../objects/upload-part-view.ts';

export function uploadPartRoutes(api: Api, deps: ConsoleDeps): void {
  takeBodies(api, (scope) => addPart(scope, deps));
}

function addPart(api: Api, deps: ConsoleDeps): void {
  api.put(
    '/projects/:projectId/buckets/:bucket/uploads/:uploadId/parts/:partNumber',
    {
      config: { access: 'signed-in', audit: { operation: 'UploadPart', category: 'data' } },
      schema: {
        tags: ['Uploads'],
        summary: 'Send a part: 5 MiB to 5 GiB, the last one may be smaller; sent again it replaces the one before',
        params: partParams,
        querystring: uploadQuery,
        response: { 200: partView, ...refusals },
      },
    },
    async (request, reply) => {
      const { actor, bucket, storage } = await sharedBucketScope(deps, request, { operation: 'UploadPart' });
      const key = parseObjectKey(request.query.key);
      const ask = askOf('s3:PutObject', bucket, key);
      await actor.demand(ask);
      const { uploadId, partNumber } = request.params;
      const source = openRequestBody(request, reply);
      const guard = actor.guard(ask);
      return viewPart(await uploadPart(storage, { bucket, key, uploadId, partNumber, source, guard }));
    },
  );
}
