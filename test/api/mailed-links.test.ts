// Invitations, password resets and signing up, with a real SMTP server that takes the mail.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UserView } from '../../src/console-api/contract.ts';
import type { LinkView } from '../../src/console-api/contract/sign-in.ts';
import { sendDueMail } from '../../src/mail/send-due.ts';
import { openTransport } from '../../src/mail/transport.ts';
import { setUserEmail } from '../../src/identity/invitations.ts';
import { linkIn, type MailSink, openMailSink } from '../support/mail-sink.ts';
import { type Browser, refused } from './browser.ts';
import { type ConsoleFixture, ROOT_EMAIL, ROOT_PASSWORD, startConsole, USER_PASSWORD } from './console-fixture.ts';

type Post = AsyncDisposable & {
  readonly sink: MailSink;
  readonly fixture: ConsoleFixture;
  /** sends what is due; answers what failed */
  readonly deliver: () => Promise<readonly string[]>;
  /** the token of the link in the newest mail to this address */
  readonly tokenFor: (address: string) => Promise<string>;
};

async function startPost(options: { selfSignUp?: boolean } = {}): Promise<Post> {
  await using opened = new AsyncDisposableStack();
  const fixture = opened.use(await startConsole({ mailEnabled: true, ...options }));
  const sink = opened.use(await openMailSink());
  const send = openTransport({
    host: '127.0.0.1',
    port: sink.port,
    security: 'none',
    user: null,
    from: 'vstorage@example.com',
    passwordFile: null,
    caFile: null,
  });
  const resources = opened.move();
  const deliver = async (): Promise<readonly string[]> => {
    const errors: string[] = [];
    const { store, clock } = fixture.deps.identity;
    const consoleUrl = 'https://console.example.com';
    await sendDueMail({ store, clock, send, consoleUrl, onFailed: ({ error }) => void errors.push(error) });
    return errors;
  };
  return {
    sink,
    fixture,
    deliver,
    tokenFor: async (address) => {
      assert.deepEqual(await deliver(), []);
      const mail = (await sink.mailsTo(address)).at(-1);
      assert.ok(mail !== undefined);
      const [, token] = /^https:\/\/console\.example\.com\/signin\/link#([\w-]{43})$/.exec(linkIn(mail)) ?? [];
      assert.ok(token !== undefined, linkIn(mail));
      return token;
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

const invitation = { username: 'alice.invited', email: 'alice@example.com', policies: ['vStorageReadOnlyAccess'] };
const credentials = { type: 'iam', rootEmail: ROOT_EMAIL, username: 'alice.invited', password: 'Al1ces-own' } as const;

const setPassword = (browser: Browser, token: string, newPassword: string) =>
  browser.send('POST', 'session/link/password', { token, newPassword });

test('somebody invited sets the own password by the link, once, and signs in', async () => {
  await using post = await startPost();
  const { fixture, sink } = post;
  const root = await fixture.root();
  const user = await root.change<UserView>('POST', 'users/invitations', invitation, 201);
  assert.equal(user.hasPassword, false);
  const token = await post.tokenFor('alice@example.com');
  const [mail] = sink.mails;
  assert.equal(mail?.from, 'vstorage@example.com');
  assert.equal(mail?.subject, 'You are invited to vStorage');
  assert.match(mail?.text ?? '', new RegExp(`${ROOT_EMAIL} has made an IAM user for you: alice\\.invited`));
  assert.ok(mail?.html.includes(token) && mail.html.includes('lang="en"'));
  const browser = fixture.browser();
  const link = await browser.change<LinkView>('POST', 'session/link', { token }, 200);
  assert.deepEqual([link.kind, link.name, link.rootEmail], ['invitation', 'alice.invited', ROOT_EMAIL]);
  refused(await setPassword(browser, token, 'weak'), 400, 'weak-password');
  assert.equal((await setPassword(browser, token, 'Al1ces-own')).status, 204);
  refused(await setPassword(browser, token, 'Al1ces-other'), 404, 'link-void');
  refused(await browser.send('POST', 'session/link', { token }), 404, 'link-void');
  await browser.signIn(credentials);
  await browser.get('users');
});

test('invitations are in Vietnamese when asked for, and end after seven days', async () => {
  await using post = await startPost();
  const { fixture, sink } = post;
  const root = await fixture.root();
  await root.change('POST', 'users/invitations', { ...invitation, language: 'vi' }, 201);
  const token = await post.tokenFor('alice@example.com');
  assert.equal(sink.mails[0]?.subject, 'Bạn được mời sử dụng vStorage');
  assert.match(sink.mails[0]?.text ?? '', /đã tạo cho bạn một người dùng IAM: alice\.invited/);
  fixture.advanceClock(7 * 24 * 3_600_000);
  refused(await setPassword(fixture.browser(), token, 'Al1ces-own'), 404, 'link-void');
});

test('an invitation is mailed again, elsewhere too; the former link ends when a password is set', async () => {
  await using post = await startPost();
  const { fixture } = post;
  const root = await fixture.root();
  const { id } = await root.change<UserView>('POST', 'users/invitations', invitation, 201);
  const first = await post.tokenFor('alice@example.com');
  await root.change('POST', `users/${id}/invitation`, { email: 'alice@other.example' }, 200);
  const second = await post.tokenFor('alice@other.example');
  fixture.advanceClock(1000);
  assert.equal((await setPassword(fixture.browser(), second, 'Al1ces-own')).status, 204);
  refused(await setPassword(fixture.browser(), first, 'Al1ces-other'), 404, 'link-void');
  refused(await root.send('POST', `users/${id}/invitation`, {}), 409, 'has-password');
});

test('inviting needs the right to make users, and to attach what it attaches', async () => {
  await using post = await startPost();
  const { fixture } = post;
  const reader = await fixture.user('bob.reader', ['vStorageReadOnlyAccess']);
  refused(await reader.send('POST', 'users/invitations', invitation), 403, 'access-denied');
  const root = await fixture.root();
  refused(
    await root.send('POST', 'users/invitations', { ...invitation, email: 'a@x.example,b@y.example' }),
    400,
    'invalid-email',
  );
  refused(
    await root.send('POST', 'users/invitations', { ...invitation, email: 'a@x.example\r\nBcc: b@y' }),
    400,
    'invalid-email',
  );
  assert.deepEqual(post.sink.mails, []);
});

test('the root resets a forgotten password by mail; sessions end, and the owner is told', async () => {
  await using post = await startPost();
  const { fixture, sink } = post;
  const before = await fixture.root();
  const browser = fixture.browser();
  await browser.change('POST', 'session/password-reset', { type: 'root', email: ROOT_EMAIL }, 202);
  const token = await post.tokenFor(ROOT_EMAIL);
  await before.get('session');
  fixture.advanceClock(1000);
  assert.equal((await setPassword(browser, token, 'a quite new password')).status, 204);
  refused(await before.send('GET', 'session'), 401, 'not-signed-in');
  const root = { type: 'root', email: ROOT_EMAIL, password: 'a quite new password' } as const;
  await browser.signIn(root);
  refused(await browser.send('POST', 'session', { ...root, password: ROOT_PASSWORD }), 401, 'invalid-credentials');
  await post.deliver();
  assert.equal((await sink.mailsTo(ROOT_EMAIL, 2)).at(-1)?.subject, 'Your vStorage password was changed');
});

test('an IAM user with an e-mail address resets the password; one without gets no mail', async () => {
  await using post = await startPost();
  const { fixture, sink } = post;
  const { user } = await fixture.user('alice.reader');
  const browser = fixture.browser();
  const request = { type: 'iam', rootEmail: ROOT_EMAIL, username: 'alice.reader' };
  await browser.change('POST', 'session/password-reset', request, 202);
  await post.deliver();
  assert.equal(sink.mails.length, 0);
  await setUserEmail(fixture.deps.identity, user, 'alice@example.com');
  await browser.change('POST', 'session/password-reset', request, 202);
  const token = await post.tokenFor('alice@example.com');
  refused(await setPassword(browser, token, USER_PASSWORD), 400, 'password-used-before');
  assert.equal((await setPassword(browser, token, 'N3w-password')).status, 204);
});

test('whoever asks for a reset learns nothing: same answer for anybody, and no mail to strangers', async () => {
  await using post = await startPost();
  const { fixture, sink } = post;
  const disabled = await fixture.user('carol.gone');
  await setUserEmail(fixture.deps.identity, disabled.user, 'carol@example.com');
  const root = await fixture.root();
  await root.change('PATCH', `users/${disabled.user.userId}`, { status: 'disabled' }, 200);
  const browser = fixture.browser();
  const answers = new Set<string>();
  for (const request of [
    { type: 'root', email: ROOT_EMAIL },
    { type: 'root', email: 'nobody@example.com' },
    { type: 'iam', rootEmail: ROOT_EMAIL, username: 'nobody' },
    { type: 'iam', rootEmail: ROOT_EMAIL, username: 'carol.gone' },
  ]) {
    const answer = await browser.send('POST', 'session/password-reset', request);
    answers.add(`${answer.status} ${answer.text}`);
  }
  assert.deepEqual([...answers], ['202 {}']);
  await post.deliver();
  assert.deepEqual(
    sink.mails.map(({ to }) => to),
    [[ROOT_EMAIL]],
  );
});

test('resets are bounded: three an hour to one address, twenty an hour from one', async () => {
  await using post = await startPost();
  const { fixture, sink } = post;
  const browser = fixture.browser();
  const reset = (email: string) => browser.send('POST', 'session/password-reset', { type: 'root', email });
  for (let i = 0; i < 20; i++) assert.equal((await reset(i < 5 ? ROOT_EMAIL : `nobody${i}@example.com`)).status, 202);
  const problem = refused(await reset(ROOT_EMAIL), 429, 'too-many-requests');
  assert.ok((problem.retryAfterSeconds ?? 0) > 3000);
  await post.deliver();
  assert.equal(sink.mails.length, 3);
  fixture.advanceClock(3_600_000);
  assert.equal((await reset(ROOT_EMAIL)).status, 202);
});

test('a reset does not get around the second factor, nor enable anybody', async () => {
  await using post = await startPost();
  const { fixture } = post;
  const { user } = await fixture.user('alice.reader');
  await setUserEmail(fixture.deps.identity, user, 'alice@example.com');
  const browser = fixture.browser();
  const request = { type: 'iam', rootEmail: ROOT_EMAIL, username: 'alice.reader' };
  await browser.change('POST', 'session/password-reset', request, 202);
  const token = await post.tokenFor('alice@example.com');
  const root = await fixture.root();
  await root.change('PATCH', `users/${user.userId}`, { status: 'disabled' }, 200);
  refused(await setPassword(browser, token, 'N3w-password'), 404, 'link-void');
  await root.change('PATCH', `users/${user.userId}`, { status: 'active' }, 200);
  await root.change('PATCH', 'sign-in-settings', { requireSecondFactor: true }, 200);
  assert.equal((await setPassword(browser, token, 'N3w-password')).status, 204);
  const signedIn = await browser.signIn({
    type: 'iam',
    rootEmail: ROOT_EMAIL,
    username: 'alice.reader',
    password: 'N3w-password',
  });
  assert.equal(signedIn.pending, 'set-up-second-factor');
});

test('no token of a link stands in the store, before or after its mail', async () => {
  await using post = await startPost();
  const { fixture } = post;
  const root = await fixture.root();
  await root.change('POST', 'users/invitations', invitation, 201);
  const token = await post.tokenFor('alice@example.com');
  const all = { start: Buffer.of(0), end: Buffer.of(0xff), limit: 100_000 };
  const rows = await fixture.deps.identity.store.read((snapshot) => snapshot.range(all));
  assert.ok(rows.length > 0);
  assert.ok(rows.every(({ key, value }) => !Buffer.concat([key, value]).includes(token)));
});

test('mail that cannot be sent is tried again, later each time, with a link of its own', async () => {
  await using post = await startPost();
  const { fixture, sink } = post;
  const root = await fixture.root();
  await root.change('POST', 'users/invitations', invitation, 201);
  sink.refuse(true);
  assert.match((await post.deliver())[0] ?? '', /451/);
  assert.deepEqual(await post.deliver(), []);
  fixture.advanceClock(10_000);
  assert.equal((await post.deliver()).length, 1);
  fixture.advanceClock(10_000);
  assert.equal((await post.deliver()).length, 0, 'the second pause is longer');
  sink.refuse(false);
  fixture.advanceClock(10_000);
  const token = await post.tokenFor('alice@example.com');
  assert.equal((await setPassword(fixture.browser(), token, 'Al1ces-own')).status, 204);
  assert.equal(sink.mails.length, 1);
});

test('without mail nobody is invited and no reset is offered', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  refused(await root.send('POST', 'users/invitations', invitation), 409, 'mail-off');
  const reset = { type: 'root', email: ROOT_EMAIL };
  refused(await fixture.browser().send('POST', 'session/password-reset', reset), 409, 'mail-off');
  assert.deepEqual(await fixture.browser().get('session/methods'), {
    passwordReset: false,
    selfSignUp: false,
    providers: [],
  });
});

test('self sign-up: a confirmed address, a password, then an account with a project of its own', async () => {
  await using post = await startPost({ selfSignUp: true });
  const { fixture, sink } = post;
  const browser = fixture.browser();
  const email = 'new@example.com';
  await browser.change('POST', 'sign-ups', { email, language: 'vi' }, 202);
  const token = await post.tokenFor(email);
  assert.equal(sink.mails[0]?.subject, 'Xác nhận địa chỉ e-mail cho vStorage');
  const link = await browser.change<LinkView>('POST', 'session/link', { token }, 200);
  assert.deepEqual([link.kind, link.name], ['sign-up', email]);
  refused(await browser.send('POST', 'sign-ups/complete', { token, password: 'short' }), 400, 'weak-password');
  refused(await setPassword(browser, token, 'a new password'), 404, 'link-void');
  await browser.change('POST', 'sign-ups/complete', { token, name: 'New', password: 'a new password' }, 204);
  refused(await browser.send('POST', 'sign-ups/complete', { token, password: 'a new password' }), 404, 'link-void');
  await browser.signIn({ type: 'root', email, password: 'a new password' });
  const { items } = await browser.get<{ items: { name: string }[] }>('projects');
  assert.deepEqual(
    items.map(({ name }) => name),
    ['default'],
  );
});

test('signing up with an address that has an account looks the same, and its owner is told', async () => {
  await using post = await startPost({ selfSignUp: true });
  const { fixture, sink } = post;
  const browser = fixture.browser();
  const known = await browser.send('POST', 'sign-ups', { email: ROOT_EMAIL });
  const unknown = await browser.send('POST', 'sign-ups', { email: 'new@example.com' });
  assert.deepEqual([known.status, known.text], [unknown.status, unknown.text]);
  await post.deliver();
  const [mail] = await sink.mailsTo(ROOT_EMAIL);
  assert.equal(mail?.subject, 'You have a vStorage account already');
  assert.match(mail?.text ?? '', /https:\/\/console\.example\.com\/signin\n/);
});

test('self sign-up that is off makes nothing', async () => {
  await using post = await startPost({ selfSignUp: false });
  const browser = post.fixture.browser();
  refused(await browser.send('POST', 'sign-ups', { email: 'new@example.com' }), 403, 'self-sign-up-off');
  const complete = { token: 'x'.repeat(43), password: 'a new password' };
  refused(await browser.send('POST', 'sign-ups/complete', complete), 403, 'self-sign-up-off');
  await post.deliver();
  assert.deepEqual(post.sink.mails, []);
});
