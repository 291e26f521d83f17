import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, makeBucket, makeProject, objectKey, openFixture, put } from '../../test/support/storage-fixture.ts';
import { projectKey } from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { S3Error } from '../shared/errors.ts';
import { parseBucketName } from './bucket-names.ts';
import { createBucket, deleteBucket, findBucket, listBuckets } from './buckets.ts';
import { deleteObject } from './delete-objects.ts';
import { writeObject } from './write-object.ts';

const code = (wanted: string) => (error: unknown) => error instanceof S3Error && error.code === wanted;

test('a bucket is found by its name with owner and class of its project', async () => {
  await using fixture = await openFixture();
  const { deps, bucket, project, account } = fixture;
  assert.deepEqual(await findBucket(deps, parseBucketName('bucket')), bucket);
  assert.deepEqual(
    [
      bucket.projectId,
      bucket.accountId,
      bucket.ownerCanonicalId,
      bucket.region,
      bucket.defaultStorageClass,
      bucket.versioning,
    ],
    [project.projectId, account.accountId, account.canonicalId, 'HAN02', 'STANDARD', 'off'],
  );
  assert.equal(await findBucket(deps, parseBucketName('other')), undefined);
});

test('a name is taken once, whoever asks', async () => {
  await using fixture = await openFixture();
  await assert.rejects(makeBucket(fixture, 'bucket'), code('BucketAlreadyOwnedByYou'));
  const project = await makeProject(fixture.deps, fixture.account.accountId, 1000);
  await assert.rejects(makeBucket({ ...fixture, project }, 'bucket'), code('BucketAlreadyExists'));
  const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => makeBucket(fixture, 'race')));
  assert.equal(outcomes.filter((outcome) => outcome.status === 'fulfilled').length, 1);
});

test('a project has at most so many buckets; a deleted one makes room', async () => {
  await using fixture = await openFixture();
  const { deps, account, project, bucket } = fixture;
  const make = (name: string) =>
    createBucket(deps, {
      name: parseBucketName(name),
      account,
      projectId: project.projectId,
      objectLock: false,
      maxBuckets: 3,
      guard: allow,
    });
  const outcomes = await Promise.allSettled(['b-1', 'b-2', 'b-3', 'b-4'].map(make));
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  assert.equal(refused.length, 2);
  assert.ok(refused.every(code('TooManyBuckets')));
  await deleteBucket(deps, bucket, allow);
  await make('b-5');
  await assert.rejects(make('b-6'), code('TooManyBuckets'));
});

test('a bucket with an object is not deleted, one made anew is another bucket', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  await writeObject(deps, put(bucket, 'k', 'x'));
  await assert.rejects(deleteBucket(deps, bucket, allow), code('BucketNotEmpty'));
  await deleteObject(deps, { bucket, key: objectKey('k'), guard: allow });
  await deleteBucket(deps, bucket, allow);
  await assert.rejects(deleteBucket(deps, bucket, allow), code('NoSuchBucket'));
  await makeBucket(fixture, 'bucket');
  await assert.rejects(writeObject(deps, put(bucket, 'k', 'x')), code('NoSuchBucket'));
  await assert.rejects(deleteBucket(deps, bucket, allow), code('NoSuchBucket'));
});

test('buckets of a project are listed by name, in pages, by prefix', async () => {
  await using fixture = await openFixture();
  const { deps, project, account } = fixture;
  const other = await makeProject(deps, account.accountId, 1000);
  await makeBucket({ ...fixture, project: other }, 'foreign');
  for (const name of ['z-last', 'a-first', 'logs-2', 'logs-1', 'logs']) await makeBucket(fixture, name);
  const list = async (options: Parameters<typeof listBuckets>[2]) => {
    const { buckets, next } = await listBuckets(deps, project.projectId, options);
    return [buckets.map((bucket) => bucket.name), next];
  };
  assert.deepEqual(await list({ maxBuckets: 10 }), [['a-first', 'bucket', 'logs', 'logs-1', 'logs-2', 'z-last'], null]);
  assert.deepEqual(await list({ maxBuckets: 2 }), [['a-first', 'bucket'], 'bucket']);
  assert.deepEqual(await list({ maxBuckets: 4, startAfter: 'bucket' }), [['logs', 'logs-1', 'logs-2', 'z-last'], null]);
  assert.deepEqual(await list({ maxBuckets: 2, prefix: 'logs' }), [['logs', 'logs-1'], 'logs-1']);
  assert.deepEqual(await list({ maxBuckets: 2, prefix: 'logs', startAfter: 'logs-1' }), [['logs-2'], null]);
  assert.deepEqual(await list({ maxBuckets: 2, prefix: 'logs', startAfter: 'zzz' }), [[], null]);
});

test('a project in the trash takes no bucket and no object', async () => {
  await using fixture = await openFixture();
  const { deps, project, bucket } = fixture;
  const trashed = encodeRecord({ ...project, trashedAt: 1 } as typeof project);
  await deps.store.transact(async (transaction) => transaction.put(projectKey(project.projectId), trashed));
  await assert.rejects(makeBucket(fixture, 'new'), code('AccessDenied'));
  await assert.rejects(writeObject(deps, put(bucket, 'k', 'x')), code('AccessDenied'));
  await assert.rejects(deleteObject(deps, { bucket, key: objectKey('k'), guard: allow }), code('AccessDenied'));
});
