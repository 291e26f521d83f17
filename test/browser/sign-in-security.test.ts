// The account's rules, forced changes of passwords, open sessions: as people meet them, in both languages and themes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { SignInSettingsView } from '../../src/console-api/contract/sign-in.ts';
import { openMailSink, type MailSink } from '../support/mail-sink.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { findViolations } from './support/axe.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot, signInAsUser } from './support/console-page.ts';
import { restOf } from './support/rest.ts';

let sink: MailSink;
let server: TestServer;
let chrome: TestBrowser;

before(async () => {
  sink = await openMailSink();
  const mail = ['--smtp-url', `smtp://127.0.0.1:${sink.port}`, '--smtp-from', 'vstorage@example.com'];
  server = await startServer({ args: [...mail, '--self-sign-up', 'on'] });
  chrome = await openBrowser(server);
});
after(async () => {
  await chrome[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await sink[Symbol.asyncDispose]();
});

const password = 'Us3r-password';

async function makeUser(
  username: string,
  more: object = {},
): Promise<{ rootEmail: string; username: string; password: string }> {
  const root = await (await chrome.newContext()).newPage();
  await signInAsRoot(root, server);
  await (await restOf(root)).post('/users', { usernames: [username], password, policies: [], ...more });
  await root.context().close();
  return { rootEmail: server.rootEmail, username, password };
}

test('an administrator sets rules, and passwords keep them from then on', async () => {
  const context = await chrome.newContext();
  const page = await context.newPage();
  const complaints = collectComplaints(page);
  await signInAsRoot(page, server);
  await page.getByRole('link', { name: 'Sign-in security' }).click();
  await page.getByLabel('Minimum length').fill('12');
  await page.getByLabel('Former passwords').fill('3');
  await page.getByRole('combobox', { name: 'Passwords expire after' }).click();
  await page.getByRole('option', { name: '90 days' }).click();
  await page.getByRole('combobox', { name: 'Sessions end when idle for' }).click();
  await page.getByRole('option', { name: 'Other…' }).click();
  await page.getByLabel('Sessions end when idle for, minutes').fill('45');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The rules are saved.').waitFor();
  const rest = await restOf(page);
  const { minLength, history, expiryDays, idleMinutes } = await rest.get<SignInSettingsView>('/sign-in-settings');
  assert.deepEqual([minLength, history, expiryDays, idleMinutes], [12, 3, 90, 45]);
  await page.reload();
  assert.equal(await page.getByLabel('Sessions end when idle for, minutes').inputValue(), '45 minutes');
  await page.getByRole('link', { name: 'IAM users' }).click();
  await page.getByRole('button', { name: 'Create users' }).first().click();
  await page.getByText('12–50 characters').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await page.goto('/sign-in-security');
  await page.getByLabel('Minimum length').fill('8');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The rules are saved.').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a password that somebody else has set is changed before anything else', async () => {
  const user = await makeUser('must.change', { mustChangePassword: true });
  const context = await chrome.newContext();
  const page = await context.newPage();
  await page.goto('/policies');
  await page.getByRole('button', { name: 'Sign in with IAM User Account' }).click();
  await page.getByLabel("Root user's e-mail").fill(user.rootEmail);
  await page.getByLabel('Username').fill(user.username);
  await page.getByLabel('Password', { exact: true }).fill(user.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Change your password' }).waitFor();
  await page.goto('/projects');
  await page.getByRole('heading', { name: 'Change your password' }).waitFor();
  await page.getByLabel('Current password').fill(user.password);
  await page.getByLabel('New password', { exact: true }).fill(user.password);
  await page.getByLabel('Repeat the new password').fill(user.password);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('New password', { exact: true }).fill('My-0wn-password');
  await page.getByLabel('Repeat the new password').fill('My-0wn-password');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('heading', { name: 'Projects', level: 1 }).waitFor();
  await context.close();
});

test('open sessions are seen and ended by their owner, and by an administrator', async () => {
  const user = await makeUser('many.sessions');
  const pages: Page[] = [];
  for (let i = 0; i < 3; i++) {
    const page = await (await chrome.newContext()).newPage();
    await signInAsUser(page, user);
    pages.push(page);
  }
  const [first, second, third] = pages;
  assert.ok(first && second && third);
  await first.goto('/security');
  const list = first.getByRole('list', { name: 'Sessions' });
  await list.getByText('This session').waitFor();
  assert.equal(await list.getByRole('listitem').count(), 3);
  await first.getByRole('button', { name: 'End all others' }).click();
  await list.getByRole('listitem').nth(1).waitFor({ state: 'detached' });
  await second.getByRole('link', { name: 'Trash' }).click();
  await second.getByRole('heading', { name: 'IAM user' }).waitFor();
  const root = await (await chrome.newContext()).newPage();
  await signInAsRoot(root, server);
  await root.goto('/users');
  await root.getByRole('link', { name: 'many.sessions' }).click();
  await root.getByRole('button', { name: 'End all sessions' }).click();
  await root.getByText('Not signed in anywhere.').waitFor();
  await first.getByRole('link', { name: 'Trash' }).click();
  await first.getByRole('heading', { name: 'IAM user' }).waitFor();
  for (const page of [...pages, root]) await page.context().close();
});

test('the pages of signing in are sound for screen readers, in both themes and languages, and fit a phone', async () => {
  const faults: Record<string, unknown> = {};
  for (const [colorScheme, locale] of [
    ['light', 'en-US'],
    ['dark', 'vi-VN'],
  ] as const) {
    const context = await chrome.newContext({
      colorScheme,
      locale,
      reducedMotion: 'reduce',
      viewport: { width: 390, height: 844 },
      hasTouch: true,
    });
    const page = await context.newPage();
    const complaints = collectComplaints(page);
    const look = async (place: string): Promise<void> => {
      await page.waitForLoadState('networkidle');
      const violations = await findViolations(page);
      const width = await page.evaluate('document.documentElement.scrollWidth');
      if (violations.length > 0 || width !== 390) faults[`${colorScheme} ${place}`] = [width, ...violations];
    };
    for (const path of ['/signin', '/signin/forgot?kind=iam', '/signin/sign-up', '/signin/link#made-up']) {
      await page.goto(path);
      await look(path);
    }
    await page.goto('/signin');
    await page.getByRole('button', { name: /Root User Account/ }).click();
    await look('the form of the root');
    await page.locator('input[name=email]').fill(server.rootEmail);
    await page.locator('input[name=password]').fill(server.rootPassword);
    await page.locator('button[type=submit]').click();
    await page.waitForURL('**/overview');
    for (const path of ['/security', '/sign-in-security']) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await look(path);
    }
    await page.getByRole('button', { name: /identity provider|nhà cung cấp định danh/ }).click();
    await page.getByRole('dialog').waitFor();
    await look('a new identity provider');
    await page.goto('/security');
    await page.getByRole('button', { name: /authenticator app|ứng dụng xác thực/ }).click();
    await page.locator('input[name=password]').fill(server.rootPassword);
    await page.getByRole('dialog').locator('button[type=submit]').click();
    await page.getByRole('dialog').locator('svg[role=img]').waitFor();
    await look('an authenticator app');
    assert.deepEqual(complaints, []);
    await context.close();
  }
  assert.deepEqual(faults, {});
});

test('somebody signs in with the keyboard alone', async () => {
  const context = await chrome.newContext();
  const page = await context.newPage();
  await page.goto('/signin');
  await page.getByRole('button', { name: 'Sign in with Root User Account' }).press('Enter');
  await page.getByLabel('E-mail', { exact: true }).waitFor();
  await page.keyboard.type(server.rootEmail);
  await page.keyboard.press('Tab');
  await page.keyboard.type(server.rootPassword);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await context.close();
});
