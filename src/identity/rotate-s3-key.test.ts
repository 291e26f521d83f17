import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSignerDeps, findSigner } from '../access/signers.ts';
import { type IdentityFixture, openIdentityFixture, problem } from '../../test/support/identity-fixture.ts';
import type { AccountId } from '../shared/ids.ts';
import { rotateS3Key } from './rotate-s3-key.ts';
import { type NewS3Key, createS3Key, deleteS3Keys, listS3Keys, updateS3Key } from './s3-keys.ts';
import { createUsers } from './users.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const newKey = ({ account, project }: IdentityFixture, more: Partial<NewS3Key> = {}): NewS3Key => ({
  accountId: account.accountId,
  projectId: project.projectId,
  creator: { type: 'root' },
  ...more,
});

test('rotating makes a new pair under a new id that keeps everything else, and shows its secret once', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const { accountId } = account;
  const { users } = await createUsers(deps, { accountId, usernames: ['alice'] });
  const creator = { type: 'user', userId: users[0]?.userId ?? '' } as NewS3Key['creator'];
  const restriction = { buckets: ['photos'], allow: ['read'] } as const;
  const facts = { creator, description: 'backup', expiresAt: deps.clock() + DAY_MS, restriction };
  const old = await createS3Key(deps, newKey(fixture, facts));
  fixture.pass(1000);
  const made = await rotateS3Key(deps, { accountId, id: old.record.id });
  assert.notEqual(made.record.id, old.record.id);
  assert.notEqual(made.record.accessKey, old.record.accessKey);
  assert.notEqual(made.secretKey, old.secretKey);
  const { id, accessKey } = made.record;
  assert.deepEqual(made.record, { ...old.record, id, accessKey, createdAt: deps.clock() });
  const listed = await listS3Keys(deps, { accountId });
  assert.deepEqual(listed[0], made.record);
  assert.deepEqual(listed[1]?.rotation, { replacedBy: id, endsAt: deps.clock() + HOUR_MS });
  assert.equal(JSON.stringify(listed).includes(made.secretKey), false);
});

test('both pairs sign during the overlap; after it the old one is dead, also when its expiry is moved', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const signers = createSignerDeps(deps);
  const { accountId } = account;
  const old = await createS3Key(deps, newKey(fixture));
  const made = await rotateS3Key(deps, { accountId, id: old.record.id, overlapMs: HOUR_MS });
  assert.equal((await findSigner(signers, made.record.accessKey))?.secretKey, made.secretKey);
  assert.equal((await findSigner(signers, old.record.accessKey))?.secretKey, old.secretKey);
  fixture.pass(HOUR_MS - 1);
  assert.notEqual(await findSigner(signers, old.record.accessKey), undefined);
  fixture.pass(1);
  await updateS3Key(deps, { accountId, id: old.record.id, status: 'active', expiresAt: deps.clock() + DAY_MS });
  assert.equal(await findSigner(signers, old.record.accessKey), undefined);
  assert.equal((await findSigner(signers, made.record.accessKey))?.secretKey, made.secretKey);
});

test('without an overlap the old pair dies at once', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const signers = createSignerDeps(deps);
  const old = await createS3Key(deps, newKey(fixture));
  assert.notEqual(await findSigner(signers, old.record.accessKey), undefined);
  await rotateS3Key(deps, { accountId: account.accountId, id: old.record.id, overlapMs: 0 });
  assert.equal(await findSigner(signers, old.record.accessKey), undefined);
});

test('only living keys of the account rotate, each once, with an overlap of at most seven days', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const { accountId } = account;
  const { record } = await createS3Key(deps, newKey(fixture));
  const rotate = (overlapMs?: number) => rotateS3Key(deps, { accountId, id: record.id, overlapMs });
  await assert.rejects(rotate(-1), problem('invalid-overlap', 400));
  await assert.rejects(rotate(7 * DAY_MS + 1), problem('invalid-overlap', 400));
  const stranger = { accountId: '000000000001' as AccountId, id: record.id };
  await assert.rejects(rotateS3Key(deps, stranger), problem('no-such-s3-key', 404));
  await updateS3Key(deps, { accountId, id: record.id, status: 'disabled' });
  await assert.rejects(rotate(), problem('key-disabled', 409));
  await updateS3Key(deps, { accountId, id: record.id, status: 'active', expiresAt: deps.clock() + 1 });
  fixture.pass(1);
  await assert.rejects(rotate(), problem('key-expired', 409));
  await updateS3Key(deps, { accountId, id: record.id, expiresAt: null });
  await rotate(7 * DAY_MS);
  await assert.rejects(rotate(), problem('already-rotated', 409));
});

test('an account at its limit can rotate every key, and dead pairs do not pile up', async () => {
  await using fixture = await openIdentityFixture({ 'keys-per-account': 2 });
  const { deps, account } = fixture;
  const { accountId } = account;
  let { record: first } = await createS3Key(deps, newKey(fixture));
  await createS3Key(deps, newKey(fixture));
  for (let round = 0; round < 5; round++) {
    first = (await rotateS3Key(deps, { accountId, id: first.id, overlapMs: 0 })).record;
    fixture.pass(1);
  }
  assert.ok((await listS3Keys(deps, { accountId })).length <= 4);
  await assert.rejects(createS3Key(deps, newKey(fixture)), problem('limit-exceeded', 409));
  // those that still work are never taken away to make room
  for (let round = 0; round < 2; round++) first = (await rotateS3Key(deps, { accountId, id: first.id })).record;
  await assert.rejects(rotateS3Key(deps, { accountId, id: first.id }), problem('limit-exceeded', 409));
  await deleteS3Keys(deps, { accountId, ids: [first.id] });
  await createS3Key(deps, newKey(fixture));
});
