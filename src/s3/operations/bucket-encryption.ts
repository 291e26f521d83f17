// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html
import type { EncryptionConfiguration } from '../../metadata/tables/bucket-configurations.ts';
import { S3Error } from '../../shared/errors.ts';
import { configurationsOf } from '../../storage/bucket-configurations.ts';
import { resetEncryption, setEncryption } from '../../storage/encryption-configuration.ts';
import { declare } from '../operation.ts';
import { requireBucket } from '../require.ts';
import { childrenNamed, childText, findChild, malformed, readXml, requiredText, type XmlElement } from '../xml/read.ts';
import { element, group, resultDocument } from '../xml/write.ts';

const MAX_XML_BYTES = 64 * 1024;

function parseConfiguration(bytes: Uint8Array): EncryptionConfiguration {
  const rules = childrenNamed(readXml(bytes, 'ServerSideEncryptionConfiguration'), 'Rule');
  const [rule] = rules;
  if (rule === undefined || rules.length > 1) throw malformed();
  const byDefault = findChild(rule, 'ApplyServerSideEncryptionByDefault');
  const bucketKey = childText(rule, 'BucketKeyEnabled')?.trim() ?? 'false';
  if (bucketKey !== 'true' && bucketKey !== 'false') throw malformed();
  const customerKeys = parseBlocked(findChild(rule, 'BlockedEncryptionTypes'));
  if (byDefault === undefined && customerKeys === null) throw malformed();
  return {
    v: 1,
    byDefault: byDefault === undefined ? null : parseDefault(byDefault),
    bucketKeyEnabled: bucketKey === 'true',
    customerKeys,
  };
}

function parseDefault(byDefault: XmlElement): EncryptionConfiguration['byDefault'] {
  const algorithm = requiredText(byDefault, 'SSEAlgorithm').trim();
  const keyId = childText(byDefault, 'KMSMasterKeyID')?.trim() || null;
  if (algorithm === 'aws:kms') return { algorithm, keyId };
  if (algorithm === 'aws:kms:dsse') {
    const message = 'There is no dual-layer encryption (aws:kms:dsse) here. Use aws:kms or AES256.';
    throw new S3Error('NotImplemented', { message });
  }
  if (algorithm !== 'AES256') throw malformed();
  if (keyId === null) return { algorithm };
  throw new S3Error('InvalidArgument', {
    message: 'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
    fields: { ArgumentName: 'ApplyServerSideEncryptionByDefault' },
  });
}

function parseBlocked(blocked: XmlElement | undefined): EncryptionConfiguration['customerKeys'] {
  if (blocked === undefined) return null;
  const types = childrenNamed(blocked, 'EncryptionType').map(({ text }) => text.trim());
  const [only] = types;
  if (types.length !== 1 || (only !== 'NONE' && only !== 'SSE-C')) throw malformed();
  return only === 'SSE-C' ? 'blocked' : 'allowed';
}

function toXml({ byDefault, bucketKeyEnabled, customerKeys }: EncryptionConfiguration): string {
  const keyId = byDefault?.algorithm === 'aws:kms' ? byDefault.keyId : null;
  const blocked = customerKeys === 'blocked' ? 'SSE-C' : 'NONE';
  const rule = group(
    'Rule',
    byDefault === null
      ? ''
      : group(
          'ApplyServerSideEncryptionByDefault',
          element('SSEAlgorithm', byDefault.algorithm),
          element('KMSMasterKeyID', keyId),
        ),
    element('BucketKeyEnabled', bucketKeyEnabled),
    customerKeys === null ? '' : group('BlockedEncryptionTypes', element('EncryptionType', blocked)),
  );
  return resultDocument('ServerSideEncryptionConfiguration', rule);
}

export const getBucketEncryption = declare({
  name: 'GetBucketEncryption',
  target: 'bucket',
  method: 'GET',
  match: ['encryption'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:GetEncryptionConfiguration' }],
  run: async (_input, context) => {
    const bucket = requireBucket(context);
    const { encryption } = await configurationsOf(context.services, bucket);
    if (encryption !== undefined) return { status: 200, body: toXml(encryption) };
    throw new S3Error('ServerSideEncryptionConfigurationNotFoundError', { fields: { BucketName: bucket.name } });
  },
});

export const putBucketEncryption = declare({
  name: 'PutBucketEncryption',
  target: 'bucket',
  method: 'PUT',
  match: ['encryption'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:PutEncryptionConfiguration' }],
  run: async (_input, context) => {
    const { services, guard } = context;
    const asked = parseConfiguration(await context.body.bytes(MAX_XML_BYTES));
    await setEncryption(services, { bucket: requireBucket(context), guard, asked });
    return { status: 200 };
  },
});

export const deleteBucketEncryption = declare({
  name: 'DeleteBucketEncryption',
  target: 'bucket',
  method: 'DELETE',
  match: ['encryption'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:PutEncryptionConfiguration' }],
  run: async (_input, context) => {
    const { services, guard } = context;
    await resetEncryption(services, { bucket: requireBucket(context), guard });
    return { status: 204 };
  },
});
