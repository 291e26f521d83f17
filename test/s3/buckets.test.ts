import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketTaggingCommand,
  GetBucketLocationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { openTarget, refusalOf } from './s3-target.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const { client, raw } = s3;

test('a bucket is made, found, located and deleted', async () => {
  const Bucket = await s3.bucket();
  const head = await client.send(new HeadBucketCommand({ Bucket }));
  assert.equal(head.BucketRegion, s3.region);
  const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket }));
  assert.equal(LocationConstraint, s3.region);
  await client.send(new DeleteBucketCommand({ Bucket }));
  assert.deepEqual(await refusalOf(client.send(new HeadBucketCommand({ Bucket }))), [404, 'NotFound']);
});

test('a location constraint is compared without regard to case, and a wrong one is refused', async () => {
  const create = (name: string, location: string) =>
    raw({
      method: 'PUT',
      path: `/${name}`,
      body: `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${location}</LocationConstraint></CreateBucketConfiguration>`,
    });
  const made = await create(`case-${Date.now()}`, s3.region.toLowerCase());
  assert.equal(made.status, 200);
  const refused = await create(`wrong-${Date.now()}`, 'mars-north-1');
  assert.deepEqual([refused.status, refused.code], [400, 'InvalidLocationConstraint']);
});

test('a request body that is no CreateBucketConfiguration is MalformedXML', async () => {
  for (const body of ['<Other/>', '<CreateBucketConfiguration>', 'text', '<!DOCTYPE a><CreateBucketConfiguration/>']) {
    const reply = await raw({ method: 'PUT', path: '/malformed-bucket', body });
    assert.deepEqual([reply.status, reply.code], [400, 'MalformedXML'], body);
  }
});

test('making a bucket that one has already is 409 BucketAlreadyOwnedByYou', async () => {
  const Bucket = await s3.bucket();
  assert.deepEqual(await refusalOf(client.send(new CreateBucketCommand({ Bucket }))), [409, 'BucketAlreadyOwnedByYou']);
});

test('names that break the rules are InvalidBucketName', async () => {
  for (const name of [
    'ab',
    'Capital',
    'under_score',
    '192.168.1.1',
    'two..dots',
    'xn--name',
    'name-s3alias',
    '-dash',
  ]) {
    const reply = await raw({ method: 'PUT', path: `/${name}` });
    assert.deepEqual([reply.status, reply.code], [400, 'InvalidBucketName'], name);
  }
});

test('a bucket with an object is not deleted', async () => {
  const Bucket = await s3.bucket();
  await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
  assert.deepEqual(await refusalOf(client.send(new DeleteBucketCommand({ Bucket }))), [409, 'BucketNotEmpty']);
});

test('buckets are listed in order, by prefix and in pages', async () => {
  const names = [await s3.bucket(), await s3.bucket(), await s3.bucket()].toSorted();
  const all = await client.send(new ListBucketsCommand({}));
  const listed = (all.Buckets ?? []).map((bucket) => bucket.Name ?? '');
  assert.deepEqual(listed, listed.toSorted());
  assert.deepEqual(
    names.filter((name) => listed.includes(name)),
    names,
  );
  assert.match(all.Owner?.ID ?? '', /^[0-9a-f]{64}$/);
  assert.ok(
    (all.Buckets ?? []).every((bucket) => bucket.CreationDate !== undefined && bucket.BucketRegion === s3.region),
  );

  const [first = ''] = names;
  const one = await client.send(new ListBucketsCommand({ Prefix: first }));
  assert.deepEqual([one.Prefix, one.Buckets?.map((bucket) => bucket.Name)], [first, [first]]);

  const paged: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(new ListBucketsCommand({ MaxBuckets: 2, ContinuationToken, Prefix: 'test-' }));
    assert.ok((page.Buckets ?? []).length <= 2);
    paged.push(...(page.Buckets ?? []).map((bucket) => bucket.Name ?? ''));
    ContinuationToken = page.ContinuationToken;
  } while (ContinuationToken !== undefined);
  assert.deepEqual(
    paged,
    listed.filter((name) => name.startsWith('test-')),
  );
});

test('HEAD of a missing bucket is 404 without a body, with a request id', async () => {
  const reply = await raw({ method: 'HEAD', path: '/no-such-bucket-here' });
  assert.equal(reply.status, 404);
  assert.equal(reply.body.length, 0);
  assert.match(String(reply.headers['x-amz-request-id']), /^[0-9A-F]{16}$/);
});

test('x-amz-expected-bucket-owner that is not the owner is 403', async () => {
  const bucket = await s3.bucket();
  const headers = { 'x-amz-expected-bucket-owner': '000000000000' };
  const reply = await raw({ path: `/${bucket}`, headers });
  assert.deepEqual([reply.status, reply.code], [403, 'AccessDenied']);
});

test('a bucket is made with its tags, and its ARN is told', async () => {
  const Bucket = `tagged-${Date.now()}`;
  const Tags = [{ Key: 'team', Value: 'storage' }];
  const made = await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { Tags } }));
  assert.equal(made.BucketArn, `arn:aws:s3:::${Bucket}`);
  const { TagSet } = await client.send(new GetBucketTaggingCommand({ Bucket }));
  assert.deepEqual(TagSet, Tags);
  const twice = client.send(
    new CreateBucketCommand({ Bucket: `${Bucket}-2`, CreateBucketConfiguration: { Tags: [...Tags, ...Tags] } }),
  );
  assert.deepEqual(await refusalOf(twice), [400, 'InvalidTag']);
  assert.deepEqual(await refusalOf(client.send(new HeadBucketCommand({ Bucket: `${Bucket}-2` }))), [404, 'NotFound']);
});
