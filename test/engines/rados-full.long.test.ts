// A full Ceph. Its OSDs notice that they are full, and that they are not, only every few seconds.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { StoreFullError } from '../../src/metadata/metadata-store.ts';
import { load, MIB, pattern, POOL, store } from '../contract/blobs/blobs.ts';
import { listObjects, openTestBlobs, shareCeph } from '../support/ceph.ts';
import { untilWorks } from '../support/until-works.ts';

const ceph = await shareCeph();
after(() => ceph[Symbol.asyncDispose]());

test('a full cluster refuses writes at once, and reading and deleting go on', async () => {
  await using blobs = await openTestBlobs('full');
  const [kept, deleted] = [await store(blobs, pattern(1_000)), await store(blobs, pattern(6 * MIB), MIB)];
  await setFullRatio('0.001');
  const fills = async (): Promise<void> => {
    await assert.rejects(store(blobs, pattern(1_000)), StoreFullError);
    await assert.rejects(store(blobs, pattern(12 * MIB), MIB), StoreFullError);
  };
  await untilWorks(fills);
  assert.equal((await load(blobs, kept, { start: 0, end: 1_000 })).length, 1_000);
  await blobs.delete(deleted, POOL);
  await setFullRatio('0.95');
  await untilWorks(() => store(blobs, pattern(1_000)));
  const whole = (await listObjects('full')).filter((name) => !/\.\d+$/.test(name));
  assert.ok(whole.includes(`${POOL}/${kept}`) && !whole.includes(`${POOL}/${deleted}`), whole.join());
});

/** An OSD counts as full beyond the greatest of the three. */
async function setFullRatio(ratio: string): Promise<void> {
  for (const name of ['nearfull', 'backfillfull', 'full']) await ceph.ceph('osd', `set-${name}-ratio`, ratio);
}
