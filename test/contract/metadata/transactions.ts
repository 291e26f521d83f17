// Serializable, all or nothing, own writes visible.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Entry, MetadataStore, Transaction } from '../../../src/metadata/metadata-store.ts';
import { TransactionConflictError } from '../../../src/metadata/metadata-store.ts';
import type { MetadataAdapter } from '../adapters.ts';
import { bytes, get, openIn, put, text } from '../fixture.ts';

const pairs = (entries: readonly Entry[]): string[] => entries.map(({ key, value }) => `${text(key)}=${text(value)}`);
const times = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const everything = { start: bytes(' '), end: bytes('~'), limit: 1_000 };

export function transactionTests(adapter: MetadataAdapter): void {
  test('a transaction reads its own puts and deletes', async () => {
    await using fixture = await openIn(adapter);
    await put(fixture.store, 'gone', 'x');
    await fixture.store.transact(async (transaction) => {
      transaction.put(bytes('new'), bytes('1'));
      transaction.delete(bytes('gone'));
      assert.deepEqual((await transaction.getMany([bytes('new'), bytes('gone')])).map(text), ['1', undefined]);
      transaction.put(bytes('new'), bytes('2'));
      assert.equal(text(await transaction.get(bytes('new'))), '2');
    });
    assert.deepEqual([await get(fixture.store, 'new'), await get(fixture.store, 'gone')], ['2', undefined]);
  });

  test('ranges of a transaction mix its own writes in, up to the limit, in both directions', async () => {
    await using fixture = await openIn(adapter);
    for (const key of ['a', 'c', 'e', 'g', 'i']) await put(fixture.store, key, 'stored');
    await fixture.store.transact(async (transaction) => {
      for (const key of ['a', 'c']) transaction.delete(bytes(key));
      for (const key of ['b', 'h', 'z']) transaction.put(bytes(key), bytes('own'));
      const range = { start: bytes('a'), end: bytes('j'), limit: 3 };
      assert.deepEqual(pairs(await transaction.range(range)), ['b=own', 'e=stored', 'g=stored']);
      const reversed = await transaction.range({ ...range, reverse: true });
      assert.deepEqual(pairs(reversed), ['i=stored', 'h=own', 'g=stored']);
    });
  });

  test('what fn throws comes out and nothing is written', async () => {
    await using fixture = await openIn(adapter);
    const failing = fixture.store.transact(async (transaction) => {
      transaction.put(bytes('a'), bytes('x'));
      throw new Error('no');
    });
    await assert.rejects(failing, /^Error: no$/);
    assert.equal(await get(fixture.store, 'a'), undefined);
  });

  test('a key or value changed by its owner after the call is stored as it was', async () => {
    await using fixture = await openIn(adapter);
    const key = Buffer.from('key-1');
    await fixture.store.transact(async (transaction) => {
      transaction.put(key, bytes('first'));
      key.write('key-2');
      transaction.put(key, bytes('second'));
    });
    assert.deepEqual([await get(fixture.store, 'key-1'), await get(fixture.store, 'key-2')], ['first', 'second']);
  });

  test('a handle that leaked out of its transaction throws', async () => {
    await using fixture = await openIn(adapter);
    const leaked = await fixture.store.transact(async (transaction): Promise<Transaction> => transaction);
    assert.throws(() => leaked.put(bytes('a'), bytes('x')), /over/);
    await assert.rejects(leaked.get(bytes('a')), /over/);
  });

  test('of many that create the same key if it is absent, one wins', async () => {
    await using fixture = await openIn(adapter);
    for (const round of times(5)) {
      const outcomes = await Promise.all(times(30).map((writer) => create(fixture.store, `key-${round}`, `${writer}`)));
      const winners = times(30).filter((writer) => outcomes[writer] === true);
      assert.equal(winners.length, 1);
      assert.equal(await get(fixture.store, `key-${round}`), `${winners[0]}`);
    }
  });

  test('no increment is lost among concurrent read-modify-writes', async () => {
    await using fixture = await openIn(adapter);
    await Promise.all(times(60).map(() => increment(fixture.store, 'number')));
    assert.equal(await get(fixture.store, 'number'), '60');
  });

  test('write skew: two that each rely on what the other changes do not both commit', async () => {
    await using fixture = await openIn(adapter);
    await put(fixture.store, 'doctor-a', 'on call');
    await put(fixture.store, 'doctor-b', 'on call');
    const leave = async (who: string, other: string): Promise<boolean> =>
      fixture.store.transact(async (transaction) => {
        if (text(await transaction.get(bytes(other))) !== 'on call') return false;
        transaction.put(bytes(who), bytes('off'));
        return true;
      });
    const left = await Promise.all([leave('doctor-a', 'doctor-b'), leave('doctor-b', 'doctor-a')]);
    assert.equal(left.filter(Boolean).length, 1);
  });

  test('phantoms: of many that each find a range empty and put into it, one does', async () => {
    await using fixture = await openIn(adapter);
    const added = await Promise.all(times(20).map((writer) => addToEmptyRange(fixture.store, `seat-${writer}`)));
    assert.equal(added.filter(Boolean).length, 1);
    const seats = await fixture.store.read((snapshot) => snapshot.range(everything));
    assert.equal(seats.length, 1);
  });

  test('a range that was read and lost an entry, or whose entry changed, is a conflict', async () => {
    await using fixture = await openIn(adapter);
    for (const change of [
      (t: Transaction) => t.delete(bytes('b')),
      (t: Transaction) => t.put(bytes('b'), bytes('2')),
    ]) {
      for (const key of ['a', 'b', 'c']) await put(fixture.store, key, '1');
      let runs = 0;
      await fixture.store.transact(async (transaction) => {
        runs++;
        const entries = await transaction.range({ start: bytes('a'), end: bytes('d'), limit: 10, reverse: true });
        if (runs === 1) await fixture.store.transact(async (other) => change(other));
        transaction.put(bytes('read'), bytes(pairs(entries).join()));
      });
      assert.equal(runs, 2);
    }
    assert.equal(await get(fixture.store, 'read'), 'c=1,b=2,a=1');
  });

  test('what was assumed and is not so is a conflict, and read the next time', async () => {
    await using fixture = await openIn(adapter);
    for (const [stored, assumed] of [
      [undefined, undefined],
      ['1', '1'],
      ['1', undefined],
      [undefined, '1'],
      ['1', '2'],
    ]) {
      await fixture.store.transact(async (transaction) => transaction.delete(bytes('a')));
      if (stored !== undefined) await put(fixture.store, 'a', stored);
      let runs = 0;
      await fixture.store.transact(async (transaction) => {
        runs++;
        if (runs === 1) transaction.assume(bytes('a'), assumed === undefined ? undefined : bytes(assumed));
        const value = await transaction.get(bytes('a'));
        transaction.put(bytes('seen'), bytes(value === undefined ? 'nothing' : Buffer.from(value).toString()));
      });
      assert.equal(runs, stored === assumed ? 1 : 2, `${stored} is there, ${assumed} was assumed`);
      assert.equal(await get(fixture.store, 'seen'), stored ?? 'nothing');
    }
  });

  test('what changes behind the limit of a range, or beside the keys read, is no conflict', async () => {
    await using fixture = await openIn(adapter);
    for (const key of ['a', 'b', 'c']) await put(fixture.store, key, '1');
    let runs = 0;
    await fixture.store.transact(async (transaction) => {
      runs++;
      await transaction.range({ start: bytes('a'), end: bytes('z'), limit: 2 });
      await transaction.get(bytes('x'));
      for (const key of ['c', 'd', 'y']) await put(fixture.store, key, 'changed');
      transaction.put(bytes('done'), bytes('1'));
    });
    assert.equal(runs, 1);
  });

  test('a transaction without writes sees one moment, even when its keys change meanwhile', async () => {
    await using fixture = await openIn(adapter);
    await put(fixture.store, 'a', '0');
    let runs = 0;
    const seen = await fixture.store.transact(async (transaction) => {
      runs++;
      const a = text(await transaction.get(bytes('a')));
      if (runs === 1) await put(fixture.store, 'a', '1');
      return [a, text(await transaction.get(bytes('a')))];
    });
    assert.deepEqual([seen, runs], [['1', '1'], 2]);
  });

  test('a transaction that always loses gives up, having written nothing', async () => {
    await using fixture = await openIn(adapter);
    const losing = fixture.store.transact(async (transaction) => {
      const value = Number(text(await transaction.get(bytes('a'))) ?? '0');
      await put(fixture.store, 'a', String(value + 1));
      transaction.put(bytes('b'), bytes('never'));
    });
    await assert.rejects(losing, TransactionConflictError);
    assert.equal(await get(fixture.store, 'b'), undefined);
  });
}

async function create(store: MetadataStore, key: string, value: string): Promise<boolean> {
  return store.transact(async (transaction) => {
    if ((await transaction.get(bytes(key))) !== undefined) return false;
    transaction.put(bytes(key), bytes(value));
    return true;
  });
}

async function increment(store: MetadataStore, key: string): Promise<void> {
  await store.transact(async (transaction) => {
    const value = Number(text(await transaction.get(bytes(key))) ?? '0');
    transaction.put(bytes(key), bytes(String(value + 1)));
  });
}

async function addToEmptyRange(store: MetadataStore, key: string): Promise<boolean> {
  return store.transact(async (transaction) => {
    if ((await transaction.range(everything)).length > 0) return false;
    transaction.put(bytes(key), bytes('taken'));
    return true;
  });
}
