import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type MetadataStore, StoreFullError, StoreUnavailableError } from '../metadata/metadata-store.ts';
import { type AuditFixture, entry, openAuditFixture } from '../../test/support/audit-fixture.ts';
import { openAuditTrail } from './trail.ts';

const holder = { host: 'test', pid: 1, role: 'test' };
const onError = (error: unknown): void => assert.fail(String(error));

function failing(store: MetadataStore, next: () => Error | null): MetadataStore {
  return {
    read: (fn) => store.read(fn),
    lookUp: store.lookUp.bind(store),
    transact: async (fn, options) => {
      const error = next();
      if (error !== null && options?.administrative !== true) throw error;
      return store.transact(fn, options);
    },
    ready: () => store.ready(),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

const operations = async (fixture: AuditFixture): Promise<string[]> =>
  (await fixture.records()).map(({ operation }) => operation);

test('a record is in the store when it is acknowledged, each linked to the one before', async () => {
  await using fixture = await openAuditFixture();
  await using trail = openAuditTrail({ ...fixture.deps, holder, onError });
  for (const operation of ['One', 'Two', 'Three']) {
    await trail.record(entry({ operation }));
    assert.equal((await operations(fixture)).at(-1), operation);
  }
  const records = await fixture.records();
  assert.deepEqual(
    records.map(({ seq }) => seq),
    [1, 2, 3],
  );
  assert.equal(new Set(records.map(({ chain }) => chain)).size, 1);
  await fixture.verify();
});

test('notes are in the store a second later, or when the process stops', async () => {
  await using fixture = await openAuditFixture();
  {
    await using trail = openAuditTrail({ ...fixture.deps, holder, onError });
    trail.note(entry({ operation: 'First' }));
    assert.deepEqual(await operations(fixture), []);
    await sleep(1_300);
    assert.deepEqual(await operations(fixture), ['First']);
    trail.note(entry({ operation: 'Second' }));
  }
  assert.deepEqual(await operations(fixture), ['First', 'Second']);
});

test('while the store cannot be reached who waits is told at once, and the record is written later, once', async () => {
  await using fixture = await openAuditFixture();
  let failures = 2;
  const store = failing(fixture.deps.store, () => (failures-- > 0 ? new StoreUnavailableError('gone') : null));
  const errors: unknown[] = [];
  await using trail = openAuditTrail({ ...fixture.deps, store, holder, onError: (error) => errors.push(error) });
  await assert.rejects(trail.record(entry({ operation: 'Refused' })), StoreUnavailableError);
  await trail.record(entry({ operation: 'Later' }));
  assert.deepEqual(await operations(fixture), ['Refused', 'Later']);
  assert.equal(errors.length, 2);
  await fixture.verify();
});

test('on a full disk what somebody waits for is written, and notes are counted as lost', async () => {
  await using fixture = await openAuditFixture();
  let isFull = true;
  const store = failing(fixture.deps.store, () => (isFull ? new StoreFullError('full') : null));
  {
    await using trail = openAuditTrail({ ...fixture.deps, store, holder, onError });
    for (let index = 0; index < 3; index++) trail.note(entry({ operation: 'GetObject' }));
    await trail.record(entry({ operation: 'UpdateS3Key' }));
    isFull = false;
    await trail.record(entry({ operation: 'DeleteS3Key' }));
  }
  const records = await fixture.records();
  const named = (name: string) => records.filter(({ operation }) => operation === name);
  assert.equal(named('UpdateS3Key').length, 1);
  assert.equal(named('DeleteS3Key').length, 1);
  assert.equal(named('GetObject').length, 0);
  const lost = named('AuditRecordsLost').reduce((sum, { details }) => sum + Number(details?.['dropped']), 0);
  assert.equal(lost, 3);
  await fixture.verify();
});

test('refusals of strangers beyond a hundred a second are only counted', async () => {
  await using fixture = await openAuditFixture();
  const at = 1_800_000_000_000;
  {
    await using trail = openAuditTrail({ ...fixture.deps, holder, onError });
    const refused = { operation: 'ListBuckets', outcome: 'denied', at, who: { type: 'anonymous' } } as const;
    for (let index = 0; index < 250; index++) trail.note(entry(refused));
    for (let index = 0; index < 150; index++) trail.note(entry({ ...refused, who: { type: 'root', id: '1' } }));
  }
  const records = await fixture.records();
  assert.equal(records.filter(({ who }) => who.type === 'anonymous').length, 100);
  assert.equal(records.filter(({ who }) => who.type === 'root').length, 150);
  const [loss] = records.filter(({ operation }) => operation === 'AuditRecordsLost');
  assert.equal(loss?.details?.['refusalsOfStrangers'], 150);
});

test('records of several processes stand in chains of their own', async () => {
  await using fixture = await openAuditFixture();
  await using first = openAuditTrail({ ...fixture.deps, holder, onError });
  await using second = openAuditTrail({ ...fixture.deps, holder, onError });
  await Promise.all(
    [first, second].flatMap((trail) => Array.from({ length: 100 }, () => trail.record(entry({ operation: 'Any' })))),
  );
  const records = await fixture.records();
  assert.equal(records.length, 200);
  assert.equal(new Set(records.map(({ chain }) => chain)).size, 2);
  await fixture.verify();
});
