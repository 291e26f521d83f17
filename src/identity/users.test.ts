import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedPolicyError } from '../policy/malformed-policy.ts';
import type { UserId } from '../shared/ids.ts';
import {
  type IdentityFixture,
  USER_PASSWORD,
  openIdentityFixture,
  problem,
} from '../../test/support/identity-fixture.ts';
import { attachPolicy, detachPolicy, setPolicies } from './attachments.ts';
import { createPolicy, deletePolicy, findPolicy, listPolicies } from './policies.ts';
import { updatePolicy } from './policy-versions.ts';
import { createS3Key, listS3Keys } from './s3-keys.ts';
import { createUsers, deleteUser, findUser, listUsers, setUserStatus } from './users.ts';

const readAll = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}';

async function oneUser({ deps, account }: IdentityFixture, username = 'alice'): Promise<UserId> {
  const { users } = await createUsers(deps, {
    accountId: account.accountId,
    usernames: [username],
    password: USER_PASSWORD,
  });
  assert.ok(users[0]);
  return users[0].userId;
}

test('several users made at once share a password and policies, and show no hash', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const made = await createUsers(deps, {
    accountId: account.accountId,
    usernames: ['bob.smith', 'alice'],
    policies: ['vstoragereadonlyaccess'],
  });
  assert.equal(made.password?.length, 20);
  const users = await listUsers(deps, account.accountId);
  assert.deepEqual(
    users.map(({ username, policies, hasPassword }) => ({ username, policies, hasPassword })),
    ['alice', 'bob.smith'].map((username) => ({ username, policies: ['vStorageReadOnlyAccess'], hasPassword: true })),
  );
  assert.equal('passwordHash' in (users[0] ?? {}), false);
});

test('all users of a request are made or none', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  await oneUser(fixture);
  const { accountId } = account;
  const attempt = (usernames: string[], policies: string[] = []): Promise<unknown> =>
    createUsers(deps, { accountId, usernames, policies, password: USER_PASSWORD });
  await assert.rejects(attempt(['fresh', 'ALICE']), problem('username-taken', 409));
  await assert.rejects(attempt(['fresh', 'Fresh']), problem('username-repeated', 400));
  await assert.rejects(attempt(['fresh'], ['nothing']), problem('no-such-policy', 404));
  assert.equal((await listUsers(deps, accountId)).length, 1);
});

test('usernames have 5 to 50 characters of the allowed ones', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  for (const username of [
    'abcd',
    'a'.repeat(51),
    'with space',
    'slash/name',
    'ünicode',
    '21dac9b6-d200-4321-b651-b7f4792af685',
  ]) {
    const attempt = createUsers(deps, { accountId: account.accountId, usernames: [username] });
    await assert.rejects(attempt, problem('invalid-username', 400), username);
  }
});

test('the limit of users per account holds', async () => {
  await using fixture = await openIdentityFixture({ 'users-per-account': 2 });
  const { deps, account } = fixture;
  const { accountId } = account;
  await createUsers(deps, { accountId, usernames: ['user-1', 'user-2'] });
  await assert.rejects(createUsers(deps, { accountId, usernames: ['user-3'] }), problem('limit-exceeded', 409));
});

test('a user is found by id and by name in any case', async () => {
  await using fixture = await openIdentityFixture();
  const userId = await oneUser(fixture);
  const { deps, account } = fixture;
  assert.equal((await findUser(deps, account.accountId, 'ALICE'))?.userId, userId);
  assert.equal((await findUser(deps, account.accountId, userId))?.username, 'alice');
  assert.equal(await findUser(deps, account.accountId, 'nobody'), undefined);
});

test('policies are attached and detached by name in any case, each once', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const userId = await oneUser(fixture);
  const { accountId } = account;
  await createPolicy(deps, { accountId, name: 'Mine', description: '', document: readAll });
  await attachPolicy(deps, accountId, { kind: 'user', id: userId }, 'mine');
  const attached = await attachPolicy(deps, accountId, { kind: 'user', id: userId }, 'MINE');
  assert.deepEqual(attached.policies, ['Mine']);
  await assert.rejects(deletePolicy(deps, accountId, 'mine'), problem('no-such-policy', 404));
  await assert.rejects(deletePolicy(deps, accountId, 'Mine'), problem('policy-in-use', 409));
  assert.deepEqual((await findPolicy(deps, accountId, 'Mine'))?.attachedTo, [
    { kind: 'user', id: userId, name: 'alice' },
  ]);
  assert.deepEqual((await detachPolicy(deps, accountId, { kind: 'user', id: userId }, 'mine')).policies, []);
  await assert.rejects(
    detachPolicy(deps, accountId, { kind: 'user', id: userId }, 'Mine'),
    problem('policy-not-attached', 404),
  );
  await deletePolicy(deps, accountId, 'Mine');
  await assert.rejects(
    setPolicies(deps, accountId, { kind: 'user', id: userId }, ['Mine']),
    problem('no-such-policy', 404),
  );
});

test('policies: names are unique, managed ones cannot be taken or changed, bad documents are refused', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const { accountId } = account;
  const create = (name: string, document = readAll): Promise<unknown> =>
    createPolicy(deps, { accountId, name, description: '', document });
  await create('Mine');
  await assert.rejects(create('MINE'), problem('policy-name-taken', 409));
  await assert.rejects(create('vstorageFULLaccess'), problem('policy-name-taken', 409));
  await assert.rejects(create('with space'), problem('invalid-policy-name', 400));
  await assert.rejects(create('Bad', '{"Statement":[]}'), MalformedPolicyError);
  await assert.rejects(updatePolicy(deps, { accountId, name: 'Mine', document: '{' }), MalformedPolicyError);
  await assert.rejects(
    updatePolicy(deps, { accountId, name: 'vStorageFullAccess', document: readAll }),
    problem('managed-policy', 409),
  );
  const updated = await updatePolicy(deps, { accountId, name: 'Mine', description: 'new', document: readAll });
  assert.equal(updated.description, 'new');
  const listed = await listPolicies(deps, accountId);
  assert.deepEqual(
    [listed[0], listed.at(-1)].map((policy) => [policy?.name, policy?.type]),
    [
      ['vStorageFullAccess', 'managed'],
      ['Mine', 'custom'],
    ],
  );
});

test('a deleted user takes its S3 keys along and leaves its name free', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account, project } = fixture;
  const { accountId } = account;
  const userId = await oneUser(fixture);
  await createS3Key(deps, { accountId, projectId: project.projectId, creator: { type: 'user', userId } });
  await createS3Key(deps, { accountId, projectId: project.projectId, creator: { type: 'root' } });
  await deleteUser(deps, accountId, userId);
  const left = await listS3Keys(deps, { accountId });
  assert.deepEqual(
    left.map((key) => key.creator),
    [{ type: 'root' }],
  );
  assert.notEqual(await oneUser(fixture), userId);
  await assert.rejects(setUserStatus(deps, accountId, userId, 'disabled'), problem('no-such-user', 404));
});
