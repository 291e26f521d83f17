// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
import { declare } from '../operation.ts';
import { requireBucket } from '../require.ts';

export const headBucket = declare({
  name: 'HeadBucket',
  target: 'bucket',
  method: 'HEAD',
  match: [],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:ListBucket' }],
  run: async (_input, context) => ({
    status: 200,
    headers: { 'x-amz-bucket-region': requireBucket(context).region, 'x-amz-access-point-alias': 'false' },
  }),
});
