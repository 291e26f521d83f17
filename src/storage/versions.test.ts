// What many writers at once leave of a key; one after another is versions-model.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, objectKey, openFixture, put, readAll, sourceOf } from '../../test/support/storage-fixture.ts';
import { newVersionId, placeAt, timeOfVersionId, type VersionId } from '../shared/ids.ts';
import { projectUsage } from '../projects/usage.ts';
import { setVersioning } from './bucket-versioning.ts';
import { deleteObject } from './delete-objects.ts';
import { findVersion, isMarker, orderOf } from './find-version.ts';
import { listVersions } from './list-versions.ts';
import { type PromisedVersion, writeObject } from './write-object.ts';

const everything = { prefix: '', delimiter: null, keyMarker: null, versionIdMarker: null, maxKeys: 1000 };

test('version ids tell their time and sort newest first', () => {
  const times = [0, 1, 1_795_000_000_123, 2 ** 47, 2 ** 48 - 1];
  const ids = times.map(newVersionId);
  assert.deepEqual(ids.map(timeOfVersionId), times);
  assert.deepEqual(times.map(placeAt).map(timeOfVersionId), times);
  assert.deepEqual(ids.toSorted(), ids.toReversed());
});

test('writes and deletes of one key at the same time all make a version, in one order', async () => {
  await using fixture = await openFixture();
  const { deps, bucket, project } = fixture;
  await setVersioning(deps, { bucket, status: 'enabled', guard: allow });
  const key = objectKey('k');
  const done = await Promise.all(
    Array.from({ length: 24 }, (_, n) =>
      n % 3 === 0 ? deleteObject(deps, { bucket, key, guard: allow }) : writeObject(deps, put(bucket, 'k', 'x')),
    ),
  );
  const { entries } = await listVersions(deps, bucket, everything);
  const versions = entries.flatMap((entry) => (entry.kind === 'version' ? [entry] : []));
  const ids = (list: readonly (VersionId | string | null)[]) => list.map(String).toSorted();
  assert.deepEqual(ids(versions.map(({ record }) => record.versionId)), ids(done.map(({ versionId }) => versionId)));
  assert.deepEqual(
    versions.map(({ isLatest }) => isLatest),
    versions.map((_, index) => index === 0),
  );
  const orders = versions.map(({ record }) => orderOf(record));
  assert.deepEqual(orders, orders.toSorted());
  assert.equal(versions.filter(({ record }) => isMarker(record)).length, 8);
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 16, objects: 24 });
  assert.equal((await fixture.rows('current')).length, isMarker(versions[0]?.record ?? assert.fail()) ? 0 : 1);
});

test('a version whose id was told before its bytes came goes beneath what was written meanwhile', async () => {
  for (const meanwhile of ['an object', 'a delete marker', 'nothing'] as const) {
    await using fixture = await openFixture();
    const { deps, bucket, project } = fixture;
    await setVersioning(deps, { bucket, status: 'enabled', guard: allow });
    const key = objectKey('k');
    await writeObject(deps, put(bucket, 'k', 'before'));
    let promised: VersionId | null = null;
    const write = async (): Promise<void> => {
      fixture.pass(10);
      if (meanwhile === 'an object') await writeObject(deps, put(bucket, 'k', 'meanwhile'));
      if (meanwhile === 'a delete marker') await deleteObject(deps, { bucket, key, guard: allow });
    };
    const source = sourceOf(Buffer.from('slow'), { before: write });
    const onBegin = ({ versionId }: PromisedVersion): void => {
      promised = versionId;
    };
    const made = await writeObject(deps, { ...put(bucket, 'k', ''), source, onBegin });
    assert.equal(made.versionId, promised);
    const { entries } = await listVersions(deps, bucket, everything);
    const records = entries.flatMap((entry) => (entry.kind === 'version' ? [entry.record] : []));
    const place = records.findIndex(({ versionId }) => versionId === promised);
    assert.equal(place, meanwhile === 'nothing' ? 0 : 1, meanwhile);
    const times = records.map(({ lastModified }) => lastModified);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => b - a),
    );
    const bytes = meanwhile === 'an object' ? 19 : 10;
    assert.deepEqual(await projectUsage(deps, project.projectId), { bytes, objects: records.length });
    assert.equal((await readAll(deps, made)).toString(), 'slow');
    await deleteObject(deps, { bucket, key, versionId: made.versionId, guard: allow });
    assert.equal(await findVersion(deps, bucket, key, made.versionId), undefined);
  }
});

test('removing all versions of a key at the same time leaves nothing', async () => {
  await using fixture = await openFixture();
  const { deps, bucket, project } = fixture;
  const key = objectKey('k');
  await writeObject(deps, put(bucket, 'k', 'null'));
  await setVersioning(deps, { bucket, status: 'enabled', guard: allow });
  const made = await Promise.all(Array.from({ length: 9 }, () => writeObject(deps, put(bucket, 'k', 'x'))));
  const all = ['null', ...made.map(({ versionId }) => versionId)];
  await Promise.all([...all, ...all].map((versionId) => deleteObject(deps, { bucket, key, versionId, guard: allow })));
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 0, objects: 0 });
  for (const table of ['current', 'version', 'nullVersion'] as const) assert.deepEqual(await fixture.rows(table), []);
});

test('a key that is too long where versions are kept is refused', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const key = '\u0000'.repeat(1024);
  await writeObject(deps, put(bucket, key, 'x'));
  await setVersioning(deps, { bucket, status: 'enabled', guard: allow });
  await assert.rejects(writeObject(deps, put(bucket, key, 'y')), { code: 'KeyTooLongError' });
  const listed = await listVersions(deps, bucket, everything);
  assert.equal(listed.entries.length, 1);
  await deleteObject(deps, { bucket, key: objectKey(key), versionId: '0'.repeat(32), guard: allow });
  await deleteObject(deps, { bucket, key: objectKey(key), versionId: 'null', guard: allow });
  assert.deepEqual((await listVersions(deps, bucket, everything)).entries, []);
});

test('quota bounds versions together, and deleting one gives its bytes back', async () => {
  await using fixture = await openFixture({ quotaBytes: 25 });
  const { deps, bucket } = fixture;
  await setVersioning(deps, { bucket, status: 'enabled', guard: allow });
  const write = () => writeObject(deps, put(bucket, 'k', 'x'.repeat(10)));
  const first = await write();
  await write();
  await assert.rejects(write(), { code: 'QuotaExceeded' });
  await deleteObject(deps, { bucket, key: objectKey('k'), guard: allow });
  await assert.rejects(write(), { code: 'QuotaExceeded' });
  await deleteObject(deps, { bucket, key: objectKey('k'), versionId: first.versionId, guard: allow });
  await write();
});
