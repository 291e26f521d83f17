// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html · …/API_GetBucketLogging.html
// Different from AWS on purpose: a policy for the logging service is not needed. Log and target have the same owner, and
// who sets it up must be allowed to write to the target. Grants on log objects are taken and do nothing: the owner has
// full control.
import type { LoggingConfiguration, LogKeyFormat } from '../../metadata/tables/access-logs.ts';
import { S3Error } from '../../shared/errors.ts';
import type { BucketName, ObjectKey } from '../../shared/ids.ts';
import { changeConfiguration, configurationsOf } from '../../storage/bucket-configurations.ts';
import { findBucket } from '../../storage/buckets.ts';
import type { OperationContext } from '../operation.ts';
import { declare } from '../operation.ts';
import { requireBucket } from '../require.ts';
import { childText, findChild, malformed, readXml, requiredText, type XmlElement } from '../xml/read.ts';
import { element, group, resultDocument } from '../xml/write.ts';

const MAX_XML_BYTES = 64 * 1024;
const MAX_PREFIX_BYTES = 800;

function parseLogging(bytes: Uint8Array): LoggingConfiguration | null {
  const root = readXml(bytes, 'BucketLoggingStatus');
  const enabled = findChild(root, 'LoggingEnabled');
  if (enabled === undefined) return null;
  const targetPrefix = requiredText(enabled, 'TargetPrefix');
  if (Buffer.byteLength(targetPrefix) > MAX_PREFIX_BYTES) {
    throw new S3Error('InvalidArgument', { message: `TargetPrefix can have ${MAX_PREFIX_BYTES} bytes at most.` });
  }
  return {
    v: 1,
    targetBucket: requiredText(enabled, 'TargetBucket').trim() as BucketName,
    targetPrefix,
    keyFormat: parseKeyFormat(findChild(enabled, 'TargetObjectKeyFormat')),
  };
}

function parseKeyFormat(format: XmlElement | undefined): LogKeyFormat {
  const partitioned = format === undefined ? undefined : findChild(format, 'PartitionedPrefix');
  if (partitioned === undefined) return { kind: 'simple' };
  if (format?.children.length !== 1) throw malformed();
  const dateSource = childText(partitioned, 'PartitionDateSource')?.trim() ?? 'DeliveryTime';
  if (dateSource !== 'EventTime' && dateSource !== 'DeliveryTime') throw malformed();
  return { kind: 'partitioned', dateSource };
}

async function checkTarget(context: OperationContext, { targetBucket, targetPrefix }: LoggingConfiguration) {
  const source = requireBucket(context);
  const target = await findBucket(context.services, targetBucket);
  if (target === undefined) {
    throw invalidTarget('The target bucket for logging does not exist', targetBucket);
  }
  if (target.accountId !== source.accountId) {
    throw invalidTarget('The owner for the bucket to be logged and the target bucket must be the same.', targetBucket);
  }
  const on = { bucket: target.name, key: `${targetPrefix}log` as ObjectKey, record: target };
  if (!(await context.allows({ action: 's3:PutObject', on }))) throw new S3Error('AccessDenied');
}

const invalidTarget = (message: string, bucket: string): S3Error =>
  new S3Error('InvalidTargetBucketForLogging', { message, fields: { TargetBucket: bucket } });

export const putBucketLogging = declare({
  name: 'PutBucketLogging',
  target: 'bucket',
  method: 'PUT',
  match: ['logging'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:PutBucketLogging' }],
  run: async (_input, context) => {
    const { services, guard } = context;
    const value = parseLogging(await context.body.bytes(MAX_XML_BYTES));
    if (value !== null) await checkTarget(context, value);
    await changeConfiguration(services, { bucket: requireBucket(context), name: 'logging', value, guard });
    return { status: 200 };
  },
});

function writeKeyFormat(format: LogKeyFormat): string {
  if (format.kind === 'simple') return group('SimplePrefix');
  return group('PartitionedPrefix', element('PartitionDateSource', format.dateSource));
}

export const getBucketLogging = declare({
  name: 'GetBucketLogging',
  target: 'bucket',
  method: 'GET',
  match: ['logging'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:GetBucketLogging' }],
  run: async (_input, context) => {
    const { logging } = await configurationsOf(context.services, requireBucket(context));
    if (logging === undefined) return { status: 200, body: resultDocument('BucketLoggingStatus') };
    const enabled = group(
      'LoggingEnabled',
      element('TargetBucket', logging.targetBucket),
      element('TargetPrefix', logging.targetPrefix),
      group('TargetObjectKeyFormat', writeKeyFormat(logging.keyFormat)),
    );
    return { status: 200, body: resultDocument('BucketLoggingStatus', enabled) };
  },
});
