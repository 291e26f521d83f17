// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html · …/API_GetBucketVersioning.html
import { S3Error } from '../../shared/errors.ts';
import { setVersioning } from '../../storage/bucket-versioning.ts';
import { declare } from '../operation.ts';
import { requireBucket } from '../require.ts';
import { childText, malformed, readXml } from '../xml/read.ts';
import { element, resultDocument } from '../xml/write.ts';

const MAX_XML_BYTES = 64 * 1024;
const statusNames = { enabled: 'Enabled', suspended: 'Suspended' } as const;

function parseStatus(bytes: Uint8Array): 'enabled' | 'suspended' {
  const root = readXml(bytes, 'VersioningConfiguration');
  const status = childText(root, 'Status')?.trim();
  refuseMfaDelete(childText(root, 'MfaDelete')?.trim());
  if (status === undefined) {
    throw new S3Error('IllegalVersioningConfigurationException', {
      message: 'The Versioning element must be specified',
    });
  }
  if (status === 'Enabled') return 'enabled';
  if (status === 'Suspended') return 'suspended';
  throw malformed();
}

/** Off is how every bucket is. */
function refuseMfaDelete(text: string | undefined): void {
  if (text === undefined || text === 'Disabled') return;
  if (text !== 'Enabled') throw malformed();
  throw new S3Error('NotImplemented', {
    message:
      'MFA delete is not available here, and nothing was changed. Object lock keeps versions from being deleted, also by the account itself.',
    fields: { Header: 'x-amz-mfa' },
  });
}

export const putBucketVersioning = declare({
  name: 'PutBucketVersioning',
  target: 'bucket',
  method: 'PUT',
  match: ['versioning'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:PutBucketVersioning' }],
  run: async (_input, context) => {
    const status = parseStatus(await context.body.bytes(MAX_XML_BYTES));
    await setVersioning(context.services, { bucket: requireBucket(context), status, guard: context.guard });
    return { status: 200 };
  },
});

export const getBucketVersioning = declare({
  name: 'GetBucketVersioning',
  target: 'bucket',
  method: 'GET',
  match: ['versioning'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:GetBucketVersioning' }],
  run: async (_input, context) => {
    const { versioning } = requireBucket(context);
    const status = versioning === 'off' ? null : statusNames[versioning];
    return { status: 200, body: resultDocument('VersioningConfiguration', element('Status', status)) };
  },
});
