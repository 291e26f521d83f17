import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { projectUsage } from '../projects/usage.ts';
import { digestOf } from '../shared/checksums.ts';
import { S3Error } from '../shared/errors.ts';
import { newBlobId } from '../shared/ids.ts';
import { type CompleteOptions, MIN_PART_BYTES, type NamedPart } from './complete-upload.ts';
import { deleteObject } from './delete-objects.ts';
import { COMPLETED_KEPT_MS, forgetCompletedUploads } from './forget-uploads.ts';
import { GRACE_MS } from './garbage.ts';
import { listParts } from './list-uploads.ts';
import { abortUpload, findUpload } from './multipart.ts';
import { writePartList } from './part-list.ts';
import { findObject, findPart } from './read-object.ts';
import type { LookUps } from '../metadata/metadata-store.ts';
import type { StorageDeps } from './storage-deps.ts';
import { allow, objectKey, openFixture, put, readAll } from '../../test/support/storage-fixture.ts';
import { writeObject } from './write-object.ts';
import { begin, complete, named, part, threeParts } from '../../test/support/upload-fixture.ts';

const code = (wanted: string) => (error: unknown) => error instanceof S3Error && error.code === wanted;
const md5 = (bytes: Uint8Array): Buffer => createHash('md5').update(bytes).digest();

test('a completed upload is one object with the bytes of its parts in order', async () => {
  await using fixture = await openFixture();
  const { deps, bucket, project } = fixture;
  const { bodies, whole, upload, parts } = await threeParts(fixture);
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: whole.length, objects: 0 });
  const done = await complete(fixture, upload, parts.map(named));
  const object = await findObject(deps, bucket, objectKey('k'));
  assert.ok(object);
  assert.equal(done.etag, `${md5(Buffer.concat(bodies.map(md5))).toString('hex')}-3`);
  assert.equal(object.etag, done.etag);
  assert.equal(object.sizeBytes, whole.length);
  assert.equal(object.system.contentType, 'text/plain');
  assert.deepEqual(object.checksum, {
    algorithm: 'CRC64NVME',
    type: 'FULL_OBJECT',
    value: digestOf('CRC64NVME', whole).toString('base64'),
  });
  assert.ok((await readAll(deps, object)).equals(whole));
  const [a, b] = [bodies[0]?.length ?? 0, (bodies[0]?.length ?? 0) + (bodies[1]?.length ?? 0)];
  const ranges = [
    [0, 1],
    [a - 1, a],
    [a, a + 1],
    [a - 10, b + 10],
    [b, whole.length],
    [whole.length - 1, whole.length],
    [b - 1, b],
  ];
  for (const [start = 0, end = 0] of ranges) {
    assert.ok((await readAll(deps, object, { start, end })).equals(whole.subarray(start, end)), `${start}-${end}`);
  }
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: whole.length, objects: 1 });
  for (const table of ['part', 'uploadByKey', 'stagedBlob', 'garbage'] as const) {
    assert.deepEqual(await fixture.rows(table), [], table);
  }
});

test('a part is found by its number with its place and the number of parts', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const upload = await begin(fixture);
  const first = await part(fixture, upload, 2, randomBytes(MIN_PART_BYTES));
  const second = await part(fixture, upload, 7, Buffer.from('tail'));
  await complete(fixture, upload, [first, second].map(named));
  const object = await findObject(deps, bucket, objectKey('k'));
  assert.ok(object);
  assert.deepEqual(await findPart(deps, object, 2), {
    start: 0,
    end: MIN_PART_BYTES,
    partsCount: 2,
    checksum: first.checksum,
  });
  assert.deepEqual(await findPart(deps, object, 7), {
    start: MIN_PART_BYTES,
    end: MIN_PART_BYTES + 4,
    partsCount: 2,
    checksum: second.checksum,
  });
  for (const missing of [1, 3, 8]) assert.equal(await findPart(deps, object, missing), undefined);
  const plain = await writeObject(deps, put(bucket, 'plain', 'abc'));
  assert.deepEqual(await findPart(deps, plain, 1), { start: 0, end: 3, partsCount: null, checksum: plain.checksum });
  assert.equal(await findPart(deps, plain, 2), undefined);
});

test('what a completion names must be there, in order and large enough', async () => {
  await using fixture = await openFixture();
  const { project, deps } = fixture;
  const upload = await begin(fixture);
  const [one, two] = [await part(fixture, upload, 1, randomBytes(10)), await part(fixture, upload, 2, randomBytes(20))];
  const refused = async (
    parts: readonly NamedPart[],
    wanted: string,
    more: Partial<CompleteOptions> = {},
  ): Promise<S3Error> => {
    const error: unknown = await complete(fixture, upload, parts, more).then(
      () => assert.fail('completed'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof S3Error && error.code === wanted, String(error));
    return error;
  };
  await refused([], 'MalformedXML');
  await refused([named(two), named(one)], 'InvalidPartOrder');
  await refused([named(one), named(one)], 'InvalidPartOrder');
  const missing = await refused([named(one), { partNumber: 3, etag: '"abc"', checksum: null }], 'InvalidPart');
  assert.deepEqual(missing.fields, { UploadId: upload.uploadId, PartNumber: '3', ETag: 'abc' });
  await refused([{ ...named(one), etag: two.etag }], 'InvalidPart');
  const small = await refused([named(one), named(two)], 'EntityTooSmall');
  assert.deepEqual(small.fields, { ProposedSize: '10', MinSizeAllowed: '5242880', PartNumber: '1', ETag: one.etag });
  await refused([named(one)], 'InvalidRequest', { objectSizeBytes: 11 });
  await refused([named(one)], 'BadDigest', { checksum: { algorithm: 'CRC64NVME', value: 'AAAAAAAAAAA=' } });
  await refused([named(one)], 'InvalidRequest', { checksumType: 'COMPOSITE' });
  await refused([named(one)], 'NoSuchKey', { preconditions: { ifMatch: '"x"', ifNoneMatch: null } });
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 30, objects: 0 });
  await complete(fixture, upload, [named(one)], { objectSizeBytes: 10, checksumType: 'FULL_OBJECT' });
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 10, objects: 1 });
});

test('a completion that is repeated gets the same answer, for a day', async () => {
  await using fixture = await openFixture();
  const { deps, bucket, project } = fixture;
  const upload = await begin(fixture);
  const only = await part(fixture, upload, 1, randomBytes(2000));
  const preconditions = { ifMatch: null, ifNoneMatch: '*' };
  const first = await complete(fixture, upload, [named(only)], { preconditions });
  assert.deepEqual(await complete(fixture, upload, [named(only)], { preconditions }), first);
  await deleteObject(deps, { bucket, key: objectKey('k'), guard: allow });
  assert.deepEqual(await complete(fixture, upload, [named(only)]), first);
  assert.equal(await findObject(deps, bucket, objectKey('k')), undefined);
  await assert.rejects(complete(fixture, upload, [{ ...named(only), etag: 'other' }]), code('NoSuchUpload'));
  await assert.rejects(part(fixture, upload, 1, randomBytes(1)), code('NoSuchUpload'));
  const name = { bucket, key: upload.key, uploadId: upload.uploadId };
  await assert.rejects(listParts(deps, { ...name, partNumberMarker: 0, maxParts: 10 }), code('NoSuchUpload'));
  await assert.rejects(abortUpload(deps, { ...name, guard: allow }), code('NoSuchUpload'));
  assert.equal(await findUpload(deps, name), undefined);
  assert.deepEqual(await forgetCompletedUploads(deps, null), { cursor: null, forgotten: 0 });
  fixture.pass(COMPLETED_KEPT_MS + 1000);
  assert.deepEqual(await forgetCompletedUploads(deps, null), { cursor: null, forgotten: 1 });
  await assert.rejects(complete(fixture, upload, [named(only)]), code('NoSuchUpload'));
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 0, objects: 0 });
});

for (const [algorithm, type] of [
  ['CRC32', 'COMPOSITE'],
  ['CRC32C', 'COMPOSITE'],
  ['SHA1', 'COMPOSITE'],
  ['SHA256', 'COMPOSITE'],
  ['CRC32', 'FULL_OBJECT'],
  ['CRC32C', 'FULL_OBJECT'],
  ['CRC64NVME', 'FULL_OBJECT'],
] as const) {
  test(`the ${type} ${algorithm} of an upload is made of those of its parts`, async () => {
    await using fixture = await openFixture();
    const { deps, bucket } = fixture;
    const { bodies, whole, upload, parts } = await threeParts(fixture, {
      checksumAlgorithm: algorithm,
      checksumType: type,
    });
    const value =
      type === 'FULL_OBJECT'
        ? digestOf(algorithm, whole).toString('base64')
        : `${digestOf(algorithm, Buffer.concat(bodies.map((bytes) => digestOf(algorithm, bytes)))).toString('base64')}-3`;
    const withChecksums = parts.map((one) => ({
      ...named(one),
      checksum: { algorithm, value: one.checksum?.value ?? '' },
    }));
    const wrong = withChecksums.map((one, index) =>
      index === 1 ? { ...one, checksum: { algorithm, value: 'AAAA' } } : one,
    );
    await assert.rejects(complete(fixture, upload, wrong), code('InvalidPart'));
    if (type === 'COMPOSITE') await assert.rejects(complete(fixture, upload, parts.map(named)), code('InvalidRequest'));
    await assert.rejects(
      complete(fixture, upload, withChecksums, { checksum: { algorithm, value: 'AAAA' } }),
      code('BadDigest'),
    );
    await complete(fixture, upload, withChecksums, { checksum: { algorithm, value }, checksumType: type });
    assert.deepEqual((await findObject(deps, bucket, objectKey('k')))?.checksum, { algorithm, type, value });
  });
}

test('of two completions of one upload both get the same answer and one object is made', async () => {
  await using fixture = await openFixture();
  const { deps, bucket, project } = fixture;
  const upload = await begin(fixture);
  const only = await part(fixture, upload, 1, randomBytes(5000));
  const [a, b] = await Promise.all([
    complete(fixture, upload, [named(only)]),
    complete(fixture, upload, [named(only)]),
  ]);
  assert.deepEqual(a, b);
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 5000, objects: 1 });
  fixture.pass(GRACE_MS + 1000);
  await fixture.collect();
  const object = await findObject(deps, bucket, objectKey('k'));
  assert.ok(object);
  assert.equal((await readAll(deps, object)).length, 5000);
});

test('of two uploads of one key the one completed last is the object', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const [early, late] = [await begin(fixture), await begin(fixture)];
  const [a, b] = [
    await part(fixture, early, 1, Buffer.from('early')),
    await part(fixture, late, 1, Buffer.from('late')),
  ];
  await complete(fixture, late, [named(b)]);
  await complete(fixture, early, [named(a)]);
  const object = await findObject(deps, bucket, objectKey('k'));
  assert.ok(object);
  assert.equal(String(await readAll(deps, object)), 'early');
});

test('a range of an object of 10,000 parts reads three rows', async () => {
  await using fixture = await openFixture({ inlineBytes: 100 });
  const { deps, bucket } = fixture;
  const upload = await begin(fixture);
  // The smallest size of a part would make this 50 GB: the rows are written as uploads of 5 MiB would leave them.
  const bytes = Buffer.from('0123456789');
  const one = await part(fixture, upload, 1, bytes);
  const listId = newBlobId(0);
  const parts = Array.from({ length: 10_000 }, (_, index) => ({
    partNumber: index + 1,
    sizeBytes: 10,
    checksum: null,
    body: one.body,
  }));
  await deps.store.transact(async (transaction) => writePartList(transaction, listId, parts));
  let reads = 0;
  const counting: StorageDeps = {
    ...deps,
    store: {
      ...deps.store,
      read: (fn) => (reads++, deps.store.read(fn)),
      lookUp: async <T extends readonly unknown[]>(...lookUps: LookUps<T>): Promise<T> => {
        reads++;
        return await deps.store.lookUp<T>(...lookUps);
      },
    },
  };
  const body = { kind: 'parts', listId, partCount: 10_000 } as const;
  const object = { body, sizeBytes: 100_000 };
  assert.equal(String(await readAll(counting, object, { start: 54_325, end: 54_335 })), '5678901234');
  assert.equal(reads, 4, 'the index, one row, two inline bodies');
  reads = 0;
  const found = await findPart(counting, { ...(await writeObject(deps, put(bucket, 'x', ''))), ...object }, 9_876);
  assert.deepEqual([found?.start, found?.end, found?.partsCount, reads], [98_750, 98_760, 10_000, 2]);
  assert.equal((await readAll(deps, object)).length, 100_000);
});
