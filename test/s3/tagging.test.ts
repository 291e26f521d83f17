// Tags of objects and buckets. Checklist 53.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import * as sdk from '@aws-sdk/client-s3';
import { clientFor, openTarget, refusalOf } from './s3-target.ts';
import { createUserKey } from './user-key.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const { client, raw } = s3;

const tags = (count: number): sdk.Tag[] => Array.from({ length: count }, (_, n) => ({ Key: `k${n}`, Value: `v${n}` }));
const tagsOf = async (Bucket: string, Key: string, VersionId?: string): Promise<sdk.Tag[] | undefined> =>
  (await client.send(new sdk.GetObjectTaggingCommand({ Bucket, Key, VersionId }))).TagSet;
const setTags = (Bucket: string, Key: string, TagSet: sdk.Tag[]) =>
  client.send(new sdk.PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } }));

test('an object takes ten tags, gives them back and counts them in its headers', async () => {
  const Bucket = await s3.bucket();
  await client.send(new sdk.PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
  const before = await client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'k' }));
  await setTags(Bucket, 'k', tags(10));
  assert.deepEqual(await tagsOf(Bucket, 'k'), tags(10));
  const reply = await raw({ path: `/${Bucket}/k` });
  assert.equal(reply.headers['x-amz-tagging-count'], '10');
  assert.equal(reply.headers['last-modified'], before.LastModified?.toUTCString());
  assert.equal(reply.headers['etag'], before.ETag);
  await client.send(new sdk.DeleteObjectTaggingCommand({ Bucket, Key: 'k' }));
  assert.deepEqual(await tagsOf(Bucket, 'k'), []);
  assert.equal((await raw({ path: `/${Bucket}/k` })).headers['x-amz-tagging-count'], undefined);
});

test('the tags in a header may have ampersands too many, but no tag without a key', async () => {
  const Bucket = await s3.bucket();
  for (const [header, expected] of [
    ['&', []],
    ['key', [{ Key: 'key', Value: '' }]],
    [
      'a=1&&b=%2F&',
      [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '/' },
      ],
    ],
  ] as const) {
    await client.send(new sdk.PutObjectCommand({ Bucket, Key: 'k', Tagging: header }));
    assert.deepEqual(await tagsOf(Bucket, 'k'), expected, header);
  }
  const nameless = client.send(new sdk.PutObjectCommand({ Bucket, Key: 'k', Tagging: '=' }));
  assert.deepEqual(await refusalOf(nameless), [400, 'InvalidArgument']);
});

// checklist 53
test('too many tags, too long ones, doubles and system tags are refused and change nothing', async () => {
  const Bucket = await s3.bucket();
  await client.send(new sdk.PutObjectCommand({ Bucket, Key: 'k', Body: 'x', Tagging: 'kept=yes' }));
  const refused = (TagSet: sdk.Tag[]) => refusalOf(setTags(Bucket, 'k', TagSet));
  assert.deepEqual(await refused(tags(11)), [400, 'BadRequest']);
  for (const tag of [
    { Key: 'x'.repeat(129), Value: '' },
    { Key: '', Value: '' },
    { Key: 'k', Value: 'x'.repeat(257) },
    { Key: 'aws:mine', Value: '' },
    { Key: 'k', Value: 'not <allowed>' },
  ]) {
    assert.deepEqual(await refused([tag]), [400, 'InvalidTag'], JSON.stringify(tag));
  }
  const twice = { Key: 'same', Value: '1' };
  assert.deepEqual(await refused([twice, twice]), [400, 'InvalidTag']);
  assert.deepEqual(await tagsOf(Bucket, 'k'), [{ Key: 'kept', Value: 'yes' }]);
  assert.equal(await refused([{ Key: 'Größe +-=._:/@', Value: 'x'.repeat(256) }]), undefined);
});

test('tags come with a write in a header, URL-encoded', async () => {
  const Bucket = await s3.bucket();
  await client.send(new sdk.PutObjectCommand({ Bucket, Key: 'k', Body: 'x', Tagging: 'a%20b=c%2Bd&e+f=&g' }));
  assert.deepEqual(await tagsOf(Bucket, 'k'), [
    { Key: 'a b', Value: 'c+d' },
    { Key: 'e f', Value: '' },
    { Key: 'g', Value: '' },
  ]);
  const refused = async (Tagging: string) =>
    refusalOf(client.send(new sdk.PutObjectCommand({ Bucket, Key: 'new', Body: 'x', Tagging })));
  assert.deepEqual(await refused('a=1&a=2'), [400, 'InvalidArgument']);
  assert.deepEqual(await refused('a=%ZZ'), [400, 'InvalidArgument']);
  assert.deepEqual(
    await refused(
      tags(11)
        .map(({ Key, Value }) => `${Key}=${Value}`)
        .join('&'),
    ),
    [400, 'BadRequest'],
  );
  assert.equal((await raw({ path: `/${Bucket}/new` })).status, 404);
});

test('a multipart upload gives its object the tags it began with', async () => {
  const Bucket = await s3.bucket();
  const Key = 'k';
  const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand({ Bucket, Key, Tagging: 'a=b' }));
  const part = await client.send(new sdk.UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: 'x' }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 }] };
  await client.send(new sdk.CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));
  assert.deepEqual(await tagsOf(Bucket, Key), [{ Key: 'a', Value: 'b' }]);
});

// checklist 18
test('a copy takes the tags along unless they are replaced', async () => {
  const Bucket = await s3.bucket();
  await client.send(new sdk.PutObjectCommand({ Bucket, Key: 'k', Body: 'x', Tagging: 'a=b' }));
  const copy = (Key: string, more: Partial<sdk.CopyObjectCommandInput>) =>
    client.send(new sdk.CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/k`, ...more }));
  await copy('kept', { Tagging: 'ignored=yes' });
  assert.deepEqual(await tagsOf(Bucket, 'kept'), [{ Key: 'a', Value: 'b' }]);
  await copy('replaced', { TaggingDirective: 'REPLACE', Tagging: 'c=d' });
  assert.deepEqual(await tagsOf(Bucket, 'replaced'), [{ Key: 'c', Value: 'd' }]);
  await copy('without', { TaggingDirective: 'REPLACE' });
  assert.deepEqual(await tagsOf(Bucket, 'without'), []);
  const odd = { 'x-amz-copy-source': `${Bucket}/k`, 'x-amz-tagging-directive': 'MERGE' };
  const reply = await raw({ method: 'PUT', path: `/${Bucket}/odd`, headers: odd });
  assert.deepEqual([reply.status, reply.code], [400, 'InvalidArgument']);
});

test('each version has tags of its own; a delete marker has none', async () => {
  const Bucket = await s3.bucket();
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await client.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  const first = await client.send(new sdk.PutObjectCommand({ Bucket, Key: 'k', Body: '1', Tagging: 'v=1' }));
  const second = await client.send(new sdk.PutObjectCommand({ Bucket, Key: 'k', Body: '2', Tagging: 'v=2' }));
  assert.equal((await setTags(Bucket, 'k', [{ Key: 'v', Value: 'two' }])).VersionId, second.VersionId);
  assert.deepEqual(await tagsOf(Bucket, 'k', first.VersionId), [{ Key: 'v', Value: '1' }]);
  assert.deepEqual(await tagsOf(Bucket, 'k'), [{ Key: 'v', Value: 'two' }]);
  const { VersionId } = await client.send(new sdk.DeleteObjectCommand({ Bucket, Key: 'k' }));
  assert.deepEqual(await refusalOf(tagsOf(Bucket, 'k', VersionId)), [405, 'MethodNotAllowed']);
  assert.deepEqual(await refusalOf(tagsOf(Bucket, 'k')), [404, 'NoSuchKey']);
});

test('a bucket takes fifty tags', async () => {
  const Bucket = await s3.bucket();
  const put = (count: number) =>
    client.send(new sdk.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: tags(count) } }));
  assert.equal((await put(50)).$metadata.httpStatusCode, 204);
  assert.deepEqual(await refusalOf(put(51)), [400, 'BadRequest']);
  assert.equal((await client.send(new sdk.GetBucketTaggingCommand({ Bucket }))).TagSet?.length, 50);
  await client.send(new sdk.DeleteBucketTaggingCommand({ Bucket }));
  assert.deepEqual(await refusalOf(client.send(new sdk.GetBucketTaggingCommand({ Bucket }))), [404, 'NoSuchTagSet']);
});

// checklist 53
test('who may read an object but not its tags does not even see their number', async (context) => {
  const { server } = s3;
  if (server === null) return context.skip('needs the operator’s commands');
  const Bucket = await s3.bucket();
  await client.send(new sdk.PutObjectCommand({ Bucket, Key: 'k', Body: 'x', Tagging: 'a=b' }));
  const Resource = 'arn:aws:s3:::*';
  const actions = ['s3:GetObject', 's3:PutObject', 's3:ListBucket'];
  const key = await createUserKey(server, 'tag-reader', [{ Effect: 'Allow', Action: actions, Resource }]);
  const reader = clientFor(s3, key);
  const read = await reader.send(new sdk.GetObjectCommand({ Bucket, Key: 'k' }));
  assert.equal(read.TagCount, undefined);
  await read.Body?.transformToByteArray();
  const refused = (command: Promise<unknown>) => refusalOf(command);
  assert.deepEqual(await refused(reader.send(new sdk.GetObjectTaggingCommand({ Bucket, Key: 'k' }))), [
    403,
    'AccessDenied',
  ]);
  const tagged = new sdk.PutObjectCommand({ Bucket, Key: 'new', Body: 'x', Tagging: 'a=b' });
  assert.deepEqual(await refused(reader.send(tagged)), [403, 'AccessDenied']);
  const copy = new sdk.CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/k` });
  assert.deepEqual(await refused(reader.send(copy)), [403, 'AccessDenied']);
  reader.destroy();
});
