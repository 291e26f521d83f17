import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionView } from '../../src/console-api/contract.ts';
import { json, ORIGIN, refused } from './browser.ts';
import { ROOT_EMAIL, ROOT_PASSWORD, startConsole, USER_PASSWORD } from './console-fixture.ts';

const rootCredentials = { type: 'root', email: ROOT_EMAIL, password: ROOT_PASSWORD } as const;

test('a root account signs in and may do everything', async () => {
  await using fixture = await startConsole();
  const session = await fixture.browser().signIn(rootCredentials);
  assert.ok(session.identity.type === 'root');
  assert.equal(session.identity.email, ROOT_EMAIL);
  assert.equal(session.identity.accountId, fixture.accountId);
  assert.equal(session.identity.vstorageUserId, `owner-${fixture.accountId}`);
  assert.match(session.identity.canonicalId, /^[0-9a-f]{64}$/);
  assert.ok(session.allowedActions.includes('vstorage:DeletePolicy'));
  assert.ok(session.csrfToken.length >= 32);
  assert.equal(session.idleTimeoutMs, fixture.deps.sessionIdleMs);
});

test('an IAM user without policies may do nothing but see projects and manage its own keys', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.user('alice.reader');
  const session = await browser.get<SessionView>('session');
  assert.ok(session.identity.type === 'iam');
  assert.equal(session.identity.username, 'alice.reader');
  assert.equal(session.identity.rootEmail, ROOT_EMAIL);
  assert.equal(session.identity.vstorageUserId, `owner-${fixture.accountId}:iam-alice.reader`);
  assert.deepEqual(session.allowedActions.toSorted(), [
    'vstorage:CreateOwnS3Key',
    'vstorage:DeleteOwnS3Key',
    'vstorage:ListOwnS3Key',
    'vstorage:ListProjects',
    'vstorage:UpdateOwnS3Key',
  ]);
});

test('the session cookie cannot be read by scripts, sent elsewhere or kept', async () => {
  await using fixture = await startConsole();
  const answer = await fixture.browser().send('POST', 'session', rootCredentials);
  const [cookie = '', device = ''] = [answer.headers['set-cookie']].flat().map(String);
  assert.match(cookie, /^__Host-vstorage-session=[\w-]{43};/);
  for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/'])
    assert.ok(cookie.includes(attribute), cookie);
  assert.doesNotMatch(cookie, /Domain|Max-Age|Expires/i);
  assert.match(device, /^__Host-vstorage-device=[\w-]{43}; Max-Age=7776000;.*HttpOnly; Secure; SameSite=Strict$/);
  const again = await fixture
    .browser()
    .send('POST', 'session', rootCredentials, { headers: { cookie: device.split(';', 1)[0] ?? '' } });
  assert.equal([again.headers['set-cookie']].flat().map(String)[1], device, 'this browser is known again');
  assert.equal(answer.headers['cache-control'], 'no-store');
});

test('wrong passwords and unknown accounts get the same answer', async () => {
  await using fixture = await startConsole();
  const browser = fixture.browser();
  const wrong = refused(
    await browser.send('POST', 'session', { ...rootCredentials, password: 'Wrong-Passw0rd' }),
    401,
    'invalid-credentials',
  );
  const unknown = refused(
    await browser.send('POST', 'session', { ...rootCredentials, email: 'nobody@example.com' }),
    401,
    'invalid-credentials',
  );
  assert.equal(wrong.detail, unknown.detail);
  assert.equal(browser.cookie, null);
});

test('repeated failures lock sign-in out for a while, with a time to wait', async () => {
  await using fixture = await startConsole();
  const browser = fixture.browser();
  const wrong = { ...rootCredentials, password: 'Wrong-Passw0rd' };
  for (let attempt = 0; attempt < 5; attempt++) await browser.send('POST', 'session', wrong);
  const answer = await browser.send('POST', 'session', rootCredentials);
  const problem = refused(answer, 429, 'sign-in-locked');
  assert.ok((problem.retryAfterSeconds ?? 0) > 0);
  assert.equal(Number(answer.headers['retry-after']), problem.retryAfterSeconds);
  fixture.advanceClock(((problem.retryAfterSeconds ?? 0) + 1) * 1000);
  await browser.signIn(rootCredentials);
});

test('signing out ends the session at once and clears the cookie', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.root();
  const { cookie } = browser;
  const answer = await browser.send('DELETE', 'session');
  assert.equal(answer.status, 204);
  assert.equal(answer.text, '');
  assert.equal(browser.cookie, null);
  refused(await browser.send('GET', 'projects', undefined, { headers: { cookie } }), 401, 'not-signed-in');
});

test('signing in again leaves no former session of the browser behind', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.root();
  const { cookie } = browser;
  await browser.signIn(rootCredentials);
  assert.notEqual(browser.cookie, cookie);
  refused(await browser.send('GET', 'session', undefined, { headers: { cookie } }), 401, 'not-signed-in');
});

test('a session ends when it is idle too long', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.root();
  fixture.advanceClock(fixture.deps.sessionIdleMs - 1000);
  await browser.get('session');
  fixture.advanceClock(fixture.deps.sessionIdleMs + 1000);
  refused(await browser.send('GET', 'session'), 401, 'not-signed-in');
});

test('a change needs the CSRF token of its own session', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.root();
  const other = await fixture.root();
  for (const token of [null, '', 'x', other.csrfToken]) {
    const answer = await browser.send('DELETE', 'session', undefined, { headers: { 'x-csrf-token': token } });
    refused(answer, 403, 'wrong-csrf-token');
  }
  const again = await browser.get<SessionView>('session');
  assert.equal(again.csrfToken, browser.csrfToken);
  assert.equal((await browser.send('DELETE', 'session')).status, 204);
});

test('a change must come from the origin of the console', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.root();
  const elsewhere = [
    'https://evil.example',
    'https://console.test',
    'https://console.test:9000',
    'http://console.test:9001',
    'null',
    `${ORIGIN}.evil.example`,
    `${ORIGIN}, ${ORIGIN}`,
  ];
  for (const origin of elsewhere) {
    const answer = await browser.send('DELETE', 'session', undefined, { headers: { origin } });
    refused(answer, 403, 'wrong-origin');
  }
  const fetchSites = ['same-site', 'cross-site', 'none'];
  for (const site of fetchSites) {
    const headers = { origin: null, 'sec-fetch-site': site };
    refused(await browser.send('DELETE', 'session', undefined, { headers }), 403, 'wrong-origin');
  }
  refused(await browser.send('DELETE', 'session', undefined, { headers: { origin: null } }), 403, 'wrong-origin');
  const sameOrigin = { origin: null, 'sec-fetch-site': 'same-origin' };
  assert.equal((await browser.send('DELETE', 'session', undefined, { headers: sameOrigin })).status, 204);
});

test('a wrong origin is refused whatever Sec-Fetch-Site says', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.root();
  const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' };
  refused(await browser.send('DELETE', 'session', undefined, { headers }), 403, 'wrong-origin');
});

test('another page cannot sign a browser in, a program without origin can', async () => {
  await using fixture = await startConsole();
  const browser = fixture.browser();
  const evil = { headers: { origin: 'https://evil.example' } };
  refused(await browser.send('POST', 'session', rootCredentials, evil), 403, 'wrong-origin');
  json(await browser.send('POST', 'session', rootCredentials, { headers: { origin: null } }), 201);
});

test('the own password is changed with the current one; this session stays, others end', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.root();
  const other = await fixture.root();
  const newPassword = 'New-Root-Passw0rd';
  refused(
    await browser.send('PUT', 'session/password', { currentPassword: 'Wrong-Passw0rd', newPassword }),
    403,
    'wrong-password',
  );
  refused(
    await browser.send('PUT', 'session/password', { currentPassword: ROOT_PASSWORD, newPassword: 'short' }),
    400,
    'weak-password',
  );
  await browser.change('PUT', 'session/password', { currentPassword: ROOT_PASSWORD, newPassword }, 204);
  await browser.get('session');
  refused(await other.send('GET', 'session'), 401, 'not-signed-in');
  refused(await other.send('POST', 'session', rootCredentials), 401, 'invalid-credentials');
  await other.signIn({ ...rootCredentials, password: newPassword });
});

test('bodies that are no JSON, too large or not as declared are refused with what is wrong', async () => {
  await using fixture = await startConsole();
  const browser = fixture.browser();
  refused(await browser.send('POST', 'session', undefined, { rawBody: '{"type":' }), 400, 'invalid-json');
  const form = { rawBody: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
  refused(await browser.send('POST', 'session', undefined, form), 415, 'unsupported-media-type');
  const text = { rawBody: '{}', headers: { 'content-type': 'text/plain' } };
  refused(await browser.send('POST', 'session', undefined, text), 415, 'unsupported-media-type');
  const large = { rawBody: JSON.stringify({ type: 'x'.repeat(70_000) }) };
  refused(await browser.send('POST', 'session', undefined, large), 413, 'body-too-large');
  const unknownField = await browser.send('POST', 'session', { ...rootCredentials, otpp: '1' });
  assert.match(refused(unknownField, 400, 'invalid-request').detail, /otpp/);
  const wrongType = refused(
    await browser.send('POST', 'session', { ...rootCredentials, email: 5 }),
    400,
    'invalid-request',
  );
  assert.deepEqual(
    wrongType.errors?.map(({ field }) => field),
    ['email'],
  );
  const poisoned = { rawBody: '{"__proto__":{"type":"root"}}' };
  assert.equal((await browser.send('POST', 'session', undefined, poisoned)).status, 400);
});

test('no refusal repeats a password', async () => {
  await using fixture = await startConsole();
  const browser = fixture.browser();
  const secret = 'Sup3r-Secret-Value';
  for (const body of [
    { ...rootCredentials, password: secret },
    { ...rootCredentials, password: [secret] },
    { type: secret, password: secret },
    { type: 'root', password: secret },
  ]) {
    const answer = await browser.send('POST', 'session', body);
    assert.ok(answer.status >= 400);
    assert.doesNotMatch(answer.text, /Sup3r/);
  }
});

test('disabling a user ends its sessions at the next request', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const browser = await fixture.user('bob.writer');
  await root.change('PATCH', `users/${browser.user.userId}`, { status: 'disabled' }, 200);
  refused(await browser.send('GET', 'session'), 401, 'not-signed-in');
  const credentials = { type: 'iam', rootEmail: ROOT_EMAIL, username: 'bob.writer', password: USER_PASSWORD };
  const answer = await browser.send('POST', 'session', credentials);
  assert.ok([401, 403].includes(answer.status), answer.text);
});
