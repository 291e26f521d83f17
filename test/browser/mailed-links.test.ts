// Invitations, forgotten passwords and signing up, from the page to the mail and back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { linkIn, type MailSink, openMailSink } from '../support/mail-sink.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';

let sink: MailSink;
let server: TestServer;
let chrome: TestBrowser;

before(async () => {
  sink = await openMailSink();
  const mail = ['--smtp-url', `smtp://127.0.0.1:${sink.port}`, '--smtp-from', 'vstorage@example.com'];
  server = await startServer({ args: [...mail, '--self-sign-up', 'on'], rootEmail: 'root@example.com' });
  chrome = await openBrowser(server);
});
after(async () => {
  await chrome[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await sink[Symbol.asyncDispose]();
});

test('an administrator invites somebody, who sets a password that nobody else knows', async () => {
  const root = await (await chrome.newContext()).newPage();
  await signInAsRoot(root, server);
  await root.goto('/users');
  await root.getByRole('button', { name: 'Invite by mail' }).click();
  const drawer = root.getByRole('dialog');
  await drawer.getByLabel('Username').fill('ana.invited');
  await drawer.getByLabel('E-mail address').fill('ana@example.com');
  await drawer.getByRole('button', { name: 'Send the invitation' }).click();
  await root.getByText('An invitation is on its way to ana@example.com.').waitFor();
  const [mail] = await sink.mailsTo('ana@example.com');
  assert.ok(mail !== undefined);
  const context = await chrome.newContext();
  const page = await context.newPage();
  const complaints = collectComplaints(page);
  const requested: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  const link = linkIn(mail);
  assert.ok(link.startsWith(`${server.consoleUrl}/signin/link#`), link);
  await page.goto(link);
  await page.getByRole('heading', { name: 'Welcome to vStorage' }).waitFor();
  await page.getByText('For the IAM user ana.invited of root@example.com.').waitFor();
  await page.getByLabel('New password', { exact: true }).fill('An4s-password');
  await page.getByLabel('Repeat the new password').fill('An4s-password');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByText('Your password is set.').waitFor();
  assert.equal(await page.getByLabel("Root user's e-mail").inputValue(), 'root@example.com');
  await page.getByLabel('Username').fill('ana.invited');
  await page.getByLabel('Password', { exact: true }).fill('An4s-password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  const [, token = ''] = link.split('#');
  assert.ok(
    requested.every((url) => !url.includes(token)),
    'the token is in no address that is requested',
  );
  assert.deepEqual(complaints, []);
  await page.goto(link);
  await page.getByText('This link was used already').waitFor();
  await context.close();
  await root.context().close();
});

test('a forgotten root password is set anew, in Vietnamese', async () => {
  const context = await chrome.newContext({ locale: 'vi-VN' });
  const page = await context.newPage();
  await page.goto('/signin');
  await page.getByRole('button', { name: 'Đăng nhập bằng Root User Account' }).click();
  await page.getByRole('link', { name: 'Quên mật khẩu?' }).click();
  await page.getByRole('heading', { name: 'Quên mật khẩu?' }).waitFor();
  await page.getByLabel('E-mail', { exact: true }).fill('root@example.com');
  await page.getByRole('button', { name: 'Gửi liên kết' }).click();
  await page.getByRole('heading', { name: 'Hãy kiểm tra hộp thư' }).waitFor();
  const [mail] = await sink.mailsTo('root@example.com');
  assert.ok(mail !== undefined);
  assert.equal(mail.subject, 'Đặt lại mật khẩu vStorage');
  await page.goto(linkIn(mail));
  await page.getByLabel('Mật khẩu mới', { exact: true }).fill('a new root password');
  await page.getByLabel('Nhập lại mật khẩu mới').fill('a new root password');
  await page.getByRole('button', { name: 'Đặt mật khẩu' }).click();
  await page.getByText('Đã đặt mật khẩu.').waitFor();
  await context.close();
  const other = await chrome.newContext();
  const english = await other.newPage();
  await signInAsRoot(english, { rootEmail: 'root@example.com', rootPassword: 'a new root password' });
  await other.close();
});

test('somebody signs up, confirms the address and has an account of their own', async () => {
  const context = await chrome.newContext();
  const page = await context.newPage();
  await page.goto('/signin');
  await page.getByRole('link', { name: 'Make an account' }).click();
  await page.getByLabel('E-mail', { exact: true }).fill('new@example.com');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
  const [mail] = await sink.mailsTo('new@example.com');
  assert.ok(mail !== undefined);
  await page.goto(linkIn(mail));
  await page.getByRole('heading', { name: 'Make your account' }).waitFor();
  await page.getByLabel('Your name or company').fill('New Company');
  await page.getByLabel('New password', { exact: true }).fill('correct horse battery');
  await page.getByLabel('Repeat the new password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByText('Your account is made.').waitFor();
  await page.getByLabel('E-mail', { exact: true }).fill('new@example.com');
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL('**/overview');
  await page.goto('/projects');
  await page.getByRole('link', { name: 'Open default' }).waitFor();
  await context.close();
});
