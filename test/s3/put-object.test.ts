import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { checksumNames } from '../../src/shared/checksums.ts';
import { encodeKey } from '../support/raw-s3-request.ts';
import { bytesOf, openTarget } from './s3-target.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const { client, raw } = s3;
const Bucket = await s3.bucket();

const SIZES = [0, 1, 4096, 16 * 1024, 16 * 1024 + 1, 1024 * 1024 + 7, 5 * 1024 * 1024 + 1];

for (const size of SIZES) {
  test(`an object of ${size} bytes comes back byte for byte with its MD5 as the etag`, async () => {
    const Body = randomBytes(size);
    const Key = `size/${size}`;
    const put = await client.send(new PutObjectCommand({ Bucket, Key, Body }));
    assert.equal(put.ETag, `"${createHash('md5').update(Body).digest('hex')}"`);
    const got = await client.send(new GetObjectCommand({ Bucket, Key }));
    assert.equal(got.ContentLength, size);
    assert.ok(Body.equals(await bytesOf(got)));
  });
}

for (const payload of [
  'signed',
  'unsigned',
  'chunked-signed',
  'chunked-signed-trailer',
  'chunked-unsigned-trailer',
] as const) {
  test(`a body sent ${payload} is stored decoded, without aws-chunked`, async () => {
    const body = randomBytes(150_000);
    const path = `/${Bucket}/payload/${payload}`;
    const trailing = payload.endsWith('trailer') ? { checksum: 'CRC32' as const } : {};
    const put = await raw({ method: 'PUT', path, body, payload, ...trailing });
    assert.equal(put.status, 200, put.text);
    const got = await raw({ path });
    assert.ok(got.body.equals(body));
    assert.equal(got.headers['content-encoding'], undefined);
  });
}

for (const checksum of checksumNames) {
  test(`a ${checksum} checksum is verified, kept and returned when asked for`, async () => {
    const body = 'checksummed';
    const path = `/${Bucket}/checksum/${checksum}`;
    const header = `x-amz-checksum-${checksum.toLowerCase()}`;
    const put = await raw({ method: 'PUT', path, body, checksum });
    assert.equal(put.status, 200, put.text);
    const value = put.headers[header];
    assert.ok(typeof value === 'string' && value.length > 0);
    assert.equal((await raw({ method: 'HEAD', path })).headers[header], undefined);
    const asked = await raw({ path, headers: { 'x-amz-checksum-mode': 'ENABLED' } });
    assert.deepEqual([asked.headers[header], asked.headers['x-amz-checksum-type']], [value, 'FULL_OBJECT']);
  });
}

test('without a checksum CRC64NVME is computed', async () => {
  const put = await raw({ method: 'PUT', path: `/${Bucket}/plain`, body: '123456789' });
  assert.equal(put.headers['x-amz-checksum-crc64nvme'], Buffer.from('ae8b14860a799888', 'hex').toString('base64'));
});

test('keys of every kind live side by side', async () => {
  const keys = [
    'a',
    'a/',
    'a/b',
    'a/b/c',
    '/',
    '//',
    '/a',
    'a//b',
    '../a',
    './a',
    'a\u0000b',
    'a b+c%',
    'é\u{1f600}',
    '\t',
    'k'.repeat(1024),
  ];
  for (const key of keys) {
    const put = await raw({ method: 'PUT', path: `/${Bucket}/${encodeKey(key)}`, body: key });
    assert.equal(put.status, 200, JSON.stringify(key));
  }
  for (const key of keys) {
    const got = await raw({ path: `/${Bucket}/${encodeKey(key)}` });
    assert.equal(got.text, key, JSON.stringify(key));
  }
});

test('a key of 1,025 bytes is KeyTooLongError', async () => {
  const reply = await raw({ method: 'PUT', path: `/${Bucket}/${'k'.repeat(1025)}`, body: 'x' });
  assert.deepEqual([reply.status, reply.code], [400, 'KeyTooLongError']);
});

test('system and user metadata come back as they were sent', async () => {
  const Key = 'metadata';
  const sent = {
    ContentType: 'text/x-test; charset=utf-8',
    CacheControl: 'max-age=5, x="y"',
    ContentDisposition: 'attachment; filename="a b.txt"',
    ContentEncoding: 'gzip',
    ContentLanguage: 'vi, en',
    WebsiteRedirectLocation: '/elsewhere',
    Metadata: { one: '1', 'with-dash': 'a  b', upper: 'X' },
  };
  await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...sent }));
  const head = await client.send(new HeadObjectCommand({ Bucket, Key }));
  for (const [name, value] of Object.entries(sent)) assert.deepEqual(head[name as keyof typeof head], value, name);
});

test('Expires is kept as the text it was', async () => {
  await raw({ method: 'PUT', path: `/${Bucket}/expires`, body: 'x', headers: { expires: 'not a date' } });
  assert.equal((await raw({ path: `/${Bucket}/expires` })).headers.expires, 'not a date');
});

test('user metadata that is not ASCII comes back as RFC 2047', async () => {
  const text = 'Hà Nội';
  const value = Buffer.from(text).toString('latin1');
  await raw({ method: 'PUT', path: `/${Bucket}/unicode`, body: 'x', headers: { 'x-amz-meta-city': value } });
  const encoded = String((await raw({ method: 'HEAD', path: `/${Bucket}/unicode` })).headers['x-amz-meta-city']);
  const base64 = /^=\?UTF-8\?B\?(.+)\?=$/.exec(encoded)?.[1] ?? '';
  assert.equal(Buffer.from(base64, 'base64').toString(), text);
});

test('user metadata may have 2 KB, not more', async () => {
  const put = (size: number) =>
    raw({ method: 'PUT', path: `/${Bucket}/meta`, body: 'x', headers: { 'x-amz-meta-a': 'v'.repeat(size) } });
  assert.equal((await put(2047)).status, 200);
  const refused = await put(2048);
  assert.deepEqual([refused.status, refused.code], [400, 'MetadataTooLarge']);
});

test('storage classes: known ones are kept and shown, unknown ones refused', async () => {
  const put = (storageClass: string) =>
    raw({ method: 'PUT', path: `/${Bucket}/class`, body: 'x', headers: { 'x-amz-storage-class': storageClass } });
  assert.equal((await put('STANDARD_IA')).status, 200);
  assert.equal((await raw({ method: 'HEAD', path: `/${Bucket}/class` })).headers['x-amz-storage-class'], 'STANDARD_IA');
  assert.equal((await put('STANDARD')).status, 200);
  assert.equal((await raw({ method: 'HEAD', path: `/${Bucket}/class` })).headers['x-amz-storage-class'], undefined);
  assert.equal((await put('NOPE')).code, 'InvalidStorageClass');
});

test('conditional writes: If-None-Match refuses an overwrite, If-Match a lost update', async () => {
  const put = (key: string, headers: Record<string, string>) =>
    raw({ method: 'PUT', path: `/${Bucket}/${key}`, body: Math.random().toString(), headers });
  const made = await put('cond', { 'if-none-match': '*' });
  assert.equal(made.status, 200);
  const again = await put('cond', { 'if-none-match': '*' });
  assert.deepEqual([again.status, again.code], [412, 'PreconditionFailed']);
  const etag = String(made.headers.etag);
  assert.equal((await put('cond', { 'if-match': etag })).status, 200);
  assert.equal((await put('cond', { 'if-match': etag })).status, 412);
  const missing = await put('cond-missing', { 'if-match': etag });
  assert.deepEqual([missing.status, missing.code], [404, 'NoSuchKey']);
});

test('of many writers that create a key at once exactly one wins', async () => {
  const replies = await Promise.all(
    Array.from({ length: 12 }, (_, i) =>
      raw({ method: 'PUT', path: `/${Bucket}/race`, body: `writer ${i}`, headers: { 'if-none-match': '*' } }),
    ),
  );
  const winners = replies.filter((reply) => reply.status === 200);
  assert.equal(winners.length, 1);
  assert.ok(replies.every((reply) => [200, 409, 412].includes(reply.status)));
});

test('what would need functions that are missing is refused, not ignored', async () => {
  for (const [header, value] of [
    ['x-amz-server-side-encryption', 'aws:kms:dsse'],
    ['x-amz-write-offset-bytes', '0'],
  ] as const) {
    const reply = await raw({ method: 'PUT', path: `/${Bucket}/refused`, body: 'x', headers: { [header]: value } });
    assert.deepEqual([reply.status, reply.code], [501, 'NotImplemented'], header);
  }
  const acl = await raw({
    method: 'PUT',
    path: `/${Bucket}/refused`,
    body: 'x',
    headers: { 'x-amz-acl': 'public-read' },
  });
  assert.deepEqual([acl.status, acl.code], [400, 'AccessControlListNotSupported']);
  assert.equal((await raw({ path: `/${Bucket}/refused` })).status, 404);
});

test('a body without a length is MissingContentLength', async () => {
  const reply = await raw({
    method: 'PUT',
    path: `/${Bucket}/lengthless`,
    body: 'x',
    payload: 'unsigned',
    headers: { 'transfer-encoding': 'chunked' },
    tamper: { headers: { 'content-length': null } },
  });
  assert.deepEqual([reply.status, reply.code], [411, 'MissingContentLength']);
});

test('more than 5 GiB in one PUT is EntityTooLarge before the body is invited', async () => {
  const reply = await raw({
    method: 'PUT',
    path: `/${Bucket}/huge`,
    payload: 'unsigned',
    stream: { sizeBytes: 5 * 1024 ** 3 + 1, chunks: (async function* () {})() },
    expectContinue: true,
  });
  assert.deepEqual([reply.status, reply.code, reply.continued], [400, 'EntityTooLarge', false]);
});
