// Uploads from HTML forms: what a policy must cover, how the file arrives, and what the browser is told.
import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import * as sdk from '@aws-sdk/client-s3';
import { digestOf } from '../../src/shared/checksums.ts';
import type { RawReply } from '../support/raw-s3.ts';
import { base64, encodeForm, type FormPart, signPolicy, signPolicyVersion2 } from '../support/post-form.ts';
import { openTarget } from './s3-target.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const { client, raw } = s3;
const bucket = await s3.bucket();

type File = Partial<Pick<FormPart, 'value' | 'filename' | 'type'>>;

/** Sends the fields, then the file (null: none). */
async function post(
  fields: Readonly<Record<string, string>>,
  file: File | null = {},
  options: { path?: string; after?: readonly FormPart[]; headers?: Record<string, string> } = {},
): Promise<RawReply> {
  const parts = Object.entries(fields).map(([name, value]): FormPart => ({ name, value }));
  if (file !== null) parts.push({ name: 'file', value: 'content', filename: 'cat.jpg', type: 'image/jpeg', ...file });
  const { body, contentType } = encodeForm([...parts, ...(options.after ?? [])]);
  return raw({
    method: 'POST',
    path: options.path ?? `/${bucket}`,
    auth: 'anonymous',
    headers: { 'content-type': contentType, ...options.headers },
    body,
  });
}

/** Every field gets its condition, and `more` besides. */
function signed(fields: Readonly<Record<string, string>>, more: readonly unknown[] = []): Record<string, string> {
  const covered = Object.entries(fields).map(([name, value]) => ({ [name]: value }));
  return { ...fields, ...signPolicy(s3, [{ bucket }, ...covered, ...more]) };
}

const read = async (Key: string): Promise<string | undefined> =>
  (await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key }))).Body?.transformToString();

const refused = (reply: RawReply): [number, string | null] => [reply.status, reply.code];

test('a signed form stores its file with the headers its fields name', async () => {
  const fields = {
    key: 'photos/cat.jpg',
    'Content-Type': 'image/jpeg',
    'Cache-Control': 'max-age=60',
    'x-amz-meta-colour': 'đen',
    'x-amz-storage-class': 'STANDARD_IA',
    tagging: '<Tagging><TagSet><Tag><Key>kind</Key><Value>a cat</Value></Tag></TagSet></Tagging>',
  };
  const reply = await post(signed(fields), { value: 'meow' });
  assert.equal(reply.status, 204, reply.text);
  assert.equal(reply.headers.location, `${s3.url}/${bucket}/photos/cat.jpg`);
  const object = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: fields.key }));
  assert.equal(await object.Body?.transformToString(), 'meow');
  assert.equal(reply.headers.etag, object.ETag);
  assert.deepEqual([object.ContentType, object.CacheControl], ['image/jpeg', 'max-age=60']);
  assert.deepEqual([object.StorageClass, object.TagCount], ['STANDARD_IA', 1]);
  assert.equal(object.Metadata?.['colour'], '=?UTF-8?B?xJFlbg==?=');
});

test('signature version 2 signs forms as well', async () => {
  const conditions = [{ bucket }, ['starts-with', '$key', 'v2/']];
  assert.equal((await post({ key: 'v2/a', ...signPolicyVersion2(s3, conditions) })).status, 204);
  const wrong = await post({ key: 'v2/b', ...signPolicyVersion2({ ...s3, secretKey: 'x'.repeat(40) }, conditions) });
  assert.deepEqual(refused(wrong), [403, 'SignatureDoesNotMatch']);
});

test('files of any size arrive byte for byte, whatever they hold', async () => {
  const bodies = [0, 1, 16_384, 16_385, 65_536, 300_001, 5_000_000].map((size) => randomBytes(size));
  for (const value of [
    ...bodies,
    Buffer.from('\r\n--\r\n------form\r\n\r\r\n-'),
    Buffer.from('\r\n\r\n'.repeat(50_000)),
  ]) {
    const reply = await post(signed({ key: 'bytes' }), { value });
    assert.equal(reply.status, 204, reply.text);
    const { body, headers } = await raw({ path: `/${bucket}/bytes` });
    assert.ok(value.equals(body), `${value.length} bytes`);
    assert.equal(headers.etag, reply.headers.etag);
  }
});

// checklist 52
test('every field must be covered by a condition, apart from those that sign and x-ignore-*', async () => {
  for (const name of [
    'x-amz-meta-a',
    'acl',
    'Content-Type',
    'success_action_redirect',
    'x-amz-storage-class',
    'other',
  ]) {
    const reply = await post({ ...signed({ key: 'covered' }), [name]: 'private' });
    assert.deepEqual(refused(reply), [403, 'AccessDenied'], name);
    assert.match(reply.message ?? '', new RegExp(`Extra input fields: ${name.toLowerCase()}`));
  }
  const { 'x-amz-date': date = '', ...unsigned } = signed({ key: 'covered' });
  const policy = base64({ expiration: '2999-01-01T00:00:00Z', conditions: [{ bucket }, { key: 'covered' }] });
  assert.equal((await post({ ...unsigned, 'x-amz-date': date, policy })).code, 'SignatureDoesNotMatch');
  assert.equal((await post({ ...signed({ key: 'covered' }), 'x-ignore-me': 'x', 'X-Ignore-Too': 'y' })).status, 204);
});

// checklist 52
test('a policy that does not name the bucket covers no upload, and one of another bucket none here', async () => {
  const key = { key: 'bucket' };
  const none = await post({ ...key, ...signPolicy(s3, [key]) });
  assert.deepEqual(refused(none), [403, 'AccessDenied']);
  assert.match(none.message ?? '', /Extra input fields: bucket/);
  const other = await post({
    ...key,
    bucket: 'another-bucket',
    ...signPolicy(s3, [key, { bucket: 'another-bucket' }]),
  });
  assert.match(other.message ?? '', /Policy Condition failed: \["eq","\$bucket","another-bucket"\]/);
});

test('conditions hold as they are written: exact, by prefix, and for each of a list of types', async () => {
  const attempt = async (condition: unknown, value: string): Promise<number> =>
    (await post({ key: 'c', 'Content-Type': value, ...signPolicy(s3, [{ bucket }, { key: 'c' }, condition]) })).status;
  assert.equal(await attempt(['eq', '$Content-Type', 'image/png'], 'image/png'), 204);
  assert.equal(await attempt(['eq', '$content-type', 'image/png'], 'image/PNG'), 403);
  assert.equal(await attempt(['starts-with', '$Content-Type', 'image/'], 'image/png'), 204);
  assert.equal(await attempt(['starts-with', '$Content-Type', ''], 'text/html'), 204);
  assert.equal(await attempt(['starts-with', '$Content-Type', 'image/'], 'text/html'), 403);
  assert.equal(await attempt(['starts-with', '$Content-Type', 'image/'], 'image/png,text/html'), 403);
});

// checklist 52
test('content-length-range refuses a file that is too large or too small, and nothing is stored', async () => {
  for (const size of [99, 2001, 200_000]) {
    const more = [['content-length-range', 100, 2000]];
    const reply = await post(signed({ key: 'sized' }, more), { value: randomBytes(size) });
    const code = size < 100 ? 'EntityTooSmall' : 'EntityTooLarge';
    assert.deepEqual(refused(reply), [400, code]);
    assert.equal(reply.field(size < 100 ? 'MinSizeAllowed' : 'MaxSizeAllowed'), size < 100 ? '100' : '2000');
    assert.equal((await raw({ path: `/${bucket}/sized` })).status, 404);
  }
  for (const size of [100, 2000]) {
    const reply = await post(signed({ key: 'sized' }, [['content-length-range', 100, 2000]]), {
      value: randomBytes(size),
    });
    assert.equal(reply.status, 204);
  }
});

// checklist 52
test('${filename} is the name of the file without its path, before the policy is asked', async () => {
  const upload = (filename: string): Promise<RawReply> =>
    post({ key: 'u/${filename}', ...signPolicy(s3, [{ bucket }, ['starts-with', '$key', 'u/']]) }, { filename });
  for (const [filename, key] of [
    ['a b.txt', 'u/a b.txt'],
    ['C:\\photos\\cat.jpg', 'u/cat.jpg'],
    ['/home/me/mèo.jpg', 'u/mèo.jpg'],
    ['$&.txt', 'u/$&.txt'],
  ] as const) {
    assert.equal((await upload(filename)).status, 204);
    assert.equal(await read(key), 'content');
  }
  const outside = { key: '${filename}', ...signPolicy(s3, [{ bucket }, ['starts-with', '$key', 'user/']]) };
  assert.equal((await post(outside, { filename: 'other.txt' })).status, 403);
});

// checklist 52
test('success_action_redirect sends the browser on with bucket, key and etag', async () => {
  const target = 'https://app.example.com/done?step=2';
  const reply = await post(signed({ key: 'r/a b', success_action_redirect: target }));
  assert.equal(reply.status, 303);
  const url = new URL(reply.headers.location ?? '');
  assert.equal(url.origin + url.pathname, 'https://app.example.com/done');
  assert.deepEqual(Object.fromEntries(url.searchParams), { step: '2', bucket, key: 'r/a b', etag: reply.headers.etag });
  const script = await post(signed({ key: 'r/b', success_action_redirect: 'javascript:alert(1)' }));
  assert.deepEqual([script.status, script.headers.location], [204, `${s3.url}/${bucket}/r/b`]);
});

test('success_action_status chooses the answer: 200, 201 with XML, and 204 for anything else', async () => {
  const upload = (status: string): Promise<RawReply> => post(signed({ key: 's/a&b', success_action_status: status }));
  const created = await upload('201');
  assert.equal(created.status, 201);
  assert.ok(created.text.includes('<PostResponse>'));
  assert.deepEqual(['Location', 'Bucket', 'Key', 'ETag'].map(created.field), [
    `${s3.url}/${bucket}/s/a%26b`,
    bucket,
    's/a&b',
    created.headers.etag,
  ]);
  assert.deepEqual([(await upload('200')).status, (await upload('404')).status], [200, 204]);
});

// checklist 52
test('names of fields know no case, and what stands after the file is ignored', async () => {
  const reply = await post(
    {
      KEY: 'cases',
      'CONTENT-type': 'text/plain',
      ...signPolicy(s3, [{ Bucket: bucket }, { kEy: 'cases' }, ['EQ', '$content-TYPE', 'text/plain']]),
    },
    {},
    {
      after: [
        { name: 'key', value: 'elsewhere' },
        { name: 'submit', value: 'Send' },
        { name: 'file', value: 'second' },
      ],
    },
  );
  assert.equal(reply.status, 204, reply.text);
  assert.equal(await read('cases'), 'content');
  assert.equal((await raw({ path: `/${bucket}/elsewhere` })).status, 404);
});

test('a policy that cannot be read, or has expired, lets nothing through', async () => {
  const conditions = [{ bucket }, { key: 'p' }];
  const expiration = '2999-01-01T00:00:00Z';
  const wrong: readonly [unknown, RegExp][] = [
    ['not an object', /Invalid JSON/],
    [{ conditions }, /missing expiration/],
    [{ expiration }, /missing conditions/],
    [{ expiration: 'tomorrow', conditions }, /Invalid 'expiration' value/],
    [{ expiration, conditions, EXTRA: 1 }, /Unexpected: 'EXTRA'/],
    [{ expiration, conditions: [{}] }, /exactly one property/],
    [{ expiration, conditions: [['eq', 'key', 'p']] }, /Invalid eq/],
    [{ expiration, conditions: [['between', '$key', 'p']] }, /Unknown operation/],
    [{ expiration, conditions: [['content-length-range', 0]] }, /number of arguments/],
    [{ expiration, conditions: [['content-length-range', -1, 0]] }, /content-length-range/],
  ];
  for (const [document, message] of wrong) {
    const policy = base64(document);
    const signature = createHmac('sha1', s3.secretKey).update(policy).digest('base64');
    const reply = await post({ key: 'p', AWSAccessKeyId: s3.accessKey, policy, signature });
    assert.deepEqual(refused(reply), [400, 'InvalidPolicyDocument'], JSON.stringify(document));
    assert.match(reply.message ?? '', message);
  }
  const expired = await post({ key: 'p', ...signPolicy(s3, conditions, { expiration: '2020-01-01T00:00:00Z' }) });
  assert.deepEqual(refused(expired), [403, 'AccessDenied']);
  assert.match(expired.message ?? '', /Policy expired/);
  const stale = await post({ key: 'p', ...signPolicy(s3, conditions, { timestamp: '20200101T000000Z' }) });
  assert.deepEqual(refused(stale), [403, 'AccessDenied']);
});

test('a form that lacks what it needs is told what', async () => {
  const { key: _, ...noKey } = signed({ key: 'x' });
  const { 'x-amz-signature': __, ...noSignature } = signed({ key: 'x' });
  const { policy: ___, ...noPolicy } = signed({ key: 'x' });
  for (const [reply, name] of [
    [await post(noKey), 'key'],
    [await post(noSignature), 'X-Amz-Signature'],
    [await post(noPolicy), 'policy'],
    [await post(signed({ key: 'x' }), null), 'file'],
  ] as const) {
    assert.deepEqual(refused(reply), [400, 'InvalidArgument']);
    assert.equal(reply.field('ArgumentName'), name);
  }
  const unknown = await post({ key: 'x', ...signPolicy({ ...s3, accessKey: 'NOBODYSKEY' }, [{ bucket }]) });
  assert.deepEqual(refused(unknown), [403, 'InvalidAccessKeyId']);
});

test('what is no form, or too long a one, is refused', async () => {
  const plain = await raw({ method: 'POST', path: `/${bucket}`, auth: 'anonymous', body: 'x' });
  assert.deepEqual(refused(plain), [412, 'PreconditionFailed']);
  const long = await post(signed({ key: 'x', 'x-amz-meta-a': 'a'.repeat(20_000) }));
  assert.deepEqual(refused(long), [400, 'MaxPostPreDataLengthExceeded']);
  const twice = await post({ ...signed({ key: 'x' }), KEY: 'y' });
  assert.deepEqual(refused(twice), [400, 'InvalidArgument']);
  const control = await post(signed({ key: 'x', 'x-amz-meta-a': 'a\u0001b' }));
  assert.deepEqual(refused(control), [400, 'InvalidArgument']);
});

test('a file that ends before its boundary is IncompleteBody and leaves nothing', async () => {
  const fields = Object.entries(signed({ key: 'half' })).map(([name, value]) => ({ name, value }));
  const { body, contentType } = encodeForm([...fields, { name: 'file', value: randomBytes(200_000), filename: 'f' }]);
  const reply = await raw({
    method: 'POST',
    path: `/${bucket}`,
    auth: 'anonymous',
    headers: { 'content-type': contentType },
    body: body.subarray(0, 100_000),
  });
  assert.deepEqual(refused(reply), [400, 'IncompleteBody']);
  assert.equal((await raw({ path: `/${bucket}/half` })).status, 404);
});

test('checksums and MD5 of the file are held to', async () => {
  const right = await post({
    ...signed({ key: 'sum' }),
    'x-amz-checksum-crc32': digestOf('CRC32', Buffer.from('content')).toString('base64'),
  });
  assert.equal(right.status, 204);
  const wrong = await post({ ...signed({ key: 'sum2' }), 'x-amz-checksum-crc32': 'AAAAAA==' });
  assert.deepEqual(refused(wrong), [400, 'BadDigest']);
  const md5 = await post(signed({ key: 'sum3', 'Content-MD5': 'AAAAAAAAAAAAAAAAAAAAAA==' }));
  assert.deepEqual(refused(md5), [400, 'BadDigest']);
});

test('headers and parameters of the request itself do nothing that no policy covers', async () => {
  const reply = await post(
    signed({ key: 'smuggled' }),
    {},
    { headers: { 'x-amz-meta-a': '1', 'x-amz-storage-class': 'STANDARD_IA' } },
  );
  assert.equal(reply.status, 204);
  const { Metadata, StorageClass } = await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: 'smuggled' }));
  assert.deepEqual([Metadata, StorageClass], [{}, undefined]);
  const parameters = await post(signed({ key: 'smuggled' }), {}, { path: `/${bucket}?x-amz-meta-b=1` });
  assert.equal(parameters.status, 204);
  assert.deepEqual((await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: 'smuggled' }))).Metadata, {});
});

test('a form without a policy is nobody’s: it uploads only where everybody may', async () => {
  const open = await s3.bucket();
  const path = `/${open}`;
  assert.deepEqual(refused(await post({ key: 'drop/a' }, {}, { path })), [403, 'AccessDenied']);
  await client.send(new sdk.DeletePublicAccessBlockCommand({ Bucket: open }));
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:PutObject', Resource: `arn:aws:s3:::${open}/drop/*` }],
  });
  await client.send(new sdk.PutBucketPolicyCommand({ Bucket: open, Policy }));
  assert.equal((await post({ key: 'drop/a' }, {}, { path })).status, 204);
  assert.deepEqual(refused(await post({ key: 'else/a' }, {}, { path })), [403, 'AccessDenied']);
});

test('a bucket policy can tell forms from other requests', async () => {
  const own = await s3.bucket();
  const Statement = ['REST-HEADER', 'POST'].map((type) => ({
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: `arn:aws:s3:::${own}/not-by-${type}`,
    Condition: { StringEquals: { 's3:authType': type } },
  }));
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await client.send(new sdk.PutBucketPolicyCommand({ Bucket: own, Policy }));
  const form = async (key: string): Promise<number> =>
    (await post({ key, ...signPolicy(s3, [{ bucket: own }, { key }]) }, {}, { path: `/${own}` })).status;
  assert.deepEqual([await form('not-by-POST'), await form('not-by-REST-HEADER')], [403, 204]);
  const put = await raw({ method: 'PUT', path: `/${own}/not-by-REST-HEADER`, body: 'x' });
  assert.equal(put.status, 403);
});

test('the right to upload is asked for before the file is read', async () => {
  const foreign = await raw({
    method: 'POST',
    path: `/${bucket}`,
    auth: 'anonymous',
    headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': String(1024 ** 3) },
    body: '--b\r\nContent-Disposition: form-data; name="key"\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n',
    tamper: { pauseAt: 110 },
  });
  assert.deepEqual(refused(foreign), [403, 'AccessDenied']);
});
