import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RawReply } from '../support/raw-s3.ts';
import { openTarget } from './s3-target.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const { raw } = s3;
const bucket = await s3.bucket();
const path = `/${bucket}/digits`;
let etag = '';
let lastModified = '';

before(async () => {
  await raw({ method: 'PUT', path, body: '0123456789', headers: { 'content-type': 'text/plain' } });
  await raw({ method: 'PUT', path: `/${bucket}/empty`, body: '' });
  const head = await raw({ method: 'HEAD', path });
  etag = String(head.headers.etag);
  lastModified = String(head.headers['last-modified']);
});

const range = (value: string, key = 'digits') => raw({ path: `/${bucket}/${key}`, headers: { range: value } });
const shape = (reply: RawReply) => [reply.status, reply.text, reply.headers['content-range']];

test('a range is 206 with Content-Range', async () => {
  assert.deepEqual(shape(await range('bytes=2-4')), [206, '234', 'bytes 2-4/10']);
  assert.deepEqual(shape(await range('bytes=0-')), [206, '0123456789', 'bytes 0-9/10']);
  assert.deepEqual(shape(await range('bytes=-3')), [206, '789', 'bytes 7-9/10']);
  assert.deepEqual(shape(await range('bytes=-30')), [206, '0123456789', 'bytes 0-9/10']);
  assert.deepEqual(shape(await range('bytes=5-500')), [206, '56789', 'bytes 5-9/10']);
});

test('several ranges, and what is no range, give the whole object', async () => {
  for (const value of ['bytes=0-1,3-4', 'bytes=4-2', 'lines=1-2', 'bytes=x']) {
    assert.deepEqual(shape(await range(value)), [200, '0123456789', undefined], value);
  }
});

test('a range beyond the end is 416 and says the size', async () => {
  for (const [value, key, size] of [
    ['bytes=10-', 'digits', 10],
    ['bytes=-0', 'digits', 10],
    ['bytes=0-0', 'empty', 0],
    ['bytes=-1', 'empty', 0],
  ] as const) {
    const reply = await range(value, key);
    assert.deepEqual(
      [reply.status, reply.code, reply.headers['content-range']],
      [416, 'InvalidRange', `bytes */${size}`],
    );
  }
});

test('an object that was uploaded whole is its own part 1', async () => {
  const part = await raw({ path, query: { partNumber: '1' } });
  assert.deepEqual(
    [...shape(part), part.headers['x-amz-mp-parts-count']],
    [206, '0123456789', 'bytes 0-9/10', undefined],
  );
  const second = await raw({ path, query: { partNumber: '2' } });
  assert.deepEqual([second.status, second.code], [416, 'InvalidPartNumber']);
  const both = await raw({ path, query: { partNumber: '1' }, headers: { range: 'bytes=0-1' } });
  assert.deepEqual([both.status, both.code], [400, 'InvalidRequest']);
});

const YESTERDAY = new Date(Date.now() - 86_400_000).toUTCString();
const TOMORROW = new Date(Date.now() + 86_400_000).toUTCString();

test('conditions hold or not, for GET and HEAD, with the precedence of RFC 9110', async () => {
  const cases: [Record<string, string>, number][] = [
    [{ 'if-match': etag }, 200],
    [{ 'if-match': '"other"' }, 412],
    [{ 'if-match': '*' }, 200],
    [{ 'if-none-match': etag }, 304],
    [{ 'if-none-match': etag.replaceAll('"', '') }, 304],
    [{ 'if-none-match': '"other"' }, 200],
    [{ 'if-modified-since': YESTERDAY }, 200],
    [{ 'if-modified-since': lastModified }, 304],
    [{ 'if-unmodified-since': YESTERDAY }, 412],
    [{ 'if-unmodified-since': TOMORROW }, 200],
    [{ 'if-match': etag, 'if-unmodified-since': YESTERDAY }, 200],
    [{ 'if-none-match': etag, 'if-modified-since': YESTERDAY }, 304],
    [{ 'if-none-match': '"other"', 'if-modified-since': lastModified }, 200],
    [{ 'if-modified-since': 'nonsense' }, 200],
  ];
  for (const [headers, status] of cases) {
    for (const method of ['GET', 'HEAD']) {
      const reply = await raw({ method, path, headers });
      assert.equal(reply.status, status, `${method} ${JSON.stringify(headers)}`);
      if (status === 304 || method === 'HEAD') assert.equal(reply.body.length, 0);
    }
  }
});

test('304 carries the validators', async () => {
  const reply = await raw({ path, headers: { 'if-none-match': etag } });
  assert.deepEqual([reply.headers.etag, reply.headers['last-modified']], [etag, lastModified]);
});

test('response-* overrides work for signed GET and HEAD', async () => {
  const query = {
    'response-content-type': 'image/png',
    'response-content-disposition': 'attachment; filename="é.png"',
    'response-cache-control': 'no-store',
    'response-content-language': 'vi',
    'response-content-encoding': 'br',
    'response-expires': 'never',
  };
  for (const method of ['GET', 'HEAD']) {
    for (const auth of ['header', 'presigned'] as const) {
      const { headers } = await raw({ method, path, query, auth });
      assert.equal(headers['content-type'], 'image/png');
      assert.equal(
        Buffer.from(String(headers['content-disposition']), 'latin1').toString(),
        query['response-content-disposition'],
      );
      assert.deepEqual([headers['cache-control'], headers['content-language']], ['no-store', 'vi']);
      assert.deepEqual([headers['content-encoding'], headers.expires], ['br', 'never']);
    }
  }
});

test('an override cannot smuggle a header', async () => {
  const reply = await raw({ path, query: { 'response-content-type': 'text/plain\r\nx-evil: 1' } });
  assert.deepEqual([reply.status, reply.code], [400, 'InvalidArgument']);
});

test('a missing key is 404 NoSuchKey and names the key; HEAD has no body', async () => {
  const reply = await raw({ path: `/${bucket}/none` });
  assert.deepEqual([reply.status, reply.code, reply.field('Key')], [404, 'NoSuchKey', 'none']);
  assert.equal(reply.field('Resource'), `/${bucket}/none`);
  assert.equal(reply.field('RequestId'), reply.headers['x-amz-request-id']);
  assert.equal(reply.field('HostId'), reply.headers['x-amz-id-2']);
  assert.match(reply.text, /<Error><Code>/);
  const head = await raw({ method: 'HEAD', path: `/${bucket}/none` });
  assert.deepEqual([head.status, head.body.length], [404, 0]);
});

test('the null version is the object; others are missing or malformed', async () => {
  assert.equal((await raw({ path, query: { versionId: 'null' } })).status, 200);
  const missing = await raw({ path, query: { versionId: '0123456789abcdef0123456789abcdef' } });
  assert.deepEqual([missing.status, missing.code], [404, 'NoSuchVersion']);
  const malformed = await raw({ path, query: { versionId: 'a/b' } });
  assert.deepEqual([malformed.status, malformed.code], [400, 'InvalidArgument']);
});

test('HEAD answers with the head that GET would have', async () => {
  const names = ['content-length', 'content-type', 'etag', 'last-modified', 'accept-ranges'];
  const get = await raw({ path });
  const head = await raw({ method: 'HEAD', path });
  for (const name of names) assert.equal(head.headers[name], get.headers[name], name);
  assert.equal(head.headers['content-length'], '10');
  const part = await raw({ method: 'HEAD', path, headers: { range: 'bytes=1-2' } });
  assert.deepEqual([part.status, part.headers['content-length']], [206, '2']);
});

test('every answer names the server and the request', async () => {
  const reply = await raw({ path });
  assert.equal(reply.headers.server, 'vStorage');
  assert.match(String(reply.headers['x-amz-request-id']), /^[0-9A-F]{16}$/);
  assert.ok(reply.headers['x-amz-id-2']);
  assert.ok(reply.headers.date);
});
