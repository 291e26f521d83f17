// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
import { deleteBucket as deleteStored } from '../../storage/buckets.ts';
import { declare } from '../operation.ts';
import { requireBucket } from '../require.ts';

export const deleteBucket = declare({
  name: 'DeleteBucket',
  target: 'bucket',
  method: 'DELETE',
  match: [],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:DeleteBucket' }],
  run: async (_input, context) => {
    await deleteStored(context.services, requireBucket(context), context.guard);
    return { status: 204 };
  },
});
