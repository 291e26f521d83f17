import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreatedUsers, DeleteManyResult, UserView } from '../../src/console-api/contract.ts';
import type {
  GroupList,
  GroupView,
  InlinePolicyList,
  LimitsView,
  MemberList,
  PermissionsView,
} from '../../src/console-api/contract/iam.ts';
import { type Browser, refused } from './browser.ts';
import { type ConsoleFixture, ROOT_EMAIL, USER_PASSWORD, startConsole } from './console-fixture.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';
const allow = (Action: string) => ({
  Version: '2012-10-17',
  Statement: { Sid: 'One', Effect: 'Allow', Action, Resource: '*' },
});

const newGroup = (by: Browser, body: object = {}): Promise<GroupView> =>
  by.change<GroupView>('POST', 'groups', { name: 'staff', ...body }, 201);

const mayListUsers = async (user: Browser): Promise<boolean> => (await user.send('GET', 'users')).status === 200;

test('a group gives its members rights at their next request, and takes them away', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const alice = await fixture.user('alice');
  const { userId } = alice.user;
  const group = await newGroup(root, { description: 'all of us', policies: ['IAMReadOnlyAccess'], path: '/team/' });
  assert.deepEqual(group, {
    id: group.id,
    name: 'staff',
    arn: `arn:aws:iam::${fixture.accountId}:group/team/staff`,
    path: '/team/',
    description: 'all of us',
    policies: ['IAMReadOnlyAccess'],
    inlinePolicies: [],
    memberCount: 0,
    createdAt: group.createdAt,
  });
  assert.equal(await mayListUsers(alice), false);
  await root.change('POST', `groups/${group.id}/members`, { userIds: [userId] }, 204);
  assert.equal(await mayListUsers(alice), true);
  const members = await root.get<MemberList>(`groups/${group.id}/members`);
  assert.deepEqual(
    members.items.map(({ username }) => username),
    ['alice'],
  );
  assert.equal((await root.get<GroupList>('groups?search=STA')).items[0]?.memberCount, 1);
  assert.deepEqual(
    (await root.get<GroupList>(`users/${userId}/groups`)).items.map(({ name }) => name),
    ['staff'],
  );
  await root.change('DELETE', `groups/${group.id}/members/${userId}`, undefined, 204);
  assert.equal(await mayListUsers(alice), false);
  await root.change<UserView>('PUT', `users/${userId}/groups`, { groups: [group.id] }, 200);
  assert.equal(await mayListUsers(alice), true);
  await root.change('PUT', `groups/${group.id}/policies`, { policies: [] }, 200);
  assert.equal(await mayListUsers(alice), false);
  await root.change('PUT', `groups/${group.id}/inline-policies/list`, { document: allow('vstorage:ListUsers') }, 204);
  assert.equal(await mayListUsers(alice), true);
  await root.change('DELETE', `groups/${group.id}`, undefined, 204);
  assert.equal(await mayListUsers(alice), false);
  refused(await root.send('GET', `groups/${group.id}`), 404, 'no-such-group');
});

test('groups are renamed, deleted together, and refused what is wrong', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const one = await newGroup(root);
  const two = await newGroup(root, { name: 'two' });
  refused(await root.send('POST', 'groups', { name: 'STAFF' }), 409, 'group-name-taken');
  refused(await root.send('PATCH', `groups/${two.id}`, { name: 'staff' }), 409, 'group-name-taken');
  refused(await root.send('POST', 'groups', { name: 'x', members: [NOBODY] }), 404, 'no-such-user');
  refused(await root.send('POST', `groups/${one.id}/members`, { userIds: [NOBODY] }), 404, 'no-such-user');
  const renamed = await root.change<GroupView>('PATCH', `groups/${two.id}`, { name: 'zwei', description: 'x' }, 200);
  assert.deepEqual([renamed.name, renamed.description], ['zwei', 'x']);
  const ids = [one.id, two.id, NOBODY];
  const { results } = await root.change<DeleteManyResult>('POST', 'groups/delete', { ids }, 200);
  assert.deepEqual(
    results.map(({ deleted }) => deleted),
    [true, true, false],
  );
});

test('each change needs its own right, on this group', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const mine = await newGroup(root);
  const other = await newGroup(root, { name: 'other' });
  const resource = `vstorage::${fixture.accountId}:group/${mine.id}`;
  const actions = ['GetGroup', 'ChangeGroupMembers', 'AttachGroupPolicy'].map((name) => `vstorage:${name}`);
  const document = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: actions, Resource: resource } };
  await root.change('POST', 'policies', { name: 'leader', document }, 201);
  const leader = await fixture.user('leader', ['leader']);
  const { userId } = leader.user;
  for (const [group, status] of [
    [mine, true],
    [other, false],
  ] as const) {
    const as = (answer: { status: number }): boolean => answer.status < 300;
    assert.equal(as(await leader.send('GET', `groups/${group.id}`)), status);
    assert.equal(as(await leader.send('POST', `groups/${group.id}/members`, { userIds: [userId] })), status);
    assert.equal(as(await leader.send('PUT', `groups/${group.id}/policies`, { policies: [] })), status);
    assert.equal(as(await leader.send('PATCH', `groups/${group.id}`, { description: 'x' })), false);
    assert.equal(as(await leader.send('DELETE', `groups/${group.id}`)), false);
  }
  refused(await leader.send('GET', 'groups'), 403, 'access-denied');
  refused(await leader.send('POST', 'groups', { name: 'mine' }), 403, 'access-denied');
  const into = (groups: string[]) => leader.send('PUT', `users/${userId}/groups`, { groups });
  assert.equal((await into([mine.id])).status, 200);
  refused(await into([mine.id, other.id]), 403, 'access-denied');
  await root.change('PUT', `users/${userId}/groups`, { groups: [other.id] }, 200);
  refused(await into([]), 403, 'access-denied');
});

test('users are made with groups, tags, a boundary and passwords of their own that must be changed', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const { id } = await newGroup(root);
  const wanted = {
    usernames: ['alice', 'bobby'],
    passwords: 'each',
    mustChangePassword: true,
    groups: [id],
    tags: [{ key: 'team', value: 'a' }],
    boundary: 'vStorageReadOnlyAccess',
    path: '/people/',
  };
  const { items, passwords } = await root.change<CreatedUsers>('POST', 'users', wanted, 201);
  const [alice] = items;
  assert.ok(alice);
  assert.deepEqual(
    [alice.groups, alice.boundary, alice.path, alice.mustChangePassword],
    [[id], 'vStorageReadOnlyAccess', '/people/', true],
  );
  assert.equal(alice.arn, `arn:aws:iam::${fixture.accountId}:user/people/alice`);
  assert.deepEqual(
    passwords.map(({ username }) => username),
    ['alice', 'bobby'],
  );
  assert.notEqual(passwords[0]?.password, passwords[1]?.password);
  const browser = fixture.browser();
  const password = passwords[0]?.password ?? '';
  const session = await browser.signIn({ type: 'iam', rootEmail: ROOT_EMAIL, username: 'alice', password });
  assert.equal(session.pending, 'change-password');
  const tagged = await root.change<UserView>(
    'PUT',
    `users/${alice.id}/tags`,
    { tags: [{ key: 'team', value: 'b' }] },
    200,
  );
  assert.deepEqual(tagged.tags, [{ key: 'team', value: 'b' }]);
  await root.change('DELETE', `users/${alice.id}/boundary`, undefined, 204);
  refused(await root.send('DELETE', `users/${alice.id}/boundary`), 404, 'no-boundary');
  await root.change('PUT', `users/${alice.id}/boundary`, { policy: 'iamreadonlyaccess' }, 204);
  const renamed = await root.change<UserView>('PATCH', `users/${alice.id}`, { username: 'alicia', path: '/' }, 200);
  assert.deepEqual([renamed.username, renamed.boundary, renamed.status], ['alicia', 'IAMReadOnlyAccess', 'active']);
  refused(await root.send('PATCH', `users/${alice.id}`, { username: 'bobby' }), 409, 'username-taken');
  const none = await root.change<CreatedUsers>('POST', 'users', { usernames: ['robot'], passwords: 'none' }, 201);
  assert.deepEqual([none.items[0]?.hasPassword, none.passwords], [false, []]);
});

test('giving a new user groups, tags or a boundary needs the right to give them', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const { id } = await newGroup(root, { policies: ['AdministratorAccess'] });
  await root.change('POST', 'policies', { name: 'hr', document: allow('vstorage:CreateUser') }, 201);
  const hr = await fixture.user('hr.person', ['hr']);
  const make = (more: object) => hr.send('POST', 'users', { usernames: ['fresh'], password: USER_PASSWORD, ...more });
  for (const more of [
    { groups: [id] },
    { tags: [{ key: 'a', value: 'b' }] },
    { boundary: 'IAMFullAccess' },
    { policies: ['IAMFullAccess'] },
  ]) {
    refused(await make(more), 403, 'access-denied');
  }
  assert.equal((await make({})).status, 201);
});

test('what all policies of a user come to is shown with where it comes from', async () => {
  await using fixture: ConsoleFixture = await startConsole();
  const root = await fixture.root();
  const { user } = await fixture.user('alice', ['vStorageReadOnlyAccess']);
  await newGroup(root, { members: [user.userId], policies: ['AmazonS3FullAccess'] });
  await root.change('PUT', `users/${user.userId}/inline-policies/mine`, { document: allow('vstorage:ListUsers') }, 204);
  await root.change('PUT', `users/${user.userId}/boundary`, { policy: 'AmazonS3ReadOnlyAccess' }, 204);
  const inline = await root.get<InlinePolicyList>(`users/${user.userId}/inline-policies`);
  assert.deepEqual(
    inline.items.map(({ name }) => name),
    ['mine'],
  );
  const { sources, boundary, actions } = await root.get<PermissionsView>(`users/${user.userId}/permissions`);
  assert.deepEqual(sources, [
    { policy: 'vStorageReadOnlyAccess', type: 'managed', group: null },
    { policy: 'mine', type: 'inline', group: null },
    { policy: 'AmazonS3FullAccess', type: 'managed', group: 'staff' },
  ]);
  assert.equal(boundary, 'AmazonS3ReadOnlyAccess');
  const of = (name: string) => actions.find(({ action }) => action === name);
  assert.deepEqual(
    of('s3:GetObject')?.allow.map(({ policy }) => policy),
    ['vStorageReadOnlyAccess', 'AmazonS3FullAccess'],
  );
  assert.deepEqual([of('s3:GetObject')?.boundaryAllows, of('s3:PutObject')?.boundaryAllows], [true, false]);
  assert.deepEqual(
    of('vstorage:ListUsers')?.allow.map(({ policy, sid }) => [policy, sid]),
    [
      ['vStorageReadOnlyAccess', null],
      ['mine', 'One'],
    ],
  );
  assert.equal(of('vstorage:DeleteUser'), undefined);
  refused(await root.send('GET', `users/${NOBODY}/permissions`), 404, 'no-such-user');
  const limits = await root.get<LimitsView>('limits');
  assert.deepEqual(
    [limits.users, limits.groups],
    [
      { used: 1, max: 20 },
      { used: 1, max: 20 },
    ],
  );
});
