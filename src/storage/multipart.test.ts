import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { projectUsage } from '../projects/usage.ts';
import { S3Error } from '../shared/errors.ts';
import { deleteBucket } from './buckets.ts';
import { copySource } from './copy-object.ts';
import { deleteObject } from './delete-objects.ts';
import { GRACE_MS } from './garbage.ts';
import { abortUpload, findUpload, uploadPart } from './multipart.ts';
import { findObject } from './read-object.ts';
import { allow, objectKey, openFixture, put, readAll, sourceOf } from '../../test/support/storage-fixture.ts';
import { writeObject } from './write-object.ts';
import { begin, complete, named, part } from '../../test/support/upload-fixture.ts';

const code = (wanted: string) => (error: unknown) => error instanceof S3Error && error.code === wanted;
const md5 = (bytes: Uint8Array): Buffer => createHash('md5').update(bytes).digest();

test('a part uploaded again wins, parts not named are dropped, and both give their bytes back', async () => {
  await using fixture = await openFixture();
  const { deps, bucket, project } = fixture;
  const upload = await begin(fixture);
  await part(fixture, upload, 1, randomBytes(20_000));
  assert.equal((await projectUsage(deps, project.projectId)).bytes, 20_000);
  const bytes = randomBytes(3000);
  const again = await part(fixture, upload, 1, bytes);
  await part(fixture, upload, 2, randomBytes(7000));
  await part(fixture, upload, 3, randomBytes(50));
  assert.equal((await projectUsage(deps, project.projectId)).bytes, 10_050);
  await complete(fixture, upload, [named(again)]);
  const object = await findObject(deps, bucket, objectKey('k'));
  assert.ok(object);
  assert.deepEqual(await readAll(deps, object), bytes);
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 3000, objects: 1 });
  await fixture.collect();
  assert.equal((await fixture.blobFiles()).length, 1);
  assert.deepEqual(await fixture.rows('inlineBody'), []);
});

test('an aborted upload gives back all its bytes and leaves nothing', async () => {
  await using fixture = await openFixture();
  const { deps, bucket, project } = fixture;
  const upload = await begin(fixture);
  for (let number = 1; number <= 40; number++)
    await part(fixture, upload, number, randomBytes(number % 2 === 0 ? 10 : 1500));
  const name = { bucket, key: upload.key, uploadId: upload.uploadId };
  await assert.rejects(abortUpload(deps, { ...name, key: objectKey('other'), guard: allow }), code('NoSuchUpload'));
  await abortUpload(deps, { ...name, guard: allow });
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 0, objects: 0 });
  await assert.rejects(abortUpload(deps, { ...name, guard: allow }), code('NoSuchUpload'));
  await fixture.collect();
  assert.deepEqual(await fixture.blobFiles(), []);
  for (const table of ['part', 'upload', 'uploadByKey', 'inlineBody', 'garbage'] as const) {
    assert.deepEqual(await fixture.rows(table), [], table);
  }
});

test('unknown, foreign and absurd upload ids are NoSuchUpload', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  for (const uploadId of ['', 'x', 'x'.repeat(5000), '\u0000']) {
    const name = { bucket, key: objectKey('k'), uploadId };
    await assert.rejects(
      uploadPart(deps, { ...name, partNumber: 1, source: sourceOf(Buffer.alloc(1)), guard: allow }),
      code('NoSuchUpload'),
    );
    await assert.rejects(abortUpload(deps, { ...name, guard: allow }), code('NoSuchUpload'));
    assert.equal(await findUpload(deps, name), undefined);
  }
  const upload = await begin(fixture);
  for (const number of [0, 10_001, 1.5])
    await assert.rejects(part(fixture, upload, number, Buffer.alloc(1)), code('InvalidArgument'));
});

test('parts count in the quota, and completing needs no further room', async () => {
  await using fixture = await openFixture({ quotaBytes: 5000 });
  const { deps, bucket, project } = fixture;
  await writeObject(deps, put(bucket, 'k', randomBytes(2000)));
  const upload = await begin(fixture);
  const first = await part(fixture, upload, 1, randomBytes(3000));
  await assert.rejects(part(fixture, upload, 2, randomBytes(1)), code('QuotaExceeded'));
  await assert.rejects(part(fixture, upload, 2, randomBytes(2000)), code('QuotaExceeded'));
  assert.deepEqual(await fixture.rows('stagedBlob'), []);
  await complete(fixture, upload, [named(first)]);
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 3000, objects: 1 });
});

test('a part that comes with another checksum than the upload was begun with is refused', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const { key, uploadId } = await begin(fixture, 'k', { checksumAlgorithm: 'SHA256' });
  const send = (announcedChecksum: 'SHA256' | 'CRC32' | null | undefined) =>
    uploadPart(deps, {
      bucket,
      key,
      uploadId,
      partNumber: 1,
      source: { ...sourceOf(Buffer.from('x')), ...(announcedChecksum === undefined ? {} : { announcedChecksum }) },
      guard: allow,
    });
  await assert.rejects(send('CRC32'), code('InvalidRequest'));
  await assert.rejects(send(null), code('InvalidRequest'), 'the parts of a COMPOSITE upload come with a checksum each');
  for (const announced of ['SHA256', undefined] as const)
    assert.equal((await send(announced)).checksum?.algorithm, 'SHA256');
});

test('checksum types that an algorithm does not have are refused', async () => {
  await using fixture = await openFixture();
  for (const [checksumAlgorithm, checksumType] of [
    ['SHA256', 'FULL_OBJECT'],
    ['CRC64NVME', 'COMPOSITE'],
    [null, 'COMPOSITE'],
  ] as const) {
    await assert.rejects(begin(fixture, 'k', { checksumAlgorithm, checksumType }), code('InvalidRequest'));
  }
});

test('completing and aborting exclude each other, and a late part finds no upload', async () => {
  await using fixture = await openFixture();
  const { deps, bucket, project } = fixture;
  for (let round = 0; round < 6; round++) {
    const upload = await begin(fixture, `k${round}`);
    const first = await part(fixture, upload, 1, randomBytes(2000));
    const name = { bucket, key: upload.key, uploadId: upload.uploadId };
    const [completed, aborted, late] = await Promise.allSettled([
      complete(fixture, upload, [named(first)]),
      abortUpload(deps, { ...name, guard: allow }),
      part(fixture, upload, 2, randomBytes(3000)),
    ]);
    assert.notEqual(completed.status, aborted.status);
    for (const outcome of [completed, aborted, late]) {
      assert.ok(outcome.status === 'fulfilled' || code('NoSuchUpload')(outcome.reason));
    }
    const object = await findObject(deps, bucket, upload.key);
    assert.equal(object !== undefined, completed.status === 'fulfilled');
    if (object !== undefined) await deleteObject(deps, { bucket, key: upload.key, guard: allow });
    assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 0, objects: 0 });
  }
  fixture.pass(GRACE_MS + 1000);
  await fixture.collect();
  assert.deepEqual(await fixture.blobFiles(), []);
  assert.deepEqual(await fixture.rows('partList'), []);
  assert.deepEqual(await fixture.rows('part'), []);
});

test('deleting a bucket aborts the uploads that are open in it', async () => {
  await using fixture = await openFixture();
  const { deps, bucket, project } = fixture;
  const uploads = [await begin(fixture, 'a'), await begin(fixture, 'b')];
  for (const upload of uploads) await part(fixture, upload, 1, randomBytes(2000));
  await deleteBucket(deps, bucket, allow);
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 0, objects: 0 });
  const [first] = uploads;
  assert.ok(first);
  await assert.rejects(part(fixture, first, 2, randomBytes(10)), code('NoSuchUpload'));
  await fixture.collect();
  assert.deepEqual(await fixture.blobFiles(), []);
  for (const table of ['upload', 'uploadByKey', 'part', 'garbage', 'bucket', 'usage'] as const) {
    const rows = (await fixture.rows(table)).filter(({ value }) => String(value) !== '0');
    assert.deepEqual(rows, [], table);
  }
});

test('a part is copied from a range of another object', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const bytes = randomBytes(10_000);
  const source = await writeObject(deps, put(bucket, 'source', bytes));
  const upload = await begin(fixture);
  const copied = await uploadPart(deps, {
    bucket,
    key: upload.key,
    uploadId: upload.uploadId,
    partNumber: 1,
    source: copySource(deps, source, { start: 100, end: 9000 }),
    guard: allow,
  });
  assert.equal(copied.etag, md5(bytes.subarray(100, 9000)).toString('hex'));
  await complete(fixture, upload, [named(copied)]);
  const object = await findObject(deps, bucket, objectKey('k'));
  assert.ok(object);
  assert.deepEqual(await readAll(deps, object), bytes.subarray(100, 9000));
});
