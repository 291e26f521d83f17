// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
import { getObjectRecord, parseRead, planRead, readPermissions } from '../object-read.ts';
import { declare } from '../operation.ts';
import { requireBucket } from '../require.ts';

export const headObject = declare({
  name: 'HeadObject',
  target: 'object',
  method: 'HEAD',
  match: [],
  accepts: ['partNumber'],
  bucketMustExist: true,
  implemented: 'yes',
  input: parseRead,
  permissions: readPermissions,
  run: async (input, context) => {
    const object = await getObjectRecord(context, { ...input, bucket: requireBucket(context) });
    const { reply } = await planRead(context, object, input);
    return reply;
  },
});
