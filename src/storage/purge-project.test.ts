import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { allow, makeBucket, objectKey, openFixture, put } from '../../test/support/storage-fixture.ts';
import { begin, part } from '../../test/support/upload-fixture.ts';
import { projectUsage } from '../projects/usage.ts';
import { setVersioning } from './bucket-versioning.ts';
import { deleteObject } from './delete-objects.ts';
import { GRACE_MS } from './garbage.ts';
import { purgeProjectStorage } from './purge-project.ts';
import { writeObject } from './write-object.ts';

test('purging a project removes versions and delete markers, too', async () => {
  await using fixture = await openFixture();
  const { deps, project, bucket } = fixture;
  await writeObject(deps, put(bucket, 'k', 'null'));
  await setVersioning(deps, { bucket, status: 'enabled', guard: allow });
  for (let n = 0; n < 3; n++) await writeObject(deps, put(bucket, 'k', randomBytes(2000)));
  await deleteObject(deps, { bucket, key: objectKey('k'), guard: allow });
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 6004, objects: 5 });
  while (await purgeProjectStorage(deps, project));
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 0, objects: 0 });
  fixture.pass(GRACE_MS + 1000);
  await fixture.collect();
  assert.deepEqual(await fixture.blobFiles(), []);
  for (const table of ['bucket', 'current', 'version', 'nullVersion', 'inlineBody'] as const) {
    assert.deepEqual(await fixture.rows(table), [], table);
  }
});

test('purging a project removes every bucket, object and upload, in small units', async () => {
  await using fixture = await openFixture();
  const { deps, project, bucket } = fixture;
  const second = await makeBucket(fixture, 'second');
  const writes = Array.from({ length: 300 }, (_, n) =>
    writeObject(deps, put(n % 3 === 0 ? second : bucket, `k${n}`, randomBytes(n * 10))),
  );
  await Promise.all(writes);
  await part(fixture, await begin(fixture), 1, randomBytes(5000));
  let units = 0;
  while (await purgeProjectStorage(deps, project)) units++;
  assert.equal(units, 4, 'two buckets, each emptied and then removed');
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 0, objects: 0 });
  fixture.pass(GRACE_MS + 1000);
  await fixture.collect();
  assert.deepEqual(await fixture.blobFiles(), []);
  const tables = [
    'bucket',
    'bucketByProject',
    'current',
    'inlineBody',
    'upload',
    'uploadByKey',
    'part',
    'garbage',
  ] as const;
  for (const table of tables) assert.deepEqual(await fixture.rows(table), [], table);
});
