// The embedded engines on a disk that fills up: they refuse with StoreFullError, lose nothing, read and delete on,
// and work again when there is room. With a reserve, and with none, when the kernel itself refuses.
import assert from 'node:assert/strict';
import { statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openFileBlobs } from '../../src/blobs/files.ts';
import { openLmdbStore } from '../../src/metadata/lmdb.ts';
import type { MetadataStore, Transaction } from '../../src/metadata/metadata-store.ts';
import { StoreFullError } from '../../src/metadata/metadata-store.ts';
import { newBlobId } from '../../src/shared/ids.ts';
import { load, POOL, pattern, store as storeBlob } from '../contract/blobs/blobs.ts';
import { mountSmallDisk, needsRoot } from './small-disk.ts';

const MIB = 1024 * 1024;
const WRITERS = 24;

for (const reserveBytes of [0, 4 * MIB]) {
  test(`metadata on a full disk, reserve ${reserveBytes}`, { skip: needsRoot }, async () => {
    await using disk = await mountSmallDisk(24 * MIB);
    await using store = await openLmdbStore({ path: join(disk.path, 'metadata'), reserveBytes });
    const acknowledged = await putUntilFull(store, 'first');
    assert.ok(acknowledged.length > 100);
    await assertAll(store, acknowledged);

    for (const key of acknowledged.splice(0, 20)) {
      await store.transact(async (transaction) => {
        transaction.delete(Buffer.from(key));
        transaction.put(Buffer.from(`garbage ${key}`), Buffer.from('row'));
      });
      assert.equal(await store.read((snapshot) => snapshot.get(Buffer.from(key))), undefined);
    }

    await disk.resize(64 * MIB);
    acknowledged.push(...(await putUntilFull(store, 'second')));
    await assertAll(store, acknowledged);
  });
}

test('what was deleted makes room for new values, though the disk stays full', { skip: needsRoot }, async () => {
  await using disk = await mountSmallDisk(24 * MIB);
  await using store = await openLmdbStore({ path: join(disk.path, 'metadata'), reserveBytes: 4 * MIB });
  const keys = await putUntilFull(store, 'first');
  for (const key of keys) await store.transact(async (transaction) => transaction.delete(Buffer.from(key)));
  const again = await putUntilFull(store, 'second');
  assert.ok(again.length > keys.length / 4, `${again.length} after ${keys.length}`);
  await assertAll(store, again);
});

test('metadata when others fill the disk to the last byte: deletes find the pages kept ready', {
  skip: needsRoot,
}, async () => {
  await using disk = await mountSmallDisk(24 * MIB);
  await using store = await openLmdbStore({ path: join(disk.path, 'metadata'), reserveBytes: 2 * MIB });
  const keys = Array.from({ length: 50 }, (_, index) => `key-${index}`);
  await store.transact(async (transaction) => {
    for (const key of keys) transaction.put(Buffer.from(key), Buffer.alloc(9_000, 1));
  });
  await assert.rejects(writeFile(join(disk.path, 'others'), Buffer.alloc(32 * MIB)), { code: 'ENOSPC' });
  await assert.rejects(put(store, 'new', 9_000), StoreFullError);
  await assert.rejects(store.ready(), StoreFullError);
  for (const key of keys) await store.transact(async (transaction) => transaction.delete(Buffer.from(key)));
  assert.deepEqual(await store.read((snapshot) => snapshot.range(everything)), []);
});

test('administration goes on when the disk is full, within bounds', { skip: needsRoot }, async () => {
  await using disk = await mountSmallDisk(24 * MIB);
  await using store = await openLmdbStore({ path: join(disk.path, 'metadata'), reserveBytes: 4 * MIB });
  const keys = await putUntilFull(store, 'first');
  for (let i = 0; i < 50; i++) await administer(store, `session-${i}`, 2_000);
  await assert.rejects(put(store, 'plain', 2_000), StoreFullError);
  await assert.rejects(administer(store, 'too-big', 9_000), StoreFullError);

  const refused = async (): Promise<number> => {
    for (let i = 0; i < 20_000; i++) {
      try {
        await administer(store, `flood-${i}`, 4_000);
      } catch (error) {
        assert.ok(error instanceof StoreFullError, String(error));
        return i;
      }
    }
    return Infinity;
  };
  const floods = await refused();
  assert.ok(floods < 2_000, `${floods} rows of 4,000 bytes went into a reserve of 4 MiB`);
  const free = await statfs(disk.path);
  assert.ok(free.bavail * free.bsize > 1 * MIB, 'deletes have a share of the reserve');
  for (const key of keys) await store.transact(async (transaction) => transaction.delete(Buffer.from(key)));
  await administer(store, 'again', 2_000);
});

test('administration goes on when others have filled the disk to the last byte', { skip: needsRoot }, async () => {
  await using disk = await mountSmallDisk(24 * MIB);
  await using store = await openLmdbStore({ path: join(disk.path, 'metadata'), reserveBytes: 2 * MIB });
  await put(store, 'first', 9_000);
  await assert.rejects(writeFile(join(disk.path, 'others'), Buffer.alloc(32 * MIB)), { code: 'ENOSPC' });
  await assert.rejects(put(store, 'plain', 2_000), StoreFullError);
  for (let i = 0; i < 10; i++) await administer(store, `session-${i}`, 1_000);
});

for (const reserveBytes of [0, 4 * MIB]) {
  test(`blobs on a full disk, reserve ${reserveBytes}`, { skip: needsRoot }, async () => {
    await using disk = await mountSmallDisk(24 * MIB);
    await using blobs = await openFileBlobs({ path: join(disk.path, 'blobs'), reserveBytes });
    const data = pattern(3 * MIB);
    const ids = await Promise.allSettled(Array.from({ length: 12 }, () => storeBlob(blobs, data)));
    const sealed = ids.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    for (const outcome of ids) {
      if (outcome.status === 'rejected') assert.ok(outcome.reason instanceof StoreFullError, String(outcome.reason));
    }
    assert.ok(sealed.length < ids.length);
    for (const id of sealed) assert.ok((await load(blobs, id, { start: 0, end: data.length })).equals(data));
    await disk.resize(64 * MIB);
    await storeBlob(blobs, data);
  });
}

test('a refused blob gives its room back', { skip: needsRoot }, async () => {
  await using disk = await mountSmallDisk(8 * MIB);
  await using blobs = await openFileBlobs({ path: join(disk.path, 'blobs'), reserveBytes: 0 });
  for (let round = 0; round < 3; round++) await assert.rejects(storeBlob(blobs, pattern(10 * MIB)), StoreFullError);
  await using staged = await blobs.stage(newBlobId(Date.now()), POOL);
  await staged.write(pattern(6 * MIB));
  assert.equal(await staged.seal(), 6 * MIB);
});

const everything = { start: Buffer.from(' '), end: Buffer.from('~'), limit: 1_000 };

async function put(store: MetadataStore, key: string, sizeBytes: number): Promise<void> {
  await store.transact(async (transaction) => {
    await transaction.get(Buffer.from(key));
    transaction.put(Buffer.from(key), Buffer.alloc(sizeBytes, key.length));
    transaction.add(Buffer.from('counter'), BigInt(sizeBytes));
  });
}

async function administer(store: MetadataStore, key: string, sizeBytes: number): Promise<void> {
  const write = async (transaction: Transaction): Promise<void> =>
    transaction.put(Buffer.from(key), Buffer.alloc(sizeBytes, key.length));
  await store.transact(write, { administrative: true });
}

/** Many writers at once, each until it is refused; answers the keys that were acknowledged. */
async function putUntilFull(store: MetadataStore, prefix: string): Promise<string[]> {
  const acknowledged: string[] = [];
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let i = 0; ; i++) {
      const key = `${prefix}-${writer}-${i}`;
      try {
        await put(store, key, 3_000 + ((writer * 7 + i) % 5) * 3_500);
      } catch (error) {
        assert.ok(error instanceof StoreFullError, String(error));
        return;
      }
      acknowledged.push(key);
    }
  });
  await Promise.all(writers);
  return acknowledged;
}

async function assertAll(store: MetadataStore, keys: readonly string[]): Promise<void> {
  await store.read(async (snapshot) => {
    for (const key of keys) {
      const value = await snapshot.get(Buffer.from(key));
      assert.ok(value !== undefined && value.every((byte) => byte === key.length), key);
    }
  });
}
