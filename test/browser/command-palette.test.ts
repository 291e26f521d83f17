// Everything by its name, and by keyboard.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startServer, type TestServer } from '../support/start-server.ts';
import { findViolations } from './support/axe.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { storageOf } from './support/objects.ts';
import { createKey, createUsers } from './support/rest.ts';

let server: TestServer;
let chrome: TestBrowser;
let page: Page;
let accessKey: string;
let complaints: string[];

before(async () => {
  server = await startServer({ workers: 1 });
  chrome = await openBrowser(server);
  page = await (await chrome.newContext({ reducedMotion: 'reduce' })).newPage();
  complaints = collectComplaints(page);
  await signInAsRoot(page, server);
  const storage = await storageOf(page);
  await storage.createBucket('holiday-photos');
  await createUsers(storage.rest, ['linh.nguyen'], ['vStorageReadOnlyAccess']);
  ({ accessKey } = await createKey(storage.rest, storage.projectId, 'backup server'));
});
after(async () => {
  await chrome[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const field = () => page.getByRole('combobox', { name: 'Search and commands' });

async function find(typed: string, label: RegExp): Promise<void> {
  await page.keyboard.press('Control+k');
  await field().fill(typed);
  await page.getByRole('option', { name: label, selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await field().waitFor({ state: 'detached' });
}

test('command palette: a page, a bucket, a user and a key are found by a few letters and opened', async () => {
  await find('audit', /^Audit log/);
  await page.waitForURL('**/audit');
  await find('holi', /^holiday-photos/);
  await page.waitForURL('**/buckets/holiday-photos/objects');
  await find('linh', /^linh\.nguyen/);
  await page.getByRole('heading', { name: 'linh.nguyen', level: 1 }).waitFor();
  await find(accessKey.slice(0, 12), new RegExp(`^${accessKey}`));
  await page.waitForURL('**/access');
  await page.getByText('backup server').waitFor();
  assert.deepEqual(complaints, []);
});

test('command palette: what can be done opens its dialog where it belongs', async () => {
  await find('create project', /^Create project/);
  await page.getByRole('dialog', { name: 'Create project' }).waitFor();
  await page.keyboard.press('Escape');
  await find('generate default', /^Generate S3 key/);
  await page.getByRole('dialog', { name: 'Generate S3 key' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(new URL(page.url()).hash, '', 'going back does not open it again');
});

test('command palette: a request id leads to what happened to the request', async () => {
  const answer = await page.request.get(`${server.s3Url}/holiday-photos`, { ignoreHTTPSErrors: true });
  const requestId = answer.headers()['x-amz-request-id'] ?? '';
  assert.match(requestId, /^[0-9A-F]{16}$/);
  await find(requestId.toLowerCase(), new RegExp(requestId));
  await page.waitForURL(`**/*${requestId}*`);
});

test('command palette: it says what it finds to screen readers, has no violations, and gives the focus back', async () => {
  await page.goto('/projects');
  const button = page.getByRole('button', { name: 'Search', exact: true });
  await button.press('Enter');
  await page.getByRole('option').first().waitFor();
  const active = await field().getAttribute('aria-activedescendant');
  assert.equal(await page.getByRole('option', { selected: true }).getAttribute('id'), active);
  await page.keyboard.press('ArrowDown');
  assert.notEqual(await field().getAttribute('aria-activedescendant'), active);
  assert.deepEqual(await findViolations(page), []);
  await field().fill('no such thing');
  await page.getByText('Nothing here is called “no such thing”.').waitFor();
  await page.keyboard.press('Escape');
  await field().waitFor({ state: 'detached' });
  assert.equal(await button.evaluate((element) => element === document.activeElement), true);
});

test('keyboard shortcuts: two letters lead to a page, a slash to its search, a question mark shows them all', async () => {
  await page.goto('/trash');
  await page.getByRole('heading', { name: 'Trash', level: 1 }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await page.getByRole('heading', { name: 'IAM users', level: 1 }).waitFor();
  await page.locator('#main .tabler-icon-search').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('g?');
  assert.equal(await page.locator('input:focus').inputValue(), 'g?', 'in a field they are text');
  await page.locator('input:focus').blur();
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await help.getByText('Go to a page').waitFor();
  assert.deepEqual(await findViolations(page), []);
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'detached' });
  assert.deepEqual(complaints, []);
});
