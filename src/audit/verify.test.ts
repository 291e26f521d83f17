import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomBytes } from 'node:crypto';
import { MasterKey } from '../identity/sealing.ts';
import {
  auditCheckpointKey,
  auditCheckpointRange,
  auditChunkKey,
  auditFreshOfChainRange,
  auditFreshRange,
  auditHeadKey,
  auditKeyKey,
  parseChain,
  readAuditFreshKey,
} from '../metadata/tables/audit.ts';
import { auditTermsKey } from '../metadata/tables/audit-index.ts';
import { prefixRange, tables } from '../metadata/keys.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import { type AuditFixture, openAuditFixture } from '../../test/support/audit-fixture.ts';
import { makeEntry, seeded } from '../../test/support/audit-records.ts';
import { packLines, unpackLines } from './build-block.ts';
import type { Finding } from './finding.ts';
import { hashOf, parseLine } from './lines.ts';
import { auditKeyOf } from './audit-key.ts';
import { dropOldCheckpoints, dropOldestBlock } from './retention.ts';
import { createAuditSearch } from './search.ts';
import { verifyTrail } from './verify.ts';

const shape = { accounts: 2, usersPerAccount: 3, bucketsPerAccount: 2, foldersPerBucket: 3 };

async function filled(count: number): Promise<AuditFixture> {
  const fixture = await openAuditFixture();
  const random = seeded(1);
  const entries = Array.from({ length: count }, (_, index) => makeEntry(random, Date.now() - 60_000 + index, shape));
  const half = Math.floor(count / 2);
  // two processes at once
  await Promise.all([fixture.write(entries.slice(0, half)), fixture.write(entries.slice(half))]);
  await fixture.gather();
  return fixture;
}

const findings = async ({ deps }: AuditFixture): Promise<readonly Finding[]> => (await verifyTrail(deps)).findings;
const problems = async (fixture: AuditFixture): Promise<string[]> => [
  ...new Set((await findings(fixture)).map(({ problem }) => problem)),
];

/** Changes the lines of a fresh row; without lines the row goes. */
async function changeFresh({ deps: { store } }: AuditFixture, change: (lines: string[]) => string[]): Promise<string> {
  const [row] = await store.read((snapshot) => snapshot.range({ ...auditFreshRange(), limit: 1 }));
  assert.ok(row);
  const lines = change(Buffer.from(row.value).toString('utf8').split('\n'));
  await store.transact(async (transaction) => {
    if (lines.length === 0) transaction.delete(row.key);
    else transaction.put(row.key, Buffer.from(lines.join('\n')));
  });
  return readAuditFreshKey(row.key).chain.toString(16);
}

async function changeChunk(
  { deps: { store } }: AuditFixture,
  block: number,
  change: (lines: string[]) => string[],
): Promise<void> {
  await store.transact(async (transaction) => {
    const value = await transaction.get(auditChunkKey(block, 3));
    assert.ok(value);
    transaction.put(auditChunkKey(block, 3), packLines(change(unpackLines(value))));
  });
}

test('a trail that nobody touched verifies, its index too', async () => {
  await using fixture = await filled(9_000);
  const { records, chains, uncovered, findings: found, last } = await verifyTrail(fixture.deps, { index: true });
  assert.deepEqual(found, []);
  assert.deepEqual([records, chains, uncovered], [9_000, 2, 0]);
  assert.ok(last.n >= 1);
});

test('records after the last checkpoint are counted as not covered', async () => {
  await using fixture = await filled(200);
  await fixture.write([makeEntry(seeded(2), Date.now(), shape)]);
  const { uncovered, findings: found } = await verifyTrail(fixture.deps);
  assert.deepEqual([uncovered, found], [1, []]);
});

const inFresh: Record<string, readonly [(lines: string[]) => string[], string]> = {
  'altered in one letter': [(lines) => lines.with(5, (lines[5] ?? '').replace('"status":', '"statuS":')), 'altered'],
  removed: [(lines) => lines.toSpliced(5, 1), 'missing'],
  'moved behind the next': [(lines) => lines.with(5, lines[6] ?? '').with(6, lines[5] ?? ''), 'inserted'],
  'replaced by something else': [(lines) => lines.with(5, 'nothing'), 'unreadable'],
};

for (const [name, [change, problem]] of Object.entries(inFresh)) {
  test(`a fresh record that was ${name} is found`, async () => {
    await using fixture = await filled(300);
    const chain = await changeFresh(fixture, change);
    const found = await findings(fixture);
    assert.ok(
      found.some((finding) => finding.problem === problem && [chain, null].includes(finding.chain)),
      JSON.stringify(found),
    );
    assert.ok(
      found.some(({ seq }) => seq !== null && seq >= 5 && seq <= 7),
      JSON.stringify(found),
    );
  });

  test(`a record in a block that was ${name} is found`, async () => {
    await using fixture = await filled(9_000);
    await changeChunk(fixture, 1, change);
    const found = await findings(fixture);
    assert.ok(
      found.some((finding) => finding.problem === problem),
      JSON.stringify(found),
    );
    assert.ok(
      found.every(({ block }) => block === 1 || block === null || block === 2),
      JSON.stringify(found),
    );
  });
}

test('a chain written anew after an alteration, all hashes right, is found by the checkpoint that saw it', async () => {
  await using fixture = await filled(100);
  const chain = await changeFresh(fixture, (lines) => {
    let prev = parseLine(lines[0] ?? '').prev;
    return lines.map((line) => {
      const forged = line.replace(/"prev":"[0-9a-f]{64}"/, `"prev":"${prev}"`).replace('"read"', '"none"');
      prev = hashOf(forged);
      return forged;
    });
  });
  const found = await findings(fixture);
  assert.ok(found.some((finding) => finding.problem === 'altered' && finding.chain === chain));
});

test('the end of a chain that was cut off is found, also when the store forgot how long it was', async () => {
  await using fixture = await filled(100);
  const { store } = fixture.deps;
  const chain = await changeFresh(fixture, (lines) => lines.slice(0, 10));
  const key = auditHeadKey(parseChain(chain));
  await store.transact(async (transaction) => {
    const head = decodeRecord<{ v: 1 }>((await transaction.get(key)) ?? Buffer.alloc(0));
    const forged = { ...head, seq: 10 };
    transaction.put(key, encodeRecord(forged));
  });
  assert.deepEqual(await problems(fixture), ['chain-cut']);
});

test('the end of a chain that no checkpoint saw is found by what the store notes of the chain', async () => {
  await using fixture = await filled(100);
  const entries = Array.from({ length: 20 }, () => makeEntry(seeded(3), Date.now(), shape));
  await fixture.write(entries);
  const { store } = fixture.deps;
  const rows = await store.read((snapshot) => snapshot.range({ ...auditFreshRange(), limit: 100 }));
  const last = rows.at(-1);
  assert.ok(last);
  const lines = Buffer.from(last.value).toString('utf8').split('\n').slice(0, 5).join('\n');
  await store.transact(async (transaction) => transaction.put(last.key, Buffer.from(lines)));
  assert.deepEqual(await problems(fixture), ['chain-cut']);
});

test('a whole chain that was taken away, head and all, is found', async () => {
  await using fixture = await filled(100);
  const { store } = fixture.deps;
  const [row] = await store.read((snapshot) => snapshot.range({ ...auditFreshRange(), limit: 1 }));
  assert.ok(row);
  const { chain } = readAuditFreshKey(row.key);
  await store.transact(async (transaction) => {
    const range = { ...auditFreshOfChainRange(chain), limit: 1000 };
    for (const { key } of await transaction.range(range)) transaction.delete(key);
    transaction.delete(auditHeadKey(chain));
  });
  assert.deepEqual(await problems(fixture), ['chain-missing']);
});

test('a checkpoint that was taken away, altered or made by somebody else is found', async () => {
  await using fixture = await filled(100);
  for (let index = 0; index < 3; index++) {
    await fixture.write([makeEntry(seeded(index), Date.now(), shape)]);
    await fixture.checkpoint();
  }
  const { store } = fixture.deps;
  const change = async (n: number, line: string | null): Promise<void> =>
    store.transact(async (transaction) => {
      if (line === null) transaction.delete(auditCheckpointKey(n));
      else transaction.put(auditCheckpointKey(n), Buffer.from(line));
    });
  const rows = await store.read((snapshot) => snapshot.range({ ...auditCheckpointRange(), limit: 10 }));
  const lines = rows.map(({ value }) => Buffer.from(value).toString('utf8'));
  assert.deepEqual(await findings(fixture), []);
  await change(2, null);
  assert.deepEqual(await problems(fixture), ['checkpoint-missing']);
  await change(2, (lines[1] ?? '').replace('"at":1', '"at":2'));
  assert.ok((await problems(fixture)).includes('checkpoint-altered'));
  await change(2, lines[1] ?? '');
  assert.deepEqual(await findings(fixture), []);
  await store.transact(async (transaction) => transaction.delete(auditKeyKey()));
  assert.ok((await problems(fixture)).includes('checkpoint-altered'));
});

test('a trail put back to an earlier state is found by a checkpoint that was kept elsewhere', async () => {
  await using fixture = await filled(100);
  const { last: earlier } = await verifyTrail(fixture.deps);
  await fixture.write([makeEntry(seeded(1), Date.now(), shape)]);
  await fixture.checkpoint();
  const { last } = await verifyTrail(fixture.deps, { expected: earlier });
  assert.deepEqual((await verifyTrail(fixture.deps, { expected: last })).findings, []);
  await fixture.deps.store.transact(async (transaction) => transaction.delete(auditCheckpointKey(last.n)));
  await changeFresh(fixture, (lines) => lines);
  const { findings: found } = await verifyTrail(fixture.deps, { expected: last });
  assert.ok(found.some(({ problem }) => problem === 'checkpoint-missing'));
});

test('an index that hides a record is found when it is asked for', async () => {
  await using fixture = await filled(9_000);
  const { store } = fixture.deps;
  await store.transact(async (transaction) => transaction.delete(auditTermsKey(17, 1)));
  assert.deepEqual(await findings(fixture), []);
  const { findings: found } = await verifyTrail(fixture.deps, { index: true });
  assert.deepEqual(
    found.map(({ problem, block }) => [problem, block]),
    [['index-altered', 1]],
  );
});

test('what retention dropped is not missed; what somebody else dropped is', async () => {
  await using fixture = await openAuditFixture();
  const day = 24 * 3_600_000;
  const random = seeded(4);
  const begin = Date.now() - 10 * day;
  await fixture.writeAndGather(
    Array.from({ length: 13_000 }, (_, index) => makeEntry(random, begin + index * 60_000, shape)),
  );
  const key = await auditKeyOf(fixture.deps);
  const cutoff = begin + 6 * day;
  let dropped = 0;
  while (await dropOldestBlock(fixture.deps, key, cutoff)) dropped++;
  while (await dropOldCheckpoints(fixture.deps, key));
  assert.ok(dropped >= 7);
  const { records, findings: found } = await verifyTrail(fixture.deps, { index: true });
  assert.deepEqual(found, []);
  assert.ok(records > 4_000 && records < 6_000, String(records));
  await changeChunk(fixture, dropped + 1, (lines) => lines.slice(1));
  assert.deepEqual(await problems(fixture), ['missing']);
});

test('groups lose their blocks one by one to retention, and go with the last one', async () => {
  await using fixture = await openAuditFixture();
  const random = seeded(9);
  const begin = Date.now() - 3_600_000;
  const entries = Array.from({ length: 1_400 }, (_, index) => makeEntry(random, begin + index * 1000, shape));
  await fixture.writeBlocks(entries, 70);
  const key = await auditKeyOf(fixture.deps);
  const search = createAuditSearch(fixture.deps);
  const spans = () => fixture.deps.store.read((snapshot) => search.spans(snapshot));
  assert.deepEqual(
    (await spans()).map(({ blocks }) => blocks.length),
    [64, 6],
  );
  for (let dropped = 0; dropped < 10; dropped++) assert.ok(await dropOldestBlock(fixture.deps, key, Date.now()));
  assert.deepEqual(
    (await spans()).map(({ blocks }) => blocks.length),
    [54, 6],
  );
  assert.equal((await search.find({ accountId: null }, { limit: 1, count: true })).total?.count, 1_200);
  assert.deepEqual((await verifyTrail(fixture.deps, { index: true })).findings, []);
  for (let dropped = 0; dropped < 54; dropped++) assert.ok(await dropOldestBlock(fixture.deps, key, Date.now()));
  assert.deepEqual(
    (await spans()).map(({ blocks }) => blocks.length),
    [6],
  );
  const left = await fixture.deps.store.read((snapshot) =>
    snapshot.range({ ...prefixRange(tables.auditIndex), limit: 100_000 }),
  );
  assert.ok(left.length <= 6 * 66, 'nothing of the group may stay');
  assert.deepEqual((await verifyTrail(fixture.deps, { index: true })).findings, []);
});

test('a boundary that somebody wrote without the key is found', async () => {
  await using fixture = await filled(9_000);
  const stranger = { ...fixture.deps, masterKey: new MasterKey(new Map([[1, randomBytes(32)]])) };
  await assert.rejects(auditKeyOf(stranger));
  while (await dropOldestBlock(fixture.deps, randomBytes(32), Date.now() + 60_000));
  assert.ok((await problems(fixture)).includes('boundary-altered'));
});
