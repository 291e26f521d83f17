// An authenticator app and recovery codes, from setting up to removing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generate } from 'otplib';
import type { SessionView } from '../../src/console-api/contract.ts';
import type { AuditPageView } from '../../src/console-api/contract/audit.ts';
import type { RecoveryCodes, SecurityView, TotpEnrolment } from '../../src/console-api/contract/sign-in.ts';
import { openSealed } from '../../src/identity/sealing.ts';
import { totpAad } from '../../src/identity/sign-in-secrets.ts';
import { decodeRecord } from '../../src/metadata/tables/record.ts';
import { totpRange, type TotpRecord } from '../../src/metadata/tables/sign-in.ts';
import { type Browser, refused } from './browser.ts';
import { type ConsoleFixture, ROOT_EMAIL, ROOT_PASSWORD, startConsole, USER_PASSWORD } from './console-fixture.ts';

const root = { type: 'root', email: ROOT_EMAIL, password: ROOT_PASSWORD } as const;
const alice = { type: 'iam', rootEmail: ROOT_EMAIL, username: 'alice.reader', password: USER_PASSWORD } as const;
const STEP_MS = 30_000;

type App = { readonly secret: string; readonly codes: readonly string[] };

const codeOf = (fixture: ConsoleFixture, secret: string): Promise<string> =>
  generate({ secret, epoch: Math.floor(fixture.deps.identity.clock() / 1000) });

/** The next code: of a step that none was taken of yet. */
async function nextCode(fixture: ConsoleFixture, secret: string): Promise<string> {
  fixture.advanceClock(STEP_MS);
  return codeOf(fixture, secret);
}

async function setUp(fixture: ConsoleFixture, browser: Browser, password: string): Promise<App> {
  const { secret, uri } = await browser.change<TotpEnrolment>('POST', 'session/totp', { password }, 200);
  assert.match(uri, new RegExp(`^otpauth://totp/vStorage:[^?]+\\?secret=${secret}&issuer=vStorage$`));
  const otp = await codeOf(fixture, secret);
  const { recoveryCodes } = await browser.change<RecoveryCodes>('POST', 'session/totp/confirm', { otp }, 200);
  assert.equal(recoveryCodes?.length, 10);
  return { secret, codes: recoveryCodes };
}

test('with an authenticator app a password alone opens no session; password and code do', async () => {
  await using fixture = await startConsole();
  const { secret } = await setUp(fixture, await fixture.root(), ROOT_PASSWORD);
  const browser = fixture.browser();
  const asked = refused(await browser.send('POST', 'session', root), 401, 'second-factor-required');
  assert.deepEqual(asked.secondFactors, ['totp', 'recovery-code']);
  assert.equal(browser.cookie, null);
  await browser.signIn({ ...root, otp: await nextCode(fixture, secret) });
  await browser.get('session');
});

test('the ticket of the first step goes on with the code alone, and no longer than ten minutes', async () => {
  await using fixture = await startConsole();
  const { secret } = await setUp(fixture, await fixture.root(), ROOT_PASSWORD);
  const ticketOf = async (): Promise<string> => {
    const { ticket } = refused(await fixture.browser().send('POST', 'session', root), 401, 'second-factor-required');
    assert.ok(ticket !== undefined);
    return ticket;
  };
  const ticket = await ticketOf();
  await fixture.browser().signIn({ type: 'second-factor', ticket, otp: await nextCode(fixture, secret) });
  const late = await ticketOf();
  fixture.advanceClock(10 * 60_000);
  const step = { type: 'second-factor', ticket: late, otp: await nextCode(fixture, secret) };
  refused(await fixture.browser().send('POST', 'session', step), 401, 'sign-in-expired');
  const madeUp = { ...step, ticket: `${(await ticketOf()).slice(0, -4)}AAAA` };
  refused(await fixture.browser().send('POST', 'session', madeUp), 401, 'sign-in-expired');
});

test('a changed password makes a ticket void', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.root();
  const { secret } = await setUp(fixture, browser, ROOT_PASSWORD);
  const { ticket } = refused(await fixture.browser().send('POST', 'session', root), 401, 'second-factor-required');
  fixture.advanceClock(1000);
  const change = { currentPassword: ROOT_PASSWORD, newPassword: 'An0ther-password' };
  await browser.change('PUT', 'session/password', change, 204);
  const step = { type: 'second-factor', ticket, otp: await nextCode(fixture, secret) };
  refused(await fixture.browser().send('POST', 'session', step), 401, 'sign-in-expired');
});

test('a code is taken once, also right away by somebody who has seen it', async () => {
  await using fixture = await startConsole();
  const { secret } = await setUp(fixture, await fixture.root(), ROOT_PASSWORD);
  const otp = await nextCode(fixture, secret);
  await fixture.browser().signIn({ ...root, otp });
  refused(await fixture.browser().send('POST', 'session', { ...root, otp }), 401, 'wrong-second-factor');
  await fixture.browser().signIn({ ...root, otp: await nextCode(fixture, secret) });
});

test('the code that confirmed the app does not sign in', async () => {
  await using fixture = await startConsole();
  const { secret } = await setUp(fixture, await fixture.root(), ROOT_PASSWORD);
  const otp = await codeOf(fixture, secret);
  refused(await fixture.browser().send('POST', 'session', { ...root, otp }), 401, 'wrong-second-factor');
});

test('a recovery code signs in once, however it is typed', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.root();
  const { codes } = await setUp(fixture, browser, ROOT_PASSWORD);
  const [first = '', second = ''] = codes;
  await fixture.browser().signIn({ ...root, otp: first });
  refused(await fixture.browser().send('POST', 'session', { ...root, otp: first }), 401, 'wrong-second-factor');
  await fixture.browser().signIn({ ...root, otp: ` ${second.toUpperCase().replaceAll('-', ' ')} ` });
  assert.equal((await browser.get<SecurityView>('session/security')).recoveryCodesLeft, 8);
});

test('new recovery codes make the old ones void, and ask for the password', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.root();
  const { codes } = await setUp(fixture, browser, ROOT_PASSWORD);
  refused(await browser.send('POST', 'session/recovery-codes', {}), 400, 'password-required');
  refused(await browser.send('POST', 'session/recovery-codes', { password: 'not it' }), 403, 'wrong-password');
  const renewed = await browser.change<RecoveryCodes>(
    'POST',
    'session/recovery-codes',
    { password: ROOT_PASSWORD },
    200,
  );
  const old = { ...root, otp: codes[0] };
  refused(await fixture.browser().send('POST', 'session', old), 401, 'wrong-second-factor');
  await fixture.browser().signIn({ ...root, otp: renewed.recoveryCodes?.[0] });
});

test('wrong codes lock the name like wrong passwords do', async () => {
  await using fixture = await startConsole();
  const { secret } = await setUp(fixture, await fixture.root(), ROOT_PASSWORD);
  const browser = fixture.browser();
  const { ticket } = refused(await browser.send('POST', 'session', root), 401, 'second-factor-required');
  for (let i = 0; i < 5; i++) {
    const step = i % 2 === 0 ? { ...root, otp: '000000' } : { type: 'second-factor', ticket, otp: '000000' };
    refused(await browser.send('POST', 'session', step), 401, 'wrong-second-factor');
  }
  const locked = refused(await browser.send('POST', 'session', root), 429, 'sign-in-locked');
  const step = { type: 'second-factor', ticket, otp: '000000' };
  refused(await browser.send('POST', 'session', step), 429, 'sign-in-locked');
  fixture.advanceClock((locked.retryAfterSeconds ?? 0) * 1000);
  await browser.signIn({ ...root, otp: await nextCode(fixture, secret) });
});

test('an app that no code has confirmed does not count, and another can be begun', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.root();
  const first = await browser.change<TotpEnrolment>('POST', 'session/totp', { password: ROOT_PASSWORD }, 200);
  await fixture.browser().signIn(root);
  refused(await browser.send('POST', 'session/totp/confirm', { otp: '000000' }), 400, 'wrong-code');
  const second = await browser.change<TotpEnrolment>('POST', 'session/totp', { password: ROOT_PASSWORD }, 200);
  assert.notEqual(first.secret, second.secret);
  const stale = { otp: await codeOf(fixture, first.secret) };
  refused(await browser.send('POST', 'session/totp/confirm', stale), 400, 'wrong-code');
  await browser.change('POST', 'session/totp/confirm', { otp: await codeOf(fixture, second.secret) }, 200);
  refused(await browser.send('POST', 'session/totp', { password: ROOT_PASSWORD }), 409, 'totp-already-set-up');
});

test('setting up and removing ask for the password again', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.user('alice.reader');
  refused(await browser.send('POST', 'session/totp', {}), 400, 'password-required');
  refused(await browser.send('POST', 'session/totp', { password: 'not it' }), 403, 'wrong-password');
  await setUp(fixture, browser, USER_PASSWORD);
  refused(await browser.send('POST', 'session/totp/remove', { password: 'not it' }), 403, 'wrong-password');
  await browser.change('POST', 'session/totp/remove', { password: USER_PASSWORD }, 204);
  await fixture.browser().signIn(alice);
  assert.equal((await browser.get<SecurityView>('session/security')).recoveryCodesLeft, 0);
});

test('an administrator removes the second factors of somebody who has lost the phone', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.user('alice.reader');
  await setUp(fixture, browser, USER_PASSWORD);
  const path = `users/${browser.user.userId}/second-factors/remove`;
  const other = await fixture.user('bob.reader');
  refused(await other.send('POST', path), 403, 'access-denied');
  await (await fixture.root()).change('POST', path, undefined, 204);
  await fixture.browser().signIn(alice);
});

test('where the account asks for a second factor, a user without one sets one up and does nothing before', async () => {
  await using fixture = await startConsole();
  const administrator = await fixture.root();
  const browser = await fixture.user('alice.reader', ['vStorageFullAccess']);
  await browser.get('projects');
  await administrator.change('PATCH', 'sign-in-settings', { requireSecondFactor: true }, 200);
  refused(await browser.send('GET', 'projects'), 403, 'second-factor-setup-required');
  const again = fixture.browser();
  assert.equal((await again.signIn(alice)).pending, 'set-up-second-factor');
  refused(await again.send('GET', 'users'), 403, 'second-factor-setup-required');
  assert.equal((await again.get<SecurityView>('session/security')).secondFactorRequired, true);
  await setUp(fixture, again, USER_PASSWORD);
  await again.get('projects');
  assert.equal((await again.get<SessionView>('session')).pending, null);
  // the root is not ruled by its own setting
  assert.equal((await (await fixture.root()).get<SessionView>('session')).pending, null);
});

test('the secret stands sealed in the store, and recovery codes as hashes', async () => {
  await using fixture = await startConsole();
  const { secret, codes } = await setUp(fixture, await fixture.root(), ROOT_PASSWORD);
  const { store, masterKey } = fixture.deps.identity;
  const all = { start: Buffer.of(0), end: Buffer.of(0xff), limit: 100_000 };
  const rows = await store.read((snapshot) => snapshot.range(all));
  const dump = Buffer.concat(rows.flatMap(({ key, value }) => [key, value])).toString('latin1');
  assert.ok(!dump.includes(secret));
  for (const code of codes) assert.ok(!dump.includes(code) && !dump.includes(code.replaceAll('-', '')));
  const [row] = await store.read((snapshot) => snapshot.range({ ...totpRange(), limit: 10 }));
  assert.ok(row !== undefined);
  const record = decodeRecord<TotpRecord>(row.value);
  assert.equal(await openSealed(masterKey, record.sealedSecret, totpAad(record)), secret);
});

test('the audit trail says for whom a second step was tried, and who came in by it', async () => {
  await using fixture = await startConsole();
  const administrator = await fixture.root();
  const { secret } = await setUp(fixture, administrator, ROOT_PASSWORD);
  const browser = fixture.browser();
  const { ticket } = refused(await browser.send('POST', 'session', root), 401, 'second-factor-required');
  await browser.send('POST', 'session', { type: 'second-factor', ticket, otp: '000000' });
  await browser.signIn({ type: 'second-factor', ticket: String(ticket), otp: await nextCode(fixture, secret) });
  const { items } = await administrator.get<AuditPageView>('audit?operation=SignIn');
  assert.deepEqual(
    items.slice(0, 3).map(({ code, outcome, who }) => [code, outcome, who.type, who.name]),
    [
      [null, 'success', 'root', ROOT_EMAIL],
      ['wrong-second-factor', 'denied', 'unknown', ROOT_EMAIL],
      ['second-factor-required', 'denied', 'unknown', ROOT_EMAIL],
    ],
  );
});
