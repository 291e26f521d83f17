// The main flows without a pointer: nothing but keys is used, and every dialog takes and gives back the focus.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { S3KeyList } from '../../src/console-api/contract.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot, signInAsUser } from './support/console-page.ts';
import { moveTo, tabTo } from './support/keyboard.ts';
import { storageOf } from './support/objects.ts';
import { createKey } from './support/rest.ts';

let server: TestServer;
let chrome: TestBrowser;
before(async () => {
  server = await startServer({ workers: 1 });
  chrome = await openBrowser(server);
});
after(async () => {
  await chrome?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

const press = async (page: Page, ...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};

async function signInByKeyboard(page: Page): Promise<void> {
  await page.goto('/signin');
  await tabTo(page, /^Sign in with Root User Account/);
  await press(page, 'Enter');
  await page.getByLabel('E-mail', { exact: true }).waitFor();
  await tabTo(page, /^E-mail/);
  await page.keyboard.type(server.rootEmail);
  await tabTo(page, /^Password/);
  await page.keyboard.type(server.rootPassword);
  await press(page, 'Enter');
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
}

test('keyboard alone: signing in, a project, a bucket, a folder', async () => {
  const page = await (await chrome.newContext({ reducedMotion: 'reduce' })).newPage();
  const complaints = collectComplaints(page);
  await signInByKeyboard(page);
  await press(page, 'g', 'p');
  await page.getByRole('heading', { name: 'Projects', level: 1 }).waitFor();
  await tabTo(page, /^Create project$/);
  await press(page, 'Enter');
  await page.getByRole('dialog', { name: 'Create project' }).waitFor();
  await tabTo(page, /^Name/);
  await page.keyboard.type('by-keyboard');
  await press(page, 'Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  if (new URL(page.url()).pathname === '/projects') {
    await tabTo(page, /^Open by-keyboard$/);
    await press(page, 'Enter');
  }
  await page.getByRole('heading', { name: 'by-keyboard', level: 1 }).waitFor();
  await tabTo(page, /^Information$/);
  await press(page, 'ArrowRight');
  await page.waitForURL('**/buckets');
  await tabTo(page, /^Create bucket$/);
  await press(page, 'Enter');
  await page.getByRole('dialog', { name: 'Create bucket' }).waitFor();
  await tabTo(page, /^Name|^Bucket name/);
  await page.keyboard.type('keyboard-bucket');
  await press(page, 'Enter');
  await page.waitForURL('**/keyboard-bucket/objects');
  await tabTo(page, /^New folder$/);
  await press(page, 'Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('letters');
  await press(page, 'Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('row').filter({ hasText: 'letters/' }).waitFor();
  await page.goto(page.url().replace(/\?.*/, ''));
  await page.getByRole('row').filter({ hasText: 'letters/' }).waitFor();
  await tabTo(page, /letters\//);
  await press(page, 'Enter');
  await page.waitForURL(/letters/);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('keyboard alone: a key is found, disabled by its menu, and that is taken back with Ctrl Z', async () => {
  const page = await (await chrome.newContext({ reducedMotion: 'reduce' })).newPage();
  await signInAsRoot(page, server);
  const { rest, projectId } = await storageOf(page);
  const { accessKey } = await createKey(rest, projectId, 'by mistake');
  const status = async (): Promise<string | undefined> =>
    (await rest.get<S3KeyList>(`/projects/${projectId}/s3-keys`)).items.find((key) => key.accessKey === accessKey)
      ?.status;
  await page.reload();
  await page.getByRole('heading', { name: 'Projects', level: 1 }).waitFor();
  await press(page, 'Control+k');
  await page.getByRole('combobox', { name: 'Search and commands' }).waitFor();
  await page.keyboard.type(accessKey.slice(0, 12));
  await page.getByRole('option', { name: new RegExp(accessKey), selected: true }).waitFor();
  await press(page, 'Enter');
  await page.waitForURL('**/access');
  await page.getByText('by mistake').waitFor();
  await tabTo(page, new RegExp(`^Actions for ${accessKey}`));
  await press(page, 'Enter');
  await page.getByRole('menu').waitFor();
  await moveTo(page, /^Disable$/);
  await press(page, 'Enter');
  await page.getByRole('alert').filter({ hasText: 'The key is disabled' }).waitFor();
  assert.equal(await status(), 'disabled');
  await press(page, 'Control+z');
  await page.getByText('Undone.').waitFor();
  assert.equal(await status(), 'active');
  await page.context().close();
});

test('keyboard alone: a dialog that is closed gives the focus back, also to the button of the menu it came from', async () => {
  const page = await (await chrome.newContext({ reducedMotion: 'reduce' })).newPage();
  await signInAsRoot(page, server);
  const focused = (name: string) =>
    page.getByRole('button', { name, exact: true }).and(page.locator(':focus')).waitFor();
  await tabTo(page, /^Actions for default$/);
  await press(page, 'Enter');
  await page.getByRole('menu').waitFor();
  await moveTo(page, /^Delete/);
  await press(page, 'Enter');
  await page.getByRole('dialog').waitFor();
  await press(page, 'Escape');
  await focused('Actions for default');
  await press(page, 'g', 'g');
  await tabTo(page, /^Create group$/);
  await press(page, 'Enter');
  await page.getByRole('dialog').waitFor();
  await press(page, 'Escape');
  await focused('Create group');
  await page.context().close();
});

test('an error that was a refusal leads to its explanation, for whoever was refused', async () => {
  const root = await (await chrome.newContext()).newPage();
  await signInAsRoot(root, server);
  const { rest } = await storageOf(root);
  const password = 'Correct-Horse-7';
  await rest.post('/users', { usernames: ['curious'], password, policies: [] });
  const page = await (await chrome.newContext()).newPage();
  await signInAsUser(page, { rootEmail: server.rootEmail, username: 'curious', password });
  await page.goto('/groups');
  const notice = page.getByRole('alert').filter({ hasText: 'Request ID' });
  await notice.getByRole('link', { name: 'Why was it refused?' }).click();
  await page.waitForURL(/\/explain\?request=/);
  await page.getByRole('heading', { name: /^ListGroups was refused with 403/ }).waitFor();
  await root.context().close();
  await page.context().close();
});
