// What happens around a session: remembered doors, its end, a server that does not answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';

const NEW_PASSWORD = 'Another-Passw0rd!';

test('an ended session leads to the sign-in page and back to the same place', async () => {
  await using server = await startServer();
  await using chrome = await openBrowser(server);
  const context = await chrome.newContext();
  const page = await context.newPage();
  const complaints = collectComplaints(page);
  await signInAsRoot(page, server);
  await page.getByRole('link', { name: 'Policies' }).click();
  await page.getByRole('link', { name: 'vStorageFullAccess' }).click();
  await page.getByRole('heading', { name: 'vStorageFullAccess' }).waitFor();
  await context.clearCookies();
  await page.getByRole('link', { name: 'IAM users' }).click();
  await page.getByRole('heading', { name: 'Root user' }).waitFor();
  assert.match(page.url(), /\/signin\?redirect=%2Fusers/);
  await page.getByLabel('E-mail', { exact: true }).fill(server.rootEmail);
  await page.getByLabel('Password', { exact: true }).fill(server.rootPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'IAM users', level: 1 }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/users');
  assert.deepEqual(complaints, []);
});

test('the browser remembers the kind of account, and a way back leads to the other', async () => {
  await using server = await startServer();
  await using chrome = await openBrowser(server);
  const page = await (await chrome.newContext()).newPage();
  await signInAsRoot(page, server);
  await page.getByRole('button', { name: /Account menu/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Root user' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'Root user' }).waitFor();
  await page.getByRole('button', { name: 'Use another kind of account' }).click();
  await page.getByRole('button', { name: 'Sign in with IAM User Account' }).click();
  await page.getByLabel("Root user's e-mail").waitFor();
});

test('a changed password ends the other sessions, not this one', async () => {
  await using server = await startServer();
  await using chrome = await openBrowser(server);
  const page = await (await chrome.newContext()).newPage();
  const other = await (await chrome.newContext()).newPage();
  await signInAsRoot(page, server);
  await signInAsRoot(other, server);
  await page.getByRole('button', { name: /Account menu/ }).click();
  await page.getByRole('menuitem', { name: 'Change password' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Current password').fill('not it');
  await dialog.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
  await dialog.getByLabel('Repeat the new password').fill(NEW_PASSWORD);
  await dialog.getByRole('button', { name: 'Change password' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('Current password').fill(server.rootPassword);
  await dialog.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('Password changed.').waitFor();
  await page.getByRole('link', { name: 'IAM users' }).click();
  await page.getByRole('heading', { name: 'IAM users', level: 1 }).waitFor();
  await other.getByRole('link', { name: 'IAM users' }).click();
  await other.getByRole('heading', { name: 'Root user' }).waitFor();
});

test('while the server is away the console says so, and it goes on by itself', async () => {
  await using server = await startServer();
  await using chrome = await openBrowser(server);
  const context = await chrome.newContext();
  const page = await context.newPage();
  await signInAsRoot(page, server);
  await page.getByRole('link', { name: 'Open default' }).waitFor();
  await context.route(/\/(api|health)\//, (route) => route.abort('connectionrefused'));
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('The server does not answer').first().waitFor();
  assert.ok(await page.getByRole('link', { name: 'Open default' }).isVisible(), 'what was loaded stays readable');
  await context.unroute(/\/(api|health)\//);
  await page.getByText('The server does not answer').first().waitFor({ state: 'detached' });
});

test('a page that does not exist says so, and leads back', async () => {
  await using server = await startServer();
  await using chrome = await openBrowser(server);
  const page = await (await chrome.newContext()).newPage();
  await signInAsRoot(page, server);
  for (const path of ['/no/such/page', `/projects/${'0'.repeat(32)}/information`, '/policies/view?name=Nothing']) {
    await page.goto(path);
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
  }
  await page.getByRole('link', { name: 'Go to the projects' }).click();
  await page.getByRole('heading', { name: 'Projects', level: 1 }).waitFor();
});
