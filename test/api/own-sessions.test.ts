// Open sessions: seen and ended by their owner and by administrators.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionView } from '../../src/console-api/contract.ts';
import type { OpenSessionView, UserSignInsView } from '../../src/console-api/contract/sign-in.ts';
import { type Browser, refused } from './browser.ts';
import { ROOT_EMAIL, ROOT_PASSWORD, startConsole, USER_PASSWORD } from './console-fixture.ts';

const alice = { type: 'iam', rootEmail: ROOT_EMAIL, username: 'alice.reader', password: USER_PASSWORD } as const;

const sessionsOf = async (browser: Browser): Promise<OpenSessionView[]> =>
  (await browser.get<{ items: OpenSessionView[] }>('sessions')).items;

test('own sessions show where they are open, the newest first, and which one is this', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.user('alice.reader');
  fixture.advanceClock(30_000);
  const other = fixture.browser();
  const answer = await other.send('POST', 'session', alice, { headers: { 'user-agent': 'Firefox/150 on Debian' } });
  assert.equal(answer.status, 201);
  await fixture.root();
  const sessions = await sessionsOf(browser);
  assert.deepEqual(
    sessions.map(({ current, userAgent }) => [current, userAgent.slice(0, 11)]),
    [
      [false, 'Firefox/150'],
      [true, 'lightMyRequ'],
    ],
  );
  assert.ok(sessions.every(({ clientAddress, method }) => clientAddress === '127.0.0.1' && method === 'password'));
  assert.ok(!JSON.stringify(sessions).includes(String(browser.cookie).split('=')[1] ?? ''));
});

test('one session is ended, or all others', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.user('alice.reader');
  const others = [fixture.browser(), fixture.browser(), fixture.browser()];
  for (const other of others) await other.signIn(alice);
  const [first] = (await sessionsOf(browser)).filter(({ current }) => !current);
  assert.ok(first !== undefined);
  await browser.change('DELETE', `sessions/${first.id}`, undefined, 204);
  refused(await browser.send('DELETE', `sessions/${first.id}`), 404, 'no-such-session');
  const alive = async (): Promise<number> => {
    const answers = await Promise.all(others.map((other) => other.send('GET', 'session')));
    return answers.filter(({ status }) => status === 200).length;
  };
  assert.equal(await alive(), 2);
  await browser.change('POST', 'sessions/end-others', undefined, 204);
  assert.equal(await alive(), 0);
  assert.equal((await sessionsOf(browser)).length, 1);
});

test("nobody ends or sees another one's sessions but an administrator", async () => {
  await using fixture = await startConsole();
  const browser = await fixture.user('alice.reader');
  const other = await fixture.user('bob.reader');
  const root = await fixture.root();
  const [session] = await sessionsOf(browser);
  assert.ok(session !== undefined);
  refused(await other.send('DELETE', `sessions/${session.id}`), 404, 'no-such-session');
  refused(await root.send('DELETE', `sessions/${session.id}`), 404, 'no-such-session');
  const path = `users/${browser.user.userId}`;
  refused(await other.send('GET', `${path}/sign-ins`), 403, 'access-denied');
  refused(await other.send('DELETE', `${path}/sessions/${session.id}`), 403, 'access-denied');
  refused(await other.send('POST', `${path}/sessions/end`), 403, 'access-denied');
  const seen = await root.get<UserSignInsView>(`${path}/sign-ins`);
  assert.deepEqual(
    seen.sessions.map(({ id }) => id),
    [session.id],
  );
  await root.change('DELETE', `${path}/sessions/${session.id}`, undefined, 204);
  refused(await browser.send('GET', 'session'), 401, 'not-signed-in');
  const again = fixture.browser();
  await again.signIn(alice);
  await root.change('POST', `${path}/sessions/end`, undefined, 204);
  refused(await again.send('GET', 'session'), 401, 'not-signed-in');
  await root.get('session');
});

test('ended sessions are not listed: idle ones, and those of before a new password', async () => {
  await using fixture = await startConsole();
  await fixture.user('alice.reader');
  fixture.advanceClock(31 * 60_000);
  const browser = fixture.browser();
  await browser.signIn(alice);
  assert.equal((await sessionsOf(browser)).length, 1);
  await fixture.browser().signIn(alice);
  fixture.advanceClock(1000);
  const change = { currentPassword: USER_PASSWORD, newPassword: 'Sec0nd-password' };
  await browser.change('PUT', 'session/password', change, 204);
  assert.deepEqual(
    (await sessionsOf(browser)).map(({ current }) => current),
    [true],
  );
});

test('the sign-in before this one is told', async () => {
  await using fixture = await startConsole();
  const root = { type: 'root', email: ROOT_EMAIL, password: ROOT_PASSWORD } as const;
  assert.equal((await fixture.browser().signIn(root)).lastSignInAt, null);
  const first = new Date(fixture.deps.identity.clock()).getTime();
  fixture.advanceClock(3_600_000);
  const browser = fixture.browser();
  await browser.signIn(root);
  const { lastSignInAt } = await browser.get<SessionView>('session');
  assert.ok(Math.abs(Date.parse(lastSignInAt ?? '') - first) < 10_000);
});
