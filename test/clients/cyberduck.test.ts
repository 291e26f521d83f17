// Cyberduck: signed payload hashes, folders as empty objects, `Expect: 100-continue`, pending uploads listed first.
// https://docs.cyberduck.io/protocols/s3/, https://github.com/iterate-ch/cyberduck
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { cyberduckProfile } from '../../src/console-api/connections/cyberduck.ts';
import { contentOf } from '../faults/history.ts';
import { runCommand } from '../support/run-command.ts';
import { testPython } from '../support/test-python.ts';
import { md5Base64, startReplay, uploadInParts, valuesOf } from './replay.ts';

const MIB = 1024 * 1024;
const agent = { 'user-agent': 'Cyberduck/9.1.0.42161 (Mac OS X/14.5) (aarch64)', 'accept-encoding': 'gzip,deflate' };

test('the requests of Cyberduck are answered as it expects', { timeout: 120_000 }, async (t) => {
  const replay = await startReplay(t, agent);
  const { send } = replay;
  const content = contentOf('cyberduck', 10 * MIB + 17);

  await t.test('connects: lists buckets and asks each for its location', async () => {
    const body =
      '<?xml version="1.0" encoding="UTF-8"?><CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>HAN02</LocationConstraint></CreateBucketConfiguration>';
    await send(200, { method: 'PUT', path: '/duck-bucket/', body, headers: { 'content-type': 'application/xml' } });
    assert.deepEqual(valuesOf(await send(200, { path: '/' }), 'Name'), ['duck-bucket']);
    await send(200, { path: '/duck-bucket', query: 'location' });
  });
  await t.test('opens a bucket: versioning, pending uploads, a listing with URL encoding', async () => {
    await send(200, { path: '/duck-bucket', query: 'versioning' });
    await send(200, {
      path: '/duck-bucket',
      query: 'uploads&prefix=&delimiter=%2F&max-uploads=1000&encoding-type=url',
    });
    await send(200, { path: '/duck-bucket', query: 'encoding-type=url&max-keys=1000&prefix&delimiter=%2F' });
  });
  await t.test('makes a folder and shows it', async () => {
    await send(200, {
      method: 'PUT',
      path: '/duck-bucket/Th%C6%B0%20m%E1%BB%A5c/',
      headers: { 'content-type': 'application/x-directory' },
      body: '',
    });
    const listing = await send(200, {
      path: '/duck-bucket',
      query: 'encoding-type=url&max-keys=1000&prefix&delimiter=%2F',
    });
    assert.ok(valuesOf(listing, 'Prefix').includes('Th%C6%B0+m%E1%BB%A5c/'));
  });
  await t.test('uploads a small file after 100 Continue, with Content-MD5', async () => {
    const body = 'xin chào';
    const headers = { 'content-type': 'text/plain', 'content-md5': md5Base64(body), 'x-amz-storage-class': 'STANDARD' };
    await send(200, { method: 'PUT', path: '/duck-bucket/hello.txt', body, headers, expectContinue: true });
    await send(200, { method: 'HEAD', path: '/duck-bucket/hello.txt' });
  });
  await t.test('uploads a large file in parts of 10 MB and downloads it, resuming in the middle', async () => {
    const path = '/duck-bucket/large.bin';
    await send(200, { path: '/duck-bucket', query: 'uploads&prefix=large.bin&max-uploads=1000&encoding-type=url' });
    const parts = [content.subarray(0, 10 * MIB), content.subarray(10 * MIB)];
    await uploadInParts(replay, path, parts, (part) => ({
      headers: { 'content-md5': md5Base64(part) },
      expectContinue: true,
    }));
    const rest = await send(206, { path, headers: { range: `bytes=${6 * MIB}-` } });
    assert.equal(Buffer.compare(rest.body, content.subarray(6 * MIB)), 0);
  });
  await t.test('copies and shows the information panel', async () => {
    const headers = { 'x-amz-copy-source': '/duck-bucket/hello.txt', 'x-amz-metadata-directive': 'COPY' };
    await send(200, { method: 'PUT', path: '/duck-bucket/copied.txt', headers });
    await send(200, { path: '/duck-bucket/copied.txt', query: 'acl' });
    await send(200, { path: '/duck-bucket', query: 'logging' });
    await send(404, { path: '/duck-bucket', query: 'lifecycle' });
  });
  await t.test('deletes everything in one request', async () => {
    const keys = ['hello.txt', 'copied.txt', 'large.bin', 'Thư mục/'];
    const objects = keys.map((key) => `<Object><Key>${key}</Key></Object>`).join('');
    const body = `<?xml version="1.0" encoding="UTF-8"?><Delete><Quiet>true</Quiet>${objects}</Delete>`;
    const headers = { 'content-md5': md5Base64(body), 'content-type': 'application/xml' };
    await send(200, { method: 'POST', path: '/duck-bucket', query: 'delete', body, headers });
    await send(204, { method: 'DELETE', path: '/duck-bucket' });
  });
  await t.test('its profile is a property list that names this server', async () => {
    const file = join(replay.folder, 'HAN02.cyberduckprofile');
    await writeFile(file, cyberduckProfile(replay.facts));
    const script = 'import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], "rb"))))';
    const profile = JSON.parse(await runCommand(testPython(), ['-c', script, file])) as Record<string, unknown>;
    const { hostname, port } = new URL(replay.facts.endpoint);
    assert.equal(profile['Protocol'], 's3');
    assert.equal(profile['Default Hostname'], hostname);
    assert.equal(profile['Default Port'], port);
    assert.equal(profile['Scheme'], 'https');
    assert.equal(profile['Region'], 'HAN02');
    assert.equal(profile['Authorization'], 'AWS4HMACSHA256');
  });
});
