import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type IdentityFixture, openIdentityFixture, problem } from '../../test/support/identity-fixture.ts';
import { decideByIdentity } from '../access/decide-by-identity.ts';
import type { GroupId, UserId } from '../shared/ids.ts';
import { attachPolicy } from './attachments.ts';
import { putBoundary, deleteBoundary } from './boundaries.ts';
import { addUserToGroup, removeUserFromGroup, setUserGroups } from './group-membership.ts';
import {
  createGroup,
  deleteGroup,
  findGroup,
  listGroups,
  listGroupsOfUser,
  listMembers,
  updateGroup,
} from './groups.ts';
import { deleteInlinePolicy, putInlinePolicy } from './inline-policies.ts';
import { loadIdentity } from './load-identity.ts';
import { createPolicy, deletePolicy, findPolicy } from './policies.ts';
import { renameUser, setUserTags, tagUser, untagUser } from './user-tags.ts';
import { createUsers, deleteUser, findUser } from './users.ts';

const allows = (Action: string, Effect = 'Allow'): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect, Action, Resource: '*' } });

async function oneUser({ deps, account }: IdentityFixture, username = 'alice'): Promise<UserId> {
  const { users } = await createUsers(deps, { accountId: account.accountId, usernames: [username], passwords: 'none' });
  assert.ok(users[0]);
  return users[0].userId;
}

async function may({ deps, account }: IdentityFixture, userId: UserId, action: string): Promise<string> {
  const identity = await deps.store.read((snapshot) =>
    loadIdentity(snapshot, account.accountId, { type: 'user', userId }),
  );
  assert.ok(identity);
  return decideByIdentity(identity, { action, resource: '*', context: new Map() }).kind;
}

test('members of a group have what is attached to it, until they leave it or it is deleted', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const { accountId } = account;
  const userId = await oneUser(fixture);
  const group = await createGroup(deps, { accountId, name: 'Readers', policies: ['vStorageReadOnlyAccess'] });
  const { groupId } = group;
  assert.equal(await may(fixture, userId, 's3:GetObject'), 'none');
  await addUserToGroup(deps, accountId, groupId, userId);
  await addUserToGroup(deps, accountId, groupId, userId);
  assert.equal(await may(fixture, userId, 's3:GetObject'), 'allow');
  assert.deepEqual(
    (await listMembers(deps, accountId, groupId)).map(({ username }) => username),
    ['alice'],
  );
  assert.deepEqual(
    (await listGroupsOfUser(deps, accountId, userId)).map(({ name }) => name),
    ['Readers'],
  );
  await putInlinePolicy(
    deps,
    accountId,
    { kind: 'group', id: groupId },
    { name: 'no', document: allows('s3:*', 'Deny') },
  );
  assert.equal(await may(fixture, userId, 's3:GetObject'), 'deny');
  await deleteInlinePolicy(deps, accountId, { kind: 'group', id: groupId }, 'no');
  await removeUserFromGroup(deps, accountId, groupId, userId);
  assert.equal(await may(fixture, userId, 's3:GetObject'), 'none');
  await setUserGroups(deps, accountId, userId, [groupId]);
  assert.equal(await may(fixture, userId, 's3:GetObject'), 'allow');
  await deleteGroup(deps, accountId, groupId);
  assert.equal(await may(fixture, userId, 's3:GetObject'), 'none');
  assert.deepEqual((await findUser(deps, accountId, userId))?.groups, []);
  assert.deepEqual(await listGroups(deps, accountId), []);
});

test('a deleted user leaves its groups, and a new one of its name is not in them', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const { accountId } = account;
  const userId = await oneUser(fixture);
  const { groupId } = await createGroup(deps, { accountId, name: 'all', members: [userId] });
  assert.equal((await listMembers(deps, accountId, groupId)).length, 1);
  await deleteUser(deps, accountId, userId);
  await oneUser(fixture);
  assert.deepEqual(await listMembers(deps, accountId, groupId), []);
});

test('groups: names differ in more than case, limits hold, what is not there is refused', async () => {
  await using fixture = await openIdentityFixture({ 'groups-per-account': 2, 'groups-per-user': 1 });
  const { deps, account } = fixture;
  const { accountId } = account;
  const userId = await oneUser(fixture);
  const one = await createGroup(deps, { accountId, name: 'one', members: [userId] });
  await assert.rejects(createGroup(deps, { accountId, name: 'ONE' }), problem('group-name-taken', 409));
  await assert.rejects(createGroup(deps, { accountId, name: 'a b' }), problem('invalid-group-name', 400));
  await assert.rejects(createGroup(deps, { accountId, name: 'x', policies: ['none'] }), problem('no-such-policy', 404));
  await assert.rejects(createGroup(deps, { accountId, name: 'x', members: [userId] }), problem('limit-exceeded', 409));
  const two = await createGroup(deps, { accountId, name: 'two' });
  await assert.rejects(createGroup(deps, { accountId, name: 'three' }), problem('limit-exceeded', 409));
  await assert.rejects(addUserToGroup(deps, accountId, two.groupId, userId), problem('limit-exceeded', 409));
  await assert.rejects(addUserToGroup(deps, accountId, 'no' as GroupId, userId), problem('no-such-group', 404));
  await assert.rejects(addUserToGroup(deps, accountId, two.groupId, 'no' as UserId), problem('no-such-user', 404));
  await assert.rejects(updateGroup(deps, accountId, two.groupId, { name: 'One' }), problem('group-name-taken', 409));
  await updateGroup(deps, accountId, one.groupId, { name: 'first', path: '/team/' });
  assert.equal(await findGroup(deps, accountId, 'one'), undefined);
  assert.equal((await findGroup(deps, accountId, 'FIRST'))?.groupId, one.groupId);
  assert.equal((await listMembers(deps, accountId, one.groupId)).length, 1);
});

test('a boundary narrows a user and keeps its policy from being deleted', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const { accountId } = account;
  const userId = await oneUser(fixture);
  const target = { kind: 'user', id: userId } as const;
  await createPolicy(deps, { accountId, name: 'reads', description: '', document: allows('s3:Get*') });
  await attachPolicy(deps, accountId, target, 'vStorageFullAccess');
  await putBoundary(deps, accountId, target, 'READS');
  assert.equal(await may(fixture, userId, 's3:GetObject'), 'allow');
  assert.equal(await may(fixture, userId, 's3:PutObject'), 'refused');
  await assert.rejects(deletePolicy(deps, accountId, 'reads'), problem('policy-in-use', 409));
  assert.deepEqual(
    (await findPolicy(deps, accountId, 'reads'))?.boundaryOf.map(({ name }) => name),
    ['alice'],
  );
  await deleteBoundary(deps, accountId, target);
  assert.equal(await may(fixture, userId, 's3:PutObject'), 'allow');
  await assert.rejects(deleteBoundary(deps, accountId, target), problem('no-boundary', 404));
  await assert.rejects(putBoundary(deps, accountId, target, 'nothing'), problem('no-such-policy', 404));
});

test('an inline policy takes the place of the one of its name and cannot outgrow its identity', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const { accountId } = account;
  const userId = await oneUser(fixture);
  const target = { kind: 'user', id: userId } as const;
  const put = (name: string, document: string) => putInlinePolicy(deps, accountId, target, { name, document });
  await put('mine', allows('s3:Get*'));
  await put('mine', allows('s3:Put*'));
  assert.deepEqual(
    [await may(fixture, userId, 's3:GetObject'), await may(fixture, userId, 's3:PutObject')],
    ['none', 'allow'],
  );
  await assert.rejects(put('a b', allows('s3:*')), problem('invalid-policy-name', 400));
  await assert.rejects(put('bad', '{'), /JSON/);
  await assert.rejects(put('hcm', allows('vstorage-hcm03:ListObjects')), /import/);
  const long = JSON.stringify({
    Statement: { Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::${'x'.repeat(15_000)}` },
  });
  await put('long', long);
  await assert.rejects(put('longer', long), problem('limit-exceeded', 409));
  await assert.rejects(deleteInlinePolicy(deps, accountId, target, 'none'), problem('no-such-inline-policy', 404));
});

test('tags are asked for by conditions, replaced by their keys in any case and bounded', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const { accountId } = account;
  const userId = await oneUser(fixture);
  await tagUser(deps, accountId, userId, [
    { key: 'Team', value: 'a' },
    { key: 'site', value: 'x' },
  ]);
  await tagUser(deps, accountId, userId, [{ key: 'team', value: 'b' }]);
  assert.deepEqual((await findUser(deps, accountId, userId))?.tags, [
    { key: 'site', value: 'x' },
    { key: 'team', value: 'b' },
  ]);
  await untagUser(deps, accountId, userId, ['SITE', 'none']);
  assert.deepEqual((await findUser(deps, accountId, userId))?.tags, [{ key: 'team', value: 'b' }]);
  const set = (...tags: { key: string; value: string }[]) => setUserTags(deps, accountId, userId, tags);
  for (const key of ['', 'aws:x', 'a;b', 'x'.repeat(129)]) {
    await assert.rejects(set({ key, value: '' }), problem('invalid-tag', 400), key);
  }
  await assert.rejects(set({ key: 'a', value: '' }, { key: 'A', value: '' }), problem('invalid-tag', 400));
  const many = Array.from({ length: 51 }, (_, index) => ({ key: `k${index}`, value: '' }));
  await assert.rejects(set(...many), problem('limit-exceeded', 409));
});

test('a renamed user keeps its id, its rights and its groups, and frees its former name', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const { accountId } = account;
  const [alice, bob] = [await oneUser(fixture), await oneUser(fixture, 'bobby')];
  await assert.rejects(renameUser(deps, accountId, alice, { username: 'BOBBY' }), problem('username-taken', 409));
  await renameUser(deps, accountId, alice, { username: 'Alicia', path: '/people/' });
  assert.equal((await findUser(deps, accountId, 'alicia'))?.userId, alice);
  assert.equal(await findUser(deps, accountId, 'alice'), undefined);
  await renameUser(deps, accountId, bob, { username: 'alice' });
  await assert.rejects(renameUser(deps, accountId, bob, { path: 'people' }), problem('invalid-path', 400));
});
