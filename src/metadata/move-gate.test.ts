import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { encodeKey, tables } from './keys.ts';
import { openLmdbStore } from './lmdb.ts';
import type { MetadataStore } from './metadata-store.ts';
import { StoreReadOnlyError, withMoveGate } from './move-gate.ts';
import { changedKeysRange, type MoveRecord, putMove, readChangedKeys, readMove } from './move-record.ts';
import { byteText } from './recorded-transaction.ts';

const key = encodeKey(tables.account, 'a');
const lease = encodeKey(tables.jobLease, 'jobs');
const value = Buffer.from('1');
const copying: MoveRecord = { v: 1, moveId: 'm', holder: 'h', to: 'elsewhere', state: 'copying' };

type Opened = AsyncDisposable & { readonly store: MetadataStore; readonly gated: MetadataStore; now: number };

async function open(): Promise<Opened> {
  const path = await mkdtemp(join(tmpdir(), 'move-gate-'));
  const store = await openLmdbStore({ path, reserveBytes: 0 });
  const opened: Opened = {
    now: 1_000,
    store,
    gated: withMoveGate(store, () => opened.now),
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await rm(path, { recursive: true });
    },
  };
  return opened;
}

const put = (store: MetadataStore, at = key): Promise<void> =>
  store.transact(async (transaction) => transaction.put(at, value));
const set = (store: MetadataStore, move: MoveRecord): Promise<void> =>
  store.transact(async (transaction) => putMove(transaction, move));
const told = (store: MetadataStore): Promise<string[]> =>
  store.read(async (snapshot) => {
    const rows = await snapshot.range({ ...changedKeysRange(), limit: 100 });
    return rows.flatMap((row) => readChangedKeys(row.value)).map(byteText);
  });

test('as long as nothing moves, commits tell nothing', async () => {
  await using opened = await open();
  await put(opened.gated);
  assert.deepEqual(await told(opened.store), []);
});

test('from the moment a move begins every commit tells its keys, puts, deletes and counts', async () => {
  await using opened = await open();
  await put(opened.gated);
  await set(opened.store, copying);
  await put(opened.gated);
  await opened.gated.transact(async (transaction) => transaction.delete(key));
  const counter = encodeKey(tables.usage, 'c');
  await opened.gated.transact(async (transaction) => transaction.add(counter, 1n));
  await put(opened.gated, lease);
  assert.deepEqual((await told(opened.store)).toSorted(), [byteText(key), byteText(key), byteText(counter)].toSorted());
});

test('a commit that began before the move and ends after its begin tells its keys too', async () => {
  await using opened = await open();
  let runs = 0;
  await opened.gated.transact(async (transaction) => {
    transaction.put(key, value);
    if (++runs === 1) await set(opened.store, copying);
  });
  assert.equal(runs, 2);
  assert.deepEqual(await told(opened.store), [byteText(key)]);
});

test('during the cut-over writes are refused, leases and reads are not', async () => {
  await using opened = await open();
  await set(opened.store, { ...copying, state: 'read-only', until: 2_000 });
  await assert.rejects(put(opened.gated), StoreReadOnlyError);
  await put(opened.gated, lease);
  assert.equal(await opened.gated.read((snapshot) => snapshot.get(key)), undefined);
});

test('when the mover dies during the cut-over writes go on, told, and the mover finds the store open', async () => {
  await using opened = await open();
  await set(opened.store, { ...copying, state: 'read-only', until: 2_000 });
  opened.now = 2_000;
  await put(opened.gated);
  assert.deepEqual(await told(opened.store), [byteText(key)]);
  assert.deepEqual(await opened.store.read(readMove), copying);
});

test('a store that was moved takes no writes ever again, whatever the time', async () => {
  await using opened = await open();
  await set(opened.store, { ...copying, state: 'moved' });
  opened.now = Number.MAX_SAFE_INTEGER;
  await assert.rejects(put(opened.gated), /was moved to elsewhere/);
});
