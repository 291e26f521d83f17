// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html · Get…
import { S3Error } from '../../shared/errors.ts';
import { setRetention } from '../../storage/change-object.ts';
import { requireLockBucket } from '../../storage/object-lock.ts';
import { bypassPermission, mayBypass, wantsBypass } from '../bypass-governance.ts';
import { parseRetention, requireIntegrity } from '../object-lock.ts';
import { declare } from '../operation.ts';
import { requireBucket, requireKey } from '../require.ts';
import { getVersion, versionHeaders, versionOf } from '../versions.ts';
import { element, resultDocument } from '../xml/write.ts';

const MAX_XML_BYTES = 64 * 1024;
const PUT = { action: 's3:PutObjectRetention' } as const;

export const putObjectRetention = declare({
  name: 'PutObjectRetention',
  target: 'object',
  method: 'PUT',
  match: ['retention'],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => ({
    key: requireKey(request),
    versionId: versionOf(request),
    wantsBypass: wantsBypass(request),
  }),
  permissions: () => [PUT],
  run: async ({ key, versionId, wantsBypass: asked }, context) => {
    const bucket = requireBucket(context);
    requireLockBucket(bucket);
    requireIntegrity(context);
    const retention = parseRetention(await context.body.bytes(MAX_XML_BYTES), context.request.receivedAt);
    const bypassGovernance = await mayBypass(context, asked);
    const guard = bypassGovernance ? context.guardFor([PUT, bypassPermission()]) : context.guard;
    const options = { bucket, key, versionId, retention, bypassGovernance, guard };
    return { status: 200, headers: versionHeaders(bucket, await setRetention(context.services, options)) };
  },
});

export const getObjectRetention = declare({
  name: 'GetObjectRetention',
  target: 'object',
  method: 'GET',
  match: ['retention'],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => ({ key: requireKey(request), versionId: versionOf(request) }),
  permissions: () => [{ action: 's3:GetObjectRetention' }],
  run: async (input, context) => {
    const bucket = requireBucket(context);
    requireLockBucket(bucket);
    const { lock } = await getVersion(context, { ...input, bucket });
    const retention = lock?.retention ?? null;
    if (retention === null) throw new S3Error('NoSuchObjectLockConfiguration', { fields: { Key: input.key } });
    const until = element('RetainUntilDate', new Date(retention.until).toISOString());
    return { status: 200, body: resultDocument('Retention', element('Mode', retention.mode), until) };
  },
});
