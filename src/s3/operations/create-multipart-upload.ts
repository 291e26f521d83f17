// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
import { arnOf } from '../../access/principal.ts';
import type { UploadRecord } from '../../metadata/tables/objects.ts';
import { createUpload } from '../../storage/multipart.ts';
import { newObjectAccess } from '../acl/new-acl.ts';
import { readOwnerNames } from '../../access/owner-names.ts';
import { findChecksumType, findRequestedAlgorithm } from '../checksum-headers.ts';
import { encryptionHeaders } from '../encryption-headers.ts';
import { newObjectPermissions, parseNewObject } from '../new-object.ts';
import { abortHeaders } from '../lifecycle-headers.ts';
import { S3Error } from '../../shared/errors.ts';
import type { OperationContext, S3Request } from '../operation.ts';
import { declare } from '../operation.ts';
import { requireBucket, requireSigned } from '../require.ts';
import { element, resultDocument } from '../xml/write.ts';
import { resolveStorageClass } from '../storage-class.ts';

/** As ListParts shows who began the upload. */
async function describeInitiator(context: OperationContext): Promise<UploadRecord['initiator']> {
  const { identity } = requireSigned(context);
  if (identity.type !== 'root') return { id: arnOf(identity), displayName: identity.name };
  const names = await readOwnerNames(context.services, [identity.canonicalId]);
  return { id: identity.canonicalId, displayName: names.get(identity.canonicalId) ?? identity.name };
}

function readChecksum(request: S3Request): Pick<UploadRecord, 'checksumAlgorithm' | 'checksumType'> {
  const checksumAlgorithm = findRequestedAlgorithm(request);
  const checksumType = findChecksumType(request);
  if (checksumAlgorithm !== null || checksumType === null) return { checksumAlgorithm, checksumType };
  throw new S3Error('InvalidRequest', {
    message: 'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
  });
}

export const createMultipartUpload = declare({
  name: 'CreateMultipartUpload',
  target: 'object',
  method: 'POST',
  match: ['uploads'],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => ({ ...parseNewObject(request), ...readChecksum(request) }),
  permissions: newObjectPermissions,
  run: async (input, context) => {
    const bucket = requireBucket(context);
    const storageClass = resolveStorageClass(context.services, input.storageClass, bucket);
    const initiator = await describeInitiator(context);
    const upload = await createUpload(context.services, {
      ...input,
      bucket,
      storageClass,
      encryption: input.encryption(),
      initiator,
      ...(await newObjectAccess(context, input.acl)),
    });
    const { checksumAlgorithm, checksumType } = upload;
    return {
      status: 200,
      headers: {
        ...(checksumAlgorithm === null ? {} : { 'x-amz-checksum-algorithm': checksumAlgorithm }),
        ...(checksumType === null ? {} : { 'x-amz-checksum-type': checksumType }),
        ...encryptionHeaders(upload.encryption, { withContext: true }),
        ...(await abortHeaders(context, upload)),
      },
      body: resultDocument(
        'InitiateMultipartUploadResult',
        element('Bucket', bucket.name),
        element('Key', input.key),
        element('UploadId', upload.uploadId),
      ),
    };
  },
});
