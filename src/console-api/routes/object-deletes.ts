import { askOf, versioned } from '../../access/s3-actor.ts';
import type { S3Ask } from '../../access/s3-resource.ts';
import { S3Error } from '../../shared/errors.ts';
import { deleteObjects } from '../../storage/delete-objects.ts';
import { refusals } from '../answers.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { bucketParams } from '../contract/buckets.ts';
import {
  deleteObjectsRequest,
  deleteObjectsResult,
  type DeleteObjectsResult,
  deletePreview,
  deletePreviewRequest,
} from '../contract/objects.ts';
import { type BucketScope, sharedBucketScope } from '../objects/bucket-scope.ts';
import { countDeletion } from '../objects/count-deletion.ts';
import type { ObjectName } from '../objects/find-object.ts';
import { parseObjectKey } from '../objects/object-key.ts';
import { problemCode } from '../problems.ts';

/** 1,000 keys and versions */
const MAX_BODY_BYTES = 2 * 1024 * 1024;

type Result = DeleteObjectsResult['results'][number];

const refused = (key: string, error: S3Error): Result => ({
  key,
  deleted: false,
  code: problemCode(error),
  detail: error.message,
});

function asksFor({ bucket }: BucketScope, { key, versionId }: ObjectName, bypass: boolean): S3Ask[] {
  const remove = askOf(versioned('Delete', versionId), bucket, key, { versionId });
  return bypass ? [remove, askOf('s3:BypassGovernanceRetention', bucket, key)] : [remove];
}

async function whyNot(scope: BucketScope, asks: readonly S3Ask[]): Promise<S3Error | null> {
  try {
    await scope.actor.demand(...asks);
    return null;
  } catch (error) {
    if (error instanceof S3Error) return error;
    throw error;
  }
}

/** Each entry has its own permission and its own result, in the order asked for. */
async function deleteNamed(scope: BucketScope, names: readonly ObjectName[], bypass: boolean): Promise<Result[]> {
  const refusal = await Promise.all(names.map((name) => whyNot(scope, asksFor(scope, name, bypass))));
  const allowed = names.filter((_name, index) => refusal[index] === null);
  const done = await deleteObjects(scope.storage, {
    bucket: scope.bucket,
    keys: allowed,
    bypassGovernance: bypass,
    guard: scope.actor.guard(...allowed.flatMap((name) => asksFor(scope, name, bypass))),
  });
  const results = done.values();
  return names.map(({ key }, index) => {
    const why = refusal[index] ?? null;
    if (why !== null) return refused(key, why);
    const { error = null, outcome = null } = results.next().value ?? {};
    if (error !== null) return refused(key, error);
    return { key, deleted: true, deleteMarker: outcome?.deleteMarker ?? false, versionId: outcome?.versionId ?? null };
  });
}

export function objectDeleteRoutes(api: Api, deps: ConsoleDeps): void {
  api.post(
    '/projects/:projectId/buckets/:bucket/objects/delete-preview',
    {
      config: { access: 'signed-in', audit: { operation: 'PreviewDeletion', category: 'data', access: 'read' } },
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        tags: ['Objects'],
        summary: 'What deleting objects and folders would come to; deletes nothing',
        params: bucketParams,
        body: deletePreviewRequest,
        response: { 200: deletePreview, ...refusals },
      },
    },
    async (request) => {
      const scope = await sharedBucketScope(deps, request, { operation: 'ListObjectVersions' });
      const items = request.body.items.map((item) =>
        'prefix' in item ? item : { key: parseObjectKey(item.key), versionId: item.versionId ?? null },
      );
      return await countDeletion(scope, items);
    },
  );
  api.post(
    '/projects/:projectId/buckets/:bucket/objects/delete',
    {
      config: { access: 'signed-in', audit: { operation: 'DeleteObjects', category: 'data' } },
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        tags: ['Objects'],
        summary: 'Delete objects or versions at once; without a version, a bucket with versioning keeps them',
        params: bucketParams,
        body: deleteObjectsRequest,
        response: { 200: deleteObjectsResult, ...refusals },
      },
    },
    async (request) => {
      const scope = await sharedBucketScope(deps, request, { operation: 'DeleteObjects' });
      const names = request.body.items.map(({ key, versionId = null }) => ({ key: parseObjectKey(key), versionId }));
      return { results: await deleteNamed(scope, names, request.body.bypassGovernance) };
    },
  );
}
