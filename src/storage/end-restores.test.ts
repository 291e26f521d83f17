import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, objectKey, openFixture, put } from '../../test/support/storage-fixture.ts';
import type { ObjectChange } from './changes.ts';
import { deleteObject } from './delete-objects.ts';
import { endRestores } from './end-restores.ts';
import { findObject } from './read-object.ts';
import { restoreObject } from './restore-object.ts';
import { writeObject } from './write-object.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const archived = { storageClass: 'DEEP_ARCHIVE' };

test('the end of a restore is told once, of the object as it was restored last', async () => {
  await using fixture = await openFixture();
  const { deps, bucket, pass } = fixture;
  const told: ObjectChange[] = [];
  const listening = {
    ...deps,
    announce: async (_: unknown, __: unknown, change: ObjectChange) => void told.push(change),
  };
  const restore = (name: string, days: number) => {
    const options = { bucket, key: objectKey(name), versionId: null, guard: allow };
    return restoreObject(deps, { ...options, days, dayMs: DAY_MS });
  };
  for (const name of ['renewed', 'over', 'replaced', 'gone']) {
    await writeObject(deps, put(bucket, name, 'x', archived));
    await restore(name, 1);
  }
  await restore('renewed', 5);
  await writeObject(deps, put(bucket, 'replaced', 'new', archived));
  await deleteObject(deps, { bucket, key: objectKey('gone'), versionId: null, guard: allow });

  assert.deepEqual(await endRestores(listening), { seen: 0, ended: 0 });
  pass(2 * DAY_MS + 1);
  assert.deepEqual(await endRestores(listening), { seen: 4, ended: 1 });
  assert.deepEqual(
    told.map(({ kind, key }) => [kind, key]),
    [['restore-ended', 'over']],
  );
  assert.equal((await findObject(deps, bucket, objectKey('over')))?.restore, undefined);
  assert.deepEqual(await endRestores(listening), { seen: 0, ended: 0 });
  pass(5 * DAY_MS);
  assert.deepEqual(await endRestores(listening), { seen: 1, ended: 1 });
  assert.equal(told.at(-1)?.key, 'renewed');
  assert.deepEqual(await fixture.rows('restoreEnd'), []);
});
