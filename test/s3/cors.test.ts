// Calls from pages of other origins: the rules, preflights, and what every answer to a browser carries.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as sdk from '@aws-sdk/client-s3';
import type { RawReply, RawRequest } from '../support/raw-s3.ts';
import { openTarget, refusalOf } from './s3-target.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const { client, raw } = s3;
const Bucket = await s3.bucket();

const CORSRules: sdk.CORSRule[] = [
  {
    ID: 'app',
    AllowedOrigins: ['https://app.example.com', 'https://*.test'],
    AllowedMethods: ['GET', 'PUT'],
    AllowedHeaders: ['content-*', 'x-amz-meta-a'],
    ExposeHeaders: ['ETag', 'x-amz-version-id'],
    MaxAgeSeconds: 3000,
  },
  { AllowedOrigins: ['*'], AllowedMethods: ['HEAD'] },
];

before(async () => {
  await client.send(new sdk.PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
  await client.send(new sdk.PutObjectCommand({ Bucket, Key: 'kept', Body: 'kept' }));
});

const preflight = (origin: string, method: string, headers = ''): Promise<RawReply> =>
  raw({
    method: 'OPTIONS',
    path: `/${Bucket}/kept`,
    auth: 'anonymous',
    headers: {
      origin,
      'access-control-request-method': method,
      ...(headers === '' ? {} : { 'access-control-request-headers': headers }),
    },
  });

const VARY = 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method';

test('a CORS configuration is kept as it was set, replaced and deleted', async () => {
  const own = await s3.bucket();
  const read = (): Promise<sdk.GetBucketCorsCommandOutput> =>
    client.send(new sdk.GetBucketCorsCommand({ Bucket: own }));
  assert.deepEqual(await refusalOf(read()), [404, 'NoSuchCORSConfiguration']);
  await client.send(new sdk.PutBucketCorsCommand({ Bucket: own, CORSConfiguration: { CORSRules } }));
  assert.deepEqual((await read()).CORSRules, CORSRules);
  const fewer = CORSRules.slice(1);
  await client.send(new sdk.PutBucketCorsCommand({ Bucket: own, CORSConfiguration: { CORSRules: fewer } }));
  assert.deepEqual((await read()).CORSRules, fewer);
  await client.send(new sdk.DeleteBucketCorsCommand({ Bucket: own }));
  assert.deepEqual(await refusalOf(read()), [404, 'NoSuchCORSConfiguration']);
});

test('a CORS rule that could not work is refused in S3’s words', async () => {
  const rule = { AllowedOrigins: ['*'], AllowedMethods: ['GET'] };
  const wrong: readonly [Partial<sdk.CORSRule>, RegExp][] = [
    [{ AllowedMethods: ['PATCH'] }, /Unsupported method is PATCH/],
    [{ AllowedOrigins: ['https://*.*.test'] }, /AllowedOrigin "https:\/\/\*\.\*\.test" can not have more than one/],
    [{ AllowedHeaders: ['*-*'] }, /AllowedHeader "\*-\*" can not have more than one wildcard/],
    [{ ExposeHeaders: ['x-*'] }, /ExposeHeader "x-\*" contains wildcard/],
    [{ ID: 'i'.repeat(256) }, /255/],
  ];
  const own = await s3.bucket();
  const put = (rules: sdk.CORSRule[]): Promise<unknown> =>
    client.send(new sdk.PutBucketCorsCommand({ Bucket: own, CORSConfiguration: { CORSRules: rules } }));
  for (const [change, message] of wrong) {
    await assert.rejects(put([{ ...rule, ...change }]), { name: 'InvalidRequest', message });
  }
  await assert.rejects(put(Array.from({ length: 101 }, () => rule)), { name: 'InvalidRequest', message: /100 rules/ });
  for (const rules of [[], [{ ...rule, AllowedMethods: [] }], [{ ...rule, AllowedOrigins: [] }]]) {
    assert.deepEqual(await refusalOf(put(rules)), [400, 'MalformedXML']);
  }
  await put(Array.from({ length: 100 }, () => rule));
});

// checklist 51
test('a preflight needs no signature, and is answered with what the first rule that fits allows', async () => {
  const reply = await preflight('https://app.example.com', 'PUT', 'Content-Type, x-amz-meta-a');
  assert.equal(reply.status, 200);
  assert.equal(reply.text, '');
  const { headers } = reply;
  assert.equal(headers['access-control-allow-origin'], 'https://app.example.com');
  assert.equal(headers['access-control-allow-methods'], 'GET, PUT');
  assert.equal(headers['access-control-allow-headers'], 'content-type, x-amz-meta-a');
  assert.equal(headers['access-control-expose-headers'], 'ETag, x-amz-version-id');
  assert.equal(headers['access-control-max-age'], '3000');
  assert.equal(headers['access-control-allow-credentials'], 'true');
  assert.equal(headers['vary'], VARY);
});

test('a rule for every origin answers with a star and no credentials', async () => {
  const { status, headers } = await preflight('https://anywhere.invalid', 'HEAD');
  assert.equal(status, 200);
  assert.equal(headers['access-control-allow-origin'], '*');
  assert.equal(headers['access-control-allow-credentials'], undefined);
});

// checklist 51
test('one star in a pattern stands for any text, none included', async () => {
  for (const [origin, status] of [
    ['https://a.test', 200],
    ['https://a.b.test', 200],
    ['https://.test', 200],
    ['https://test', 403],
    ['https://a.test.invalid', 403],
    ['HTTPS://a.test', 403],
  ] as const) {
    assert.equal((await preflight(origin, 'GET')).status, status, origin);
  }
});

// checklist 51
test('a preflight that no rule allows is 403 without any permission in it', async () => {
  for (const [origin, method, headers] of [
    ['https://elsewhere.invalid', 'GET', ''],
    ['https://app.example.com', 'DELETE', ''],
    ['https://app.example.com', 'GET', 'x-amz-meta-b'],
  ] as const) {
    const reply = await preflight(origin, method, headers);
    assert.deepEqual([reply.status, reply.code], [403, 'AccessForbidden']);
    assert.match(reply.message ?? '', /^CORSResponse: This CORS request is not allowed/);
    assert.deepEqual([reply.field('Method'), reply.field('ResourceType')], [method, 'OBJECT']);
    assert.equal(reply.headers['access-control-allow-origin'], undefined);
  }
});

test('a preflight says what is missing: origin, method, rules, bucket', async () => {
  const options = (path: string, headers: Record<string, string>): Promise<RawReply> =>
    raw({ method: 'OPTIONS', path, auth: 'anonymous', headers });
  const origin = 'https://app.example.com';
  const get = { origin, 'access-control-request-method': 'GET' };
  const none = await options(`/${Bucket}`, {});
  assert.deepEqual([none.status, none.code], [400, 'BadRequest']);
  assert.equal(none.message, 'Insufficient information. Origin request header needed.');
  const noMethod = await options(`/${Bucket}`, { origin });
  assert.deepEqual([noMethod.status, noMethod.message], [400, 'Invalid Access-Control-Request-Method: null']);
  const patch = await options(`/${Bucket}`, { origin, 'access-control-request-method': 'PATCH' });
  assert.equal(patch.status, 400);
  const unset = await options(`/${await s3.bucket()}`, get);
  assert.deepEqual([unset.status, unset.message], [403, 'CORSResponse: CORS is not enabled for this bucket.']);
  assert.equal(unset.field('ResourceType'), 'BUCKET');
  const missing = await options('/no-such-bucket-anywhere', get);
  assert.deepEqual([missing.status, missing.code], [404, 'NoSuchBucket']);
});

// checklist 51
test('every answer to a call from an allowed origin says so, refusals before and after the signature included', async () => {
  const origin = 'https://a.test';
  const calls: readonly [RawRequest, number][] = [
    [{ path: `/${Bucket}/kept` }, 200],
    [{ path: `/${Bucket}/missing` }, 404],
    [{ path: `/${Bucket}/kept`, headers: { range: 'bytes=9-' } }, 416],
    [{ path: `/${Bucket}/kept`, auth: 'anonymous' }, 403],
    [{ path: `/${Bucket}/kept`, tamper: { signature: (text) => text.replace(/./g, '0') } }, 403],
    [{ path: `/${Bucket}/kept`, query: 'torrent' }, 501],
    [{ method: 'PUT', path: `/${Bucket}/new`, body: 'x' }, 200],
    [{ method: 'PUT', path: `/${Bucket}/new`, body: 'x', headers: { 'content-md5': 'short' } }, 400],
  ];
  for (const [request, status] of calls) {
    const reply = await raw({ ...request, headers: { ...request.headers, origin } });
    assert.equal(reply.status, status);
    assert.equal(reply.headers['access-control-allow-origin'], origin, `${request.method} ${request.path}`);
    assert.equal(reply.headers['access-control-expose-headers'], 'ETag, x-amz-version-id');
    assert.equal(reply.headers['vary'], VARY);
  }
});

test('a call from an origin that no rule names is served without a permission, and caches are told to tell', async () => {
  const reply = await raw({ path: `/${Bucket}/kept`, headers: { origin: 'https://elsewhere.invalid' } });
  assert.deepEqual([reply.status, reply.text], [200, 'kept']);
  assert.equal(reply.headers['access-control-allow-origin'], undefined);
  assert.equal(reply.headers['vary'], VARY);
  assert.equal((await raw({ path: `/${Bucket}/kept` })).headers['vary'], VARY);
  const own = await s3.bucket();
  assert.equal((await raw({ path: `/${own}` })).headers['vary'], undefined);
});
