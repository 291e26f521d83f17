import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openLmdbStore } from './lmdb.ts';
import type { MetadataStore, Snapshot } from './metadata-store.ts';
import { originOf, shareSnapshot } from './shared-snapshot.ts';

const folder = await mkdtemp(join(tmpdir(), 'vstorage-shared-'));
const store = await openLmdbStore({ path: folder, reserveBytes: 0 });
after(async () => {
  await store[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** An engine that does not say that it is in this process. */
const far = delegate(store);
const key = Buffer.from('key');
const put = (on: MetadataStore, value: string): Promise<void> =>
  on.transact(async (transaction) => transaction.put(key, Buffer.from(value)));
const get = (on: MetadataStore): Promise<string> =>
  on.read(async (s) => Buffer.from((await s.get(key)) ?? []).toString());

test('all reads of a request are of the moment of the first one', async () => {
  await put(store, 'before the first');
  using shared = shareSnapshot(far, () => []);
  await put(store, 'at the first');
  assert.equal(await get(shared.store), 'at the first');
  await put(store, 'later');
  assert.equal(await get(shared.store), 'at the first');
  shared.end();
  assert.equal(await get(shared.store), 'later');
});

test('what the request itself writes is in what it reads next', async () => {
  using shared = shareSnapshot(far, () => []);
  await get(shared.store);
  await put(shared.store, 'own');
  assert.equal(await get(shared.store), 'own');
});

test('who reads while the snapshot ends still has it to his end', async () => {
  await put(store, 'old');
  using shared = shareSnapshot(far, () => []);
  const seen = await shared.store.read(async (snapshot) => {
    shared.end();
    await put(store, 'new');
    return Buffer.from((await snapshot.get(key)) ?? []).toString();
  });
  assert.deepEqual([seen, await get(shared.store)], ['old', 'new']);
});

test('a store that cannot be read says so to every reader, and one that was never read is never opened', async () => {
  const failing: MetadataStore = { ...delegate(store), read: () => Promise.reject(new Error('cannot')) };
  using shared = shareSnapshot(failing, () => []);
  await assert.rejects(get(shared.store), /cannot/);
  await assert.rejects(get(shared.store), /cannot/);
  shareSnapshot({ ...delegate(store), read: () => assert.fail('was opened') }, () => [key]).end();
});

test('keys to read ahead are given to the engine once, before the first question', async () => {
  const asked: string[] = [];
  const tell = (snapshot: Snapshot): Snapshot => ({
    get: async (one) => {
      asked.push(`get ${Buffer.from(one).toString()}`);
      return snapshot.get(one);
    },
    getMany: (keys) => snapshot.getMany(keys),
    range: (range) => snapshot.range(range),
    count: (one) => snapshot.count(one),
    prefetch: (keys) => asked.push(`prefetch ${keys.length}`),
  });
  using shared = shareSnapshot({ ...delegate(store), read: (fn) => store.read((s) => fn(tell(s))) }, () => [key, key]);
  await get(shared.store);
  await get(shared.store);
  assert.deepEqual(asked, ['prefetch 2', 'get key', 'get key']);
});

test('what is looked up is of the same moment as what is read', async () => {
  await put(store, 'old');
  using shared = shareSnapshot(far, () => []);
  await get(shared.store);
  await put(store, 'new');
  const [found] = await shared.store.lookUp({ key, parse: (value) => Buffer.from(value ?? []).toString() });
  assert.equal(found, 'old');
});

test('with an engine in this process nothing is shared', () => {
  assert.equal(shareSnapshot(store, () => assert.fail('nothing is read ahead')).store, store);
});

test('what is kept by store is kept by the one behind', () => {
  using shared = shareSnapshot(far, () => []);
  using again = shareSnapshot(shared.store, () => []);
  assert.deepEqual([originOf(shared.store), originOf(again.store), originOf(store)], [far, far, store]);
});

function delegate(to: MetadataStore): MetadataStore {
  return {
    read: (fn) => to.read(fn),
    lookUp: to.lookUp.bind(to),
    transact: (fn) => to.transact(fn),
    ready: () => to.ready(),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
