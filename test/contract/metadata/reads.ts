// Keys, values, ranges, snapshots.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { keyAfter } from '../../../src/metadata/keys.ts';
import type { Entry, Snapshot } from '../../../src/metadata/metadata-store.ts';
import { MAX_KEY_BYTES } from '../../../src/metadata/metadata-store.ts';
import type { MetadataAdapter } from '../adapters.ts';
import { bytes, get, medianMs, openIn, put, text } from '../fixture.ts';

const keysOf = (entries: readonly Entry[]): (string | undefined)[] => entries.map(({ key }) => text(key));
const hex = (entries: readonly Entry[]): string[] => entries.map(({ key }) => Buffer.from(key).toString('hex'));

export function readTests(adapter: MetadataAdapter): void {
  test('a key that was never written has no value', async () => {
    await using fixture = await openIn(adapter);
    assert.equal(await get(fixture.store, 'absent'), undefined);
  });

  test('values of every size come back as they were put, the empty one included', async () => {
    await using fixture = await openIn(adapter);
    const sizes = [0, 1, 2_000, 4_096, 16_384, 40_000, 1_000_000];
    await fixture.store.transact(async (transaction) => {
      for (const size of sizes) transaction.put(bytes(`size-${size}`), Buffer.alloc(size, size % 251));
    });
    const values = await fixture.store.read((snapshot) => snapshot.getMany(sizes.map((size) => bytes(`size-${size}`))));
    for (const [index, size] of sizes.entries()) {
      assert.deepEqual(Buffer.from(values[index] ?? []), Buffer.alloc(size, size % 251));
      assert.equal(values[index]?.length, size);
    }
  });

  test('a value stays what it was after later commits, and changing it changes nothing in the store', async () => {
    await using fixture = await openIn(adapter);
    await put(fixture.store, 'key', 'first');
    const value = await fixture.store.read((snapshot) => snapshot.get(bytes('key')));
    const range = { start: bytes('key'), end: bytes('kez'), limit: 1 };
    const [entry] = await fixture.store.read((snapshot) => snapshot.range(range));
    for (let i = 0; i < 20; i++) await put(fixture.store, 'key', `other ${i}`);
    assert.deepEqual([text(value), text(entry?.value)], ['first', 'first']);
    value?.fill(0);
    assert.equal(await get(fixture.store, 'key'), 'other 19');
  });

  test('getMany answers in the order asked, with gaps and repetitions', async () => {
    await using fixture = await openIn(adapter);
    await put(fixture.store, 'a', '1');
    await put(fixture.store, 'b', '2');
    const values = await fixture.store.read((snapshot) => snapshot.getMany(['b', 'x', 'a', 'b'].map(bytes)));
    assert.deepEqual(values.map(text), ['2', undefined, '1', '2']);
  });

  test('looking values up parses each at once, finds what was just committed, and tells of absent ones', async () => {
    await using fixture = await openIn(adapter);
    const large = Buffer.alloc(100_000, 7);
    await fixture.store.transact(async (transaction) => transaction.put(bytes('large'), large));
    for (const value of ['first', 'second']) {
      await put(fixture.store, 'a', value);
      const parsed = await fixture.store.lookUp(
        { key: bytes('a'), parse: text },
        { key: bytes('absent'), parse: (nothing) => nothing === undefined },
        { key: bytes('large'), parse: (found) => found?.length },
        { key: bytes('large'), parse: (found) => Buffer.from(found ?? []).equals(large) },
        { key: bytes('a'), parse: (found) => Buffer.from(found ?? []).byteLength },
      );
      assert.deepEqual(parsed, [value, true, large.length, true, value.length]);
    }
    await fixture.store.read(async (snapshot) => {
      await put(fixture.store, 'a', 'third');
      assert.deepEqual(await fixture.store.lookUp({ key: bytes('a'), parse: text }), ['third']);
      assert.equal(text(await snapshot.get(bytes('a'))), 'second');
    });
    await assert.rejects(fixture.store.lookUp({ key: Buffer.alloc(0), parse: text }), RangeError);
    const fail = fixture.store.lookUp({ key: bytes('a'), parse: () => assert.fail('not this') });
    await assert.rejects(fail, /not this/);
  });

  test('keys are in the order of their unsigned bytes, a prefix before what it begins', async () => {
    await using fixture = await openIn(adapter);
    const ordered = [
      '00',
      '0000',
      '0001',
      '00ff',
      '01',
      '61',
      '6100',
      '61ff',
      '7f',
      '80',
      'c3a9',
      'f09f9880',
      'ff',
      'ffff',
    ];
    const keys = ordered.map((key) => Buffer.from(key, 'hex'));
    await fixture.store.transact(async (transaction) => {
      for (const key of keys.toReversed()) transaction.put(key, key);
    });
    const all = { start: Buffer.of(0), end: Buffer.alloc(3, 0xff), limit: 100 };
    assert.deepEqual(hex(await fixture.store.read((snapshot) => snapshot.range(all))), ordered);
    const reversed = await fixture.store.read((snapshot) => snapshot.range({ ...all, reverse: true }));
    assert.deepEqual(hex(reversed), ordered.toReversed());
  });

  test('a range includes its start, excludes its end and stops at its limit, in both directions', async () => {
    await using fixture = await openIn(adapter);
    for (const key of ['a', 'b', 'c', 'd', 'e']) await put(fixture.store, key, key);
    const range = async (start: string, end: string, limit: number, reverse: boolean) =>
      keysOf(await fixture.store.read((s) => s.range({ start: bytes(start), end: bytes(end), limit, reverse })));
    assert.deepEqual(await range('b', 'd', 10, false), ['b', 'c']);
    assert.deepEqual(await range('b', 'd', 10, true), ['c', 'b']);
    assert.deepEqual(await range('aa', 'cc', 10, true), ['c', 'b']);
    assert.deepEqual(await range('a', 'f', 2, false), ['a', 'b']);
    assert.deepEqual(await range('a', 'f', 2, true), ['e', 'd']);
    assert.deepEqual(await range('e', 'zzz', 10, true), ['e']);
    assert.deepEqual(await range('f', 'z', 10, true), []);
    assert.deepEqual(await range('c', 'c', 10, false), []);
    assert.deepEqual(await range('d', 'b', 10, false), []);
    assert.deepEqual(await range('d', 'b', 10, true), []);
  });

  test('a range of keys only has the same keys, in a snapshot and among the writes of a transaction', async () => {
    await using fixture = await openIn(adapter);
    for (const key of ['a', 'b', 'c']) await put(fixture.store, key, key);
    const range = { start: bytes('a'), end: bytes('z'), limit: 3, keysOnly: true };
    assert.deepEqual(keysOf(await fixture.store.read((snapshot) => snapshot.range(range))), ['a', 'b', 'c']);
    const reversed = await fixture.store.read((snapshot) => snapshot.range({ ...range, reverse: true, limit: 2 }));
    assert.deepEqual(keysOf(reversed), ['c', 'b']);
    const seen = await fixture.store.transact(async (transaction) => {
      transaction.delete(bytes('a'));
      transaction.put(bytes('bb'), bytes('new'));
      return keysOf(await transaction.range(range));
    });
    assert.deepEqual(seen, ['b', 'bb', 'c']);
  });

  test('a key of the greatest length is stored, found and ranged over; a longer or an empty one is refused', async () => {
    await using fixture = await openIn(adapter);
    const longest = Buffer.alloc(MAX_KEY_BYTES, 0x6b);
    await fixture.store.transact(async (transaction) => transaction.put(longest, bytes('kept')));
    const found = await fixture.store.read((s) => s.range({ start: longest, end: keyAfter(longest), limit: 5 }));
    assert.deepEqual([found.length, text(found[0]?.value)], [1, 'kept']);
    const after = await fixture.store.read((s) => s.range({ start: keyAfter(longest), end: bytes('z'), limit: 5 }));
    assert.deepEqual(after, []);
    const before = await fixture.store.read((s) =>
      s.range({ start: bytes('a'), end: keyAfter(longest), limit: 5, reverse: true }),
    );
    assert.equal(before.length, 1);
    for (const key of [Buffer.alloc(MAX_KEY_BYTES + 1, 1), Buffer.alloc(0)]) {
      const write = fixture.store.transact(async (transaction) => {
        transaction.put(bytes('beside'), bytes('x'));
        transaction.put(key, bytes('x'));
      });
      await assert.rejects(write, RangeError);
      await assert.rejects(
        fixture.store.read((snapshot) => snapshot.get(key)),
        RangeError,
      );
    }
    assert.equal(await get(fixture.store, 'beside'), undefined);
  });

  test('a snapshot does not move while others commit, and the next one has what they wrote', async () => {
    await using fixture = await openIn(adapter);
    await put(fixture.store, 'a', 'old');
    await fixture.store.read(async (snapshot) => {
      for (let i = 0; i < 10; i++) await put(fixture.store, `new-${i}`, 'x');
      await put(fixture.store, 'a', 'new');
      assert.equal(text(await snapshot.get(bytes('a'))), 'old');
      assert.deepEqual(keysOf(await snapshot.range({ start: bytes('a'), end: bytes('z'), limit: 99 })), ['a']);
      assert.equal(await get(fixture.store, 'a'), 'new');
      assert.equal(text(await snapshot.get(bytes('a'))), 'old');
    });
  });

  test('snapshots held open while others commit stay whole, however many there are', async () => {
    await using fixture = await openIn(adapter);
    await move(fixture.store, 0);
    const over = new AbortController();
    const mover = (async () => {
      while (!over.signal.aborted) await move(fixture.store, Math.floor(Math.random() * 100));
    })();
    const readers = Array.from({ length: 100 }, async () => {
      for (let i = 0; i < 10; i++) assert.equal(await slowSum(fixture.store), 100);
    });
    await Promise.all(readers);
    over.abort();
    await mover;
  });

  test('closing waits for the reads that run and refuses new ones', async () => {
    await using fixture = await openIn(adapter);
    await put(fixture.store, 'a', '1');
    const reading = fixture.store.read(async (snapshot) => {
      await sleep(30);
      return text(await snapshot.get(bytes('a')));
    });
    await fixture.store[Symbol.asyncDispose]();
    assert.equal(await reading, '1');
    await assert.rejects(get(fixture.store, 'a'), { name: 'StoreUnavailableError' });
  });

  test('a snapshot is of no use after its read', async () => {
    await using fixture = await openIn(adapter);
    const leaked = await fixture.store.read(async (snapshot): Promise<Snapshot> => snapshot);
    await assert.rejects(leaked.get(bytes('a')), /closed/);
  });

  test('one seek finds the next key behind 20,000 others as fast as behind 10', async () => {
    await using fixture = await openIn(adapter);
    await fill(fixture.store, 'few/', 10);
    await fill(fixture.store, 'many/', 20_000);
    await put(fixture.store, 'z', 'last');
    const seek = (start: string) => () =>
      fixture.store.read((snapshot) => snapshot.range({ start: bytes(start), end: bytes('zz'), limit: 1 }));
    const few = await medianMs(seek('few0'));
    const many = await medianMs(seek('many0'));
    // Walking over 20,000 keys takes 10 ms and more.
    assert.ok(many < few + 3, `${many} ms behind many keys, ${few} ms behind few`);
  });
}

/** Moves between two keys that hold 100 together. */
async function move(store: Store, first: number): Promise<void> {
  await store.transact(async (transaction) => {
    transaction.put(bytes('first'), bytes(`${first}`));
    transaction.put(bytes('second'), bytes(`${100 - first}`));
  });
}

async function slowSum(store: Store): Promise<number> {
  return store.read(async (snapshot) => {
    const first = await snapshot.get(bytes('first'));
    await sleep(Math.random() * 5);
    const [entry] = await snapshot.range({ start: bytes('second'), end: bytes('t'), limit: 1 });
    await sleep(Math.random() * 5);
    const again = await snapshot.get(bytes('first'));
    assert.equal(text(again), text(first));
    return Number(text(first)) + Number(text(entry?.value));
  });
}

type Store = Awaited<ReturnType<MetadataAdapter['open']>>;

async function fill(store: Store, prefix: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += 2_000) {
    await store.transact(async (transaction) => {
      for (let i = from; i < Math.min(count, from + 2_000); i++) transaction.put(bytes(`${prefix}${i}`), bytes('x'));
    });
  }
}
