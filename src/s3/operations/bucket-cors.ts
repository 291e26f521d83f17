// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html
import type { CorsConfiguration, CorsMethod, CorsRule } from '../../metadata/tables/web.ts';
import { S3Error } from '../../shared/errors.ts';
import { changeConfiguration, configurationsOf } from '../../storage/bucket-configurations.ts';
import { declare } from '../operation.ts';
import { requireBucket } from '../require.ts';
import { childrenNamed, childText, malformed, readXml, type XmlElement } from '../xml/read.ts';
import { element, group, resultDocument } from '../xml/write.ts';

const MAX_XML_BYTES = 64 * 1024;
const MAX_RULES = 100;
const MAX_ID_LENGTH = 255;
const METHODS: readonly CorsMethod[] = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'];

const invalid = (message: string): S3Error => new S3Error('InvalidRequest', { message });

function parseConfiguration(bytes: Uint8Array): CorsConfiguration {
  const rules = childrenNamed(readXml(bytes, 'CORSConfiguration'), 'CORSRule');
  if (rules.length === 0) throw malformed();
  if (rules.length > MAX_RULES) {
    throw invalid(`The number of CORS rules should not exceed allowed limit of ${MAX_RULES} rules.`);
  }
  return { v: 1, rules: rules.map(parseRule) };
}

function parseRule(rule: XmlElement): CorsRule {
  const texts = (name: string): readonly string[] => childrenNamed(rule, name).map(({ text }) => text.trim());
  const methods = texts('AllowedMethod').map(parseMethod);
  const origins = texts('AllowedOrigin');
  if (methods.length === 0 || origins.length === 0) throw malformed();
  const headers = texts('AllowedHeader');
  const exposeHeaders = texts('ExposeHeader');
  for (const origin of origins) refuseWildcards('AllowedOrigin', origin);
  for (const header of headers) refuseWildcards('AllowedHeader', header);
  for (const header of exposeHeaders) checkExposed(header);
  return { id: parseId(rule), methods, origins, headers, exposeHeaders, maxAgeSeconds: parseMaxAge(rule) };
}

function parseMethod(text: string): CorsMethod {
  const method = METHODS.find((known) => known === text);
  if (method !== undefined) return method;
  throw invalid(`Found unsupported HTTP method in CORS config. Unsupported method is ${text}`);
}

/** Header values are one line of visible characters, and what stands here is sent in one. */
function checkText(name: string, text: string): void {
  if (!/^[\x21-\x7e]+$/.test(text)) throw invalid(`${name} "${text}" is not valid.`);
}

function refuseWildcards(name: string, text: string): void {
  checkText(name, text);
  if (text.indexOf('*') !== text.lastIndexOf('*'))
    throw invalid(`${name} "${text}" can not have more than one wildcard.`);
}

function checkExposed(header: string): void {
  checkText('ExposeHeader', header);
  if (!header.includes('*')) return;
  throw invalid(`ExposeHeader "${header}" contains wildcard. We currently do not support wildcard for ExposeHeader.`);
}

function parseId(rule: XmlElement): string | null {
  const id = childText(rule, 'ID') ?? null;
  if (id !== null && id.length > MAX_ID_LENGTH) throw invalid(`ID has more than ${MAX_ID_LENGTH} characters.`);
  return id;
}

function parseMaxAge(rule: XmlElement): number | null {
  const text = childText(rule, 'MaxAgeSeconds')?.trim();
  if (text === undefined) return null;
  if (!/^\d{1,9}$/.test(text)) throw malformed();
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
