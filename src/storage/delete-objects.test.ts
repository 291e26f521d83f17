import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { allow, objectKey, openFixture, put } from '../../test/support/storage-fixture.ts';
import { projectUsage } from '../projects/usage.ts';
import { S3Error } from '../shared/errors.ts';
import { deleteObject, deleteObjects } from './delete-objects.ts';
import { GRACE_MS } from './garbage.ts';
import { findObject } from './read-object.ts';
import { writeObject } from './write-object.ts';

const code = (wanted: string) => (error: unknown) => error instanceof S3Error && error.code === wanted;

test('a deleted object is gone, its bytes after the grace period; deleting it again is no error', async () => {
  await using fixture = await openFixture();
  const { deps, bucket, project } = fixture;
  for (const size of [100, 5000]) {
    await writeObject(deps, put(bucket, 'k', randomBytes(size)));
    await deleteObject(deps, { bucket, key: objectKey('k'), guard: allow });
    assert.equal(await findObject(deps, bucket, objectKey('k')), undefined);
    await deleteObject(deps, { bucket, key: objectKey('k'), guard: allow });
  }
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 0, objects: 0 });
  fixture.pass(GRACE_MS + 1000);
  await fixture.collect();
  assert.deepEqual(await fixture.blobFiles(), []);
  for (const table of ['current', 'inlineBody', 'garbage'] as const)
    assert.deepEqual(await fixture.rows(table), [], table);
});

test('a conditional delete takes the object it names and no other', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const key = objectKey('k');
  await assert.rejects(deleteObject(deps, { bucket, key, ifMatch: '*', guard: allow }), code('NoSuchKey'));
  const { etag } = await writeObject(deps, put(bucket, 'k', 'one'));
  await assert.rejects(deleteObject(deps, { bucket, key, ifMatch: '"x"', guard: allow }), code('PreconditionFailed'));
  await deleteObject(deps, { bucket, key, ifMatch: `"${etag}"`, guard: allow });
  assert.equal(await findObject(deps, bucket, key), undefined);
});

test('many keys are deleted at once, each with its own result, a key named twice once', async () => {
  await using fixture = await openFixture();
  const { deps, bucket, project } = fixture;
  const names = Array.from({ length: 600 }, (_, n) => `k${n}`);
  await Promise.all(names.map((name) => writeObject(deps, put(bucket, name, 'x'))));
  const keys = [...names.slice(0, 599), 'k0', 'missing'].map(objectKey);
  const conditional = [
    { key: objectKey('k599'), ifMatch: '"wrong"' },
    { key: objectKey('absent'), ifMatch: '*' },
  ];
  const results = await deleteObjects(deps, { bucket, keys: [...keys, ...conditional], guard: allow });
  assert.deepEqual(
    results.map((result) => result.key),
    [...keys, objectKey('k599'), objectKey('absent')],
  );
  const errors = results.flatMap(({ key, error }) => (error === null ? [] : [[key, error.code]]));
  assert.deepEqual(errors, [
    ['k599', 'PreconditionFailed'],
    ['absent', 'NoSuchKey'],
  ]);
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 1, objects: 1 });
});

test('a refused batch is an error for every key and deletes none', async () => {
  await using fixture = await openFixture();
  const { deps, bucket, project } = fixture;
  await writeObject(deps, put(bucket, 'a', 'x'));
  const guard = async (): Promise<void> => {
    throw new S3Error('AccessDenied');
  };
  const results = await deleteObjects(deps, { bucket, keys: ['a', 'b'].map(objectKey), guard });
  assert.deepEqual(
    results.map(({ error }) => error?.code),
    ['AccessDenied', 'AccessDenied'],
  );
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 1, objects: 1 });
});
