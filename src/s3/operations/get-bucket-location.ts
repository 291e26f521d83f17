// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
import { declare } from '../operation.ts';
import { requireBucket } from '../require.ts';
import { escapeText } from '../../shared/xml-text.ts';
import { resultDocument } from '../xml/write.ts';

export const getBucketLocation = declare({
  name: 'GetBucketLocation',
  target: 'bucket',
  method: 'GET',
  match: ['location'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:GetBucketLocation' }],
  run: async (_input, context) => ({
    status: 200,
    body: resultDocument('LocationConstraint', escapeText(requireBucket(context).region)),
  }),
});
