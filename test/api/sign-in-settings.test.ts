// What an account asks of those who sign in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionView } from '../../src/console-api/contract.ts';
import type { SignInSettingsView } from '../../src/console-api/contract/sign-in.ts';
import { type Browser, refused } from './browser.ts';
import { ROOT_EMAIL, ROOT_PASSWORD, startConsole, USER_PASSWORD } from './console-fixture.ts';

const alice = { type: 'iam', rootEmail: ROOT_EMAIL, username: 'alice.reader', password: USER_PASSWORD } as const;
const DAY_MS = 24 * 3_600_000;

const set = (root: Browser, change: Partial<SignInSettingsView>): Promise<SignInSettingsView> =>
  root.change('PATCH', 'sign-in-settings', change, 200);

test('an account begins with the rules that this product has always had', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  assert.deepEqual(await root.get<SignInSettingsView>('sign-in-settings'), {
    minLength: 8,
    kinds: ['upper', 'lower', 'digit', 'special'],
    expiryDays: null,
    history: 0,
    maxFailures: 5,
    lockMinutes: null,
    idleMinutes: null,
    requireSecondFactor: false,
    serverIdleMinutes: 30,
    mail: false,
  });
});

test('settings out of bounds are refused by name and change nothing', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  for (const [field, value] of [
    ['minLength', 7],
    ['minLength', 51],
    ['expiryDays', 0],
    ['history', 25],
    ['maxFailures', 2],
    ['lockMinutes', 1441],
    ['idleMinutes', 0],
  ] as const) {
    const answer = await root.send('PATCH', 'sign-in-settings', { [field]: value, requireSecondFactor: true });
    const problem = refused(answer, 400, 'invalid-sign-in-settings');
    assert.deepEqual(
      problem.errors?.map((error) => error.field),
      [field],
    );
  }
  refused(await root.send('PATCH', 'sign-in-settings', { kinds: ['emoji'] }), 400, 'invalid-request');
  assert.equal((await root.get<SignInSettingsView>('sign-in-settings')).requireSecondFactor, false);
});

test('who may only read sees the settings and cannot change them', async () => {
  await using fixture = await startConsole();
  const reader = await fixture.user('bob.reader', ['vStorageReadOnlyAccess']);
  await reader.get('sign-in-settings');
  refused(await reader.send('PATCH', 'sign-in-settings', { history: 3 }), 403, 'access-denied');
  const nobody = await fixture.user('carol.none');
  refused(await nobody.send('GET', 'sign-in-settings'), 403, 'access-denied');
});

test('passwords of IAM users keep the rules of their account, whoever sets them', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const browser = await fixture.user('alice.reader');
  await set(root, { minLength: 14, kinds: ['lower', 'digit'] });
  const { passwordRules } = await browser.get<SessionView>('session');
  assert.deepEqual(passwordRules.own, { minLength: 14, maxLength: 50, kinds: ['lower', 'digit'] });
  const change = (newPassword: string) =>
    browser.send('PUT', 'session/password', { currentPassword: USER_PASSWORD, newPassword });
  refused(await change('Sh0rt-but-goo'), 400, 'weak-password');
  refused(await change('without any digit'), 400, 'weak-password');
  const users = { usernames: ['dave.new'], password: 'Sh0rt-1', policies: [] };
  refused(await root.send('POST', 'users', users), 400, 'weak-password');
  const path = `users/${browser.user.userId}/password`;
  refused(await root.send('PUT', path, { password: 'Sh0rt-1' }), 400, 'weak-password');
  assert.equal((await change('long enough, with 1 digit')).status, 204);
});

test('former passwords may not be used again, as many as the account says', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.user('alice.reader');
  await set(await fixture.root(), { history: 2 });
  let present = USER_PASSWORD;
  const to = async (newPassword: string): Promise<number> => {
    fixture.advanceClock(1000);
    const answer = await browser.send('PUT', 'session/password', { currentPassword: present, newPassword });
    if (answer.status === 204) present = newPassword;
    else refused(answer, 400, 'password-used-before');
    return answer.status;
  };
  assert.equal(await to(USER_PASSWORD), 400);
  assert.equal(await to('Sec0nd-password'), 204);
  assert.equal(await to(USER_PASSWORD), 400);
  assert.equal(await to('Th1rd-password'), 204);
  assert.equal(await to(USER_PASSWORD), 400);
  assert.equal(await to('F0urth-password'), 204);
  assert.equal(await to(USER_PASSWORD), 204);
});

test('a password set by an administrator is remembered as one that was used', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const { user } = await fixture.user('alice.reader');
  await set(root, { history: 5 });
  fixture.advanceClock(1000);
  await root.change('PUT', `users/${user.userId}/password`, { password: 'Sec0nd-password' }, 204);
  const browser = fixture.browser();
  await browser.signIn({ ...alice, password: 'Sec0nd-password' });
  const change = { currentPassword: 'Sec0nd-password', newPassword: USER_PASSWORD };
  refused(await browser.send('PUT', 'session/password', change), 400, 'password-used-before');
});

test('an expired password signs in to its change and to nothing else', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  await fixture.user('alice.reader', ['vStorageFullAccess']);
  await set(root, { expiryDays: 30 });
  fixture.advanceClock(30 * DAY_MS - 1000);
  const early = fixture.browser();
  assert.equal((await early.signIn(alice)).pending, null);
  fixture.advanceClock(1000);
  await early.get('projects');
  const browser = fixture.browser();
  assert.equal((await browser.signIn(alice)).pending, 'change-password');
  for (const path of ['projects', 'users', 'session/security', 'regions', 'sessions']) {
    refused(await browser.send('GET', path), 403, 'password-change-required');
  }
  refused(await browser.send('POST', 'session/totp', { password: USER_PASSWORD }), 403, 'password-change-required');
  const same = { currentPassword: USER_PASSWORD, newPassword: USER_PASSWORD };
  refused(await browser.send('PUT', 'session/password', same), 400, 'password-used-before');
  const change = { currentPassword: USER_PASSWORD, newPassword: 'Sec0nd-password' };
  await browser.change('PUT', 'session/password', change, 204);
  assert.equal((await browser.get<SessionView>('session')).pending, null);
  await browser.get('projects');
});

test('the root password does not expire by the rules that it makes', async () => {
  await using fixture = await startConsole();
  await set(await fixture.root(), { expiryDays: 1 });
  fixture.advanceClock(100 * DAY_MS);
  assert.equal((await (await fixture.root()).get<SessionView>('session')).pending, null);
});

test('the idle time of the account counts at once, for sessions that are open too', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const browser = await fixture.user('alice.reader');
  await set(root, { idleMinutes: 5 });
  assert.equal((await browser.get<SessionView>('session')).idleTimeoutMs, 5 * 60_000);
  fixture.advanceClock(4 * 60_000);
  await browser.get('session');
  fixture.advanceClock(4 * 60_000);
  await browser.get('session');
  fixture.advanceClock(5 * 60_000);
  refused(await browser.send('GET', 'session'), 401, 'not-signed-in');
  await set(await fixture.root(), { idleMinutes: 120 });
  const patient = fixture.browser();
  await patient.signIn(alice);
  fixture.advanceClock(119 * 60_000);
  await patient.get('session');
});

test('failed tries lock as soon and for as long as the account says', async () => {
  await using fixture = await startConsole();
  await fixture.user('alice.reader');
  await set(await fixture.root(), { maxFailures: 3, lockMinutes: 20 });
  const browser = fixture.browser();
  const wrong = { ...alice, password: 'not it' };
  for (let i = 0; i < 3; i++) refused(await browser.send('POST', 'session', wrong), 401, 'invalid-credentials');
  const problem = refused(await browser.send('POST', 'session', alice), 429, 'sign-in-locked');
  assert.equal(problem.retryAfterSeconds, 20 * 60);
  fixture.advanceClock(20 * 60_000);
  await browser.signIn(alice);
});

test('an administrator lifts a lock-out', async () => {
  await using fixture = await startConsole();
  const { user } = await fixture.user('alice.reader');
  const browser = fixture.browser();
  for (let i = 0; i < 5; i++) await browser.send('POST', 'session', { ...alice, password: 'not it' });
  refused(await browser.send('POST', 'session', alice), 429, 'sign-in-locked');
  const root = fixture.browser();
  await root.signIn({ type: 'root', email: ROOT_EMAIL, password: ROOT_PASSWORD });
  await root.change('POST', `users/${user.userId}/unlock`, undefined, 204);
  await browser.signIn(alice);
});
