import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutboxRecord } from '../metadata/tables/events.ts';
import { findBucket } from '../storage/buckets.ts';
import { deleteObject } from '../storage/delete-objects.ts';
import { listObjects } from '../storage/list-objects.ts';
import { setNotification } from '../storage/notification-configuration.ts';
import { findObject } from '../storage/read-object.ts';
import { writeObject } from '../storage/write-object.ts';
import {
  allow,
  type Fixture,
  makeBucket,
  objectKey,
  openFixture,
  put,
  readAll,
} from '../../test/support/storage-fixture.ts';
import { clearDead, deliverDue, listDead } from './deliver.ts';
import type { EventTarget } from './event-target.ts';
import { queueEvents } from './outbox.ts';
import { reportName, reportTarget } from './report.ts';

const origin = { principalId: 'p', sourceIpAddress: '127.0.0.1', requestId: 'r', hostId: 'h' };

async function listening(fixture: Fixture, arn: string, events = ['s3:ObjectCreated:*', 's3:ObjectRemoved:*']) {
  await setNotification(fixture.deps, {
    bucket: fixture.bucket,
    value: { v: 1, rules: [{ id: 'r', kind: 'Queue', arn, events, prefix: null, suffix: null }] },
    guard: allow,
    told: () => {},
  });
  const bucket = await findBucket(fixture.deps, fixture.bucket.name);
  assert.ok(bucket);
  const announce = queueEvents(fixture.deps.clock, { by: 'request', operation: 'PutObject' }, origin);
  return { bucket, deps: { ...fixture.deps, announce } };
}

function fakeTarget(fixture: Fixture, deliver: (batch: readonly OutboxRecord[]) => Promise<void>): EventTarget {
  return {
    batchSize: 1,
    concurrency: 2,
    gatherMs: 0,
    deliver: async (batch, settle) => {
      await deliver(batch);
      await fixture.deps.store.transact(async (transaction) => settle(transaction));
    },
  };
}

test('a write that is refused in its commit queues nothing', async () => {
  await using fixture = await openFixture();
  const { bucket, deps } = await listening(fixture, 'arn');
  const guard = async (): Promise<void> => {
    throw new Error('refused');
  };
  await assert.rejects(writeObject(deps, put(bucket, 'a', 'x', { guard })), /refused/);
  assert.equal((await fixture.rows('outbox')).length, 0);
  await writeObject(deps, put(bucket, 'a', 'x'));
  await deleteObject(deps, { bucket, key: objectKey('a'), guard: allow });
  assert.equal((await fixture.rows('outbox')).length, 2);
});

test('a bucket that tells nobody costs its writes nothing', async () => {
  await using fixture = await openFixture();
  const { deps } = await listening(fixture, 'arn');
  const other = await makeBucket(fixture, 'other');
  await writeObject(deps, put(other, 'a', 'x'));
  assert.equal((await fixture.rows('outbox')).length, 0);
});

test('what fails comes again after a growing pause, and is dead after a day', async () => {
  await using fixture = await openFixture();
  const { bucket, deps } = await listening(fixture, 'arn');
  await writeObject(deps, put(bucket, 'a', 'x'));
  let attempts = 0;
  let works = false;
  const target = fakeTarget(fixture, async () => {
    attempts++;
    if (!works) throw new Error('out of order');
  });
  const round = () => deliverDue({ ...fixture.deps, findTarget: () => target });
  await round();
  await round();
  assert.equal(attempts, 1);
  fixture.pass(1_100);
  await round();
  fixture.pass(1_100);
  await round();
  assert.equal(attempts, 2);
  for (let hours = 0; hours < 25; hours++) {
    fixture.pass(3_600_000);
    await round();
  }
  const dead = await listDead(fixture.deps, 10);
  assert.deepEqual(
    dead.map(({ bucket: name, lastError }) => [name, lastError]),
    [[bucket.name, 'out of order']],
  );
  works = true;
  assert.equal((await round()).delivered, 0);
  assert.equal(await clearDead(fixture.deps, true), 1);
  assert.equal((await round()).delivered, 1);
  assert.equal((await fixture.rows('outbox')).length, 0);
});

test('a target that fails does not hold up the others', async () => {
  await using fixture = await openFixture();
  const { bucket, deps } = await listening(fixture, 'good');
  const told: string[] = [];
  const targets: Record<string, EventTarget> = {
    good: fakeTarget(fixture, async (batch) => void told.push(...batch.map(({ arn }) => arn))),
    bad: fakeTarget(fixture, async () => {
      throw new Error('down');
    }),
  };
  await writeObject(deps, put(bucket, 'a', 'x'));
  const second = await listening(fixture, 'bad');
  for (let index = 0; index < 5; index++) await writeObject(second.deps, put(second.bucket, `b${index}`, 'x'));
  const round = await deliverDue({ ...fixture.deps, findTarget: (arn) => targets[arn] ?? null });
  assert.deepEqual(round, { delivered: 1, failed: 5, dead: 0 });
  assert.deepEqual(told, ['good']);
});

test('events wait when their target is not set up any more', async () => {
  await using fixture = await openFixture();
  const { bucket, deps } = await listening(fixture, 'gone');
  await writeObject(deps, put(bucket, 'a', 'x'));
  assert.deepEqual(await deliverDue({ ...fixture.deps, findTarget: () => null }), { delivered: 0, failed: 1, dead: 0 });
  assert.equal((await fixture.rows('outbox')).length, 1);
});

test('a report holds the events of its minute, once each, and tells nobody of itself', async () => {
  await using fixture = await openFixture();
  const { bucket, deps } = await listening(fixture, 'report');
  const reports = await makeBucket(fixture, 'reports');
  const target = reportTarget(deps, { bucket: 'reports', naming: 'flat' });
  const round = () => deliverDue({ ...fixture.deps, findTarget: () => target });
  for (const key of ['a', 'b', 'c']) await writeObject(deps, put(bucket, key, 'x'));
  assert.equal((await round()).delivered, 0);
  fixture.pass(60_000);
  assert.equal((await round()).delivered, 3);
  await writeObject(deps, put(bucket, 'd', 'x'));
  fixture.pass(60_000);
  await round();
  assert.equal((await fixture.rows('outbox')).length, 0);
  const listing = { prefix: '', delimiter: null, startAfter: null, maxKeys: 10 };
  const { entries } = await listObjects(fixture.deps, reports, listing);
  const told: string[] = [];
  for (const entry of entries) {
    assert.ok(entry.kind === 'object');
    assert.match(entry.key, /^bucket\/\d{4}-\d\d-\d\d-\d\d-\d\d$/);
    const object = await findObject(fixture.deps, reports, objectKey(entry.key));
    assert.ok(object);
    const { Records } = JSON.parse((await readAll(fixture.deps, object)).toString('utf8')) as {
      Records: { s3: { object: { key: string } } }[];
    };
    told.push(...Records.map(({ s3 }) => s3.object.key));
  }
  assert.deepEqual(told.toSorted(), ['a', 'b', 'c', 'd']);
});

test('reports are named as the original names them', () => {
  const now = Date.UTC(2013, 10, 1, 21, 32, 5);
  const from = { bucket: 'photos' } as Pick<OutboxRecord, 'bucket'>;
  assert.equal(reportName(from, 'flat', now), 'photos/2013-11-01-21-32');
  assert.equal(reportName(from, 'dated', now), 'photos/2013/11/01/2013-11-01-21-32');
});
