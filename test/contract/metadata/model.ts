// Random transactions against a sorted array: whatever the store answers, the array answers too.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Entry, MetadataStore, Snapshot, Transaction } from '../../../src/metadata/metadata-store.ts';
import type { MetadataAdapter } from '../adapters.ts';
import { openIn } from '../fixture.ts';

type Operation =
  | { readonly do: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly do: 'delete'; readonly key: Uint8Array }
  | { readonly do: 'get'; readonly key: Uint8Array }
  | {
      readonly do: 'range';
      readonly start: Uint8Array;
      readonly end: Uint8Array;
      readonly limit: number;
      readonly reverse: boolean;
    };

// Few bytes and short keys, so that keys meet, nest and surround each other.
const key = fc.array(fc.constantFrom(0x00, 0x01, 0x61, 0x7f, 0x80, 0xff), { minLength: 1, maxLength: 4 });
const keyBytes = key.map((bytes) => Uint8Array.from(bytes));
const value = fc.uint8Array({ maxLength: 40 });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ do: fc.constant('put' as const), key: keyBytes, value }),
  fc.record({ do: fc.constant('delete' as const), key: keyBytes }),
  fc.record({ do: fc.constant('get' as const), key: keyBytes }),
  fc.record({
    do: fc.constant('range' as const),
    start: keyBytes,
    end: keyBytes,
    limit: fc.integer({ min: 1, max: 6 }),
    reverse: fc.boolean(),
  }),
);
const transaction = fc.record({ operations: fc.array(operation, { maxLength: 12 }), fails: fc.boolean() });

class Model {
  #entries: [string, string][] = [];

  copy(): Model {
    const copy = new Model();
    copy.#entries = [...this.#entries];
    return copy;
  }

  set(name: string, text: string | null): void {
    this.#entries = this.#entries.filter(([other]) => other !== name);
    if (text !== null) this.#entries.push([name, text]);
    this.#entries.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  get(name: string): string | null {
    return this.#entries.find(([other]) => other === name)?.[1] ?? null;
  }

  range(start: string, end: string, limit: number, reverse: boolean): [string, string][] {
    const inside = this.#entries.filter(([name]) => name >= start && name < end);
    return (reverse ? inside.toReversed() : inside).slice(0, limit);
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const pair = (entry: Entry): [string, string] => [hex(entry.key), hex(entry.value)];

export function modelTests(adapter: MetadataAdapter): void {
  test('any sequence of transactions reads and writes as a sorted array does', async () => {
    await using fixture = await openIn(adapter);
    await fc.assert(
      fc.asyncProperty(fc.array(transaction, { maxLength: 8 }), async (transactions) => {
        await clear(fixture.store);
        let model = new Model();
        for (const { operations, fails } of transactions) {
          const next = model.copy();
          await run(fixture.store, operations, fails, next);
          if (!fails) model = next;
          const all = await fixture.store.read((snapshot) => snapshot.range(everything));
          assert.deepEqual(all.map(pair), model.range('', 'g', 1_000, false));
        }
      }),
      { numRuns: 60 },
    );
  });
}

const everything = { start: Buffer.of(0), end: Buffer.alloc(5, 0xff), limit: 1_000 };

async function clear(store: MetadataStore): Promise<void> {
  await store.transact(async (t) => {
    for (const entry of await t.range(everything)) t.delete(entry.key);
  });
}

async function run(
  store: MetadataStore,
  operations: readonly Operation[],
  fails: boolean,
  model: Model,
): Promise<void> {
  const ran = store.transact(async (t) => {
    for (const one of operations) await apply(t, one, model);
    if (fails) throw new Error('fails on purpose');
  });
  if (fails) await assert.rejects(ran, /on purpose/);
  else await ran;
}

async function apply(t: Transaction, one: Operation, model: Model): Promise<void> {
  switch (one.do) {
    case 'put':
      t.put(one.key, one.value);
      model.set(hex(one.key), hex(one.value));
      return;
    case 'delete':
      t.delete(one.key);
      model.set(hex(one.key), null);
      return;
    case 'get':
      assert.equal(await hexValue(t, one.key), model.get(hex(one.key)));
      return;
    case 'range': {
      const found = await t.range(one);
      assert.deepEqual(found.map(pair), model.range(hex(one.start), hex(one.end), one.limit, one.reverse));
    }
  }
}

async function hexValue(snapshot: Snapshot, name: Uint8Array): Promise<string | null> {
  const found = await snapshot.get(name);
  return found === undefined ? null : hex(found);
}
