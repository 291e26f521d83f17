// Counters: exact, without conflicts, never above their limit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetadataStore } from '../../../src/metadata/metadata-store.ts';
import { CounterLimitError } from '../../../src/metadata/metadata-store.ts';
import type { MetadataAdapter } from '../adapters.ts';
import { bytes, get, openIn } from '../fixture.ts';

const counter = bytes('counter');
const count = (store: MetadataStore): Promise<bigint> => store.read((snapshot) => snapshot.count(counter));
const add = (store: MetadataStore, delta: bigint, atMost?: bigint): Promise<void> =>
  store.transact(async (transaction) => transaction.add(counter, delta, atMost));

export function counterTests(adapter: MetadataAdapter): void {
  test('a counter begins at 0, goes up and down, below 0 and beyond 64 bits', async () => {
    await using fixture = await openIn(adapter);
    assert.equal(await count(fixture.store), 0n);
    await add(fixture.store, 5n);
    await add(fixture.store, -7n);
    assert.equal(await count(fixture.store), -2n);
    await add(fixture.store, 2n ** 70n);
    assert.equal(await count(fixture.store), 2n ** 70n - 2n);
  });

  test('concurrent adders lose nothing and never run again', async () => {
    await using fixture = await openIn(adapter);
    let runs = 0;
    const adders = Array.from({ length: 100 }, (_, index) =>
      fixture.store.transact(async (transaction) => {
        runs++;
        await transaction.count(counter);
        transaction.add(counter, BigInt(index));
      }),
    );
    await Promise.all(adders);
    assert.deepEqual([await count(fixture.store), runs], [4950n, 100]);
  });

  test('an add that would pass its limit writes nothing of its transaction', async () => {
    await using fixture = await openIn(adapter);
    await add(fixture.store, 8n, 8n);
    const over = fixture.store.transact(async (transaction) => {
      transaction.put(bytes('beside'), bytes('x'));
      transaction.add(counter, 1n, 8n);
    });
    await assert.rejects(over, (error) => {
      assert.ok(error instanceof CounterLimitError);
      assert.deepEqual(Buffer.from(error.counterKey), Buffer.from(counter));
      return true;
    });
    assert.deepEqual([await count(fixture.store), await get(fixture.store, 'beside')], [8n, undefined]);
  });

  test('a limit holds to the last unit under concurrent adders', async () => {
    await using fixture = await openIn(adapter);
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => add(fixture.store, 10n, 105n)));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 10);
    assert.equal(await count(fixture.store), 100n);
  });

  test('a transaction sees what it added, and its adds to one counter are one', async () => {
    await using fixture = await openIn(adapter);
    await add(fixture.store, 1n);
    await fixture.store.transact(async (transaction) => {
      transaction.add(counter, 2n);
      transaction.add(counter, 3n);
      assert.equal(await transaction.count(counter), 6n);
    });
    assert.equal(await count(fixture.store), 6n);
    const over = fixture.store.transact(async (transaction) => {
      transaction.add(counter, 4n, 9n);
      transaction.add(counter, 5n);
    });
    await assert.rejects(over, CounterLimitError);
  });

  test('a deleted counter is 0 again, and an add after the delete counts from there', async () => {
    await using fixture = await openIn(adapter);
    await add(fixture.store, 9n);
    await fixture.store.transact(async (transaction) => {
      transaction.add(counter, 1n);
      transaction.delete(counter);
      assert.equal(await transaction.count(counter), 0n);
      transaction.add(counter, 2n);
    });
    assert.equal(await count(fixture.store), 2n);
    await fixture.store.transact(async (transaction) => transaction.delete(counter));
    assert.equal(await count(fixture.store), 0n);
  });

  test('a transaction that fails takes nobody else with it', async () => {
    await using fixture = await openIn(adapter);
    await fixture.store.transact(async (transaction) => transaction.put(bytes('not-a-number'), bytes('text')));
    const outcomes = await Promise.allSettled([
      add(fixture.store, 1n),
      fixture.store.transact(async (transaction) => transaction.add(bytes('not-a-number'), 1n)),
      add(fixture.store, 1n),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.equal(await count(fixture.store), 2n);
  });
}
