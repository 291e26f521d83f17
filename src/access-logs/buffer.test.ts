import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { changeConfiguration } from '../storage/bucket-configurations.ts';
import { listObjects } from '../storage/list-objects.ts';
import { findObject } from '../storage/read-object.ts';
import {
  allow,
  type Fixture,
  makeBucket,
  objectKey,
  openFixture,
  readAll,
} from '../../test/support/storage-fixture.ts';
import { createAccessLogBuffer } from './buffer.ts';
import { deliverAccessLogs } from './deliver.ts';

const onError = (error: unknown): void => assert.fail(String(error));

async function logged({ deps, bucket }: Fixture, target: BucketRecord): Promise<BucketRecord> {
  const value = { v: 1, targetBucket: target.name, targetPrefix: 'log/', keyFormat: { kind: 'simple' } } as const;
  return changeConfiguration(deps, { bucket, name: 'logging', value, guard: allow });
}

async function textsIn({ deps }: Fixture, bucket: BucketRecord): Promise<string[]> {
  const listing = { prefix: '', delimiter: null, startAfter: null, maxKeys: 100 };
  const { entries } = await listObjects(deps, bucket, listing);
  const texts: string[] = [];
  for (const entry of entries) {
    const object = entry.kind === 'object' ? await findObject(deps, bucket, objectKey(entry.key)) : undefined;
    if (object !== undefined) texts.push((await readAll(deps, object)).toString('utf8'));
  }
  return texts;
}

test('lines that wait when the worker stops are in the store, and delivered once', async () => {
  await using fixture = await openFixture();
  const target = await makeBucket(fixture, 'target');
  const source = await logged(fixture, target);
  {
    await using buffer = createAccessLogBuffer({ ...fixture.deps, onError });
    assert.equal(buffer.isWanted(source), true);
    assert.equal(buffer.isWanted(target), false);
    for (const line of ['one', 'two', 'three']) buffer.add(source, line);
  }
  assert.equal(await deliverAccessLogs(fixture.deps), 1);
  assert.equal(await deliverAccessLogs(fixture.deps), 0);
  assert.deepEqual(await textsIn(fixture, target), ['one\ntwo\nthree\n']);
  assert.equal((await fixture.rows('accessLog')).length, 0);
});

test('lines of a bucket that is not logged any more go nowhere', async () => {
  await using fixture = await openFixture();
  const target = await makeBucket(fixture, 'target');
  const source = await logged(fixture, target);
  {
    await using buffer = createAccessLogBuffer({ ...fixture.deps, onError });
    buffer.add(source, 'one');
  }
  await changeConfiguration(fixture.deps, { bucket: source, name: 'logging', value: null, guard: allow });
  assert.equal(await deliverAccessLogs(fixture.deps), 0);
  assert.equal((await fixture.rows('accessLog')).length, 0);
  assert.deepEqual(await textsIn(fixture, target), []);
});
