import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openAuditFixture } from '../../test/support/audit-fixture.ts';
import { makeEntry, type Random, seeded } from '../../test/support/audit-records.ts';
import type { AuditEntry, AuditRecord } from './entry.ts';
import { type AuditFilter, compileFilter } from './filter.ts';
import type { AuditCursor } from './place.ts';
import { type AuditSearch, createAuditSearch } from './search.ts';
import { verifyTrail } from './verify.ts';

const START = Date.parse('2026-06-01T00:00:00Z');
const small = { accounts: 3, usersPerAccount: 4, bucketsPerAccount: 2, foldersPerBucket: 5 };

const entries = (count: number, seed: number): AuditEntry[] => {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, index) => makeEntry(random, START + index * 1000, small));
};

async function all(search: AuditSearch, filter: AuditFilter, limit: number): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  let after: AuditCursor | null = null;
  for (let page = 0; page < 10_000; page++) {
    const { found, next } = await search.find(filter, { limit, after });
    records.push(...found.map(({ record }) => record));
    assert.ok(found.length <= limit);
    if (next === null) return records;
    after = next;
  }
  assert.fail('the pages have no end');
}

const pick = <T>(random: Random, values: readonly T[]): T | undefined => values[Math.floor(random() * values.length)];

/** Of values that occur, and now and then of one that does not. */
function randomFilter(random: Random, records: readonly AuditRecord[]): AuditFilter {
  const some = pick(random, records);
  const maybe = <T extends object>(chance: number, value: () => T | undefined): Partial<T> =>
    random() < chance ? (value() ?? {}) : {};
  const fields = {
    ...maybe(0.4, () => ({ operation: [some?.operation ?? '', ...(random() < 0.3 ? ['GetObject'] : [])] })),
    ...maybe(0.3, () => ({ outcome: [some?.outcome ?? ''] })),
    ...maybe(0.2, () => ({ category: [pick(random, records)?.category ?? ''] })),
    ...maybe(0.1, () => ({ address: [some?.address ?? ''] })),
    ...maybe(0.1, () => ({ request: [some?.requestId ?? ''] })),
    ...maybe(0.05, () => ({ code: ['NoSuchThing'] })),
  };
  const resource = some?.resource ?? 'arn:aws:s3:::bucket';
  const length = Math.floor(random() * resource.length) + 1;
  const time = Date.parse(some?.time ?? '');
  return {
    accountId: random() < 0.2 ? null : (pick(random, records)?.accounts[0] ?? ''),
    fields,
    ...maybe(0.3, () => ({ who: [pick(random, [some?.who.name, some?.who.accessKey, some?.who.id]) ?? 'nobody'] })),
    ...maybe(0.4, () => ({
      resource: random() < 0.3 ? { exact: resource } : { prefix: resource.slice(0, length) },
    })),
    ...maybe(0.3, () => ({ from: time - random() * 3_000_000 })),
    ...maybe(0.3, () => ({ to: time + random() * 3_000_000 })),
  };
}

async function compare(search: AuditSearch, rounds: number, seed: number): Promise<void> {
  const random = seeded(seed);
  const everything = (await all(search, { accountId: null }, 1000)).toReversed();
  for (let round = 0; round < rounds; round++) {
    const filter = randomFilter(random, everything);
    const { matches } = compileFilter(filter);
    const wanted = everything
      .filter(matches)
      .map(({ requestId }) => requestId)
      .toReversed();
    const found = (await all(search, filter, 50 + Math.floor(random() * 500))).map(({ requestId }) => requestId);
    assert.deepEqual(found, wanted, JSON.stringify(filter));
    const { total } = await search.find(filter, { limit: 1, count: true });
    if (total?.isExact === true) assert.equal(total.count, wanted.length, JSON.stringify(filter));
  }
}

test('any filter finds what a look at every record finds, newest first, in pages of any size', async () => {
  await using fixture = await openAuditFixture();
  await fixture.writeAndGather(entries(9_500, 1));
  const search = createAuditSearch(fixture.deps);
  const { found, total } = await search.find({ accountId: null }, { limit: 5, count: true });
  assert.deepEqual(total, { count: 9_500, isExact: true });
  assert.equal(found[0]?.record.time, new Date(START + 9_499_000).toISOString());
  const spans = await fixture.deps.store.read((snapshot) => search.spans(snapshot));
  assert.ok(spans.flatMap(({ blocks }) => blocks).length >= 9);
  assert.ok((await fixture.lines()).length > 100, 'some must be fresh');
  await compare(search, 60, 2);
});

test('any filter finds the same in blocks that were put together in groups', async () => {
  await using fixture = await openAuditFixture();
  await fixture.writeBlocks(entries(7_000, 21), 140);
  await fixture.write(entries(50, 22).map((entry) => ({ ...entry, at: entry.at + 8_000_000 })));
  const search = createAuditSearch(fixture.deps);
  const spans = await fixture.deps.store.read((snapshot) => search.spans(snapshot));
  assert.deepEqual(
    spans.map(({ group, blocks }) => [group, blocks.length]),
    [
      [0, 64],
      [1, 64],
      [null, 12],
    ],
  );
  await compare(search, 60, 23);
  assert.deepEqual((await verifyTrail(fixture.deps, { index: true })).findings, []);
});

test('pages neither skip nor repeat when records move into blocks between them', async () => {
  await using fixture = await openAuditFixture();
  await fixture.write(entries(5_000, 3));
  const search = createAuditSearch(fixture.deps);
  const seen: string[] = [];
  let after: AuditCursor | null = null;
  for (let page = 0; ; page++) {
    if (page === 3) await fixture.gather();
    const answer = await search.find({ accountId: null }, { limit: 700, after });
    seen.push(...answer.found.map(({ record }) => record.requestId));
    if (answer.next === null) break;
    after = answer.next;
  }
  assert.equal((await fixture.lines()).length < 5_000, true, 'nothing moved');
  assert.equal(new Set(seen).size, 5_000);
  assert.equal(seen.length, 5_000);
});

test('a search that the index cannot narrow ends its page early and goes on with the next', async () => {
  await using fixture = await openAuditFixture();
  const random = seeded(5);
  const made = Array.from({ length: 13_000 }, (_, index) => ({
    ...makeEntry(random, START + index, small),
    accounts: ['1'],
    // differs in what stands behind the last indexed beginning only
    resource: `arn:aws:s3:::bucket/${'x'.repeat(120)}${index === 3 ? 'wanted' : 'other'}-${index}`,
  }));
  await fixture.writeAndGather(made);
  const search = createAuditSearch(fixture.deps);
  const filter = { accountId: '1', resource: { prefix: `arn:aws:s3:::bucket/${'x'.repeat(120)}wanted` } };
  const first = await search.find(filter, { limit: 10 });
  assert.equal(first.found.length, 0);
  assert.ok(first.next !== null);
  const found = await all(search, filter, 10);
  assert.deepEqual(
    found.map(({ requestId }) => requestId),
    [made[3]?.requestId],
  );
});

test('what another process wrote and gathered is found by one that has searched before', async () => {
  await using fixture = await openAuditFixture();
  const search = createAuditSearch(fixture.deps);
  await fixture.writeAndGather(entries(4_500, 6));
  assert.equal((await all(search, { accountId: null }, 1000)).length, 4_500);
  await fixture.writeAndGather(entries(4_500, 7).map((entry) => ({ ...entry, at: entry.at + 10_000_000 })));
  assert.equal((await all(search, { accountId: null }, 1000)).length, 9_000);
});

test('every object of a DeleteObjects is found by its name', async () => {
  await using fixture = await openAuditFixture();
  const [one] = entries(1, 8);
  assert.ok(one);
  const keys = ['a/first', 'b/second'];
  const made = {
    ...one,
    operation: 'DeleteObjects',
    bucket: 'photos',
    resource: 'arn:aws:s3:::photos',
    details: { keys },
  };
  await fixture.writeAndGather([made]);
  const search = createAuditSearch(fixture.deps);
  for (const resource of [{ exact: 'arn:aws:s3:::photos/b/second' }, { prefix: 'arn:aws:s3:::photos/a/' }]) {
    assert.equal((await all(search, { accountId: null, resource }, 10)).length, 1);
  }
});
