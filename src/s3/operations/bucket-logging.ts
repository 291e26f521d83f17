// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html · …/API_GetBucketLogging.html
import { resolveLogTarget } from '../../access-logs/log-target.ts';
import type { LoggingConfiguration, LogKeyFormat } from '../../metadata/tables/access-logs.ts';
import type { BucketRecord } from '../../metadata/tables/objects.ts';
import { S3Error } from '../../shared/errors.ts';
import type { BucketName, ObjectKey } from '../../shared/ids.ts';
import { changeConfiguration, configurationsOf } from '../../storage/bucket-configurations.ts';
import { grantXml, parseGrant } from '../acl/acl-xml.ts';
import { accountsIn, readOwnerNames } from '../../access/owner-names.ts';
import { checkCount, type RequestedGrant } from '../../access/grantees.ts';
import { declare } from '../operation.ts';
import { requireBucket } from '../require.ts';
import { childrenNamed, childText, findChild, malformed, readXml, requiredText, type XmlElement } from '../xml/read.ts';
import { element, group, resultDocument } from '../xml/write.ts';

const MAX_XML_BYTES = 64 * 1024;

type Asked = { readonly logging: LoggingConfiguration; readonly grants: readonly RequestedGrant[] };

function parseLogging(bytes: Uint8Array): Asked | null {
  const root = readXml(bytes, 'BucketLoggingStatus');
  const enabled = findChild(root, 'LoggingEnabled');
  if (enabled === undefined) return null;
  const targetPrefix = requiredText(enabled, 'TargetPrefix');
  const logging: LoggingConfiguration = {
    v: 1,
    targetBucket: requiredText(enabled, 'TargetBucket').trim() as BucketName,
    targetPrefix,
    keyFormat: parseKeyFormat(findChild(enabled, 'TargetObjectKeyFormat')),
  };
  return { logging, grants: parseGrants(findChild(enabled, 'TargetGrants')) };
}

function parseGrants(list: XmlElement | undefined): readonly RequestedGrant[] {
  return checkCount(list === undefined ? [] : childrenNamed(list, 'Grant').map(parseLogGrant));
}

/** The schema of log grants has READ, WRITE and FULL_CONTROL only. */
function parseLogGrant(grant: XmlElement): RequestedGrant {
  if (childText(grant, 'Permission')?.trim().endsWith('_ACP') === true) throw malformed();
  try {
    return parseGrant(grant);
  } catch (error) {
    throw error instanceof S3Error && error.code === 'MalformedACLError' ? malformed() : error;
  }
}

function parseKeyFormat(format: XmlElement | undefined): LogKeyFormat {
  const partitioned = format === undefined ? undefined : findChild(format, 'PartitionedPrefix');
  if (partitioned === undefined) return { kind: 'simple' };
  if (format?.children.length !== 1) throw malformed();
  const dateSource = childText(partitioned, 'PartitionDateSource')?.trim() ?? 'DeliveryTime';
  if (dateSource !== 'EventTime' && dateSource !== 'DeliveryTime') throw malformed();
  return { kind: 'partitioned', dateSource };
}

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
    const asked = parseLogging(await context.body.bytes(MAX_XML_BYTES));
    const bucket = requireBucket(context);
    const allows = (target: BucketRecord, key: ObjectKey): Promise<boolean> =>
      context.allows({ action: 's3:PutObject', on: { bucket: target.name, key, record: target } });
    const value = asked === null ? null : await resolveLogTarget(services, { source: bucket, ...asked, allows });
    await changeConfiguration(services, { bucket, name: 'logging', value, guard });
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
    const grants = logging.targetGrants ?? [];
    const names = await readOwnerNames(context.services, accountsIn(grants));
    const enabled = group(
      'LoggingEnabled',
      element('TargetBucket', logging.targetBucket),
      grants.length === 0 ? '' : group('TargetGrants', ...grants.map((grant) => grantXml(grant, names))),
      element('TargetPrefix', logging.targetPrefix),
      group('TargetObjectKeyFormat', writeKeyFormat(logging.keyFormat)),
    );
    return { status: 200, body: resultDocument('BucketLoggingStatus', enabled) };
  },
});
