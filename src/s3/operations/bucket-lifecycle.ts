// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketLifecycle.html
import type { MinimumTransitionSize } from '../../metadata/tables/lifecycle.ts';
import { S3Error } from '../../shared/errors.ts';
import { configurationsOf } from '../../storage/bucket-configurations.ts';
import { checkLifecycle } from '../../storage/check-lifecycle.ts';
import { setLifecycle } from '../../storage/lifecycle-configuration.ts';
import { declare } from '../operation.ts';
import { findHeader } from '../parameters.ts';
import { requireBucket } from '../require.ts';
import { readLifecycle, readMinimumSize, writeRule } from '../xml/lifecycle.ts';
import { resultDocument } from '../xml/write.ts';

/** 1,000 rules with long prefixes and all their tags */
const MAX_XML_BYTES = 8 * 1024 * 1024;
const MINIMUM_SIZE = 'x-amz-transition-default-minimum-object-size';

const minimumSizeHeader = (minimumSize: MinimumTransitionSize): Record<string, string> =>
  minimumSize === null ? {} : { [MINIMUM_SIZE]: minimumSize };

export const putBucketLifecycleConfiguration = declare({
  name: 'PutBucketLifecycleConfiguration',
  target: 'bucket',
  method: 'PUT',
  match: ['lifecycle'],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => {
    const minimumSize = findHeader(request, MINIMUM_SIZE);
    return { minimumSize: minimumSize === undefined ? null : readMinimumSize(minimumSize) };
  },
  permissions: () => [{ action: 's3:PutLifecycleConfiguration' }],
  run: async ({ minimumSize }, context) => {
    const { services, guard } = context;
    const rules = readLifecycle(await context.body.bytes(MAX_XML_BYTES));
    checkLifecycle(rules, services.storageClasses);
    await setLifecycle(services, { bucket: requireBucket(context), value: { v: 1, rules, minimumSize }, guard });
    return { status: 200, headers: minimumSizeHeader(minimumSize) };
  },
});

export const getBucketLifecycleConfiguration = declare({
  name: 'GetBucketLifecycleConfiguration',
  target: 'bucket',
  method: 'GET',
  match: ['lifecycle'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:GetLifecycleConfiguration' }],
  run: async (_input, context) => {
    const bucket = requireBucket(context);
    const { lifecycle } = await configurationsOf(context.services, bucket);
    if (lifecycle === undefined) {
      throw new S3Error('NoSuchLifecycleConfiguration', { fields: { BucketName: bucket.name } });
    }
    const body = resultDocument('LifecycleConfiguration', ...lifecycle.rules.map(writeRule));
    return { status: 200, headers: minimumSizeHeader(lifecycle.minimumSize), body };
  },
});

export const deleteBucketLifecycle = declare({
  name: 'DeleteBucketLifecycle',
  target: 'bucket',
  method: 'DELETE',
  match: ['lifecycle'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:PutLifecycleConfiguration' }],
  run: async (_input, context) => {
    await setLifecycle(context.services, { bucket: requireBucket(context), value: null, guard: context.guard });
    return { status: 204 };
  },
});
