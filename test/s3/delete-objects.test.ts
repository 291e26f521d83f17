import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DeleteObjectCommand, DeleteObjectsCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { openTarget } from './s3-target.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const { client, raw } = s3;
const Bucket = await s3.bucket();

const put = (Key: string) => client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
const keys = async () =>
  (await client.send(new ListObjectsV2Command({ Bucket }))).Contents?.map(({ Key }) => Key) ?? [];
const bulk = (body: string) => raw({ method: 'POST', path: `/${Bucket}`, query: 'delete', body, checksum: 'CRC32' });
const entries = (count: number) =>
  Array.from({ length: count }, (_, i) => `<Object><Key>k${i}</Key></Object>`).join('');

test('deleting a key that is there, or is not, is 204', async () => {
  await put('a');
  for (const Key of ['a', 'a', 'never']) {
    const { $metadata } = await client.send(new DeleteObjectCommand({ Bucket, Key }));
    assert.equal($metadata.httpStatusCode, 204);
  }
  assert.deepEqual(await keys(), []);
});

test('a conditional delete needs the etag it names', async () => {
  const { ETag } = await put('cond');
  const remove = (etag: string, key = 'cond') =>
    raw({ method: 'DELETE', path: `/${Bucket}/${key}`, headers: { 'if-match': etag } });
  const wrong = await remove('"0123456789abcdef0123456789abcdef"');
  assert.deepEqual([wrong.status, wrong.code], [412, 'PreconditionFailed']);
  assert.equal((await remove(ETag ?? '')).status, 204);
  const missing = await remove('*', 'cond');
  assert.deepEqual([missing.status, missing.code], [404, 'NoSuchKey']);
});

test('many keys are deleted in one request, missing ones count as deleted', async () => {
  await Promise.all(['x/1', 'x/2', 'x & <3>', ' x 4 '].map(put));
  const Objects = ['x/1', 'x/2', 'x & <3>', ' x 4 ', 'missing'].map((Key) => ({ Key }));
  const result = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  assert.deepEqual(
    result.Deleted?.map(({ Key }) => Key),
    Objects.map(({ Key }) => Key),
  );
  assert.equal(result.Errors, undefined);
  assert.deepEqual(await keys(), []);
});

test('quiet mode reports only errors', async () => {
  await put('quiet');
  const reply = await bulk('<Delete><Quiet>true</Quiet><Object><Key>quiet</Key></Object></Delete>');
  assert.equal(reply.status, 200);
  assert.doesNotMatch(reply.text, /<Deleted>/);
  assert.deepEqual(await keys(), []);
});

test('an entry with an etag is deleted only when it still fits', async () => {
  const { ETag } = await put('tagged');
  const entry = (etag: string) => `<Delete><Object><Key>tagged</Key><ETag>${etag}</ETag></Object></Delete>`;
  const wrong = await bulk(entry('wrong'));
  assert.deepEqual([wrong.status, wrong.field('Code')], [200, 'PreconditionFailed']);
  assert.deepEqual(await keys(), ['tagged']);
  assert.match((await bulk(entry((ETag ?? '').replaceAll('"', '&quot;')))).text, /<Deleted>/);
});

test('a thousand entries are fine, one more or none is MalformedXML and deletes nothing', async () => {
  await put('k0');
  for (const body of [
    `<Delete>${entries(1001)}</Delete>`,
    '<Delete></Delete>',
    '<Delete><Object></Object></Delete>',
    '<Delete><Object><Key>k0</Key></Object>',
    '<Delet><Object><Key>k0</Key></Object></Delet>',
    '',
  ]) {
    const reply = await bulk(body);
    assert.deepEqual([reply.status, reply.code], [400, 'MalformedXML'], body.slice(0, 80));
  }
  assert.deepEqual(await keys(), ['k0']);
  assert.equal((await bulk(`<Delete>${entries(1000)}</Delete>`)).status, 200);
  assert.deepEqual(await keys(), []);
});

test('the body must be covered by Content-MD5 or a checksum', async () => {
  const body = '<Delete><Object><Key>k0</Key></Object></Delete>';
  const bare = await raw({ method: 'POST', path: `/${Bucket}`, query: 'delete', body });
  assert.deepEqual([bare.status, bare.code], [400, 'InvalidRequest']);
  const wrong = await raw({
    method: 'POST',
    path: `/${Bucket}`,
    query: 'delete',
    body,
    headers: { 'content-md5': Buffer.alloc(16).toString('base64') },
  });
  assert.deepEqual([wrong.status, wrong.code], [400, 'BadDigest']);
});
