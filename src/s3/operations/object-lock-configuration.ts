// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLockConfiguration.html · Get…
import type { ObjectLockConfiguration } from '../../metadata/tables/bucket-configurations.ts';
import { S3Error } from '../../shared/errors.ts';
import { readConfiguration } from '../../storage/bucket-configurations.ts';
import { checkPeriod, setObjectLock } from '../../storage/bucket-versioning.ts';
import { parseMode, requireIntegrity } from '../object-lock.ts';
import { declare } from '../operation.ts';
import { requireBucket } from '../require.ts';
import { childText, findChild, malformed, readXml, type XmlElement } from '../xml/read.ts';
import { element, group, resultDocument } from '../xml/write.ts';

const MAX_XML_BYTES = 64 * 1024;

type Rule = NonNullable<ObjectLockConfiguration['rule']>;

function parseConfiguration(bytes: Uint8Array): Rule | null {
  const root = readXml(bytes, 'ObjectLockConfiguration');
  if (childText(root, 'ObjectLockEnabled')?.trim() !== 'Enabled') throw malformed();
  const rule = findChild(root, 'Rule');
  if (rule === undefined) return null;
  const retention = findChild(rule, 'DefaultRetention');
  if (retention === undefined) throw malformed();
  return { mode: parseMode(retention), ...parsePeriod(retention) };
}

/** Days or years, not both. */
function parsePeriod(retention: XmlElement): Pick<Rule, 'unit' | 'count'> {
  const days = childText(retention, 'Days')?.trim();
  const years = childText(retention, 'Years')?.trim();
  if (days !== undefined && years === undefined) return { unit: 'days', count: parseCount('days', days) };
  if (years !== undefined && days === undefined) {
    return { unit: 'years', count: parseCount('years', years) };
  }
  throw malformed();
}

function parseCount(unit: Rule['unit'], text: string): number {
  if (!/^-?\d{1,10}$/.test(text)) throw malformed();
  return checkPeriod(unit, Number(text));
}

function ruleXml({ mode, unit, count }: Rule): string {
  const period = element(unit === 'days' ? 'Days' : 'Years', count);
  return group('Rule', group('DefaultRetention', element('Mode', mode), period));
}

export const putObjectLockConfiguration = declare({
  name: 'PutObjectLockConfiguration',
  target: 'bucket',
  method: 'PUT',
  match: ['object-lock'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:PutBucketObjectLockConfiguration' }],
  run: async (_input, context) => {
    requireIntegrity(context);
    const bytes = await context.body.bytes(MAX_XML_BYTES);
    if (bytes.byteLength === 0) throw new S3Error('MissingRequestBodyError');
    const rule = parseConfiguration(bytes);
    await setObjectLock(context.services, { bucket: requireBucket(context), rule, guard: context.guard });
    return { status: 200 };
  },
});

export const getObjectLockConfiguration = declare({
  name: 'GetObjectLockConfiguration',
  target: 'bucket',
  method: 'GET',
  match: ['object-lock'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:GetBucketObjectLockConfiguration' }],
  run: async (_input, context) => {
    const bucket = requireBucket(context);
    if (!bucket.objectLock) {
      throw new S3Error('ObjectLockConfigurationNotFoundError', { fields: { BucketName: bucket.name } });
    }
    const rule = (await readConfiguration(context.services, bucket, 'objectLock'))?.rule ?? null;
    const enabled = element('ObjectLockEnabled', 'Enabled');
    return {
      status: 200,
      body: resultDocument('ObjectLockConfiguration', enabled, rule === null ? '' : ruleXml(rule)),
    };
  },
});
