// Random operations, some at the same time: usage, files and rows must be exactly those of what is left.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  allow,
  type Fixture,
  INLINE_BYTES,
  objectKey,
  openFixture,
  put,
  readAll,
} from '../../test/support/storage-fixture.ts';
import { begin, complete, named, part } from '../../test/support/upload-fixture.ts';
import type { ObjectRecord, PartRecord, UploadRecord } from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import { bucketUsage, projectUsage } from '../projects/usage.ts';
import { S3Error } from '../shared/errors.ts';
import { copySource } from './copy-object.ts';
import { deleteObject, deleteObjects } from './delete-objects.ts';
import { GRACE_MS } from './garbage.ts';
import { listObjects } from './list-objects.ts';
import { listParts, listUploads } from './list-uploads.ts';
import { abortUpload } from './multipart.ts';
import { findObject } from './read-object.ts';
import { writeObject } from './write-object.ts';

const QUOTA = 12_000;
const key = fc.constantFrom('a', 'b', 'c');
const size = fc.constantFrom(0, 10, INLINE_BYTES, INLINE_BYTES + 1, 3000);
const step = fc.oneof(
  fc.record({ do: fc.constant('put' as const), key, size }),
  fc.record({ do: fc.constant('delete' as const), key }),
  fc.record({ do: fc.constant('deleteMany' as const) }),
  fc.record({ do: fc.constant('copy' as const), key, to: key }),
  fc.record({ do: fc.constant('begin' as const), key }),
  { weight: 4, arbitrary: fc.record({ do: fc.constant('part' as const), pick: fc.nat(1), number: fc.nat(2), size }) },
  fc.record({ do: fc.constant('complete' as const), pick: fc.nat(1) }),
  fc.record({ do: fc.constant('abort' as const), pick: fc.nat(1) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function openUploads({ deps, bucket }: Fixture): Promise<UploadRecord[]> {
  const options = { bucket, prefix: '', delimiter: null, keyMarker: null, uploadIdMarker: null, maxUploads: 1000 };
  const { entries } = await listUploads(deps, options);
  return entries.flatMap((entry) => (entry.kind === 'upload' ? [entry.upload] : []));
}

async function partsOf(
  { deps, bucket }: Fixture,
  { key: ofKey, uploadId }: UploadRecord,
): Promise<readonly PartRecord[]> {
  return (await listParts(deps, { bucket, key: ofKey, uploadId, partNumberMarker: 0, maxParts: 1000 })).parts;
}

async function perform(fixture: Fixture, one: Step): Promise<void> {
  const { deps, bucket } = fixture;
  const uploads = await openUploads(fixture);
  const picked = 'pick' in one ? uploads[one.pick % Math.max(uploads.length, 1)] : undefined;
  switch (one.do) {
    case 'put':
      await writeObject(deps, put(bucket, one.key, Buffer.alloc(one.size, one.key)));
      return;
    case 'delete':
      await deleteObject(deps, { bucket, key: objectKey(one.key), guard: allow });
      return;
    case 'deleteMany':
      await deleteObjects(deps, { bucket, keys: ['a', 'b', 'b'].map(objectKey), guard: allow });
      return;
    case 'copy': {
      const source = await findObject(deps, bucket, objectKey(one.key));
      if (source !== undefined)
        await writeObject(deps, put(bucket, one.to, '', { source: copySource(deps, source, null) }));
      return;
    }
    case 'begin':
      await begin(fixture, one.key);
      return;
    case 'part':
      if (picked !== undefined) await part(fixture, picked, one.number + 1, Buffer.alloc(one.size, 'p'));
      return;
    case 'complete': {
      if (picked === undefined) return;
      const last = (await partsOf(fixture, picked)).at(-1);
      if (last !== undefined) await complete(fixture, picked, [named(last)]);
      return;
    }
    case 'abort':
      if (picked !== undefined)
        await abortUpload(deps, { bucket, key: picked.key, uploadId: picked.uploadId, guard: allow });
  }
}

/** Races may end an upload, replace a part or use up the quota before a step gets there. */
const MAY_HAPPEN = new Set(['QuotaExceeded', 'NoSuchUpload', 'InvalidPart']);

async function performAll(fixture: Fixture, steps: readonly Step[]): Promise<void> {
  const outcomes = await Promise.allSettled(steps.map((one) => perform(fixture, one)));
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') continue;
    const error: unknown = outcome.reason;
    if (!(error instanceof S3Error && MAY_HAPPEN.has(error.code))) throw error;
  }
}

async function checkUsage(fixture: Fixture): Promise<void> {
  const { deps, bucket, project } = fixture;
  const { entries } = await listObjects(deps, bucket, { prefix: '', delimiter: null, startAfter: null, maxKeys: 1000 });
  const objects = entries.flatMap((entry) => (entry.kind === 'object' ? [entry.object] : []));
  const uploads = await openUploads(fixture);
  const parts = (await Promise.all(uploads.map((upload) => partsOf(fixture, upload)))).flat();
  const bytes = [...objects, ...parts].reduce((sum, one) => sum + one.sizeBytes, 0);
  const usage = await projectUsage(deps, project.projectId);
  assert.deepEqual(usage, { bytes, objects: objects.length });
  assert.deepEqual(await bucketUsage(deps, bucket.bucketId), usage);
  assert.ok(usage.bytes <= QUOTA);
  for (const object of objects) assert.equal((await readAll(deps, object)).length, object.sizeBytes);
}

async function checkStored(fixture: Fixture): Promise<void> {
  const objects = (await fixture.rows('current')).map(({ value }) => decodeRecord<ObjectRecord>(value));
  const lists = objects.flatMap(({ body }) => (body.kind === 'parts' ? [body] : []));
  const parts = (await fixture.rows('part')).map(({ value }) => decodeRecord<PartRecord>(value).body);
  const listed = (await fixture.rows('partList')).flatMap(
    ({ value }) => decodeRecord<{ v: 1; parts?: PartRecord[] }>(value).parts ?? [],
  );
  const bodies = [...objects.map(({ body }) => body), ...parts, ...listed.map(({ body }) => body)];
  const count = (kind: string): number => bodies.filter((body) => body.kind === kind).length;
  assert.equal((await fixture.blobFiles()).length, count('blob'));
  assert.equal((await fixture.rows('inlineBody')).length, count('inline'));
  assert.equal((await fixture.rows('partList')).length, lists.length * 2);
  for (const table of ['garbage', 'stagedBlob'] as const) assert.deepEqual(await fixture.rows(table), [], table);
}

for (const concurrency of [1, 5]) {
  test(`after random operations, ${concurrency} at a time, usage and files are those of what is left`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }), async (steps) => {
        await using fixture = await openFixture({ quotaBytes: QUOTA });
        await begin(fixture, 'a');
        for (let first = 0; first < steps.length; first += concurrency) {
          await performAll(fixture, steps.slice(first, first + concurrency));
          if (concurrency === 1) await checkUsage(fixture);
        }
        await checkUsage(fixture);
        fixture.pass(GRACE_MS + 1000);
        await fixture.collect();
        await checkUsage(fixture);
        await checkStored(fixture);
      }),
      { numRuns: 25 },
    );
  });
}
