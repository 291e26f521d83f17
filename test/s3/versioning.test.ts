// Versions over the wire. Checklist 31, 39, 40 and, with delete markers, 15.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import * as sdk from '@aws-sdk/client-s3';
import { bytesOf, openTarget, refusalOf } from './s3-target.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const { client, raw } = s3;

async function setVersioning(Bucket: string, Status: 'Enabled' | 'Suspended'): Promise<void> {
  await client.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
}

async function versionedBucket(): Promise<string> {
  const bucket = await s3.bucket();
  await setVersioning(bucket, 'Enabled');
  return bucket;
}

const put = async (Bucket: string, Key: string, Body = Key): Promise<string | undefined> =>
  (await client.send(new sdk.PutObjectCommand({ Bucket, Key, Body }))).VersionId;
const get = async (Bucket: string, Key: string, VersionId?: string): Promise<string> =>
  Buffer.from(await bytesOf(await client.send(new sdk.GetObjectCommand({ Bucket, Key, VersionId })))).toString();
const list = (Bucket: string, more: Partial<sdk.ListObjectVersionsCommandInput> = {}) =>
  client.send(new sdk.ListObjectVersionsCommand({ Bucket, ...more }));
const remove = (Bucket: string, Key: string, VersionId?: string) =>
  client.send(new sdk.DeleteObjectCommand({ Bucket, Key, VersionId }));

test('versioning is off, then enabled, then suspended, and never off again', async () => {
  const Bucket = await s3.bucket();
  const status = async () => (await client.send(new sdk.GetBucketVersioningCommand({ Bucket }))).Status;
  assert.equal(await status(), undefined);
  await setVersioning(Bucket, 'Enabled');
  assert.equal(await status(), 'Enabled');
  await setVersioning(Bucket, 'Suspended');
  assert.equal(await status(), 'Suspended');
  const path = `/${Bucket}`;
  const off = await raw({
    method: 'PUT',
    path,
    query: 'versioning',
    body: '<VersioningConfiguration><Status>Off</Status></VersioningConfiguration>',
  });
  assert.deepEqual([off.status, off.code], [400, 'MalformedXML']);
  const empty = await raw({ method: 'PUT', path, query: 'versioning', body: '<VersioningConfiguration/>' });
  assert.deepEqual([empty.status, empty.code], [400, 'IllegalVersioningConfigurationException']);
});

test('MFA delete is refused with what to use instead, and changes nothing; off it may be said to be', async () => {
  const Bucket = await versionedBucket();
  const set = (Status: string, MfaDelete: string) => {
    const body = `<VersioningConfiguration><Status>${Status}</Status><MfaDelete>${MfaDelete}</MfaDelete></VersioningConfiguration>`;
    const headers = { 'x-amz-mfa': 'arn:aws:iam::123456789012:mfa/device 123456' };
    return raw({ method: 'PUT', path: `/${Bucket}`, query: 'versioning=', body, headers });
  };
  const refused = await set('Suspended', 'Enabled');
  assert.deepEqual([refused.status, refused.code], [501, 'NotImplemented']);
  assert.match(refused.field('Message') ?? '', /MFA delete is not available here.*Object lock/);
  assert.equal((await set('Suspended', 'Sometimes')).code, 'MalformedXML');
  assert.equal((await client.send(new sdk.GetBucketVersioningCommand({ Bucket }))).Status, 'Enabled');
  assert.equal((await set('Suspended', 'Disabled')).status, 200);
  const { Status, MFADelete } = await client.send(new sdk.GetBucketVersioningCommand({ Bucket }));
  assert.deepEqual([Status, MFADelete], ['Suspended', undefined]);
});

test('every write makes a version that can be read, copied and removed by its id', async () => {
  const Bucket = await versionedBucket();
  const first = await put(Bucket, 'k', 'one');
  const second = await put(Bucket, 'k', 'two');
  assert.ok(first !== undefined && second !== undefined && first !== second);
  assert.match(first, /^[0-9a-v]{32}$/);
  assert.equal(await get(Bucket, 'k'), 'two');
  assert.equal(await get(Bucket, 'k', first), 'one');
  const head = await client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'k', VersionId: first }));
  assert.deepEqual([head.VersionId, head.ContentLength], [first, 3]);
  const CopySource = `${Bucket}/k?versionId=${first}`;
  const copied = await client.send(new sdk.CopyObjectCommand({ Bucket, Key: 'k', CopySource }));
  assert.equal(copied.CopySourceVersionId, first);
  assert.ok(copied.VersionId !== undefined && copied.VersionId !== first);
  assert.equal(await get(Bucket, 'k'), 'one');
  const removed = await remove(Bucket, 'k', copied.VersionId);
  assert.deepEqual([removed.VersionId, removed.DeleteMarker], [copied.VersionId, undefined]);
  assert.equal(await get(Bucket, 'k'), 'two');
});

test('a plain delete adds a delete marker, and removing the marker brings the object back', async () => {
  const Bucket = await versionedBucket();
  await put(Bucket, 'k');
  const deleted = await remove(Bucket, 'k');
  assert.equal(deleted.DeleteMarker, true);
  const marker = deleted.VersionId ?? '';
  const gone = await raw({ path: `/${Bucket}/k` });
  assert.deepEqual([gone.status, gone.code], [404, 'NoSuchKey']);
  assert.equal(gone.headers['x-amz-delete-marker'], 'true');
  assert.equal(gone.headers['x-amz-version-id'], marker);
  assert.equal((await client.send(new sdk.ListObjectsV2Command({ Bucket }))).KeyCount, 0);
  const removed = await remove(Bucket, 'k', marker);
  assert.deepEqual([removed.DeleteMarker, removed.VersionId], [true, marker]);
  assert.equal(await get(Bucket, 'k'), 'k');
});

// checklist 40
test('a delete marker named by its version is 405 with Allow and Last-Modified, for GET and HEAD', async () => {
  const Bucket = await versionedBucket();
  const marker = (await remove(Bucket, 'never')).VersionId ?? '';
  for (const method of ['GET', 'HEAD']) {
    const reply = await raw({ method, path: `/${Bucket}/never`, query: `versionId=${marker}` });
    assert.equal(reply.status, 405, method);
    assert.equal(reply.headers['allow'], 'DELETE');
    assert.equal(reply.headers['x-amz-delete-marker'], 'true');
    assert.match(reply.headers['last-modified'] ?? '', / GMT$/);
    if (method === 'GET') assert.equal(reply.code, 'MethodNotAllowed');
  }
});

test('a version that does not exist is NoSuchVersion; an id that cannot exist is InvalidArgument', async () => {
  const Bucket = await versionedBucket();
  await put(Bucket, 'k');
  const gone = '0'.repeat(32);
  const send = (versionId: string) => raw({ path: `/${Bucket}/k`, query: `versionId=${versionId}` });
  for (const id of [gone, 'null', 'another-servers.id']) {
    const reply = await send(id);
    assert.deepEqual([reply.status, reply.code], [404, 'NoSuchVersion'], id);
  }
  for (const id of ['', '%20', 'a%2Fb']) {
    const reply = await send(id);
    assert.deepEqual([reply.status, reply.code], [400, 'InvalidArgument'], id);
  }
  const deleted = await remove(Bucket, 'k', gone);
  assert.deepEqual([deleted.$metadata.httpStatusCode, deleted.VersionId], [204, gone]);
});

// checklist 39
test('what was there before versioning is the null version, and only a null version replaces it', async () => {
  const Bucket = await s3.bucket();
  assert.equal(await put(Bucket, 'k', 'before'), undefined);
  await setVersioning(Bucket, 'Enabled');
  const version = (await put(Bucket, 'k', 'versioned')) ?? '';
  assert.equal(await get(Bucket, 'k', 'null'), 'before');
  await setVersioning(Bucket, 'Suspended');
  const reply = await raw({ method: 'PUT', path: `/${Bucket}/k`, body: 'suspended' });
  assert.equal(reply.status, 200);
  assert.equal(reply.headers['x-amz-version-id'], undefined);
  assert.equal(await get(Bucket, 'k', 'null'), 'suspended');
  assert.equal(await get(Bucket, 'k', version), 'versioned');
  const { Versions = [] } = await list(Bucket);
  assert.deepEqual(
    Versions.map(({ VersionId, IsLatest }) => [VersionId, IsLatest]),
    [
      ['null', true],
      [version, false],
    ],
  );
  assert.equal((await client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'k' }))).VersionId, 'null');
});

// checklist 39
test('a delete while versioning is suspended writes a null delete marker in place of the null version', async () => {
  const Bucket = await versionedBucket();
  const version = await put(Bucket, 'k', 'kept');
  await setVersioning(Bucket, 'Suspended');
  await put(Bucket, 'k', 'replaced');
  const deleted = await remove(Bucket, 'k');
  assert.deepEqual([deleted.DeleteMarker, deleted.VersionId], [true, 'null']);
  const { Versions = [], DeleteMarkers = [] } = await list(Bucket);
  assert.deepEqual(
    DeleteMarkers.map(({ VersionId, IsLatest }) => [VersionId, IsLatest]),
    [['null', true]],
  );
  assert.deepEqual(
    Versions.map(({ VersionId }) => VersionId),
    [version],
  );
});

// checklist 31
test('versions are listed in pages of any size with delete markers in their place and IsLatest right', async () => {
  const Bucket = await versionedBucket();
  for (const key of ['a', 'b b', 'b b', 'd/1', 'd/2']) await put(Bucket, key);
  await remove(Bucket, 'b b');
  await put(Bucket, 'b b');
  await remove(Bucket, 'a');
  type Line = [key: string | undefined, latest: boolean | undefined, marker: boolean];
  const pageOf = (page: sdk.ListObjectVersionsCommandOutput): Line[] => [
    ...(page.Versions ?? []).map((v): Line => [v.Key, v.IsLatest, false]),
    ...(page.DeleteMarkers ?? []).map((m): Line => [m.Key, m.IsLatest, true]),
  ];
  const lines: Line[] = [];
  let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
  for (;;) {
    const page = await list(Bucket, { MaxKeys: 1, ...markers });
    lines.push(...pageOf(page));
    if (page.IsTruncated !== true) break;
    markers = { KeyMarker: page.NextKeyMarker ?? '', VersionIdMarker: page.NextVersionIdMarker ?? '' };
  }
  assert.deepEqual(lines, [
    ['a', true, true],
    ['a', false, false],
    ['b b', true, false],
    ['b b', false, true],
    ['b b', false, false],
    ['b b', false, false],
    ['d/1', true, false],
    ['d/2', true, false],
  ]);
  const rest = await list(Bucket, { KeyMarker: 'a' });
  assert.equal(rest.Versions?.[0]?.Key, 'b b');
  const folded = await list(Bucket, { Delimiter: '/', Prefix: 'd' });
  assert.deepEqual([folded.CommonPrefixes, folded.Versions], [[{ Prefix: 'd/' }], undefined]);
  const encoded = await raw({ path: `/${Bucket}`, query: 'encoding-type=url&prefix=b&versions' });
  assert.match(encoded.text, /<Key>b\+b<\/Key>/);
  const alone = await raw({ path: `/${Bucket}`, query: 'version-id-marker=x&versions' });
  assert.deepEqual([alone.status, alone.code], [400, 'InvalidArgument']);
});

test('a page that ends with the null version goes on after it, even when it was deleted meanwhile', async () => {
  const Bucket = await s3.bucket();
  await put(Bucket, 'k', 'null');
  await setVersioning(Bucket, 'Enabled');
  const older = await put(Bucket, 'k', 'older');
  await setVersioning(Bucket, 'Suspended');
  await put(Bucket, 'k', 'null again');
  const page = await list(Bucket, { MaxKeys: 1 });
  assert.deepEqual([page.Versions?.[0]?.VersionId, page.NextVersionIdMarker], ['null', 'null']);
  await remove(Bucket, 'k', 'null');
  const next = await list(Bucket, { KeyMarker: 'k', VersionIdMarker: 'null' });
  assert.deepEqual(
    next.Versions?.map(({ VersionId }) => VersionId),
    [older],
  );
});

test('DeleteObjects tells the delete markers it made and removed', async () => {
  const Bucket = await versionedBucket();
  const version = await put(Bucket, 'k');
  const marker = (await remove(Bucket, 'm')).VersionId;
  const Objects = [{ Key: 'k' }, { Key: 'k', VersionId: version }, { Key: 'm', VersionId: marker }];
  const { Deleted = [] } = await client.send(new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  assert.equal(Deleted[0]?.DeleteMarker, true);
  assert.match(Deleted[0].DeleteMarkerVersionId ?? '', /^[0-9a-v]{32}$/);
  assert.deepEqual(Deleted[1], { Key: 'k', VersionId: version });
  assert.deepEqual(Deleted[2], { Key: 'm', VersionId: marker, DeleteMarker: true, DeleteMarkerVersionId: marker });
});

test('a completed multipart upload is a version with an id', async () => {
  const Bucket = await versionedBucket();
  const Key = 'k';
  await put(Bucket, Key, 'before');
  const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand({ Bucket, Key }));
  const part = await client.send(
    new sdk.UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: Buffer.from('after') }),
  );
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 }] };
  const complete = new sdk.CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload });
  const done = await client.send(complete);
  assert.match(done.VersionId ?? '', /^[0-9a-v]{32}$/);
  assert.equal((await client.send(complete)).VersionId, done.VersionId);
  assert.equal((await list(Bucket)).Versions?.length, 2);
  assert.equal(await get(Bucket, Key), 'after');
});

// checklist 15
test('a delete marker counts as no object to conditional writes', async () => {
  const Bucket = await versionedBucket();
  await put(Bucket, 'k');
  const conditional = (headers: { IfNoneMatch?: string; IfMatch?: string }) =>
    refusalOf(client.send(new sdk.PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ...headers })));
  assert.deepEqual(await conditional({ IfNoneMatch: '*' }), [412, 'PreconditionFailed']);
  await remove(Bucket, 'k');
  assert.deepEqual(await conditional({ IfMatch: '"00000000000000000000000000000000"' }), [404, 'NoSuchKey']);
  assert.equal(await conditional({ IfNoneMatch: '*' }), undefined);
});

// checklist 43
test('a bucket is not deleted while a version or a delete marker is in it', async () => {
  const Bucket = await versionedBucket();
  const version = await put(Bucket, 'k');
  const marker = (await remove(Bucket, 'k')).VersionId;
  const deleteBucket = () => refusalOf(client.send(new sdk.DeleteBucketCommand({ Bucket })));
  assert.deepEqual(await deleteBucket(), [409, 'BucketNotEmpty']);
  await remove(Bucket, 'k', version);
  assert.deepEqual(await deleteBucket(), [409, 'BucketNotEmpty']);
  await remove(Bucket, 'k', marker);
  assert.equal(await deleteBucket(), undefined);
});

test('buckets without versioning do not speak of versions', async () => {
  const Bucket = await s3.bucket();
  await put(Bucket, 'k');
  for (const [method, query] of [
    ['GET', ''],
    ['GET', 'versionId=null'],
    ['HEAD', ''],
  ] as const) {
    assert.equal((await raw({ method, path: `/${Bucket}/k`, query })).headers['x-amz-version-id'], undefined);
  }
  const { Versions = [] } = await list(Bucket);
  assert.deepEqual(
    Versions.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest]),
    [['k', 'null', true]],
  );
});
