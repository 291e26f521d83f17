// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
import { S3Error } from '../../shared/errors.ts';
import { abortUpload } from '../../storage/multipart.ts';
import { parseUploadName } from '../multipart.ts';
import { declare } from '../operation.ts';
import { requireBucket } from '../require.ts';

export const abortMultipartUpload = declare({
  name: 'AbortMultipartUpload',
  target: 'object',
  method: 'DELETE',
  match: ['uploadId'],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => {
    if (request.headers.has('x-amz-if-match-initiated-time')) throw new S3Error('NotImplemented');
    return parseUploadName(request);
  },
  permissions: () => [{ action: 's3:AbortMultipartUpload' }],
  run: async (input, context) => {
    await abortUpload(context.services, { ...input, bucket: requireBucket(context), guard: context.guard });
    return { status: 204 };
  },
});
