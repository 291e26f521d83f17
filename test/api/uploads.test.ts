// Uploads in parts, as the console's upload queue and programs make them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  CompletedUpload,
  PartList,
  PartView,
  UploadList,
  UploadView,
} from '../../src/console-api/contract/uploads.ts';
import type { ObjectView } from '../../src/console-api/contract/objects.ts';
import { type Browser, json, refused } from './browser.ts';
import { startConsole } from './console-fixture.ts';
import { crcOf, get, makeBucket, query } from './objects-of.ts';

const MIB = 1024 ** 2;

const send = async (browser: Browser, url: string, bytes: Buffer): Promise<PartView> =>
  json(
    await browser.send('PUT', url, undefined, { rawBody: bytes, headers: { 'x-amz-checksum-crc32': crcOf(bytes) } }),
    200,
  );

test('an upload in parts goes on where it stopped and keeps the checksum of the whole', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'data');
  const key = 'films/a b.mp4';
  const wanted = {
    key,
    system: { contentType: 'video/mp4' },
    metadata: { camera: '2' },
    tags: [{ key: 'a', value: 'b' }],
  };
  const upload = await root.change<UploadView>('POST', `${path}/uploads`, wanted, 201);
  const parts = [Buffer.alloc(5 * MIB, 1), Buffer.alloc(5 * MIB, 2), Buffer.from('the end')];
  const of = (rest: string): string =>
    `${path}/uploads/${upload.uploadId}${rest}${rest.includes('?') ? '&' : '?'}${query({ key })}`;
  await send(root, of('/parts/1'), parts[0] ?? Buffer.alloc(0));
  await send(root, of('/parts/3'), parts[2] ?? Buffer.alloc(0));

  // another session, another day
  const again = await fixture.root();
  assert.deepEqual((await again.get<UploadList>(`${path}/uploads`)).items, [upload]);
  const first = await again.get<PartList>(of('/parts?limit=1'));
  const rest = await again.get<PartList>(of(`/parts?cursor=${first.nextCursor}`));
  const arrived = [...first.items, ...rest.items];
  assert.deepEqual(
    arrived.map(({ partNumber, bytes }) => [partNumber, bytes]),
    [
      [1, 5 * MIB],
      [3, 7],
    ],
  );
  const second = await send(again, of('/parts/2'), parts[1] ?? Buffer.alloc(0));
  const all = [arrived[0], second, arrived[1]].map((part) => ({ partNumber: part?.partNumber, etag: part?.etag }));
  const done = await again.change<CompletedUpload>('POST', of('/complete'), { parts: all }, 200);
  assert.equal(done.checksum?.value, crcOf(Buffer.concat(parts)));
  assert.deepEqual(await again.change('POST', of('/complete'), { parts: all }, 200), done, 'asked again, the same');

  const view = await root.get<ObjectView>(`${path}/object?${query({ key })}`);
  assert.deepEqual([view.bytes, view.parts, view.system.contentType], [10 * MIB + 7, 3, 'video/mp4']);
  assert.deepEqual([view.metadata, view.tags], [wanted.metadata, wanted.tags]);
  const body = await get(root, path, key);
  assert.ok(body.bytes.equals(Buffer.concat(parts)));
  assert.deepEqual((await root.get<UploadList>(`${path}/uploads`)).items, []);
});

test('a part that arrived damaged is refused, a small one in the middle and an unknown upload too', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'data');
  const upload = await root.change<UploadView>('POST', `${path}/uploads`, { key: 'a' }, 201);
  const of = (rest: string): string => `${path}/uploads/${upload.uploadId}${rest}?key=a`;
  const headers = { 'x-amz-checksum-crc32': crcOf('other') };
  refused(await root.send('PUT', of('/parts/1'), undefined, { rawBody: 'x', headers }), 400, 'bad-digest');
  const parts = [
    await send(root, of('/parts/1'), Buffer.from('x')),
    await send(root, of('/parts/2'), Buffer.from('y')),
  ];
  const named = { parts: parts.map(({ partNumber, etag }) => ({ partNumber, etag })) };
  refused(await root.send('POST', of('/complete'), named), 400, 'entity-too-small');
  refused(await root.send('PUT', of('/parts/10001'), undefined, { rawBody: 'x' }), 400, 'invalid-request');
  await root.change('DELETE', of(''), undefined, 204);
  refused(await root.send('PUT', of('/parts/1'), undefined, { rawBody: 'x' }), 404, 'no-such-upload');
  refused(await root.send('POST', of('/complete'), named), 404, 'no-such-upload');
});

test('a refusal is answered before the body has come', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'data');
  const reader = await fixture.user('reader', ['vStorageReadOnlyAccess']);
  const large = Buffer.alloc(3 * MIB);
  const answer = await reader.send('PUT', `${path}/object/content?key=a`, undefined, { rawBody: large });
  refused(answer, 403, 'access-denied');
});
