// S3 Browser (Windows, .NET): path style, signed payload hashes, ListObjects version 1, bulk deletes with Content-MD5.
// https://s3browser.com/s3-compatible-storage.aspx
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { s3BrowserFields } from '../../src/console-api/connections/s3-browser.ts';
import { contentOf } from '../faults/history.ts';
import { md5Base64, startReplay, uploadInParts, valuesOf } from './replay.ts';

const MIB = 1024 * 1024;
const agent = { 'user-agent': 'S3 Browser/12.5.1 (https://s3browser.com)' };

test('the requests of S3 Browser are answered as it expects', { timeout: 120_000 }, async (t) => {
  const replay = await startReplay(t, agent);
  const { send } = replay;
  const content = contentOf('s3-browser', 8 * MIB + 1);

  await t.test('connects: lists the buckets, none yet, and makes one', async () => {
    assert.deepEqual(valuesOf(await send(200, { path: '/' }), 'Name'), []);
    await send(200, { method: 'PUT', path: '/browser-bucket/' });
    await send(200, { path: '/browser-bucket/', query: 'location' });
  });
  await t.test('lists a folder a page at a time with version 1 and a marker', async () => {
    for (const name of ['a.txt', 'b.txt', 'folder/c.txt']) {
      await send(200, {
        method: 'PUT',
        path: `/browser-bucket/${name}`,
        body: name,
        headers: { 'content-md5': md5Base64(name) },
      });
    }
    const first = await send(200, { path: '/browser-bucket/', query: 'delimiter=%2F&max-keys=2&prefix=' });
    assert.deepEqual(valuesOf(first, 'Key'), ['a.txt', 'b.txt']);
    assert.deepEqual(valuesOf(first, 'NextMarker'), ['b.txt']);
    const second = await send(200, {
      path: '/browser-bucket/',
      query: 'delimiter=%2F&marker=b.txt&max-keys=2&prefix=',
    });
    assert.ok(valuesOf(second, 'Prefix').includes('folder/'));
  });
  await t.test('uploads in parts, shows the properties, downloads', async () => {
    await uploadInParts(
      replay,
      '/browser-bucket/video.mp4',
      [content.subarray(0, 8 * MIB), content.subarray(8 * MIB)],
      (part) => ({
        headers: { 'content-md5': md5Base64(part) },
      }),
    );
    const head = await send(200, { method: 'HEAD', path: '/browser-bucket/video.mp4' });
    assert.equal(head.headers['content-length'], String(content.length));
    await send(200, { path: '/browser-bucket/video.mp4', query: 'acl' });
    assert.equal(Buffer.compare((await send(200, { path: '/browser-bucket/video.mp4' })).body, content), 0);
  });
  await t.test('makes a folder, renames by copy and delete, shares a link', async () => {
    await send(200, { method: 'PUT', path: '/browser-bucket/new%20folder/', body: '' });
    const headers = { 'x-amz-copy-source': '/browser-bucket/a.txt', 'x-amz-metadata-directive': 'COPY' };
    await send(200, { method: 'PUT', path: '/browser-bucket/renamed%20%2B.txt', headers });
    await send(204, { method: 'DELETE', path: '/browser-bucket/a.txt' });
    assert.equal(
      (await send(200, { path: '/browser-bucket/renamed%20%2B.txt', auth: 'presigned' })).body.toString(),
      'a.txt',
    );
  });
  await t.test('deletes in bulk and removes the bucket', async () => {
    const keys = ['b.txt', 'folder/c.txt', 'new folder/', 'renamed +.txt', 'video.mp4'];
    const body = `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${keys.map((key) => `<Object><Key>${key}</Key></Object>`).join('')}<Quiet>true</Quiet></Delete>`;
    await send(200, {
      method: 'POST',
      path: '/browser-bucket/',
      query: 'delete',
      body,
      headers: { 'content-md5': md5Base64(body) },
    });
    await send(204, { method: 'DELETE', path: '/browser-bucket/' });
  });
  await t.test('the fields of the set-up page are those the program asks for', () => {
    const fields = new Map(s3BrowserFields(replay.facts).map(({ label, value }) => [label, value]));
    assert.equal(fields.get('Account type'), 'S3 Compatible Storage');
    assert.equal(fields.get('REST Endpoint'), new URL(replay.facts.endpoint).host);
    assert.equal(fields.get('Access Key ID'), replay.facts.accessKey);
    assert.ok(fields.has('Display name') && fields.has('Secret Access Key'));
  });
});
