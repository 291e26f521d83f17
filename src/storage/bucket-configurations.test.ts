import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, openFixture } from '../../test/support/storage-fixture.ts';
import type { TaggingConfiguration } from '../metadata/tables/bucket-configurations.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { changeConfiguration, configurationsOf, readConfiguration, revisionOf } from './bucket-configurations.ts';
import { createBucket, deleteBucket, findBucket } from './buckets.ts';
import type { StorageDeps } from './storage-deps.ts';
import { parseBucketName } from './bucket-names.ts';

const tagged = (value: string): TaggingConfiguration => ({ v: 1, tags: [{ key: 'team', value }] });
const change = (deps: StorageDeps, bucket: BucketRecord, value: TaggingConfiguration | null) =>
  changeConfiguration(deps, { bucket, name: 'tagging', value, guard: allow });

test('a configuration is there until it is removed, and each change bumps the revision', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  assert.equal(revisionOf(bucket), 0);
  assert.deepEqual(await configurationsOf(deps, bucket), {});
  const first = await change(deps, bucket, tagged('a'));
  const second = await change(deps, bucket, tagged('b'));
  assert.deepEqual([revisionOf(first), revisionOf(second)], [1, 2]);
  assert.deepEqual(await readConfiguration(deps, bucket, 'tagging'), tagged('b'));
  assert.deepEqual(await configurationsOf(deps, second), { tagging: tagged('b') });
  const third = await change(deps, bucket, null);
  assert.equal(await readConfiguration(deps, bucket, 'tagging'), null);
  assert.deepEqual(await configurationsOf(deps, third), {});
});

test('what was parsed before a change never answers for the bucket as it is after it', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  for (const value of ['a', 'b', 'c']) {
    await change(deps, bucket, tagged(value));
    const fresh = await findBucket(deps, bucket.name);
    assert.ok(fresh);
    for (const _again of [1, 2]) assert.deepEqual(await configurationsOf(deps, fresh), { tagging: tagged(value) });
  }
});

test('a new bucket can begin with configurations, and a deleted one leaves none behind', async () => {
  await using fixture = await openFixture();
  const { deps, account, project } = fixture;
  const name = parseBucketName('configured');
  const options = { name, account, projectId: project.projectId, objectLock: false, maxBuckets: 9, guard: allow };
  const bucket = await createBucket(deps, { ...options, configurations: { tagging: tagged('a') } });
  assert.deepEqual(await configurationsOf(deps, bucket), { tagging: tagged('a') });
  await deleteBucket(deps, bucket, allow);
  assert.deepEqual(await fixture.rows('bucketConfiguration'), []);
  await assert.rejects(change(deps, bucket, null), { code: 'NoSuchBucket' });
});

test('changes at the same time all count', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  await Promise.all(['a', 'b', 'c', 'd'].map((value) => change(deps, bucket, tagged(value))));
  assert.equal(revisionOf((await findBucket(deps, bucket.name)) ?? bucket), 4);
});
