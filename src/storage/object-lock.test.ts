import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, type Fixture, objectKey, openFixture, put } from '../../test/support/storage-fixture.ts';
import { begin, complete, named, part } from '../../test/support/upload-fixture.ts';
import type { ObjectRecord, Retention } from '../metadata/tables/objects.ts';
import { setObjectLock, setVersioning } from './bucket-versioning.ts';
import { setLegalHold, setRetention, setTags } from './change-object.ts';
import { deleteObject, deleteObjects } from './delete-objects.ts';
import { findLock } from './find-lock.ts';
import { findVersion } from './find-version.ts';
import { checkRetentionChange, lockOfNew, noLock } from './object-lock.ts';
import { writeObject } from './write-object.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const key = objectKey('k');

async function lockFixture(rule: Parameters<typeof setObjectLock>[1]['rule'] = null): Promise<Fixture> {
  const fixture = await openFixture();
  const { deps, bucket } = fixture;
  await setVersioning(deps, { bucket, status: 'enabled', guard: allow });
  await setObjectLock(deps, { bucket, rule, guard: allow });
  return fixture;
}

const remove = ({ deps, bucket }: Fixture, { versionId }: ObjectRecord, bypassGovernance = false) =>
  deleteObject(deps, { bucket, key, versionId, bypassGovernance, guard: allow });

test('a retention in force only grows, and governance yields to who may bypass it', () => {
  const now = 1_000_000;
  const governance = (until: number): Retention => ({ mode: 'GOVERNANCE', until });
  const compliance = (until: number): Retention => ({ mode: 'COMPLIANCE', until });
  const allowed = (before: Retention | null, after: Retention | null, bypass: boolean): boolean => {
    try {
      checkRetentionChange(before, after, now, bypass);
      return true;
    } catch {
      return false;
    }
  };
  const cases: [Retention | null, Retention | null, plain: boolean, bypassing: boolean][] = [
    [null, governance(now + 1), true, true],
    [governance(now), null, true, true],
    [governance(now + 5), governance(now + 6), true, true],
    [governance(now + 5), governance(now + 4), false, true],
    [governance(now + 5), null, false, true],
    [governance(now + 5), compliance(now + 6), false, true],
    [compliance(now + 5), compliance(now + 5), true, true],
    [compliance(now + 5), compliance(now + 4), false, false],
    [compliance(now + 5), governance(now + 9), false, false],
    [compliance(now + 5), null, false, false],
    [compliance(now), null, true, true],
  ];
  for (const [before, after, plain, bypassing] of cases) {
    assert.equal(allowed(before, after, false), plain, JSON.stringify([before, after]));
    assert.equal(allowed(before, after, true), bypassing, JSON.stringify([before, after, 'bypass']));
  }
});

test('a default retention of years ends on the same day of the year', () => {
  const now = Date.UTC(2028, 1, 29, 12);
  const rule = { mode: 'COMPLIANCE', unit: 'years', count: 1 } as const;
  assert.equal(lockOfNew(noLock, { v: 1, rule }, now)?.retention?.until, Date.UTC(2029, 2, 1, 12));
  const days = { mode: 'COMPLIANCE', unit: 'days', count: 2 } as const;
  assert.equal(lockOfNew(noLock, { v: 1, rule: days }, now)?.retention?.until, now + 2 * DAY_MS);
});

test('a locked version cannot be removed before its time, and then it can', async () => {
  await using fixture = await lockFixture({ mode: 'COMPLIANCE', unit: 'days', count: 3 });
  const { deps, bucket } = fixture;
  const object = await writeObject(deps, put(bucket, 'k', 'x'));
  assert.equal(object.lock?.retention?.mode, 'COMPLIANCE');
  fixture.pass(3 * DAY_MS - 60_000);
  await assert.rejects(remove(fixture, object, true), { code: 'AccessDenied' });
  await deleteObject(deps, { bucket, key, guard: allow });
  await writeObject(deps, put(bucket, 'k', 'newer'));
  await assert.rejects(remove(fixture, object, true), { code: 'AccessDenied' });
  fixture.pass(60_000);
  assert.deepEqual(await remove(fixture, object), { versionId: object.versionId, deleteMarker: false });
});

test('in a batch a locked version is refused alone', async () => {
  await using fixture = await lockFixture();
  const { deps, bucket } = fixture;
  const lock = { retention: null, legalHold: true };
  const held = await writeObject(deps, put(bucket, 'k', 'x', { lock }));
  const free = await writeObject(deps, put(bucket, 'k', 'y'));
  const keys = [held, free].map(({ versionId }) => ({ key, versionId }));
  const results = await deleteObjects(deps, { bucket, keys, bypassGovernance: true, guard: allow });
  assert.deepEqual(
    results.map(({ error }) => error?.code),
    ['AccessDenied', undefined],
  );
  assert.equal((await findVersion(deps, { ...bucket, versioning: 'enabled' }, key, null))?.versionId, held.versionId);
});

test('tags and locks change in place: current, noncurrent and null versions keep their place', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  await writeObject(deps, put(bucket, 'k', 'null'));
  await setVersioning(deps, { bucket, status: 'enabled', guard: allow });
  await setObjectLock(deps, { bucket, rule: null, guard: allow });
  const middle = await writeObject(deps, put(bucket, 'k', 'middle'));
  const newest = await writeObject(deps, put(bucket, 'k', 'newest'));
  const before = [...(await fixture.rows('current')), ...(await fixture.rows('version'))].map((row) => row.key);
  for (const versionId of ['null', middle.versionId, newest.versionId, null]) {
    const options = { bucket, key, versionId, guard: allow };
    await setTags(deps, { ...options, tags: [{ key: 'of', value: String(versionId) }] });
    await setLegalHold(deps, { ...options, legalHold: true });
    const retention = { mode: 'GOVERNANCE', until: deps.clock() + DAY_MS } as const;
    const { lock, tags, lastModified } = await setRetention(deps, { ...options, retention, bypassGovernance: false });
    assert.deepEqual([lock, tags], [{ retention, legalHold: true }, [{ key: 'of', value: String(versionId) }]]);
    assert.ok(lastModified <= newest.lastModified);
  }
  const after = [...(await fixture.rows('current')), ...(await fixture.rows('version'))].map((row) => row.key);
  assert.deepEqual(after, before);
  await assert.rejects(setTags(deps, { bucket, key, versionId: '0'.repeat(32), tags: [], guard: allow }), {
    code: 'NoSuchVersion',
  });
});

test('an upload carries its lock and tags to the object, or gets the default when it completes', async () => {
  await using fixture = await lockFixture();
  const { deps, bucket } = fixture;
  const upload = await begin(fixture, 'k');
  const only = await part(fixture, upload, 1, Buffer.alloc(10));
  await setObjectLock(deps, { bucket, rule: { mode: 'GOVERNANCE', unit: 'days', count: 1 }, guard: allow });
  const { versionId } = await complete(fixture, upload, [named(only)]);
  const found = await findVersion(deps, bucket, key, versionId);
  assert.ok(found !== undefined && 'lock' in found);
  assert.equal(found.lock?.retention?.mode, 'GOVERNANCE');
});

test('locks are asked of buckets with object lock only', async () => {
  await using fixture = await openFixture();
  const { deps, bucket } = fixture;
  const lock = { retention: null, legalHold: true };
  await assert.rejects(writeObject(deps, put(bucket, 'k', 'x', { lock })), { code: 'InvalidRequest' });
  await assert.rejects(setObjectLock(deps, { bucket, rule: null, guard: allow }), { code: 'InvalidBucketState' });
  await setVersioning(deps, { bucket, status: 'enabled', guard: allow });
  await setObjectLock(deps, { bucket, rule: null, guard: allow });
  await assert.rejects(setVersioning(deps, { bucket, status: 'suspended', guard: allow }), {
    code: 'InvalidBucketState',
  });
});

test('a lock anywhere in a project is found, and not once it is over', async () => {
  await using fixture = await lockFixture();
  const { deps, bucket, project } = fixture;
  assert.equal(await findLock(deps, project), null);
  const until = deps.clock() + DAY_MS;
  const lock = { retention: { mode: 'GOVERNANCE', until } as const, legalHold: null };
  await writeObject(deps, put(bucket, 'k', 'x', { lock }));
  await writeObject(deps, put(bucket, 'k', 'newer'));
  assert.equal(await findLock(deps, project), until);
  fixture.pass(DAY_MS + 1000);
  assert.equal(await findLock(deps, project), null);
  await setLegalHold(deps, { bucket, key, versionId: null, legalHold: true, guard: allow });
  assert.equal(await findLock(deps, project), Number.POSITIVE_INFINITY);
});
