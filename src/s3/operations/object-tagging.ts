// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html · Get… · Delete…
import { requestTagContext } from '../../access/condition-context.ts';
import type { Tag } from '../../metadata/tables/bucket-configurations.ts';
import { S3Error } from '../../shared/errors.ts';
import { setTags } from '../../storage/change-object.ts';
import type { OperationContext, Permission, S3Request } from '../operation.ts';
import { declare } from '../operation.ts';
import { requireBucket, requireKey } from '../require.ts';
import { MAX_TAGGING_BYTES, parseTagging, taggingXml } from '../tagging.ts';
import { getVersion, versionedAction, versionHeaders, versionOf } from '../versions.ts';

const named = (request: S3Request) => ({ key: requireKey(request), versionId: versionOf(request) });
type Named = ReturnType<typeof named>;

async function change(input: Named, context: OperationContext, tags: readonly Tag[]): Promise<Record<string, string>> {
  const bucket = requireBucket(context);
  return versionHeaders(bucket, await setTags(context.services, { ...input, bucket, tags, guard: context.guard }));
}

export const putObjectTagging = declare({
  name: 'PutObjectTagging',
  target: 'object',
  method: 'PUT',
  match: ['tagging'],
  bucketMustExist: true,
  implemented: 'yes',
  input: named,
  // policies may ask which tags are set, so the decision waits for them
  permissions: ({ versionId }) => [{ action: versionedAction(versionId, 'Put', 'Tagging'), perEntry: true }],
  run: async (input, context) => {
    const tags = parseTagging(await context.body.bytes(MAX_TAGGING_BYTES), 'object');
    const permission: Permission = {
      action: versionedAction(input.versionId, 'Put', 'Tagging'),
      context: requestTagContext(tags.map(({ key, value }) => [key, value] as const)),
    };
    if (!(await context.allows(permission))) throw new S3Error('AccessDenied');
    return { status: 200, headers: await change(input, { ...context, guard: context.guardFor([permission]) }, tags) };
  },
});

export const getObjectTagging = declare({
  name: 'GetObjectTagging',
  target: 'object',
  method: 'GET',
  match: ['tagging'],
  bucketMustExist: true,
  implemented: 'yes',
  input: named,
  permissions: ({ versionId }) => [{ action: versionedAction(versionId, 'Get', 'Tagging') }],
  run: async (input, context) => {
    const bucket = requireBucket(context);
    const object = await getVersion(context, { ...input, bucket });
    return { status: 200, headers: versionHeaders(bucket, object), body: taggingXml(object.tags ?? []) };
  },
});

export const deleteObjectTagging = declare({
  name: 'DeleteObjectTagging',
  target: 'object',
  method: 'DELETE',
  match: ['tagging'],
  bucketMustExist: true,
  implemented: 'yes',
  input: named,
  permissions: ({ versionId }) => [{ action: versionedAction(versionId, 'Delete', 'Tagging') }],
  run: async (input, context) => ({ status: 204, headers: await change(input, context, []) }),
});
