// Random operations on a bucket whose versioning changes, against the obvious model: a list of versions per key.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { allow, type Fixture, INLINE_BYTES, objectKey, openFixture, put } from '../../test/support/storage-fixture.ts';
import { begin, complete, named, part } from '../../test/support/upload-fixture.ts';
import type { VersionRecord } from '../metadata/tables/objects.ts';
import { bucketUsage, projectUsage } from '../projects/usage.ts';
import { setVersioning } from './bucket-versioning.ts';
import { deleteObject, deleteObjects } from './delete-objects.ts';
import { findVersion, isMarker } from './find-version.ts';
import { GRACE_MS } from './garbage.ts';
import { listObjects } from './list-objects.ts';
import { type ListedVersion, listVersions } from './list-versions.ts';
import { writeObject } from './write-object.ts';

const KEYS = ['a', 'a/b', 'a/c', 'b\u0000', 'b\u0000c'];

/** Newest first. */
type ModelVersion = { versionId: string; sizeBytes: number | null };
type Model = { versioning: 'off' | 'enabled' | 'suspended'; keys: Map<string, ModelVersion[]> };

const key = fc.constantFrom(...KEYS);
const size = fc.constantFrom(0, 7, INLINE_BYTES + 1);
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('put' as const), key, size }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('delete' as const), key }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('deleteVersion' as const), key, pick: fc.nat(5) }) },
  fc.record({ do: fc.constant('deleteMany' as const), pick: fc.nat(5) }),
  fc.record({ do: fc.constant('upload' as const), key }),
  fc.record({ do: fc.constant('back' as const) }),
  fc.record({
    do: fc.constant('versioning' as const),
    status: fc.constantFrom('enabled' as const, 'suspended' as const),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const versionsOf = (model: Model, of: string): ModelVersion[] => model.keys.get(of) ?? [];

function modelAdd(model: Model, of: string, version: ModelVersion): void {
  const replaced = model.versioning === 'enabled' ? null : version.versionId;
  const rest = versionsOf(model, of).filter(({ versionId }) => versionId !== replaced);
  model.keys.set(of, [version, ...rest]);
}

function modelRemove(model: Model, of: string, versionId: string): void {
  model.keys.set(
    of,
    versionsOf(model, of).filter((version) => version.versionId !== versionId),
  );
}

const pickVersion = (model: Model, of: string, pick: number): string => {
  const versions = versionsOf(model, of);
  return versions[pick % Math.max(1, versions.length)]?.versionId ?? 'null';
};

function modelDelete(model: Model, of: string, marker: string | null): void {
  if (model.versioning === 'off') model.keys.delete(of);
  else modelAdd(model, of, { versionId: marker ?? '', sizeBytes: null });
}

function checkName(model: Model, versionId: string): void {
  if (model.versioning === 'enabled') assert.match(versionId, /^[0-9a-v]{32}$/);
  else assert.equal(versionId, 'null');
}

async function perform(fixture: Fixture, model: Model, one: Step): Promise<void> {
  const { deps, bucket } = fixture;
  switch (one.do) {
    case 'put': {
      const { versionId } = await writeObject(deps, put(bucket, one.key, Buffer.alloc(one.size)));
      checkName(model, versionId);
      return modelAdd(model, one.key, { versionId, sizeBytes: one.size });
    }
    case 'upload': {
      const upload = await begin(fixture, one.key);
      const only = await part(fixture, upload, 1, Buffer.alloc(INLINE_BYTES + 5));
      const { versionId } = await complete(fixture, upload, [named(only)]);
      checkName(model, versionId);
      return modelAdd(model, one.key, { versionId, sizeBytes: INLINE_BYTES + 5 });
    }
    case 'delete': {
      const outcome = await deleteObject(deps, { bucket, key: objectKey(one.key), guard: allow });
      assert.equal(outcome.deleteMarker, model.versioning !== 'off');
      return modelDelete(model, one.key, outcome.versionId);
    }
    case 'deleteVersion': {
      const versionId = pickVersion(model, one.key, one.pick);
      await deleteObject(deps, { bucket, key: objectKey(one.key), versionId, guard: allow });
      return modelRemove(model, one.key, versionId);
    }
    case 'deleteMany':
      return deleteSeveral(fixture, model, one.pick);
    case 'back':
      // a clock that is set back must not put a new version behind an older one
      return fixture.pass(-5000);
    case 'versioning':
      await setVersioning(deps, { bucket, status: one.status, guard: allow });
      model.versioning = one.status;
  }
}

/** Twice the same key in one commit, with and without a version. */
async function deleteSeveral({ deps, bucket }: Fixture, model: Model, pick: number): Promise<void> {
  const [first = '', second = ''] = KEYS;
  const versionId = pickVersion(model, first, pick);
  const keys = [{ key: objectKey(first), versionId }, objectKey(first), objectKey(second), objectKey(first)];
  const results = await deleteObjects(deps, { bucket, keys, guard: allow });
  assert.deepEqual(
    results.map(({ error }) => error),
    [null, null, null, null],
  );
  modelRemove(model, first, versionId);
  for (const result of results.slice(1)) modelDelete(model, result.key, result.outcome?.versionId ?? null);
}

const sizeOf = (record: VersionRecord): number | null => (isMarker(record) ? null : record.sizeBytes);

/** As the listing should be: keys in byte order, versions newest first, below a delimiter as prefixes. */
function expectedListing(model: Model): string[] {
  return KEYS.flatMap((of) =>
    versionsOf(model, of).map(({ versionId, sizeBytes }, index) => describe(of, versionId, sizeBytes, index === 0)),
  );
}

const describe = (of: string, versionId: string, sizeBytes: number | null, latest: boolean): string =>
  JSON.stringify([of, versionId, sizeBytes, latest]);

function described(entry: ListedVersion): string {
  if (entry.kind === 'prefix') return entry.prefix;
  return describe(entry.key, entry.record.versionId, sizeOf(entry.record), entry.isLatest);
}

async function listInPages({ deps, bucket }: Fixture, maxKeys: number, delimiter: string | null): Promise<string[]> {
  const listed: string[] = [];
  let markers: { keyMarker: string | null; versionIdMarker: string | null } = {
    keyMarker: null,
    versionIdMarker: null,
  };
  for (;;) {
    const page = await listVersions(deps, bucket, { prefix: '', delimiter, maxKeys, ...markers });
    assert.ok(page.entries.length <= maxKeys);
    listed.push(...page.entries.map(described));
    if (page.next === null) return listed;
    assert.equal(page.entries.length, maxKeys);
    markers = page.next;
  }
}

/** What a delimiter leaves: everything below `a/` once. */
function folded(listing: readonly string[]): string[] {
  const below = (line: string): boolean => line.startsWith('["a/');
  return listing.flatMap((line, index) => {
    if (!below(line)) return [line];
    return below(listing[index - 1] ?? '') ? [] : ['a/'];
  });
}

async function check(fixture: Fixture, model: Model): Promise<void> {
  const { deps, bucket, project } = fixture;
  const expected = expectedListing(model);
  for (const maxKeys of [1, 2, 3, 1000]) {
    assert.deepEqual(await listInPages(fixture, maxKeys, null), expected, `in pages of ${maxKeys}`);
    assert.deepEqual(await listInPages(fixture, maxKeys, '/'), folded(expected), `folded, in pages of ${maxKeys}`);
  }
  const live = KEYS.filter((of) => (versionsOf(model, of)[0]?.sizeBytes ?? null) !== null);
  const objects = await listObjects(deps, bucket, { prefix: '', delimiter: null, startAfter: null, maxKeys: 1000 });
  assert.deepEqual(
    objects.entries.map((entry) => (entry.kind === 'object' ? entry.key : '')),
    live,
  );
  const all = KEYS.flatMap((of) => versionsOf(model, of));
  const usage = { bytes: all.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0), objects: all.length };
  assert.deepEqual(await bucketUsage(deps, bucket.bucketId), usage);
  assert.deepEqual(await projectUsage(deps, project.projectId), usage);
  await checkLookups(fixture, model);
}

async function checkLookups({ deps, bucket }: Fixture, model: Model): Promise<void> {
  const current = { ...bucket, versioning: model.versioning };
  for (const of of KEYS) {
    const versions = versionsOf(model, of);
    assert.equal((await findVersion(deps, current, objectKey(of), null))?.versionId, versions[0]?.versionId);
    for (const { versionId, sizeBytes } of versions) {
      const found = await findVersion(deps, current, objectKey(of), versionId);
      assert.equal(found?.versionId, versionId);
      assert.equal(found === undefined ? undefined : sizeOf(found), sizeBytes);
    }
    const hasNull = versions.some(({ versionId }) => versionId === 'null');
    assert.equal((await findVersion(deps, current, objectKey(of), 'null')) !== undefined, hasNull);
  }
}

test('versions, listings, look-ups and usage are those of the model after every operation', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }), async (steps) => {
      await using fixture = await openFixture();
      const model: Model = { versioning: 'off', keys: new Map() };
      for (const one of steps) {
        await perform(fixture, model, one);
        await check(fixture, model);
      }
      await deleteEverything(fixture, model);
    }),
    { numRuns: 12 },
  );
});

/** Nothing is left behind: neither rows nor bodies. */
async function deleteEverything(fixture: Fixture, model: Model): Promise<void> {
  const { deps, bucket } = fixture;
  for (const of of KEYS) {
    for (const { versionId } of versionsOf(model, of)) {
      await deleteObject(deps, { bucket, key: objectKey(of), versionId, guard: allow });
    }
  }
  fixture.pass(GRACE_MS + 1000 * 1000);
  await fixture.collect();
  for (const table of ['current', 'version', 'nullVersion', 'inlineBody', 'partList', 'garbage'] as const) {
    assert.deepEqual(await fixture.rows(table), [], table);
  }
  assert.deepEqual(await fixture.blobFiles(), []);
  assert.deepEqual(await bucketUsage(deps, bucket.bucketId), { bytes: 0, objects: 0 });
}
