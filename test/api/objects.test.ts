// Buckets and objects through the REST API, as the console's pages and programs use them.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { BucketList, BucketView } from '../../src/console-api/contract/buckets.ts';
import type {
  DeleteObjectsResult,
  ObjectList,
  ObjectView,
  VersionList,
} from '../../src/console-api/contract/objects.ts';
import { usageKey } from '../../src/metadata/tables/objects.ts';
import type { ProjectId } from '../../src/shared/ids.ts';
import { refused } from './browser.ts';
import { startConsole } from './console-fixture.ts';
import { bucketPath, crcOf, get, makeBucket, put, query } from './objects-of.ts';

test('a bucket is made with its settings, listed with badges, and deleted when it is empty', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = `projects/${fixture.projectId}/buckets`;
  const wanted = { name: 'locked-photos', objectLock: true, storageClass: 'STANDARD_IA', encryption: { type: 'none' } };
  const made = await root.change<BucketView>('POST', path, wanted, 201);
  assert.deepEqual(
    { ...made, createdAt: null },
    {
      name: 'locked-photos',
      createdAt: null,
      objects: 0,
      bytes: 0,
      storageClass: 'STANDARD_IA',
      versioning: 'enabled',
      objectLock: true,
      publicAccess: false,
      encryption: 'none',
    },
  );
  const plain = await root.change<BucketView>('POST', path, { name: 'plain' }, 201);
  assert.deepEqual([plain.versioning, plain.encryption, plain.storageClass], ['off', 'SSE-S3', 'STANDARD']);
  assert.deepEqual((await root.get<BucketList>(path)).items, [made, plain]);
  assert.deepEqual(await root.get<BucketView>(`${path}/plain`), plain);
  refused(await root.send('POST', path, { name: 'plain' }), 409, 'bucket-already-owned-by-you');
  refused(await root.send('POST', path, { name: 'Not A Name' }), 400, 'invalid-bucket-name');
  refused(await root.send('POST', path, { name: 'cold', storageClass: 'NOWHERE' }), 400, 'invalid-storage-class');
  await put(root, bucketPath(fixture, 'plain'), 'a', 'x');
  refused(await root.send('DELETE', `${path}/plain`), 409, 'bucket-not-empty');
  await root.change('POST', `${path}/plain/objects/delete`, { items: [{ key: 'a' }] }, 200);
  await root.change('DELETE', `${path}/plain`, undefined, 204);
  refused(await root.send('GET', `${path}/plain`), 404, 'no-such-bucket');
});

test('objects are stored, listed by folder, described and read, whole and in part', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'data');
  const body = Buffer.from('hello, world');
  const stored = await put(root, path, 'a b/ü/1.txt', body, { 'content-type': 'text/plain' });
  assert.equal(stored.etag, createHash('md5').update(body).digest('hex'));
  assert.deepEqual(stored.checksum, { algorithm: 'CRC32', type: 'FULL_OBJECT', value: crcOf(body) });
  await put(root, path, 'a b/2.txt', 'two');
  await put(root, path, 'z', 'last');

  const top = await root.get<ObjectList>(`${path}/objects`);
  assert.deepEqual(
    top.items.map((item) => (item.kind === 'prefix' ? item.prefix : item.key)),
    ['a b/', 'z'],
  );
  assert.ok(top.rights.includes('upload') && top.rights.includes('delete'));
  const flat = await root.get<ObjectList>(`${path}/objects?delimiter=&limit=2`);
  assert.equal(flat.items.length, 2);
  const rest = await root.get<ObjectList>(`${path}/objects?delimiter=&cursor=${flat.nextCursor}`);
  assert.deepEqual(
    rest.items.map((item) => item.kind === 'object' && item.key),
    ['z'],
  );
  const after = await root.get<ObjectList>(`${path}/objects?delimiter=&startAfter=b`);
  assert.deepEqual(
    after.items.map((item) => item.kind === 'object' && item.key),
    ['z'],
  );

  const view = await root.get<ObjectView>(`${path}/object?${query({ key: 'a b/ü/1.txt' })}`);
  assert.equal(view.bytes, 12);
  assert.equal(view.system.contentType, 'text/plain');
  assert.equal(view.encryption?.type, 'SSE-S3');
  assert.deepEqual([view.isLatest, view.tags, view.lock, view.archive, view.parts], [true, [], null, null, null]);

  const whole = await get(root, path, 'a b/ü/1.txt');
  assert.equal(whole.text, 'hello, world');
  assert.equal(whole.headers['content-disposition'], `attachment; filename="1.txt"; filename*=UTF-8''1.txt`);
  const part = await get(root, path, 'a b/ü/1.txt', { range: 'bytes=7-' });
  assert.deepEqual([part.status, part.text, part.headers['content-range']], [206, 'world', 'bytes 7-11/12']);
  const stale = await get(root, path, 'a b/ü/1.txt', { range: 'bytes=7-', 'if-range': '"other"' });
  assert.deepEqual([stale.status, stale.text], [200, 'hello, world']);
  const same = await get(root, path, 'a b/ü/1.txt', { 'if-none-match': `"${stored.etag}"` });
  assert.deepEqual([same.status, same.text], [304, '']);
  refused(await get(root, path, 'a b/ü/1.txt', { range: 'bytes=99-' }), 416, 'invalid-range');
  refused(await get(root, path, 'nothing'), 404, 'no-such-key');
});

test('what arrives is held to its checksum and to the quota', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'data');
  const good = { 'x-amz-checksum-crc32': crcOf('right') };
  const answer = await root.send('PUT', `${path}/object/content?key=a`, undefined, { rawBody: 'wrong', headers: good });
  refused(answer, 400, 'bad-digest');
  refused(await get(root, path, 'a'), 404, 'no-such-key');
  await put(root, path, 'a', 'right', good);
  const used = usageKey({ project: fixture.projectId as ProjectId }, 'bytes');
  await fixture.deps.storage.store.transact(async (transaction) => transaction.add(used, 2n ** 30n - 1000n));
  const large = await root.send('PUT', `${path}/object/content?key=b`, undefined, {
    rawBody: Buffer.alloc(2 ** 20, 1),
  });
  assert.match(refused(large, 413, 'quota-exceeded').detail, /quota/);
  const taken = await root.send('PUT', `${path}/object/content?key=a&ifAbsent=true`, undefined, { rawBody: 'x' });
  refused(taken, 412, 'precondition-failed');
});

test('uploads need the CSRF token, and a body of any type is only bytes', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'data');
  const url = `${path}/object/content?key=evil.json`;
  const noToken = await root.send('PUT', url, undefined, { rawBody: '{}', headers: { 'x-csrf-token': null } });
  refused(noToken, 403, 'wrong-csrf-token');
  await put(root, path, 'evil.json', '{ not json', { 'content-type': 'application/json' });
  assert.equal((await get(root, path, 'evil.json')).text, '{ not json');
});

test('what a browser could run is sent as a file, opaque, and never as a page of the console', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'data');
  const script = '<script>alert(1)</script>';
  const active = [
    ['page.html', 'text/html'],
    ['picture.svg', 'image/svg+xml'],
    ['feed.xml', 'application/xml'],
    ['code.js', 'text/javascript'],
    ['no-type.html', 'application/octet-stream'],
    ['wrong', 'text/html;x="'],
  ] as const;
  for (const [key, type] of active) {
    await put(root, path, key, script, { 'content-type': type });
    const { headers } = await get(root, path, key, {}, 'inline');
    assert.match(String(headers['content-disposition']), /^attachment;/, key);
    assert.match(String(headers['content-security-policy']), /^sandbox; default-src 'none'/, key);
    assert.equal(headers['x-content-type-options'], 'nosniff', key);
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin', key);
  }
  await put(root, path, 'photo.png', 'x', { 'content-type': 'image/png' });
  const { headers } = await get(root, path, 'photo.png', {}, 'inline');
  assert.match(String(headers['content-disposition']), /^inline;/);
  assert.match(String(headers['content-security-policy']), /^sandbox;/);
  await put(root, path, 'paper.pdf', 'x', { 'content-type': 'application/pdf' });
  const pdf = (await get(root, path, 'paper.pdf', {}, 'inline')).headers;
  assert.equal(pdf['content-security-policy'], "default-src 'none'; frame-ancestors 'self'");
  assert.equal(pdf['x-frame-options'], 'SAMEORIGIN');
  await put(root, path, 'x\r\nset-cookie: a=b".png', 'x', { 'content-type': 'image/png' });
  const odd = await get(root, path, 'x\r\nset-cookie: a=b".png', {}, 'inline');
  assert.equal(odd.status, 200);
  assert.equal(odd.headers['set-cookie'], undefined);
});

test('a read-only user reads, and is refused every change with a reason', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'data');
  await put(root, path, 'a', 'x');
  const reader = await fixture.user('reader', ['vStorageReadOnlyAccess']);
  assert.equal((await get(reader, path, 'a')).text, 'x');
  const { rights } = await reader.get<ObjectList>(`${path}/objects`);
  assert.deepEqual(rights, ['download']);
  const write = await reader.send('PUT', `${path}/object/content?key=b`, undefined, { rawBody: 'x' });
  assert.match(refused(write, 403, 'access-denied').detail, /s3:PutObject/);
  refused(await reader.send('POST', `${path}/uploads`, { key: 'b' }), 403, 'access-denied');
  refused(await reader.send('DELETE', path), 403, 'access-denied');
  const bucket = { name: 'another' };
  refused(await reader.send('POST', `projects/${fixture.projectId}/buckets`, bucket), 403, 'access-denied');
  const deleted = await reader.change<DeleteObjectsResult>(
    'POST',
    `${path}/objects/delete`,
    { items: [{ key: 'a' }] },
    200,
  );
  assert.deepEqual(
    deleted.results.map((result) => !result.deleted && result.code),
    ['access-denied'],
  );
  const nobody = await fixture.user('nobody');
  refused(await nobody.send('GET', `projects/${fixture.projectId}/buckets`), 403, 'access-denied');
  refused(await nobody.send('GET', `${path}/objects`), 403, 'access-denied');
  refused(await get(nobody, path, 'a'), 403, 'access-denied');
  refused(await get(nobody, path, 'missing'), 403, 'access-denied');
});

test('a policy on a prefix decides what the buttons below it are', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'data');
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: '*',
        Condition: { StringLike: { 's3:prefix': ['', 'in/*'] } },
      },
      { Effect: 'Allow', Action: ['s3:PutObject'], Resource: 'arn:aws:s3:::data/in/*' },
    ],
  });
  await root.change('POST', 'policies', { name: 'Inbox', document }, 201);
  const user = await fixture.user('sender', ['Inbox']);
  assert.deepEqual((await user.get<ObjectList>(`${path}/objects`)).rights, []);
  assert.deepEqual((await user.get<ObjectList>(`${path}/objects?prefix=in/`)).rights, ['upload']);
  refused(await user.send('GET', `${path}/objects?prefix=out/`), 403, 'access-denied');
  await put(user, path, 'in/1', 'x');
  refused(await user.send('PUT', `${path}/object/content?key=out`, undefined, { rawBody: 'x' }), 403, 'access-denied');
});

test('with versioning, deleting hides; the versions are listed, read, restored and deleted one by one', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'data', { versioning: true });
  const first = await put(root, path, 'a', 'one');
  await put(root, path, 'a', 'two');
  const remove = (items: object[]) =>
    root.change<DeleteObjectsResult>('POST', `${path}/objects/delete`, { items }, 200);
  const [hidden] = (await remove([{ key: 'a' }])).results;
  assert.ok(hidden?.deleted === true && hidden.deleteMarker);
  refused(await get(root, path, 'a'), 404, 'no-such-key');
  const listed = (await root.get<VersionList>(`${path}/versions`)).items;
  assert.deepEqual(
    listed.map((item) => item.kind === 'version' && [item.deleteMarker, item.isLatest, item.bytes]),
    [
      [true, true, 0],
      [false, false, 3],
      [false, false, 3],
    ],
  );
  const old = await root.send('GET', `${path}/object/content?key=a&versionId=${first.versionId}`);
  assert.equal(old.text, 'one');
  const page = await root.get<VersionList>(`${path}/versions?limit=2`);
  const rest = await root.get<VersionList>(`${path}/versions?cursor=${page.nextCursor}`);
  assert.deepEqual([...page.items, ...rest.items], listed);
  await remove([{ key: 'a', versionId: hidden.versionId ?? '' }]);
  assert.equal((await get(root, path, 'a')).text, 'two');
});

test('the buckets of a project in the trash, of another project and of another account are out of reach', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  await makeBucket(fixture, root, 'data');
  const other = await root.change<{ id: string }>('POST', 'projects', { name: 'other', quotaBytes: 2 ** 30 }, 201);
  refused(await root.send('GET', `projects/${other.id}/buckets/data/objects`), 404, 'no-such-bucket');
  await root.change('DELETE', `projects/${fixture.projectId}`, { confirm: 'delete me' }, 200);
  const path = `projects/${fixture.projectId}/buckets/data`;
  refused(await root.send('GET', `${path}/objects`), 409, 'project-in-trash');
  refused(await root.send('PUT', `${path}/object/content?key=a`, undefined, { rawBody: 'x' }), 409, 'project-in-trash');
});
