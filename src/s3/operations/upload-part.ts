// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
import { uploadPart as uploadStored } from '../../storage/multipart.ts';
import { partChecksumHeaders } from '../checksum-headers.ts';
import { parseCustomerKey } from '../customer-key.ts';
import { encryptionHeaders, refuseEncryptionMethod } from '../encryption-headers.ts';
import { parsePartNumber, parseUploadName } from '../multipart.ts';
import { declare } from '../operation.ts';
import { requireBucket, requireLength } from '../require.ts';
import { quoted } from '../xml/write.ts';

export const uploadPart = declare({
  name: 'UploadPart',
  target: 'object',
  method: 'PUT',
  match: ['uploadId'],
  accepts: ['partNumber'],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => {
    refuseEncryptionMethod(request);
    return {
      ...parseUploadName(request),
      partNumber: parsePartNumber(request),
      customerKey: parseCustomerKey(request),
    };
  },
  permissions: () => [{ action: 's3:PutObject' }],
  run: async (input, context) => {
    const { body: source, guard } = context;
    requireLength(source);
    const part = await uploadStored(context.services, { ...input, bucket: requireBucket(context), source, guard });
    const headers = {
      etag: quoted(part.etag),
      ...partChecksumHeaders(part.checksum),
      ...encryptionHeaders(part.encryption),
    };
    return { status: 200, headers };
  },
});
