import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { prefixRange, tables } from '../../src/metadata/keys.ts';
import { openLmdbStore } from '../../src/metadata/lmdb.ts';
import type { ObjectRecord } from '../../src/metadata/tables/objects.ts';
import { decodeRecord, encodeRecord } from '../../src/metadata/tables/record.ts';
import type { TestServer } from '../support/start-server.ts';
import { bytesOf, openTarget, refusalOf } from './s3-target.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const { client, raw } = s3;
const Bucket = await s3.bucket();

const copy = (source: string, key: string, headers: Record<string, string> = {}) =>
  raw({ method: 'PUT', path: `/${Bucket}/${key}`, headers: { 'x-amz-copy-source': source, ...headers } });
const sourceOf = async (key: string) => {
  const { ETag = '' } = await client.send(new PutObjectCommand({ Bucket, Key: key, Body: key, Metadata: { a: '1' } }));
  return ETag;
};

test('an object of any size is copied with its metadata, also into another bucket', async () => {
  const other = await s3.bucket();
  for (const size of [0, 10, 100_000]) {
    const Body = randomBytes(size);
    const Key = `from/${size} +é`;
    await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'image/x', Metadata: { m: 'v' } }));
    const CopySource = `${Bucket}/${encodeURIComponent(Key)}`;
    const { CopyObjectResult } = await client.send(new CopyObjectCommand({ Bucket: other, Key: 'to', CopySource }));
    const got = await client.send(new GetObjectCommand({ Bucket: other, Key: 'to' }));
    assert.equal(CopyObjectResult?.ETag, got.ETag);
    assert.ok(CopyObjectResult?.LastModified instanceof Date);
    assert.deepEqual([got.ContentType, got.Metadata], ['image/x', { m: 'v' }]);
    assert.ok(Body.equals(await bytesOf(got)));
  }
});

test('a large copy has the version id it was given before its bytes were copied', async () => {
  const versioned = await s3.bucket();
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await client.send(new PutBucketVersioningCommand({ Bucket: versioned, VersioningConfiguration }));
  const Body = randomBytes(9 * 1024 * 1024);
  await client.send(new PutObjectCommand({ Bucket: versioned, Key: 'large', Body }));
  const input = { Bucket: versioned, Key: 'copy', CopySource: `${versioned}/large` };
  const first = await client.send(new CopyObjectCommand(input));
  const second = await client.send(new CopyObjectCommand(input));
  assert.equal(second.ServerSideEncryption, 'AES256');
  const { Versions } = await client.send(new ListObjectVersionsCommand({ Bucket: versioned, Prefix: 'copy' }));
  assert.deepEqual(
    Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest]),
    [
      [second.VersionId, true],
      [first.VersionId, false],
    ],
  );
});

test('REPLACE takes the request’s metadata, COPY the source’s', async () => {
  await sourceOf('meta');
  const source = `/${Bucket}/meta`;
  await copy(source, 'meta-copy', { 'x-amz-metadata-directive': 'COPY', 'x-amz-meta-b': '2' });
  assert.deepEqual((await client.send(new HeadObjectCommand({ Bucket, Key: 'meta-copy' }))).Metadata, { a: '1' });
  await copy(source, 'meta-copy', { 'x-amz-metadata-directive': 'REPLACE', 'x-amz-meta-b': '2' });
  assert.deepEqual((await client.send(new HeadObjectCommand({ Bucket, Key: 'meta-copy' }))).Metadata, { b: '2' });
  const unknown = await copy(source, 'meta-copy', { 'x-amz-metadata-directive': 'MERGE' });
  assert.deepEqual([unknown.status, unknown.code], [400, 'InvalidArgument']);
});

test('a copy onto itself must change something', async () => {
  await sourceOf('self');
  const source = `/${Bucket}/self`;
  const same = await copy(source, 'self');
  assert.deepEqual([same.status, same.code], [400, 'InvalidRequest']);
  assert.equal((await copy(source, 'self', { 'x-amz-metadata-directive': 'REPLACE' })).status, 200);
  assert.equal((await copy(source, 'self', { 'x-amz-storage-class': 'STANDARD_IA' })).status, 200);
  assert.equal((await raw({ path: `/${Bucket}/self` })).text, 'self');
});

// checklist 18
test('a source of more than 5 GiB is refused by name, whole; a range of it is copied', async (context) => {
  const { server } = s3;
  if (server === null || !existsSync(join(server.dataDir, 'metadata'))) {
    return context.skip('makes an object in the store of one machine that only says it is so large');
  }
  const Key = 'huge';
  await client.send(new PutObjectCommand({ Bucket, Key, Body: randomBytes(200_000) }));
  await claimSize(server, Key, 5 * GIB + 1);
  const whole = await copy(`/${Bucket}/${Key}`, 'copy');
  assert.deepEqual([whole.status, whole.code], [400, 'InvalidRequest']);
  assert.match(whole.field('Message') ?? '', /larger than the maximum allowable size for a copy source: 5368709120$/);

  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'copy' }));
  const part = { Bucket, Key: 'copy', UploadId, PartNumber: 1, CopySource: `${Bucket}/${Key}` };
  const refused = (CopySourceRange?: string) =>
    refusalOf(client.send(new UploadPartCopyCommand({ ...part, ...(CopySourceRange ? { CopySourceRange } : {}) })));
  assert.deepEqual(await refused(), [400, 'InvalidRequest']);
  assert.deepEqual(await refused(`bytes=0-${5 * GIB}`), [400, 'InvalidRequest']);
  assert.deepEqual(await refused(`bytes=1-${5 * GIB + 1}`), [400, 'InvalidArgument']);
  assert.equal(await refused('bytes=10-99'), undefined);
});

const GIB = 1024 ** 3;

/** 5 GiB of bytes take a minute (five-gib.long.test.ts); here only the record has them. */
async function claimSize({ dataDir }: TestServer, key: string, sizeBytes: number): Promise<void> {
  await using store = await openLmdbStore({ path: join(dataDir, 'metadata'), reserveBytes: 0 });
  await store.transact(async (transaction) => {
    const rows = await transaction.range({ ...prefixRange(tables.current), limit: 1000 });
    const row = rows.find(({ key: bytes }) => Buffer.from(bytes).toString('latin1').endsWith(key));
    assert.ok(row);
    const record: ObjectRecord = { ...decodeRecord<ObjectRecord>(row.value), sizeBytes };
    transaction.put(row.key, encodeRecord(record));
  });
}

test('conditions on the source are 412 when they do not hold', async () => {
  const etag = await sourceOf('conditional');
  const source = `/${Bucket}/conditional`;
  const past = new Date(Date.now() - 86_400_000).toUTCString();
  const status = async (headers: Record<string, string>) => (await copy(source, 'target', headers)).status;
  assert.equal(await status({ 'x-amz-copy-source-if-match': etag }), 200);
  assert.equal(await status({ 'x-amz-copy-source-if-match': '"x"' }), 412);
  assert.equal(await status({ 'x-amz-copy-source-if-none-match': etag }), 412);
  assert.equal(await status({ 'x-amz-copy-source-if-none-match': '"x"' }), 200);
  assert.equal(await status({ 'x-amz-copy-source-if-modified-since': past }), 200);
  assert.equal(await status({ 'x-amz-copy-source-if-unmodified-since': past }), 412);
  assert.equal(
    await status({ 'x-amz-copy-source-if-match': etag, 'x-amz-copy-source-if-unmodified-since': past }),
    200,
  );
});

test('conditions on the target hold for copies too', async () => {
  await sourceOf('source');
  await sourceOf('taken');
  assert.equal((await copy(`${Bucket}/source`, 'taken', { 'if-none-match': '*' })).status, 412);
  assert.equal((await raw({ path: `/${Bucket}/taken` })).text, 'taken');
});

test('a source that is missing or unreadable is refused', async () => {
  const cases: [string, number, string][] = [
    [`${Bucket}/missing`, 404, 'NoSuchKey'],
    ['no-such-bucket-anywhere/key', 404, 'NoSuchBucket'],
    ['nothing', 400, 'InvalidArgument'],
    [`/${Bucket}/`, 400, 'InvalidArgument'],
    [`/${Bucket}/%zz`, 400, 'InvalidArgument'],
    [`${Bucket}/source?versionId=0123456789abcdef`, 404, 'NoSuchVersion'],
  ];
  for (const [source, status, code] of cases) {
    const reply = await copy(source, 'x');
    assert.deepEqual([reply.status, reply.code], [status, code], source);
  }
});

test('the checksum of a copy can be chosen', async () => {
  await sourceOf('summed');
  const reply = await copy(`${Bucket}/summed`, 'summed-copy', { 'x-amz-checksum-algorithm': 'SHA256' });
  assert.match(reply.text, /<ChecksumSHA256>[A-Za-z0-9+/=]{44}<\/ChecksumSHA256><ChecksumType>FULL_OBJECT</);
  const unknown = await copy(`${Bucket}/summed`, 'summed-copy', { 'x-amz-checksum-algorithm': 'SHA3' });
  assert.deepEqual([unknown.status, unknown.code], [400, 'InvalidRequest']);
});
