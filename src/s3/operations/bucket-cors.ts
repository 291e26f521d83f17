// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html
import type { CorsConfiguration, CorsRule } from '../../metadata/tables/web.ts';
import { S3Error } from '../../shared/errors.ts';
import { changeConfiguration, configurationsOf } from '../../storage/bucket-configurations.ts';
import { checkCors, parseCorsMethod } from '../../storage/check-cors.ts';
import { declare } from '../operation.ts';
import { requireBucket } from '../require.ts';
import { childrenNamed, childText, malformed, readXml, type XmlElement } from '../xml/read.ts';
import { element, group, resultDocument } from '../xml/write.ts';

const MAX_XML_BYTES = 64 * 1024;

function parseConfiguration(bytes: Uint8Array): CorsConfiguration {
  const rules = childrenNamed(readXml(bytes, 'CORSConfiguration'), 'CORSRule');
  if (rules.length === 0) throw malformed();
  const parsed = rules.map(parseRule);
  checkCors(parsed);
  return { v: 1, rules: parsed };
}

function parseRule(rule: XmlElement): CorsRule {
  const texts = (name: string): readonly string[] => childrenNamed(rule, name).map(({ text }) => text.trim());
  const methods = texts('AllowedMethod').map(parseCorsMethod);
  const origins = texts('AllowedOrigin');
  if (methods.length === 0 || origins.length === 0) throw malformed();
  const headers = texts('AllowedHeader');
  const exposeHeaders = texts('ExposeHeader');
  return {
    id: childText(rule, 'ID') ?? null,
    methods,
    origins,
    headers,
    exposeHeaders,
    maxAgeSeconds: parseMaxAge(rule),
  };
}

function parseMaxAge(rule: XmlElement): number | null {
  const text = childText(rule, 'MaxAgeSeconds')?.trim();
  if (text === undefined) return null;
  // AWS takes a negative one too, and hands it out
  if (!/^-?\d{1,9}$/.test(text)) throw malformed();
  return Number(text);
}

function ruleXml(rule: CorsRule): string {
  const all = (name: string, texts: readonly string[]): string => texts.map((text) => element(name, text)).join('');
  return group(
    'CORSRule',
    element('ID', rule.id),
    all('AllowedMethod', rule.methods),
    all('AllowedOrigin', rule.origins),
    all('AllowedHeader', rule.headers),
    all('ExposeHeader', rule.exposeHeaders),
    element('MaxAgeSeconds', rule.maxAgeSeconds),
  );
}

export const getBucketCors = declare({
  name: 'GetBucketCors',
  target: 'bucket',
  method: 'GET',
  match: ['cors'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:GetBucketCORS' }],
  run: async (_input, context) => {
    const bucket = requireBucket(context);
    const { cors } = await configurationsOf(context.services, bucket);
    if (cors !== undefined)
      return { status: 200, body: resultDocument('CORSConfiguration', ...cors.rules.map(ruleXml)) };
    throw new S3Error('NoSuchCORSConfiguration', { fields: { BucketName: bucket.name } });
  },
});

export const putBucketCors = declare({
  name: 'PutBucketCors',
  target: 'bucket',
  method: 'PUT',
  match: ['cors'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:PutBucketCORS' }],
  run: async (_input, context) => {
    const { services, guard } = context;
    const value = parseConfiguration(await context.body.bytes(MAX_XML_BYTES));
    await changeConfiguration(services, { bucket: requireBucket(context), name: 'cors', value, guard });
    return { status: 200 };
  },
});

export const deleteBucketCors = declare({
  name: 'DeleteBucketCors',
  target: 'bucket',
  method: 'DELETE',
  match: ['cors'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:PutBucketCORS' }],
  run: async (_input, context) => {
    const { services, guard } = context;
    await changeConfiguration(services, { bucket: requireBucket(context), name: 'cors', value: null, guard });
    return { status: 204 };
  },
});
