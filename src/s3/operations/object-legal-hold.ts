// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLegalHold.html · Get…
import { S3Error } from '../../shared/errors.ts';
import { setLegalHold } from '../../storage/change-object.ts';
import { requireLockBucket } from '../../storage/object-lock.ts';
import { parseLegalHold, requireIntegrity } from '../object-lock.ts';
import { declare, type S3Request } from '../operation.ts';
import { requireBucket, requireKey } from '../require.ts';
import { getVersion, versionHeaders, versionOf } from '../versions.ts';
import { element, resultDocument } from '../xml/write.ts';

const MAX_XML_BYTES = 64 * 1024;
const named = (request: S3Request) => ({ key: requireKey(request), versionId: versionOf(request) });

export const putObjectLegalHold = declare({
  name: 'PutObjectLegalHold',
  target: 'object',
  method: 'PUT',
  match: ['legal-hold'],
  bucketMustExist: true,
  implemented: 'yes',
  input: named,
  permissions: () => [{ action: 's3:PutObjectLegalHold' }],
  run: async (input, context) => {
    const bucket = requireBucket(context);
    requireLockBucket(bucket);
    requireIntegrity(context);
    const legalHold = parseLegalHold(await context.body.bytes(MAX_XML_BYTES));
    const options = { ...input, bucket, legalHold, guard: context.guard };
    return { status: 200, headers: versionHeaders(bucket, await setLegalHold(context.services, options)) };
  },
});

export const getObjectLegalHold = declare({
  name: 'GetObjectLegalHold',
  target: 'object',
  method: 'GET',
  match: ['legal-hold'],
  bucketMustExist: true,
  implemented: 'yes',
  input: named,
  permissions: () => [{ action: 's3:GetObjectLegalHold' }],
  run: async (input, context) => {
    const bucket = requireBucket(context);
    requireLockBucket(bucket);
    const { lock } = await getVersion(context, { ...input, bucket });
    const legalHold = lock?.legalHold ?? null;
    if (legalHold === null) throw new S3Error('NoSuchObjectLockConfiguration', { fields: { Key: input.key } });
    return { status: 200, body: resultDocument('LegalHold', element('Status', legalHold ? 'ON' : 'OFF')) };
  },
});
