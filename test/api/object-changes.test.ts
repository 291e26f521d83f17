// Changing what is there, sharing it, and fetching many objects as one file.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { CreatedS3Key } from '../../src/console-api/contract.ts';
import type { ArchiveTicket, DeletePreview, ObjectView, SharedLink } from '../../src/console-api/contract/objects.ts';
import { type Browser, refused } from './browser.ts';
import { type ConsoleFixture, ROOT_EMAIL, startConsole, USER_PASSWORD } from './console-fixture.ts';
import { get, makeBucket, put, query } from './objects-of.ts';

const DAY_MS = 86_400_000;
const run = promisify(execFile);

const view = (browser: Browser, bucket: string, key: string): Promise<ObjectView> =>
  browser.get<ObjectView>(`${bucket}/object?${query({ key })}`);

test('metadata, class, tags and an older version are changed without losing the rest', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'data', { versioning: true });
  await put(root, path, 'a', 'one', { 'content-type': 'text/plain' });
  const tags = [{ key: 'team', value: 'photo' }];
  assert.deepEqual((await root.change<ObjectView>('PUT', `${path}/object/tags?key=a`, { tags }, 200)).tags, tags);
  const wanted = {
    system: { contentType: 'text/markdown', cacheControl: 'max-age=60' },
    metadata: { author: 'Nguyễn' },
    storageClass: 'STANDARD_IA',
  };
  const first = await view(root, path, 'a');
  const after = await root.change<ObjectView>('PUT', `${path}/object/metadata?key=a`, wanted, 200);
  assert.deepEqual(after.system, wanted.system);
  assert.deepEqual(after.metadata, wanted.metadata);
  assert.deepEqual([after.storageClass, after.tags, after.etag], ['STANDARD_IA', tags, first.etag]);
  assert.notEqual(after.versionId, first.versionId);
  await put(root, path, 'a', 'two');
  const old = `${path}/object/restore-version?${query({ key: 'a', versionId: first.versionId })}`;
  const restored = await root.change<ObjectView>('POST', old, undefined, 200);
  assert.equal((await get(root, path, 'a')).text, 'one');
  assert.ok(restored.isLatest && restored.versionId !== first.versionId);
  const bad = { system: { cacheControl: 'a\r\nset-cookie: x' } };
  refused(await root.send('PUT', `${path}/object/metadata?key=a`, bad), 400, 'invalid-argument');
  const many = { system: {}, metadata: { a: 'x'.repeat(2048) } };
  refused(await root.send('PUT', `${path}/object/metadata?key=a`, many), 400, 'metadata-too-large');
  const elevenTags = Array.from({ length: 11 }, (_, index) => ({ key: `k${index}`, value: '' }));
  refused(await root.send('PUT', `${path}/object/tags?key=a`, { tags: elevenTags }), 400, 'bad-request');
});

test('retention and legal holds keep a version; governance yields to who may bypass it', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'vault', { objectLock: true });
  const { versionId } = await put(root, path, 'a', 'x');
  const of = (what: string): string => `${path}/object/${what}?key=a`;
  const until = new Date(Date.now() + DAY_MS).toISOString();
  const retention = { mode: 'GOVERNANCE', until };
  const held = await root.change<ObjectView>('PUT', of('retention'), { retention }, 200);
  assert.deepEqual(held.lock, { retention, legalHold: false });
  const remove = (more: object = {}) => ({ items: [{ key: 'a', versionId }], ...more });
  const denied = await root.change<{ results: { deleted: boolean; code?: string }[] }>(
    'POST',
    `${path}/objects/delete`,
    remove(),
    200,
  );
  assert.deepEqual(
    denied.results.map(({ code }) => code),
    ['object-locked'],
  );
  const past = { retention: { mode: 'GOVERNANCE', until: new Date(Date.now() - 1000).toISOString() } };
  refused(await root.send('PUT', of('retention'), past), 400, 'invalid-argument');
  refused(await root.send('PUT', of('retention'), { retention: null }), 403, 'object-locked');
  const lifted = { retention: null, bypassGovernance: true };
  await root.change('PUT', of('retention'), lifted, 200);
  const hold = await root.change<ObjectView>('PUT', of('legal-hold'), { on: true }, 200);
  assert.equal(hold.lock?.legalHold, true);
  const preview = await root.change<DeletePreview>(
    'POST',
    `${path}/objects/delete-preview`,
    { items: [{ key: 'a' }] },
    200,
  );
  assert.deepEqual(preview, {
    complete: true,
    objects: 1,
    bytes: 1,
    older: { versions: 0, deleteMarkers: 0, bytes: 0 },
    locked: 1,
    versioning: 'enabled',
  });
  await root.change('PUT', of('legal-hold'), { on: false }, 200);
  await root.change('POST', `${path}/objects/delete`, remove(), 200);
  refused(await get(root, path, 'a'), 404, 'no-such-key');
  const plain = await makeBucket(fixture, root, 'plain');
  await put(root, plain, 'a', 'x');
  refused(await root.send('PUT', `${plain}/object/legal-hold?key=a`, { on: true }), 400, 'invalid-request');
});

test('an archived object is read only after it was restored, and only for the days asked', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'cold', { storageClass: 'DEEP_ARCHIVE' });
  await put(root, path, 'a', 'x');
  assert.deepEqual((await view(root, path, 'a')).archive, { readable: false, until: null });
  refused(await get(root, path, 'a'), 403, 'invalid-object-state');
  const restored = await root.change<ObjectView>('POST', `${path}/object/restore-archive?key=a`, { days: 2 }, 200);
  assert.equal(restored.archive?.readable, true);
  assert.equal((await get(root, path, 'a')).text, 'x');
  fixture.advanceClock(4 * DAY_MS);
  const again = await fixture.root();
  refused(await get(again, path, 'a'), 403, 'invalid-object-state');
});

async function makeKey(fixture: ConsoleFixture, browser: Browser, more: object = {}): Promise<CreatedS3Key> {
  return browser.change<CreatedS3Key>('POST', `projects/${fixture.projectId}/s3-keys`, more, 201);
}

test('a link is signed with a key of one’s own that can read the object, and with no other', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'data');
  await put(root, path, 'dir/ảnh 1.png', 'x');
  const share = `${path}/object/share?${query({ key: 'dir/ảnh 1.png' })}`;
  const key = await makeKey(fixture, root);
  const body = { s3KeyId: key.id, expiresInSeconds: 3600, mode: 'view' };
  const link = await root.change<SharedLink>('POST', share, body, 201);
  const url = new URL(link.url);
  assert.equal(url.origin, 'https://localhost:9000');
  assert.equal(url.pathname, '/data/dir/%E1%BA%A3nh%201.png');
  assert.equal(url.searchParams.get('X-Amz-Expires'), '3600');
  assert.match(url.searchParams.get('response-content-disposition') ?? '', /^inline;/);
  assert.ok(!link.url.includes(key.secretKey));

  const soon = new Date(Date.now() + 600_000).toISOString();
  const dying = await makeKey(fixture, root, { expiresAt: soon });
  const short = await root.change<SharedLink>('POST', share, { ...body, s3KeyId: dying.id }, 201);
  assert.ok(Date.parse(short.expiresAt) <= Date.parse(soon), 'no link outlives its key');
  const limited = await makeKey(fixture, root, { restriction: { buckets: ['other'] } });
  refused(await root.send('POST', share, { ...body, s3KeyId: limited.id }), 409, 's3-key-cannot-read');
  await root.change('PATCH', `projects/${fixture.projectId}/s3-keys/${key.id}`, { status: 'disabled' }, 200);
  refused(await root.send('POST', share, body), 409, 's3-key-unusable');

  const user = await fixture.user('reader', ['vStorageReadOnlyAccess']);
  refused(await user.send('POST', share, { ...body, s3KeyId: dying.id }), 403, 'not-your-s3-key');
  const own = await makeKey(fixture, user);
  await user.change('POST', share, { ...body, s3KeyId: own.id }, 201);
  refused(await user.send('POST', share, { ...body, expiresInSeconds: 604_801 }), 400, 'invalid-request');
});

test('a folder and some objects come as one ZIP file, names made safe, what is forbidden listed in it', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'data');
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
  await put(root, path, 'album/big.bin', bytes);
  await put(root, path, 'album/ảnh/1.txt', 'một');
  await put(root, path, 'album/../../escape.txt', 'out');
  await put(root, path, 'album/empty/', '');
  await put(root, path, 'secret/key', 'hidden');
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' },
      { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/album/*' },
    ],
  });
  await root.change('POST', 'policies', { name: 'Album', document }, 201);
  const user = await fixture.user('guest', ['Album']);
  const wanted = { items: [{ prefix: 'album/' }, { key: 'secret/key' }], base: '' };
  const ticket = await user.change<ArchiveTicket>('POST', `${path}/archives`, wanted, 201);
  const zip = await user.send('GET', ticket.path);
  assert.equal(zip.status, 200);
  assert.match(String(zip.headers['content-disposition']), /filename="data.zip"/);
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-zip-'));
  try {
    await writeFile(join(folder, 'a.zip'), zip.bytes);
    const script = `import json, zipfile
z = zipfile.ZipFile('a.zip')
assert z.testzip() is None
print(json.dumps({i.filename: i.file_size for i in z.infolist()}))
print(z.read('album/big.bin') == bytes(i % 251 for i in range(300000)))
print(z.read('_missing.txt').decode())`;
    const { stdout } = await run('python3', ['-c', script], { cwd: folder });
    const [names = '', same, ...missing] = stdout.split('\n');
    assert.deepEqual(Object.keys(JSON.parse(names)).toSorted(), [
      '_missing.txt',
      'album/_/_/escape.txt',
      'album/big.bin',
      'album/ảnh/1.txt',
    ]);
    assert.equal(same, 'True');
    assert.match(missing.join('\n'), /secret\/key/);
  } finally {
    await rm(folder, { recursive: true });
  }
  refused(await root.send('GET', ticket.path), 404, 'no-such-archive');
  fixture.advanceClock(3_600_001);
  await user.signIn({ type: 'iam', rootEmail: ROOT_EMAIL, username: 'guest', password: USER_PASSWORD });
  refused(await user.send('GET', ticket.path), 404, 'no-such-archive');
});
