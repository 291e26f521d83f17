// What is particular to the PostgreSQL store: how it counts, how many round trips it takes, which plans the server makes.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { CounterLimitError, type MetadataStore } from '../../src/metadata/metadata-store.ts';
import { openPostgresStore } from '../../src/metadata/postgres.ts';
import { bytes, get, put } from '../contract/fixture.ts';
import { postgresOptions, sharePostgres } from '../support/postgres.ts';
import { startProxy } from '../support/tcp-proxy.ts';

const server = await sharePostgres();
after(() => server[Symbol.asyncDispose]());

const counter = bytes('counter');

test('counters of two gateways, with limits that come, change and go, are as exact as one number', async () => {
  const options = postgresOptions('counters');
  await using a = await openPostgresStore(options);
  await using b = await openPostgresStore(options);
  // Few limits, so that room is given under them, and adds that fit into it as well as those that fill the rest.
  const most = fc.constantFrom(640n, 640n, 900n, undefined);
  const amount = fc.oneof(fc.bigInt(0n, 9n), fc.bigInt(-300n, 0n), fc.bigInt(0n, 400n));
  const add = fc.record({ on: fc.constantFrom(a, b), delta: amount, limit: most });
  await fc.assert(
    fc.asyncProperty(fc.array(add, { minLength: 30, maxLength: 40, size: 'max' }), async (adds) => {
      await a.transact(async (t) => t.delete(counter));
      let model = 0n;
      for (const { on, delta, limit } of adds) {
        const isOver = limit !== undefined && model + delta > limit;
        assert.equal(await tryAdd(on, delta, limit), !isOver, `${model} + ${delta}, at most ${limit}`);
        if (!isOver) model += delta;
        assert.equal(await b.read((snapshot) => snapshot.count(counter)), model);
      }
    }),
    { numRuns: 12 },
  );
});

test('what a gateway may add by itself under one limit it may not when the limit changed or went', async () => {
  const options = postgresOptions('changing_limits');
  await using a = await openPostgresStore(options);
  await using b = await openPostgresStore(options);
  for (const [most, other] of [
    [undefined, 640n],
    [2_000n, 640n],
  ] as const) {
    await a.transact(async (t) => t.delete(counter));
    assert.equal(await tryAdd(a, 5n, other), true);
    assert.equal(await tryAdd(b, 1_000n, most), true);
    assert.equal(await tryAdd(a, 1n, other), false);
    assert.equal(await tryAdd(a, 1n, most), true);
  }
});

test('a limit holds among gateways that add at the same time, and is reached', async () => {
  const options = postgresOptions('limits');
  await using stores = new AsyncDisposableStack();
  const gateways = await Promise.all([1, 2, 3].map(async () => stores.use(await openPostgresStore(options))));
  const adders = gateways.flatMap((store) =>
    Array.from({ length: 60 }, async (_, index) => {
      if (index % 10 === 9) await tryAdd(store, -3n, undefined);
      return tryAdd(store, 7n, 700n);
    }),
  );
  const added = (await Promise.all(adders)).filter(Boolean).length;
  const count = await gateways[0]?.read((snapshot) => snapshot.count(counter));
  assert.equal(count, BigInt(added) * 7n - 18n * 3n);
  assert.ok(count <= 700n && count > 700n - 7n - 18n * 3n, `${count}`);
});

test('of a transaction with several limits, one that is passed undoes all, and no other transaction', async () => {
  await using store = await openPostgresStore(postgresOptions('several_limits'));
  const both = (first: bigint, second: bigint): Promise<boolean> =>
    outcome(
      store.transact(async (t) => {
        t.add(bytes('first'), first, 10n);
        t.add(bytes('second'), second, 10n);
      }),
    );
  assert.equal(await both(5n, 5n), true);
  const outcomes = await Promise.all([both(1n, 9n), both(2n, 2n), put(store, 'beside', 'x')]);
  assert.deepEqual(outcomes.slice(0, 2), [false, true]);
  const counts = await store.read((s) => Promise.all([s.count(bytes('first')), s.count(bytes('second'))]));
  assert.deepEqual([...counts, await get(store, 'beside')], [7n, 7n, 'x']);
});

test('counters are keys like others for who reads all', async () => {
  await using store = await openPostgresStore(postgresOptions('counters_as_keys'));
  await store.transact(async (t) => t.add(counter, 5n));
  await store.transact(async (t) => t.add(counter, 6n, 100n));
  assert.equal(await get(store, 'counter'), '11');
  const [entry] = await store.read((s) => s.range({ start: bytes('a'), end: bytes('z'), limit: 5 }));
  assert.equal(Buffer.from(entry?.value ?? []).toString(), '11');
  await put(store, 'counter', '3');
  await store.transact(async (t) => t.add(counter, 1n));
  assert.equal(await get(store, 'counter'), '4');
});

test('reads that are asked for together take one round trip, commits one, further reads of a snapshot one each', async () => {
  await using proxy = await startProxy({ host: '127.0.0.1', port: server.port });
  const hosts = [{ host: '127.0.0.1', port: proxy.port }] as const;
  await using store = await openPostgresStore({ ...postgresOptions('round_trips'), hosts });
  await put(store, 'a', '1');
  await get(store, 'a');
  let trips = 0;
  proxy.onAnswered = (answer) => {
    // The end of a snapshot is answered too, but nobody waits for it.
    if (!isReadyForQuery(answer)) trips++;
    return true;
  };
  const count = async (work: () => Promise<unknown>): Promise<number> => {
    await sleep(20);
    trips = 0;
    await work();
    return trips;
  };
  const range = { start: bytes('a'), end: bytes('b'), limit: 2 };
  const together = await count(() =>
    store.read((s) =>
      Promise.all([s.get(bytes('a')), s.getMany([bytes('b'), bytes('c')]), s.range(range), s.count(counter)]),
    ),
  );
  const oneByOne = await count(() =>
    store.read(async (s) => {
      await s.get(bytes('a'));
      await s.range(range);
    }),
  );
  const blind = await count(() => put(store, 'b', '1'));
  const readAndWrite = await count(() =>
    store.transact(async (t) => {
      await t.getMany([bytes('a'), bytes('b')]);
      t.put(bytes('a'), bytes('2'));
    }),
  );
  assert.deepEqual(
    { together, oneByOne, blind, readAndWrite },
    { together: 1, oneByOne: 2, blind: 1, readAndWrite: 2 },
  );
});

test('every statement goes by the key: nothing is ever scanned, however small or new the table', async () => {
  const schema = 'plans';
  await using store = await openPostgresStore(postgresOptions(schema));
  const read = async (): Promise<number> => {
    // Servers tell of what they did with a delay.
    await sleep(1_200);
    const { rows } = await server.execute(
      `SELECT sum(seq_tup_read + idx_tup_read) AS rows FROM pg_stat_user_tables t JOIN
        (SELECT relid, sum(idx_tup_read) AS idx_tup_read FROM pg_stat_user_indexes GROUP BY relid) i USING (relid)
        WHERE schemaname = '${schema}'`,
    );
    return Number(Object(rows[0]).rows);
  };
  // The plans are made now, when there is nothing, and kept.
  await exercise(store);
  for (let from = 0; from < 20_000; from += 5_000) {
    await store.transact(async (t) => {
      for (let i = from; i < from + 5_000; i++) t.put(bytes(`key-${i}`), bytes('x'));
    });
  }
  const before = await read();
  await exercise(store);
  const first = (await read()) - before;
  await server.execute(`ANALYZE ${schema}.entries`);
  await exercise(store);
  const second = (await read()) - before - first;
  assert.ok(first > 50 && first < 1_000, `${first} rows read`);
  assert.ok(second > 50 && second < 1_000, `${second} rows read`);
});

async function exercise(store: MetadataStore): Promise<void> {
  const range = { start: bytes('key-2'), end: bytes('key-3'), limit: 20 };
  await store.read((s) => Promise.all([s.get(bytes('key-1')), s.range(range), s.range({ ...range, reverse: true })]));
  await store.transact(async (t) => {
    await t.getMany([bytes('key-5'), bytes('new')]);
    await t.range(range);
    await t.range({ ...range, reverse: true });
    t.put(bytes('key-5'), bytes('y'));
    t.put(bytes('new'), bytes('y'));
    t.delete(bytes('key-6'));
    t.add(counter, 1n, 1_000n);
    t.add(bytes('other'), 1n);
  });
  await store.transact(async (t) => {
    for (const key of ['new', 'counter']) t.delete(bytes(key));
    t.put(bytes('other'), bytes('1'));
  });
}

/** ReadyForQuery, 5 bytes after its letter, alone. */
function isReadyForQuery(answer: Buffer): boolean {
  return answer.length === 6 && answer[0] === 0x5a;
}

const tryAdd = (store: MetadataStore, delta: bigint, most: bigint | undefined): Promise<boolean> =>
  outcome(store.transact(async (t) => t.add(counter, delta, most)));

async function outcome(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof CounterLimitError) return false;
    throw error;
  }
}
