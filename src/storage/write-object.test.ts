import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { OutcomeUnknownError, StoreFullError } from '../metadata/metadata-store.ts';
import type { ObjectRecord } from '../metadata/tables/objects.ts';
import { bucketUsage, projectUsage } from '../projects/usage.ts';
import { S3Error } from '../shared/errors.ts';
import { createBucket, deleteBucket } from './buckets.ts';
import { giveUpStaged } from './collect-garbage.ts';
import { STAGED_SILENCE_MS } from './staging.ts';
import { deleteObject } from './delete-objects.ts';
import { GRACE_MS } from './garbage.ts';
import { findObject, openObject } from './read-object.ts';
import {
  allow,
  INLINE_BYTES,
  objectKey,
  openFixture,
  put,
  readAll,
  sourceOf,
} from '../../test/support/storage-fixture.ts';
import { writeObject } from './write-object.ts';

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');
const code = (wanted: string) => (error: unknown) => error instanceof S3Error && error.code === wanted;

for (const sizeBytes of [0, 1, INLINE_BYTES, INLINE_BYTES + 1, 300_000]) {
  test(`an object of ${sizeBytes} bytes reads back as it was written`, async () => {
    await using fixture = await openFixture();
    const { deps, bucket, project } = fixture;
    const bytes = randomBytes(sizeBytes);
    const written = await writeObject(deps, put(bucket, 'a/b', bytes, { user: { color: 'red' } }));
    const found = await findObject(deps, bucket, objectKey('a/b'));
    assert.deepEqual(found, written);
    assert.equal(written.etag, md5(bytes));
    assert.equal(written.body.kind, sizeBytes <= INLINE_BYTES ? 'inline' : 'blob');
    assert.deepEqual(await readAll(deps, written), bytes);
    assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: sizeBytes, objects: 1 });
    assert.deepEqual(await fixture.rows('stagedBlob'), []);
  });
}

test('a range of a small and of a large object is exactly those bytes', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  for (const sizeBytes of [1000, 200_000]) {
    const bytes = randomBytes(sizeBytes);
    const object = await writeObject(deps, put(bucket, 'k', bytes));
    for (const [start, end] of [
      [0, 1],
      [1, 999],
      [sizeBytes - 1, sizeBytes],
      [500, 500],
    ] as const) {
      assert.deepEqual(await readAll(deps, object, { start, end }), bytes.subarray(start, end));
    }
    await assert.rejects(readAll(deps, object, { start: 0, end: sizeBytes + 1 }), RangeError);
  }
});

test('an overwritten object stays readable for the grace period, then its bytes are gone', async () => {
  await using fixture = await openFixture();
  const { deps, bucket, project } = fixture;
  for (const size of [10, 50_000]) {
    const [first, second] = [randomBytes(size), randomBytes(size + 1)];
    const old = await writeObject(deps, put(bucket, 'k', first));
    await writeObject(deps, put(bucket, 'k', second));
    await fixture.collect();
    assert.deepEqual(await readAll(deps, old), first);
    fixture.pass(GRACE_MS + 1000);
    await fixture.collect();
    await assert.rejects(readAll(deps, old), { name: 'BlobMissingError' });
    const now = await findObject(deps, bucket, objectKey('k'));
    assert.ok(now);
    assert.deepEqual(await readAll(deps, now), second);
    assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: size + 1, objects: 1 });
  }
  assert.equal((await fixture.blobFiles()).length, 1);
  assert.deepEqual(await fixture.rows('garbage'), []);
  assert.deepEqual(await fixture.rows('inlineBody'), []);
});

test('a body that fails before its end leaves nothing behind', async () => {
  await using fixture = await openFixture();
  const { deps, bucket, project } = fixture;
  for (const size of [10, 300_000]) {
    const source = sourceOf(randomBytes(size), { fail: new S3Error('BadDigest') });
    await assert.rejects(writeObject(deps, put(bucket, 'k', '', { source })), code('BadDigest'));
    const short = { ...sourceOf(randomBytes(size)), sizeBytes: size + 1 };
    await assert.rejects(writeObject(deps, put(bucket, 'k', '', { source: short })), code('IncompleteBody'));
  }
  assert.deepEqual(await fixture.blobFiles(), []);
  for (const table of ['stagedBlob', 'current', 'inlineBody', 'garbage'] as const) {
    assert.deepEqual(await fixture.rows(table), [], table);
  }
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 0, objects: 0 });
});

test('a body of unknown length is stored, and more than 5 GiB are refused before any is read', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const bytes = randomBytes(10);
  const source = sourceOf(bytes, { sizeKnown: false });
  assert.deepEqual(await readAll(deps, await writeObject(deps, put(bucket, 'k', '', { source }))), bytes);
  const huge = { ...sourceOf(bytes), sizeBytes: 5 * 1024 ** 3 + 1 };
  await assert.rejects(writeObject(deps, put(bucket, 'k', '', { source: huge })), code('EntityTooLarge'));
});

test('a write over the quota stores and leaks nothing, one that fits exactly is taken', async () => {
  await using fixture = await openFixture({ quotaBytes: 5000 });
  const { deps, bucket, project } = fixture;
  await writeObject(deps, put(bucket, 'a', randomBytes(1000)));
  await assert.rejects(writeObject(deps, put(bucket, 'b', randomBytes(4001))), code('QuotaExceeded'));
  const unknown = sourceOf(randomBytes(4001), { sizeKnown: false });
  await assert.rejects(writeObject(deps, put(bucket, 'b', '', { source: unknown })), code('QuotaExceeded'));
  assert.deepEqual(await fixture.blobFiles(), []);
  assert.deepEqual(await fixture.rows('stagedBlob'), []);
  await writeObject(deps, put(bucket, 'b', randomBytes(4000)));
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 5000, objects: 2 });
  await assert.rejects(writeObject(deps, put(bucket, 'c', 'x')), code('QuotaExceeded'));
  await writeObject(deps, put(bucket, 'b', randomBytes(3999)));
  await writeObject(deps, put(bucket, 'c', 'x'));
  await writeObject(deps, put(bucket, 'd', ''));
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 5000, objects: 4 });
});

test('writers racing for the last bytes of the quota never pass it', async () => {
  await using fixture = await openFixture({ quotaBytes: 10_000 });
  const { deps, bucket, project } = fixture;
  const writes = Array.from({ length: 20 }, (_, n) =>
    writeObject(deps, put(bucket, `k${n}`, randomBytes(900 + (n % 2) * 600))),
  );
  const outcomes = await Promise.allSettled(writes);
  const stored = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.sizeBytes] : []));
  for (const outcome of outcomes) assert.ok(outcome.status === 'fulfilled' || code('QuotaExceeded')(outcome.reason));
  const bytes = stored.reduce((sum, size) => sum + size, 0);
  assert.ok(bytes <= 10_000 && bytes > 10_000 - 1500, String(bytes));
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes, objects: stored.length });
  assert.equal((await fixture.blobFiles()).length, stored.filter((size) => size > INLINE_BYTES).length);
});

test('conditional writes: absent, present, changed', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const absent = { ifMatch: null, ifNoneMatch: '*' };
  const first = await writeObject(deps, put(bucket, 'k', 'one', { preconditions: absent }));
  await assert.rejects(
    writeObject(deps, put(bucket, 'k', 'two', { preconditions: absent })),
    code('PreconditionFailed'),
  );
  const match = { ifMatch: `"${first.etag}"`, ifNoneMatch: null };
  await writeObject(deps, put(bucket, 'k', 'three', { preconditions: match }));
  await assert.rejects(
    writeObject(deps, put(bucket, 'k', 'four', { preconditions: match })),
    code('PreconditionFailed'),
  );
  await assert.rejects(writeObject(deps, put(bucket, 'new', 'x', { preconditions: match })), code('NoSuchKey'));
  const other = { ifMatch: null, ifNoneMatch: '"abc"' };
  await assert.rejects(writeObject(deps, put(bucket, 'k', 'x', { preconditions: other })), code('NotImplemented'));
  const large = put(bucket, 'k', randomBytes(5000), { preconditions: absent });
  await assert.rejects(writeObject(deps, large), code('PreconditionFailed'));
  assert.deepEqual(await fixture.rows('stagedBlob'), []);
});

test('of many writers that want the key to be absent one wins', async () => {
  await using fixture = await openFixture();
  const { deps, bucket, project } = fixture;
  const preconditions = { ifMatch: null, ifNoneMatch: '*' };
  for (const size of [10, 2000]) {
    const key = `k${size}`;
    const writes = Array.from({ length: 8 }, () =>
      writeObject(deps, put(bucket, key, randomBytes(size), { preconditions })),
    );
    const outcomes = await Promise.allSettled(writes);
    const winners = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    assert.equal(winners.length, 1);
    for (const outcome of outcomes)
      assert.ok(outcome.status === 'fulfilled' || code('PreconditionFailed')(outcome.reason));
    assert.deepEqual(await findObject(deps, bucket, objectKey(key)), winners[0]);
  }
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 2010, objects: 2 });
  assert.equal((await fixture.blobFiles()).length, 1);
});

test('writers and deleters racing for one key leave whole objects and exact usage', async () => {
  await using fixture = await openFixture();
  const { deps, bucket, project } = fixture;
  const key = objectKey('k');
  const work = Array.from({ length: 24 }, (_, n) =>
    n % 3 === 0
      ? deleteObject(deps, { bucket, key, guard: allow })
      : writeObject(deps, put(bucket, 'k', Buffer.alloc(n % 2 === 0 ? 50 + n : 3000 + n, n))),
  );
  await Promise.all(work);
  const found = await findObject(deps, bucket, key);
  const usage = await projectUsage(deps, project.projectId);
  assert.deepEqual(usage, { bytes: found?.sizeBytes ?? 0, objects: found === undefined ? 0 : 1 });
  assert.deepEqual(await bucketUsage(deps, bucket.bucketId), usage);
  if (found !== undefined) assert.equal(md5(await readAll(deps, found)), found.etag);
  fixture.pass(GRACE_MS + 1000);
  await fixture.collect();
  assert.equal((await fixture.blobFiles()).length, found?.body.kind === 'blob' ? 1 : 0);
  assert.equal((await fixture.rows('inlineBody')).length, found?.body.kind === 'inline' ? 1 : 0);
});

test('a reader that began before an overwrite and a delete reads the whole old object', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const bytes = randomBytes(2_000_000);
  const object = await writeObject(deps, put(bucket, 'k', bytes));
  const reader = await openObject(deps, object, { start: 0, end: bytes.length });
  const first = await reader.next();
  assert.ok(first.done === false);
  await writeObject(deps, put(bucket, 'k', 'new'));
  await deleteObject(deps, { bucket, key: objectKey('k'), guard: allow });
  await fixture.collect();
  assert.deepEqual(Buffer.concat([first.value, ...(await Array.fromAsync(reader))]), bytes);
});

test('a bucket is not deleted under a write, and a write does not revive a deleted bucket', async () => {
  await using fixture = await openFixture();
  const { deps, bucket, project, account } = fixture;
  for (let round = 0; round < 10; round++) {
    const size = round % 2 === 0 ? 10 : 3000;
    const fresh = await createBucket(deps, {
      name: bucket.name.replace('bucket', `b-${round}`) as typeof bucket.name,
      account,
      projectId: project.projectId,
      objectLock: false,
      maxBuckets: 100,
      guard: allow,
    });
    const [written, deleted] = await Promise.allSettled([
      writeObject(deps, put(fresh, 'k', randomBytes(size))),
      deleteBucket(deps, fresh, allow),
    ]);
    if (written.status === 'fulfilled') {
      assert.ok(deleted.status === 'rejected' && code('BucketNotEmpty')(deleted.reason));
      await deleteObject(deps, { bucket: fresh, key: objectKey('k'), guard: allow });
    } else {
      assert.ok(code('NoSuchBucket')(written.reason));
      assert.equal(deleted.status, 'fulfilled');
    }
  }
  assert.deepEqual(await projectUsage(deps, project.projectId), { bytes: 0, objects: 0 });
  assert.deepEqual(await fixture.rows('stagedBlob'), []);
});

test('rights taken away during an upload end it', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const guard = async (): Promise<void> => {
    throw new S3Error('AccessDenied');
  };
  for (const size of [10, 5000]) {
    await assert.rejects(writeObject(deps, put(bucket, 'k', randomBytes(size), { guard })), code('AccessDenied'));
  }
  assert.equal(await findObject(deps, bucket, objectKey('k')), undefined);
  assert.deepEqual(await fixture.blobFiles(), []);
});

test('an upload that the sweep gave up fails, and its bytes go', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const source = sourceOf(randomBytes(5000), {
    before: async () => {
      fixture.pass(STAGED_SILENCE_MS + 1000);
      assert.equal(await giveUpStaged(deps), 1);
    },
  });
  await assert.rejects(writeObject(deps, put(bucket, 'k', '', { source })), code('RequestTimeout'));
  await fixture.collect();
  assert.deepEqual(await fixture.blobFiles(), []);
  assert.deepEqual(await fixture.rows('stagedBlob'), []);
  assert.deepEqual(await fixture.rows('garbage'), []);
});

test('an upload that goes on for a day is not given up while bytes arrive', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const bytes = randomBytes(144);
  const plain = sourceOf(bytes, { chunkBytes: 1, sizeKnown: false });
  async function* slowly(): AsyncGenerator<Uint8Array> {
    for await (const chunk of plain.chunks) {
      fixture.pass(10 * 60 * 1000);
      yield chunk;
      assert.equal(await giveUpStaged(deps), 0);
    }
  }
  const source = { ...plain, chunks: slowly() };
  assert.deepEqual(await readAll(deps, await writeObject(deps, put(bucket, 'k', '', { source }))), bytes);
});

test('a commit that may have happened keeps the bytes and is answered with 503', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  let commits = 0;
  // the second commit of the write names the blob; its acknowledgement is lost
  const losing: typeof deps = {
    ...deps,
    store: {
      read: (fn) => deps.store.read(fn),
      lookUp: deps.store.lookUp.bind(deps.store),
      transact: async (fn) => {
        const result = await deps.store.transact(fn);
        if (++commits === 2) throw new OutcomeUnknownError('lost');
        return result;
      },
      ready: () => deps.store.ready(),
      [Symbol.asyncDispose]: async () => {},
    },
  };
  const bytes = randomBytes(5000);
  await assert.rejects(writeObject(losing, put(bucket, 'k', bytes)), code('ServiceUnavailable'));
  const found = (await findObject(deps, bucket, objectKey('k'))) as ObjectRecord;
  assert.deepEqual(await readAll(deps, found), bytes);
});

test('a full disk is StorageFull and leaves nothing behind', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const full: typeof deps = {
    ...deps,
    blobs: {
      ...deps.blobs,
      stage: async (id, pool) => {
        const blob = await deps.blobs.stage(id, pool);
        return {
          id,
          write: async () => {
            throw new StoreFullError('full');
          },
          seal: () => blob.seal(),
          [Symbol.asyncDispose]: () => blob[Symbol.asyncDispose](),
        };
      },
    },
  };
  await assert.rejects(writeObject(full, put(bucket, 'k', randomBytes(5000))), code('StorageFull'));
  assert.deepEqual(await fixture.blobFiles(), []);
  assert.deepEqual(await fixture.rows('stagedBlob'), []);
});
