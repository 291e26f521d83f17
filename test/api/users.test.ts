import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreatedUsers, DeleteManyResult, S3KeyList, UserList, UserView } from '../../src/console-api/contract.ts';
import { refused } from './browser.ts';
import { ROOT_EMAIL, startConsole, USER_PASSWORD } from './console-fixture.ts';

const usernames = ({ items }: { items: readonly UserView[] }): string[] => items.map(({ username }) => username);

test('several users are made at once with one password, and can sign in', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const wanted = { usernames: ['bob.two', 'alice'], password: USER_PASSWORD, policies: ['vStorageReadOnlyAccess'] };
  const made = await root.change<CreatedUsers>('POST', 'users', wanted, 201);
  assert.deepEqual(usernames(made), ['bob.two', 'alice']);
  assert.deepEqual(made.passwords, []);
  const [bob] = made.items;
  assert.ok(bob);
  assert.deepEqual(bob, {
    id: bob.id,
    username: 'bob.two',
    status: 'active',
    policies: ['vStorageReadOnlyAccess'],
    email: null,
    hasPassword: true,
    mustChangePassword: false,
    vstorageUserId: `owner-${fixture.accountId}:iam-bob.two`,
    arn: `arn:aws:iam::${fixture.accountId}:user/bob.two`,
    path: '/',
    tags: [],
    groups: [],
    inlinePolicies: [],
    boundary: null,
    createdAt: bob.createdAt,
    lastSignInAt: null,
  });
  const browser = fixture.browser();
  await browser.signIn({ type: 'iam', rootEmail: ROOT_EMAIL, username: 'alice', password: USER_PASSWORD });
  const list = await root.get<UserList>('users');
  assert.deepEqual(usernames(list), ['alice', 'bob.two']);
  assert.ok(list.items[0]?.lastSignInAt);
  assert.deepEqual(usernames(await root.get<UserList>('users?search=BOB')), ['bob.two']);
  assert.deepEqual(await root.get<UserView>(`users/${bob.id}`), bob);
});

test('of several users none is made when one cannot be', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const make = async (names: string[], password = USER_PASSWORD, policies: string[] = []) =>
    await root.send('POST', 'users', { usernames: names, password, policies });
  assert.equal((await make(['taken'])).status, 201);
  refused(await make(['fresh', 'Taken']), 409, 'username-taken');
  refused(await make(['fresh', 'x']), 400, 'invalid-username');
  refused(await make(['fresh', 'FRESH']), 400, 'username-repeated');
  refused(await make(['fresh'], 'weak'), 400, 'weak-password');
  refused(await make(['fresh'], USER_PASSWORD, ['NoSuchPolicy']), 404, 'no-such-policy');
  assert.deepEqual(usernames(await root.get<UserList>('users')), ['taken']);
});

test('no answer about users carries a password or its hash', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const { user } = await fixture.user('alice');
  const answers = [
    await root.send('GET', 'users'),
    await root.send('GET', `users/${user.userId}`),
    await root.send('PUT', `users/${user.userId}/password`, { password: 'Other-Passw0rd' }),
  ];
  for (const { text } of answers) assert.doesNotMatch(text, /argon2|Passw0rd|passwordHash/);
});

test('a password set by root replaces the old one and ends the sessions of the user', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const alice = await fixture.user('alice');
  const path = `users/${alice.user.userId}/password`;
  refused(await root.send('PUT', path, { password: 'weak' }), 400, 'weak-password');
  await root.change('PUT', path, { password: 'Other-Passw0rd' }, 204);
  refused(await alice.send('GET', 'session'), 401, 'not-signed-in');
  const credentials = { type: 'iam', rootEmail: ROOT_EMAIL, username: 'alice' } as const;
  refused(await alice.send('POST', 'session', { ...credentials, password: USER_PASSWORD }), 401, 'invalid-credentials');
  await alice.signIn({ ...credentials, password: 'Other-Passw0rd' });
});

test('policies are set as given, and rights change with the next request', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const alice = await fixture.user('alice');
  const path = `users/${alice.user.userId}/policies`;
  refused(await alice.send('GET', 'users'), 403, 'access-denied');
  const changed = await root.change<UserView>('PUT', path, { policies: ['vstoragereadonlyaccess'] }, 200);
  assert.deepEqual(changed.policies, ['vStorageReadOnlyAccess']);
  await alice.get('users');
  await root.change('PUT', path, { policies: [] }, 200);
  refused(await alice.send('GET', 'users'), 403, 'access-denied');
  refused(await root.send('PUT', path, { policies: ['NoSuchPolicy'] }), 404, 'no-such-policy');
});

test('users are deleted with their keys, one or several', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const alice = await fixture.user('alice');
  const bobby = await fixture.user('bobby');
  const keys = `projects/${fixture.projectId}/s3-keys`;
  await alice.change('POST', keys, {}, 201);
  await root.change('DELETE', `users/${alice.user.userId}`, undefined, 204);
  refused(await alice.send('GET', 'session'), 401, 'not-signed-in');
  assert.deepEqual((await root.get<S3KeyList>(keys)).items, []);
  const ids = [bobby.user.userId, alice.user.userId];
  const { results } = await root.change<DeleteManyResult>('POST', 'users/delete', { ids }, 200);
  assert.deepEqual(
    results.map((result) => (result.deleted ? 'deleted' : result.code)),
    ['deleted', 'no-such-user'],
  );
  assert.deepEqual((await root.get<UserList>('users')).items, []);
  refused(await root.send('GET', `users/${alice.user.userId}`), 404, 'no-such-user');
});

test('who may make users but not attach policies makes users without rights only', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const document = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'vstorage:CreateUser', Resource: '*' }],
  };
  await root.change('POST', 'policies', { name: 'MakeUsers', document }, 201);
  const clerk = await fixture.user('clerk', ['MakeUsers']);
  const wanted = { usernames: ['fresh'], password: USER_PASSWORD };
  refused(await clerk.send('POST', 'users', { ...wanted, policies: ['vStorageFullAccess'] }), 403, 'access-denied');
  await clerk.change('POST', 'users', wanted, 201);
});

test('a read-only user sees users and changes none', async () => {
  await using fixture = await startConsole();
  const reader = await fixture.user('reader', ['vStorageReadOnlyAccess']);
  const { userId } = reader.user;
  assert.deepEqual(usernames(await reader.get<UserList>('users')), ['reader']);
  refused(await reader.send('PATCH', `users/${userId}`, { status: 'disabled' }), 403, 'access-denied');
  refused(await reader.send('PUT', `users/${userId}/password`, { password: 'Other-Passw0rd' }), 403, 'access-denied');
  refused(await reader.send('PUT', `users/${userId}/policies`, { policies: [] }), 403, 'access-denied');
  refused(await reader.send('DELETE', `users/${userId}`), 403, 'access-denied');
  const wanted = { usernames: ['fresh'], password: USER_PASSWORD };
  refused(await reader.send('POST', 'users', wanted), 403, 'access-denied');
  const { results } = await reader.change<DeleteManyResult>('POST', 'users/delete', { ids: [userId] }, 200);
  assert.deepEqual(
    results.map((result) => !result.deleted && result.code),
    ['access-denied'],
  );
});
