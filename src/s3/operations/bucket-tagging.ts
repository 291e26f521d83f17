// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html · Get… · Delete…
import type { TaggingConfiguration } from '../../metadata/tables/bucket-configurations.ts';
import { S3Error } from '../../shared/errors.ts';
import { changeConfiguration, readConfiguration } from '../../storage/bucket-configurations.ts';
import type { OperationContext } from '../operation.ts';
import { declare } from '../operation.ts';
import { requireBucket } from '../require.ts';
import { MAX_TAGGING_BYTES, parseTagging, taggingXml } from '../tagging.ts';

async function change(context: OperationContext, value: TaggingConfiguration | null): Promise<void> {
  const { guard, services } = context;
  await changeConfiguration(services, { bucket: requireBucket(context), name: 'tagging', value, guard });
}

export const putBucketTagging = declare({
  name: 'PutBucketTagging',
  target: 'bucket',
  method: 'PUT',
  match: ['tagging'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:PutBucketTagging' }],
  run: async (_input, context) => {
    await change(context, { v: 1, tags: parseTagging(await context.body.bytes(MAX_TAGGING_BYTES), 'bucket') });
    return { status: 204 };
  },
});

export const getBucketTagging = declare({
  name: 'GetBucketTagging',
  target: 'bucket',
  method: 'GET',
  match: ['tagging'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:GetBucketTagging' }],
  run: async (_input, context) => {
    const bucket = requireBucket(context);
    const tagging = await readConfiguration(context.services, bucket, 'tagging');
    if (tagging === null) throw new S3Error('NoSuchTagSet', { fields: { BucketName: bucket.name } });
    return { status: 200, body: taggingXml(tagging.tags) };
  },
});

export const deleteBucketTagging = declare({
  name: 'DeleteBucketTagging',
  target: 'bucket',
  method: 'DELETE',
  match: ['tagging'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:PutBucketTagging' }],
  run: async (_input, context) => {
    await change(context, null);
    return { status: 204 };
  },
});
