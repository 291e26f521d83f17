import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { LifecycleRule } from '../metadata/tables/lifecycle.ts';
import type { BucketRecord, ObjectRecord, VersionRecord } from '../metadata/tables/objects.ts';
import { usageKey } from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import { findBucket } from '../storage/buckets.ts';
import { setVersioning, setObjectLock } from '../storage/bucket-versioning.ts';
import { setLegalHold } from '../storage/change-object.ts';
import { completeUpload } from '../storage/complete-upload.ts';
import { deleteObject } from '../storage/delete-objects.ts';
import { isMarker } from '../storage/find-version.ts';
import { setLifecycle } from '../storage/lifecycle-configuration.ts';
import { createUpload, uploadPart } from '../storage/multipart.ts';
import { noPreconditions } from '../storage/preconditions.ts';
import { findObject } from '../storage/read-object.ts';
import type { StorageDeps } from '../storage/storage-deps.ts';
import { writeObject } from '../storage/write-object.ts';
import type { ObjectChange } from '../storage/changes.ts';
import {
  allow,
  type Fixture,
  objectKey,
  openFixture,
  put,
  readAll,
  sourceOf,
} from '../../test/support/storage-fixture.ts';
import { lifecycleJob } from './lifecycle.ts';

const DAY_MS = 10_000;

const rule = (change: Partial<LifecycleRule>): LifecycleRule => ({
  id: 'rule',
  enabled: true,
  form: 'filter',
  filter: { prefix: null, tags: [], sizeGreaterThan: null, sizeLessThan: null },
  expiration: null,
  noncurrentExpiration: null,
  abortUploadDays: null,
  transitions: [],
  noncurrentTransitions: [],
  ...change,
});

async function setRules(fixture: Fixture, ...rules: LifecycleRule[]): Promise<BucketRecord> {
  await setLifecycle(fixture.deps, {
    bucket: fixture.bucket,
    value: { v: 1, rules, minimumSize: null },
    guard: allow,
  });
  return currentBucket(fixture);
}

async function currentBucket({ deps, bucket }: Fixture): Promise<BucketRecord> {
  const found = await findBucket(deps, bucket.name);
  assert.ok(found);
  return found;
}

async function enableVersioning(fixture: Fixture): Promise<void> {
  await setVersioning(fixture.deps, { bucket: fixture.bucket, status: 'enabled', guard: allow });
}

/** Runs the job until it waits; returns the changes it announced. */
async function runJob(fixture: Fixture, deps: StorageDeps = fixture.deps): Promise<ObjectChange[]> {
  const changes: ObjectChange[] = [];
  const announce = async (_transaction: unknown, _bucket: unknown, change: ObjectChange): Promise<void> => {
    changes.push(change);
  };
  const job = lifecycleJob({ ...deps, announce, lifecycleDayMs: DAY_MS });
  while (await job.step());
  return changes;
}

async function keysOf(fixture: Fixture): Promise<string[]> {
  const rows = await fixture.rows('current');
  return rows.map(({ key }) => Buffer.from(key).toString('utf8').split('\u0001').at(-1) ?? '');
}

async function versionsOf(fixture: Fixture): Promise<VersionRecord[]> {
  return (await fixture.rows('version')).map(({ value }) => decodeRecord<VersionRecord>(value));
}

const usedBytes = (fixture: Fixture): Promise<bigint> =>
  fixture.deps.store.read((snapshot) => snapshot.count(usageKey({ bucket: fixture.bucket.bucketId }, 'bytes')));

const write = (fixture: Fixture, key: string, bytes: Uint8Array | string, more = {}): Promise<ObjectRecord> =>
  writeObject(fixture.deps, put(fixture.bucket, key, bytes, more));

test('objects go when their days are over and midnight has passed, and not before', async () => {
  await using fixture = await openFixture();
  await write(fixture, 'logs/a', 'x'.repeat(5000));
  await write(fixture, 'keep/a', 'y');
  await setRules(fixture, rule({ expiration: { days: 2 }, filter: { ...rule({}).filter, prefix: 'logs/' } }));
  fixture.pass(2 * DAY_MS - 100);
  assert.deepEqual(await runJob(fixture), []);
  fixture.pass(DAY_MS + 200);
  const changes = await runJob(fixture);
  assert.deepEqual(
    changes.map(({ kind, key }) => [kind, key]),
    [['removed', 'logs/a']],
  );
  assert.deepEqual(await keysOf(fixture), ['keep/a']);
  assert.equal(await usedBytes(fixture), 1n);
});

test('with versioning an expired object is hidden by a delete marker and its versions stay', async () => {
  await using fixture = await openFixture();
  await enableVersioning(fixture);
  const object = await write(fixture, 'a', 'one');
  await setRules(fixture, rule({ expiration: { days: 1 } }));
  fixture.pass(2 * DAY_MS);
  const [change] = await runJob(fixture);
  assert.equal(change?.kind, 'marked');
  const [marker, version] = await versionsOf(fixture);
  assert.ok(marker && isMarker(marker));
  assert.equal(version?.versionId, object.versionId);
  assert.deepEqual(await keysOf(fixture), []);
});

test('noncurrent versions go by the age of their successor, and so many of the newest are kept', async () => {
  await using fixture = await openFixture();
  await enableVersioning(fixture);
  const made: ObjectRecord[] = [];
  for (let index = 0; index < 6; index++) {
    made.push(await write(fixture, 'a', `version ${index}`));
    fixture.pass(50);
  }
  await setRules(fixture, rule({ noncurrentExpiration: { days: 1, keep: 2 } }));
  fixture.pass(2 * DAY_MS);
  await runJob(fixture);
  const left = await versionsOf(fixture);
  assert.deepEqual(
    left.map(({ versionId }) => versionId),
    [made[4]?.versionId, made[3]?.versionId],
  );
  assert.deepEqual(await keysOf(fixture), ['a']);
});

test('a version that has just become noncurrent stays, however old it is', async () => {
  await using fixture = await openFixture();
  await enableVersioning(fixture);
  await write(fixture, 'a', 'old');
  fixture.pass(5 * DAY_MS);
  await write(fixture, 'a', 'new');
  await setRules(fixture, rule({ noncurrentExpiration: { days: 1, keep: null } }));
  await runJob(fixture);
  assert.equal((await versionsOf(fixture)).length, 1);
  fixture.pass(2 * DAY_MS);
  await runJob(fixture);
  assert.equal((await versionsOf(fixture)).length, 0);
});

test('a lock wins over expiry until it ends', async () => {
  await using fixture = await openFixture();
  await enableVersioning(fixture);
  await setObjectLock(fixture.deps, { bucket: fixture.bucket, rule: null, guard: allow });
  const bucket = await currentBucket(fixture);
  const retention = { mode: 'COMPLIANCE', until: fixture.deps.clock() + 10 * DAY_MS } as const;
  await writeObject(fixture.deps, put(bucket, 'retained', 'one', { lock: { retention, legalHold: null } }));
  await writeObject(fixture.deps, put(bucket, 'held', 'one', { lock: { retention: null, legalHold: true } }));
  for (const key of ['retained', 'held'])
    await deleteObject(fixture.deps, { bucket, key: objectKey(key), guard: allow });
  await setRules(fixture, rule({ noncurrentExpiration: { days: 1, keep: null } }));
  fixture.pass(3 * DAY_MS);
  assert.deepEqual(await runJob(fixture), []);
  fixture.pass(10 * DAY_MS);
  assert.deepEqual(
    (await runJob(fixture)).map(({ key }) => key),
    ['retained'],
  );
  const held = (await versionsOf(fixture)).find((version) => !isMarker(version));
  await setLegalHold(fixture.deps, {
    bucket: await currentBucket(fixture),
    key: objectKey('held'),
    versionId: held?.versionId ?? null,
    legalHold: false,
    guard: allow,
  });
  fixture.pass(DAY_MS);
  assert.deepEqual(
    (await runJob(fixture)).map(({ key }) => key),
    ['held'],
  );
});

test('a delete marker goes when it is all there is of its key, and not while versions are behind it', async () => {
  await using fixture = await openFixture();
  await enableVersioning(fixture);
  const bucket = await currentBucket(fixture);
  for (const key of ['lonely', 'guarded']) {
    const { versionId } = await writeObject(fixture.deps, put(bucket, key, 'x'));
    await deleteObject(fixture.deps, { bucket, key: objectKey(key), guard: allow });
    if (key === 'lonely') await deleteObject(fixture.deps, { bucket, key: objectKey(key), versionId, guard: allow });
  }
  await setRules(fixture, rule({ expiration: { deleteMarker: true } }));
  const changes = await runJob(fixture);
  assert.deepEqual(
    changes.map((change) => [change.kind, change.key]),
    [['removed', 'lonely']],
  );
  assert.equal((await versionsOf(fixture)).length, 2);
});

test('open uploads are aborted when their days are over and give their bytes back', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const upload = await createUpload(deps, {
    bucket,
    key: objectKey('a'),
    system: {},
    user: {},
    storageClass: 'STANDARD',
    checksumAlgorithm: null,
    checksumType: null,
    initiator: { id: 'i', displayName: 'i' },
    guard: allow,
  });
  const name = { bucket, key: upload.key, uploadId: upload.uploadId };
  await uploadPart(deps, { ...name, partNumber: 1, source: sourceOf(randomBytes(2000)), guard: allow });
  await setRules(fixture, rule({ abortUploadDays: 1 }));
  await runJob(fixture);
  assert.equal(await usedBytes(fixture), 2000n);
  fixture.pass(2 * DAY_MS);
  await runJob(fixture);
  assert.equal((await fixture.rows('upload')).length, 0);
  assert.equal(await usedBytes(fixture), 0n);
});

test('a transition moves the bytes to the pool of the class and changes nothing else', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const bytes = randomBytes(200_000);
  const before = await write(fixture, 'big', bytes);
  await write(fixture, 'small', 'tiny');
  await setRules(fixture, rule({ transitions: [{ days: 1, storageClass: 'STANDARD_IA' }] }));
  fixture.pass(2 * DAY_MS);
  const changes = await runJob(fixture);
  assert.deepEqual(
    changes.map(({ kind, key }) => [kind, key]),
    [
      ['transitioned', 'big'],
      ['transitioned', 'small'],
    ],
  );
  const after = await findObject(deps, bucket, objectKey('big'));
  assert.ok(after?.body.kind === 'blob');
  assert.equal(after.body.pool, 'STANDARD_IA');
  assert.deepEqual({ ...after, body: null, storageClass: 'STANDARD' }, { ...before, body: null });
  assert.deepEqual(await readAll(deps, after), bytes);
  assert.equal((await findObject(deps, bucket, objectKey('small')))?.storageClass, 'STANDARD_IA');
  fixture.pass(2 * 60 * 60 * 1000);
  await fixture.collect();
  assert.equal((await fixture.blobFiles()).length, 1);
  assert.deepEqual(await readAll(deps, after), bytes);
  assert.equal((await fixture.rows('stagedBlob')).length, 0);
});

test('every part of a large object moves, encrypted ones too', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const upload = await createUpload(deps, {
    bucket,
    key: objectKey('parts'),
    system: {},
    user: {},
    storageClass: 'STANDARD',
    checksumAlgorithm: null,
    checksumType: null,
    encryption: { kind: 'SSE-S3' },
    initiator: { id: 'i', displayName: 'i' },
    guard: allow,
  });
  const name = { bucket, key: upload.key, uploadId: upload.uploadId };
  const bodies = [randomBytes(5 * 2 ** 20), randomBytes(5 * 2 ** 20), randomBytes(70_000)];
  const parts = [];
  for (const [index, body] of bodies.entries()) {
    const partNumber = index + 1;
    const { etag } = await uploadPart(deps, { ...name, partNumber, source: sourceOf(body), guard: allow });
    parts.push({ partNumber, etag, checksum: null });
  }
  await completeUpload(deps, {
    ...name,
    parts,
    checksum: null,
    checksumType: null,
    objectSizeBytes: null,
    preconditions: noPreconditions,
    guard: allow,
  });
  await setRules(fixture, rule({ transitions: [{ days: 0, storageClass: 'DEEP_ARCHIVE' }] }));
  fixture.pass(DAY_MS);
  await runJob(fixture);
  const object = await findObject(deps, bucket, objectKey('parts'));
  assert.equal(object?.storageClass, 'DEEP_ARCHIVE');
  fixture.pass(2 * 60 * 60 * 1000);
  await fixture.collect();
  assert.ok(object);
  assert.deepEqual(await readAll(deps, object), Buffer.concat(bodies));
  const rows = await fixture.rows('partList');
  const pools = rows.flatMap(({ value }) => [
    ...Buffer.from(value)
      .toString('utf8')
      .matchAll(/"pool":"(\w+)"/g),
  ]);
  assert.deepEqual(
    pools.map(([, pool]) => pool),
    ['DEEP_ARCHIVE', 'DEEP_ARCHIVE', 'DEEP_ARCHIVE'],
  );
});

test('an object that is written anew during the move keeps its new bytes', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  await write(fixture, 'a', randomBytes(100_000));
  await setRules(fixture, rule({ transitions: [{ days: 0, storageClass: 'STANDARD_IA' }] }));
  fixture.pass(DAY_MS);
  const fresh = randomBytes(50_000);
  const blobs = {
    ...deps.blobs,
    stage: async (...args: Parameters<typeof deps.blobs.stage>) => {
      await write(fixture, 'a', fresh);
      return deps.blobs.stage(...args);
    },
  };
  await runJob(fixture, { ...deps, blobs });
  const object = await findObject(deps, bucket, objectKey('a'));
  assert.equal(object?.storageClass, 'STANDARD');
  assert.ok(object);
  assert.deepEqual(await readAll(deps, object), fresh);
  assert.equal((await fixture.rows('stagedBlob')).length, 0);
});

test('an object whose bytes are damaged stays, and the walk goes on', async () => {
  await using fixture = await openFixture();
  const damaged = await write(fixture, 'a', randomBytes(100_000));
  await write(fixture, 'b', randomBytes(100_000));
  assert.ok(damaged.body.kind === 'blob');
  await fixture.deps.blobs.delete(damaged.body.blobId, damaged.body.pool);
  await setRules(fixture, rule({ transitions: [{ days: 0, storageClass: 'STANDARD_IA' }] }));
  fixture.pass(DAY_MS);
  const job = lifecycleJob({ ...fixture.deps, lifecycleDayMs: DAY_MS });
  while (await job.step());
  assert.equal((await findObject(fixture.deps, fixture.bucket, objectKey('a')))?.storageClass, 'STANDARD');
  assert.equal((await findObject(fixture.deps, fixture.bucket, objectKey('b')))?.storageClass, 'STANDARD_IA');
  assert.match(job.status().message ?? '', /1 times an object was not moved/);
  assert.equal((await fixture.rows('stagedBlob')).length, 0);
});

test('a walk goes on where it stopped, in whichever process', async () => {
  await using fixture = await openFixture();
  const { deps } = fixture;
  for (let index = 0; index < 1100; index += 50) {
    await Promise.all(
      Array.from({ length: 50 }, (_, at) => write(fixture, `k${String(index + at).padStart(5, '0')}`, '')),
    );
  }
  await setRules(fixture, rule({ expiration: { days: 1 } }));
  fixture.pass(2 * DAY_MS);
  const counts: number[] = [];
  for (let steps = 0; steps < 10; steps++) {
    // a new job knows nothing of the one before
    const job = lifecycleJob({ ...deps, lifecycleDayMs: DAY_MS });
    const worked = await job.step();
    counts.push(job.status().done);
    if (!worked) break;
  }
  assert.deepEqual(counts.slice(0, 3), [500, 500, 100]);
  assert.deepEqual(await keysOf(fixture), []);
});

test('rules that are set during a walk are the ones that count', async () => {
  await using fixture = await openFixture();
  await write(fixture, 'a', 'x');
  await setRules(fixture, rule({ expiration: { days: 1 } }));
  fixture.pass(2 * DAY_MS);
  const deps: StorageDeps = {
    ...fixture.deps,
    store: {
      ...fixture.deps.store,
      read: fixture.deps.store.read.bind(fixture.deps.store),
      transact: async (fn) => {
        if (!changed) {
          changed = true;
          await setRules(fixture, rule({ expiration: { days: 100 } }));
        }
        return fixture.deps.store.transact(fn);
      },
    },
  };
  let changed = false;
  assert.deepEqual(await runJob(fixture, deps), []);
  assert.deepEqual(await keysOf(fixture), ['a']);
});

test('a bucket without rules any more leaves nothing to walk', async () => {
  await using fixture = await openFixture();
  await setRules(fixture, rule({ expiration: { days: 1 } }));
  assert.equal((await fixture.rows('lifecycleProgress')).length, 1);
  await setLifecycle(fixture.deps, { bucket: fixture.bucket, value: null, guard: allow });
  assert.equal((await fixture.rows('lifecycleProgress')).length, 0);
  assert.deepEqual(await runJob(fixture), []);
});
