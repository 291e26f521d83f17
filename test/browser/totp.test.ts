// An authenticator app, as a person sets it up and signs in with it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFile } from 'node:fs/promises';
import { generate } from 'otplib';
import type { Page } from 'playwright-core';
import { startServer, type TestServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { restOf } from './support/rest.ts';

const STEP_MS = 30_000;

let server: TestServer;
let chrome: TestBrowser;

before(async () => {
  server = await startServer();
  chrome = await openBrowser(server);
});
after(async () => {
  await chrome[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** As an authenticator app would show it: of a step that was not taken yet, which the next one is at any time. */
const nextCode = (secret: string): Promise<string> =>
  generate({ secret, epoch: Math.floor((Date.now() + STEP_MS) / 1000) });

async function setUp(page: Page, password: string): Promise<{ secret: string; codes: string[] }> {
  await page.getByRole('button', { name: /Account menu/ }).click();
  await page.getByRole('menuitem', { name: 'My security' }).click();
  await page.getByRole('heading', { name: 'My security', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
  return enrol(page, password);
}

async function enrol(page: Page, password: string): Promise<{ secret: string; codes: string[] }> {
  await page.getByLabel('Your password').fill(password);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
  const secret = await page
    .locator('.mono')
    .filter({ hasText: /^[A-Z2-7]{32}$/ })
    .innerText();
  await page.getByLabel('6-digit code').fill('000000');
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('6-digit code').fill(await generate({ secret }));
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByText('Save these codes now').waitFor();
  const codes = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allInnerTexts();
  assert.equal(codes.length, 10);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ]);
  assert.deepEqual((await readFile(await download.path(), 'utf8')).trim().split('\n'), codes);
  await page.getByLabel('I have saved the recovery codes').check();
  await page.getByRole('button', { name: 'Done' }).click();
  return { secret, codes };
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Account menu/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
}

async function enterRootPassword(page: Page): Promise<void> {
  await page.getByLabel('E-mail', { exact: true }).fill(server.rootEmail);
  await page.getByLabel('Password', { exact: true }).fill(server.rootPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Second step' }).waitFor();
}

test('a root sets up an authenticator app, signs in with it and with a recovery code, and turns it off', async () => {
  const context = await chrome.newContext();
  const page = await context.newPage();
  const complaints = collectComplaints(page);
  await signInAsRoot(page, server);
  const { secret, codes } = await setUp(page, server.rootPassword);
  await page.getByText('10 codes left').waitFor();
  await signOut(page);
  await enterRootPassword(page);
  await page.getByLabel('Code of the authenticator app').fill('123456');
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Code of the authenticator app').fill(await nextCode(secret));
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await signOut(page);
  await enterRootPassword(page);
  await page.getByLabel('Code of the authenticator app').fill(codes[3] ?? '');
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await page.goto('/security');
  await page.getByText('9 codes left').waitFor();
  await page.getByRole('button', { name: 'Turn off' }).click();
  await page.getByLabel('Your password').fill(server.rootPassword);
  await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click();
  await page.getByText('Not set up.').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('where the account asks for a second factor, a user sets one up at sign-in and goes on to the same page', async () => {
  const context = await chrome.newContext();
  const page = await context.newPage();
  await signInAsRoot(page, server);
  const rest = await restOf(page);
  const password = 'Us3r-password';
  await rest.post('/users', { usernames: ['needs.factor'], password, policies: ['vStorageReadOnlyAccess'] });
  await page.goto('/sign-in-security');
  await page.getByRole('switch', { name: 'Require a second factor for IAM users' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The rules are saved.').waitFor();
  await page.goto('/security');
  await signOut(page);
  const other = await (await chrome.newContext()).newPage();
  await other.goto('/policies');
  await other.getByRole('button', { name: 'Sign in with IAM User Account' }).click();
  await other.getByLabel("Root user's e-mail").fill(server.rootEmail);
  await other.getByLabel('Username').fill('needs.factor');
  await other.getByLabel('Password', { exact: true }).fill(password);
  await other.getByRole('button', { name: 'Sign in', exact: true }).click();
  await other.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
  await other.goto('/projects');
  await other.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
  await other.goto('/signin/required?redirect=%2Fpolicies');
  await other.getByRole('button', { name: 'Set up an authenticator app' }).click();
  await enrol(other, password);
  await other.getByRole('heading', { name: 'Policies', level: 1 }).waitFor();
  await other.context().close();
  await context.close();
});
