import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeKey, prefixRange, tables } from '../metadata/keys.ts';
import { resetPassword, setAccountStatus } from './accounts.ts';
import {
  IDLE_MS,
  type IdentityFixture,
  ROOT_EMAIL,
  ROOT_PASSWORD,
  USER_PASSWORD,
  openIdentityFixture,
  problem,
} from '../../test/support/identity-fixture.ts';
import { purgeSignIns } from './purge-sign-ins.ts';
import { SESSION_LIFETIME_MS, csrfMatches, findSession, signOut } from './sessions.ts';
import { changeOwnPassword } from './own-password.ts';
import { type Credentials, type SignedIn, signIn } from './sign-in.ts';
import { setPolicies } from './attachments.ts';
import { unlock } from './unlock.ts';
import { createUsers, deleteUser, findUser, setUserPassword, setUserStatus } from './users.ts';

const client = { address: '192.0.2.1', userAgent: 'test' };
const root: Credentials = { type: 'root', email: ROOT_EMAIL, password: ROOT_PASSWORD };
const alice: Credentials = { type: 'iam', rootEmail: ROOT_EMAIL, username: 'alice', password: USER_PASSWORD };

async function withAlice(fixture: IdentityFixture): Promise<void> {
  const { deps, account } = fixture;
  await createUsers(deps, { accountId: account.accountId, usernames: ['alice'], password: USER_PASSWORD });
}

const enter = (
  fixture: IdentityFixture,
  credentials: Credentials = root,
  address = client.address,
): Promise<SignedIn> => signIn(fixture.sessionDeps, credentials, { ...client, address });

const wrong = (credentials: Credentials): Credentials => ({ ...credentials, password: 'Wr0ng-password' });
const refused = problem('invalid-credentials', 401);
const locked = problem('sign-in-locked', 429);

async function fail(
  fixture: IdentityFixture,
  credentials: Credentials,
  times: number,
  address?: string,
): Promise<void> {
  for (let i = 0; i < times; i++) await assert.rejects(enter(fixture, wrong(credentials), address), refused);
}

test('the root signs in by e-mail in any case, an IAM user by root e-mail and name', async () => {
  await using fixture = await openIdentityFixture();
  await withAlice(fixture);
  const asRoot = await enter(fixture, { ...root, email: ROOT_EMAIL.toUpperCase() });
  assert.equal(asRoot.identity.type, 'root');
  const asAlice = await enter(fixture, { ...alice, username: 'Alice' });
  assert.equal(asAlice.identity.name, 'alice');
  const user = await findUser(fixture.deps, fixture.account.accountId, 'alice');
  assert.equal(user?.lastSignInAt, fixture.deps.clock());
});

test('wrong details of every kind are answered the same', async () => {
  await using fixture = await openIdentityFixture();
  await withAlice(fixture);
  const attempts: Credentials[] = [
    wrong(root),
    wrong(alice),
    { ...root, email: 'nobody@example.test' },
    { ...alice, username: 'nobody' },
    { ...alice, rootEmail: 'nobody@example.test' },
    { type: 'root', email: ROOT_EMAIL, password: 'x'.repeat(100_000) },
  ];
  const messages = new Set<string>();
  for (const attempt of attempts) {
    await assert.rejects(enter(fixture, attempt), (error: Error) => refused(error) && !!messages.add(error.message));
  }
  assert.equal(messages.size, 1);
});

test('a session is found by its token, and neither token nor CSRF token stands in the store', async () => {
  await using fixture = await openIdentityFixture();
  const { token, csrfToken, session } = await enter(fixture);
  const found = await findSession(fixture.sessionDeps, token);
  assert.deepEqual(found?.session, session);
  assert.equal(found?.csrfToken, csrfToken);
  assert.ok(csrfMatches(session, csrfToken));
  assert.ok(!csrfMatches(session, token));
  assert.ok(!csrfMatches(session, ''));
  assert.equal(await findSession(fixture.sessionDeps, `${token}x`), undefined);
  const range = { start: encodeKey(tables.session), end: encodeKey(tables.signInFailures), limit: 100 };
  const rows = await fixture.deps.store.read((snapshot) => snapshot.range(range));
  assert.equal(rows.length, 2);
  for (const { key, value } of rows) {
    const row = Buffer.concat([key, value]);
    assert.equal(row.includes(token) || row.includes(csrfToken), false);
  }
});

test('a session ends when idle too long, and use keeps it alive', async () => {
  await using fixture = await openIdentityFixture();
  const { token } = await enter(fixture);
  for (let i = 0; i < 3; i++) {
    fixture.pass(IDLE_MS - 60_000);
    assert.ok(await findSession(fixture.sessionDeps, token));
  }
  fixture.pass(IDLE_MS);
  assert.equal(await findSession(fixture.sessionDeps, token), undefined);
});

test('a session ends at its absolute end, however busy', async () => {
  await using fixture = await openIdentityFixture();
  const { token } = await enter(fixture);
  for (let passed = 0; passed < SESSION_LIFETIME_MS - IDLE_MS / 2; passed += IDLE_MS / 2) {
    fixture.pass(IDLE_MS / 2);
    assert.ok(await findSession(fixture.sessionDeps, token));
  }
  fixture.pass(IDLE_MS / 2);
  assert.equal(await findSession(fixture.sessionDeps, token), undefined);
});

test('signing out ends this session only', async () => {
  await using fixture = await openIdentityFixture();
  const [one, other] = [await enter(fixture), await enter(fixture)];
  await signOut(fixture.sessionDeps, one.token);
  await signOut(fixture.sessionDeps, one.token);
  assert.equal(await findSession(fixture.sessionDeps, one.token), undefined);
  assert.ok(await findSession(fixture.sessionDeps, other.token));
});

test('a new password, disabling and deleting end sessions at the next request', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account, sessionDeps } = fixture;
  const { accountId } = account;
  await withAlice(fixture);
  const userId = (await findUser(deps, accountId, 'alice'))?.userId;
  assert.ok(userId);
  const ends = async (change: () => Promise<unknown>, credentials: Credentials = alice): Promise<void> => {
    const { token } = await enter(fixture, credentials);
    assert.ok(await findSession(sessionDeps, token));
    fixture.pass(1000);
    await change();
    assert.equal(await findSession(sessionDeps, token), undefined);
  };
  await ends(() => setUserPassword(deps, accountId, userId, { password: USER_PASSWORD }));
  await ends(() => setUserStatus(deps, accountId, userId, 'disabled'));
  await assert.rejects(enter(fixture, alice), problem('account-disabled', 403));
  await setUserStatus(deps, accountId, userId, 'active');
  await ends(() => setAccountStatus(deps, accountId, 'disabled'));
  await assert.rejects(enter(fixture, root), problem('account-disabled', 403));
  await setAccountStatus(deps, accountId, 'active');
  await ends(() => deleteUser(deps, accountId, userId));
  await ends(() => resetPassword(deps, accountId, ROOT_PASSWORD), root);
});

test('a session has the policies of now, not of sign-in', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account, sessionDeps } = fixture;
  await withAlice(fixture);
  const { token, identity } = await enter(fixture, alice);
  assert.ok(identity.type === 'user' && identity.policies.length === 0);
  await setPolicies(deps, account.accountId, { kind: 'user', id: identity.userId }, ['vStorageFullAccess']);
  const found = await findSession(sessionDeps, token);
  assert.ok(found?.identity.type === 'user' && found.identity.policies[0]?.name === 'vStorageFullAccess');
});

test('changing the own password keeps this session and ends the others', async () => {
  await using fixture = await openIdentityFixture();
  const { sessionDeps } = fixture;
  await withAlice(fixture);
  const [mine, other] = [await enter(fixture, alice), await enter(fixture, alice)];
  fixture.pass(1000);
  const { accountId, identity: ref } = mine.session;
  const person = { accountId, ref };
  const change = {
    token: mine.token,
    address: client.address,
    currentPassword: USER_PASSWORD,
    newPassword: 'N3w-password',
  };
  await assert.rejects(
    changeOwnPassword(sessionDeps, person, { ...change, currentPassword: 'wrong' }),
    problem('wrong-password', 403),
  );
  await assert.rejects(
    changeOwnPassword(sessionDeps, person, { ...change, newPassword: 'weak' }),
    problem('weak-password', 400),
  );
  await changeOwnPassword(sessionDeps, person, change);
  assert.ok(await findSession(sessionDeps, mine.token));
  assert.equal(await findSession(sessionDeps, other.token), undefined);
  await assert.rejects(enter(fixture, alice), refused);
  await enter(fixture, { ...alice, password: 'N3w-password' });
});

test('five failures lock a name, the right password included, and say for how long', async () => {
  await using fixture = await openIdentityFixture();
  await fail(fixture, root, 5);
  await assert.rejects(
    enter(fixture, root),
    (error: Error) => locked(error) && 'retryAfterSeconds' in error && error.retryAfterSeconds === 30,
  );
});

test('a name that does not exist is locked the same', async () => {
  await using fixture = await openIdentityFixture();
  const nobody: Credentials = { type: 'root', email: 'nobody@example.test', password: 'x' };
  await fail(fixture, nobody, 5);
  await assert.rejects(enter(fixture, nobody), locked);
});

test('the lock ends by itself, tries meanwhile do not lengthen it, and it grows to 15 minutes at most', async () => {
  await using fixture = await openIdentityFixture();
  await fail(fixture, root, 5);
  fixture.pass(29_000);
  for (let i = 0; i < 3; i++) await assert.rejects(enter(fixture, root), locked);
  fixture.pass(1_000);
  for (const seconds of [60, 120, 240, 480, 900, 900]) {
    await fail(fixture, root, 1);
    fixture.pass((seconds - 1) * 1000);
    await assert.rejects(enter(fixture, root), locked, `${seconds} s`);
    fixture.pass(1_000);
  }
  await enter(fixture, root);
});

test('signing in forgets the failures of the name', async () => {
  await using fixture = await openIdentityFixture();
  await fail(fixture, root, 4);
  await enter(fixture, root);
  await fail(fixture, root, 4);
  await enter(fixture, root);
});

test('a reset password lifts the lock', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  await withAlice(fixture);
  await fail(fixture, root, 5);
  await resetPassword(deps, account.accountId, ROOT_PASSWORD);
  await enter(fixture, root);
  await fail(fixture, alice, 5);
  const user = await findUser(deps, account.accountId, 'alice');
  assert.ok(user);
  await setUserPassword(deps, account.accountId, user.userId, { password: USER_PASSWORD });
  await enter(fixture, alice);
});

test('twenty failures from one address lock it for every name, and no other address', async () => {
  await using fixture = await openIdentityFixture();
  await withAlice(fixture);
  for (let i = 0; i < 20; i++) {
    const credentials: Credentials = { type: 'root', email: `user${i}@example.test`, password: 'x' };
    await assert.rejects(enter(fixture, credentials, '2001:db8:1:2::1'), refused);
  }
  await assert.rejects(enter(fixture, alice, '2001:db8:1:2:ffff::9'), locked);
  await enter(fixture, alice, '2001:db8:1:3::1');
});

test('many addresses lock a name for strangers, and not for whoever has signed in from where they are now', async () => {
  await using fixture = await openIdentityFixture();
  await enter(fixture, root, '198.51.100.1');
  for (let i = 0; i < 25; i++) await fail(fixture, root, 1, `203.0.113.${i}`);
  await assert.rejects(enter(fixture, root, '203.0.113.200'), locked);
  await enter(fixture, root, '198.51.100.1');
  // and goes on so, however long the strangers try
  for (let i = 0; i < 10; i++) {
    fixture.pass(15 * 60_000);
    await fail(fixture, root, 1, `203.0.113.${100 + i}`);
    await enter(fixture, root, '198.51.100.1');
  }
  await assert.rejects(enter(fixture, root, '203.0.113.201'), locked);
});

test('a browser that signed in before is held up by its own failures only, wherever it is', async () => {
  await using fixture = await openIdentityFixture();
  const from = (address: string, device: string, credentials: Credentials = root): Promise<SignedIn> =>
    signIn(fixture.sessionDeps, credentials, { ...client, address, device });
  await from('198.51.100.1', 'laptop');
  for (let i = 0; i < 25; i++) await fail(fixture, root, 1, `203.0.113.${i}`);
  await assert.rejects(from('203.0.113.200', 'another'), locked);
  await from('203.0.113.200', 'laptop');
  // an address that is locked for every name, such as that of a whole office
  for (let i = 0; i < 20; i++) {
    await assert.rejects(enter(fixture, { type: 'root', email: `u${i}@example.test`, password: 'x' }, '192.0.2.9'));
  }
  await assert.rejects(enter(fixture, root, '192.0.2.9'), locked);
  await from('192.0.2.9', 'laptop');
  for (let i = 0; i < 5; i++) await assert.rejects(from(`198.51.100.${i}`, 'laptop', wrong(root)), refused);
  await assert.rejects(from('198.51.100.77', 'laptop'), locked);
  await unlock(fixture.deps, { accountId: fixture.account.accountId, ref: { type: 'root' } });
  await from('198.51.100.77', 'laptop');
});

test('what a browser brings back is known for the names it signed in to, and for no other', async () => {
  await using fixture = await openIdentityFixture();
  await withAlice(fixture);
  const from = (address: string, credentials: Credentials): Promise<SignedIn> =>
    signIn(fixture.sessionDeps, credentials, { ...client, address, device: 'laptop' });
  await from('198.51.100.1', alice);
  for (let i = 0; i < 25; i++) await fail(fixture, root, 1, `203.0.113.${i}`);
  await assert.rejects(from('203.0.113.200', root), locked);
});

test('wrong tries from one address do not lock the name for another', async () => {
  await using fixture = await openIdentityFixture();
  await fail(fixture, root, 5, '203.0.113.1');
  await assert.rejects(enter(fixture, root, '203.0.113.1'), locked);
  await enter(fixture, root, '203.0.113.2');
});

test('unlocking lifts every lock of a name', async () => {
  await using fixture = await openIdentityFixture();
  for (let i = 0; i < 25; i++) await fail(fixture, root, 1, `203.0.113.${i}`);
  await fail(fixture, { type: 'root', email: 'other@example.test', password: 'x' }, 5);
  await unlock(fixture.deps, { accountId: fixture.account.accountId, ref: { type: 'root' } });
  await enter(fixture, root, '203.0.113.200');
  await assert.rejects(enter(fixture, { type: 'root', email: 'other@example.test', password: 'x' }), locked);
});

test('many tries at once get no more guesses than the lock allows', async () => {
  await using fixture = await openIdentityFixture();
  const attempts = await Promise.allSettled(Array.from({ length: 12 }, () => enter(fixture, wrong(root))));
  const guesses = attempts.filter((attempt) => attempt.status === 'rejected' && refused(attempt.reason));
  assert.equal(guesses.length, 5);
});

test('many right sign-ins at once all succeed', async () => {
  await using fixture = await openIdentityFixture();
  await Promise.all(Array.from({ length: 8 }, () => enter(fixture)));
});

test('ended sessions and forgotten failures are taken away, living ones stay', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, sessionDeps } = fixture;
  await fail(fixture, { ...root, email: 'nobody@example.test' }, 1);
  await enter(fixture);
  fixture.pass(25 * 3_600_000);
  const { token } = await enter(fixture);
  assert.equal(await purgeSignIns(sessionDeps), true);
  const count = async (table: 'session' | 'sessionByOwner' | 'signInFailures'): Promise<number> =>
    (await deps.store.read((snapshot) => snapshot.range({ ...prefixRange(tables[table]), limit: 100 }))).length;
  assert.deepEqual([await count('session'), await count('sessionByOwner'), await count('signInFailures')], [1, 1, 0]);
  assert.ok(await findSession(sessionDeps, token));
  assert.equal(await purgeSignIns(sessionDeps), false);
});
