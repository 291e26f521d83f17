// Signatures as they arrive over the wire: what they cover, when they hold, and what is said when they do not.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, test } from 'node:test';
import { encodeKey, type RawRequest } from '../support/raw-s3-request.ts';
import type { RawReply } from '../support/raw-s3.ts';
import { openTarget } from './s3-target.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const { raw } = s3;
const bucket = await s3.bucket();
const path = `/${bucket}/kept`;
await raw({ method: 'PUT', path, body: 'kept' });

const refused = (reply: RawReply): [number, string | null] => [reply.status, reply.code];

// checklist 1
test('an x-amz header that the signature does not cover is AccessDenied and named, in headers and presigned', async () => {
  for (const auth of ['header', 'presigned'] as const) {
    const reply = await raw({ path, auth, tamper: { unsignedHeaders: { 'x-amz-expected-bucket-owner': '1' } } });
    assert.deepEqual(
      [...refused(reply), reply.field('HeadersNotSigned')],
      [403, 'AccessDenied', 'x-amz-expected-bucket-owner'],
    );
  }
  assert.equal((await raw({ path, tamper: { unsignedHeaders: { 'x-other': '1' } } })).status, 200);
});

// checklist 2
test('a path is signed as it is: nothing collapsed, double and trailing slashes kept, plus a plus', async () => {
  for (const key of ['a//b', 'a/', '/a', 'a/../b', './a', 'a+b', 'a b', 'a%2Bb', 'đ/\u{1f600}', "!'()*~"]) {
    for (const auth of ['header', 'presigned'] as const) {
      const at = `/${bucket}/${encodeKey(key)}`;
      assert.equal((await raw({ method: 'PUT', path: at, auth, body: key })).status, 200, `${auth} ${key}`);
      assert.equal((await raw({ path: at, auth })).text, key);
    }
  }
  assert.equal((await raw({ path: `/${bucket}/a/b` })).status, 404);
  assert.deepEqual(refused(await raw({ path, tamper: { path: `/${bucket}/./kept` } })), [403, 'SignatureDoesNotMatch']);
});

// checklist 3
test('the query is signed in the order of its encoded bytes, sub-resources without a value as empty ones', async () => {
  for (const query of [
    'acl',
    'acl=',
    'location',
    'prefix=%C3%A9&delimiter=%2F&list-type=2',
    'max-keys=1&prefix=a~b&marker=A',
  ]) {
    const reply = await raw({ path: query.startsWith('acl') ? path : `/${bucket}`, query });
    assert.equal(reply.status, 200, `${query}: ${reply.text}`);
  }
  const changed = await raw({ path: `/${bucket}`, query: 'prefix=a', tamper: { path: `/${bucket}?prefix=b&x=` } });
  assert.notEqual(changed.status, 200);
});

// checklist 4
test('blanks in header values are folded and repeated headers joined, as the signer saw them', async () => {
  const headers = { 'x-amz-meta-folded': '  a   b  ', 'x-amz-meta-list': ['one', 'two', 'three'] };
  assert.equal((await raw({ method: 'PUT', path: `/${bucket}/folded`, headers, body: 'x' })).status, 200);
  const { headers: got } = await raw({ method: 'HEAD', path: `/${bucket}/folded` });
  assert.equal(got['x-amz-meta-list'], 'one,two,three');
});

// checklist 4
test('a proxy that changes Accept-Encoding or drops Expect does not break a signature', async () => {
  const headers = { 'accept-encoding': 'identity', expect: '100-continue' };
  const reply = await raw({ path, headers, tamper: { headers: { 'accept-encoding': 'gzip', expect: null } } });
  assert.deepEqual([reply.status, reply.text], [200, 'kept']);
});

// checklist 5
test('a clock more than 15 minutes wrong, no date, and another day in the scope each have their own words', async () => {
  for (const skewMs of [-16 * 60_000, 16 * 60_000]) {
    const reply = await raw({ path, skewMs });
    assert.deepEqual(refused(reply), [403, 'RequestTimeTooSkewed']);
    assert.equal(reply.field('MaxAllowedSkewMilliseconds'), '900000');
  }
  assert.equal((await raw({ path, skewMs: -14 * 60_000 })).status, 200);
  const dateless = await raw({ path, tamper: { headers: { 'x-amz-date': null } } });
  assert.deepEqual(refused(dateless), [403, 'AccessDenied']);
  assert.match(dateless.message ?? '', /requires a valid Date or x-amz-date header/);
  const tamper = { authorization: (text: string) => text.replace(/\/(\d{8})\//, '/20200101/') };
  const otherDay = await raw({ path, tamper });
  assert.deepEqual(refused(otherDay), [400, 'AuthorizationHeaderMalformed']);
  assert.match(otherDay.message ?? '', /Invalid credential date "20200101"/);
});

// checklist 6
test('a presigned URL lives one second to a week; expired it is AccessDenied, otherwise its parameters are wrong', async () => {
  const presigned = (expiresSeconds: string, more: Partial<RawRequest> = {}): Promise<RawReply> =>
    raw({ path, auth: 'presigned', expiresSeconds, ...more });
  for (const expires of ['1', '604800']) assert.equal((await presigned(expires)).status, 200, expires);
  for (const expires of ['0', '-1', '604801', 'x', '']) {
    assert.deepEqual(refused(await presigned(expires)), [400, 'AuthorizationQueryParametersError'], expires);
  }
  const expired = await presigned('60', { skewMs: -120_000 });
  assert.deepEqual([...refused(expired), expired.message], [403, 'AccessDenied', 'Request has expired']);
  const early = await presigned('60', { skewMs: 20 * 60_000 });
  assert.deepEqual([...refused(early), early.message], [403, 'AccessDenied', 'Request is not valid yet']);
});

// checklist 7
test('region, key and signature that are wrong are told apart, with what was computed', async () => {
  const region = await raw({ path, credentials: { region: 'eu-west-9' } });
  assert.deepEqual([...refused(region), region.field('Region')], [400, 'AuthorizationHeaderMalformed', s3.region]);
  const key = await raw({ path, credentials: { accessKey: 'NOBODY' } });
  assert.deepEqual([...refused(key), key.field('AWSAccessKeyId')], [403, 'InvalidAccessKeyId', 'NOBODY']);
  const signature = await raw({ path, credentials: { secretKey: 'wrong' } });
  assert.deepEqual(refused(signature), [403, 'SignatureDoesNotMatch']);
  assert.match(signature.field('StringToSign') ?? '', /^AWS4-HMAC-SHA256\n\d{8}T\d{6}Z\n/);
  assert.match(signature.field('CanonicalRequest') ?? '', new RegExp(`^GET\n${path}\n\nhost:`));
});

// checklist 8
test('aws-chunked: small chunks only at the end, lengths held to, nothing of it in Content-Encoding', async () => {
  const put = (more: Partial<RawRequest>): Promise<RawReply> =>
    raw({ method: 'PUT', path: `/${bucket}/chunked`, payload: 'chunked-signed', body: 'x'.repeat(20_000), ...more });
  assert.deepEqual(refused(await put({ chunkBytes: 4096 })), [403, 'InvalidChunkSizeError']);
  const lying = { tamper: { headers: { 'x-amz-decoded-content-length': '19999' } } };
  assert.equal((await put(lying)).status, 403);
  assert.equal((await put({ headers: { 'x-amz-decoded-content-length': '19999' } })).status, 400);
  assert.equal((await raw({ path: `/${bucket}/chunked` })).status, 404);
  assert.equal((await put({ chunkBytes: 8192, headers: { 'content-encoding': 'aws-chunked,gzip' } })).status, 200);
  assert.equal((await raw({ method: 'HEAD', path: `/${bucket}/chunked` })).headers['content-encoding'], 'gzip');
});

// checklist 12
test('a URL presigned with version 2, as older boto makes for us-east-1, works until it expires', async () => {
  const presign = (expires: number): Promise<RawReply> => {
    const signature = createHmac('sha1', s3.secretKey).update(`GET\n\n\n${expires}\n${path}`).digest('base64');
    const query = { AWSAccessKeyId: s3.accessKey, Expires: String(expires), Signature: signature };
    return raw({ path, auth: 'anonymous', query });
  };
  const now = Math.floor(Date.now() / 1000);
  assert.equal((await presign(now + 60)).text, 'kept');
  assert.deepEqual(refused(await presign(now - 60)), [403, 'AccessDenied']);
});
