// What holds on every page: how much the first load weighs, notices that cover nothing and can be
// taken back, and work in the background that can be seen from everywhere.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { S3KeyList } from '../../src/console-api/contract.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { findViolations } from './support/axe.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { type Storage, storageOf } from './support/objects.ts';
import { createKey } from './support/rest.ts';

const FIRST_LOAD_BYTES = 250 * 1024;

let server: TestServer;
let chrome: TestBrowser;
let page: Page;
let storage: Storage;
let firstLoadBytes = 0;

before(async () => {
  server = await startServer({ workers: 1 });
  chrome = await openBrowser(server);
  page = await (await chrome.newContext({ reducedMotion: 'reduce' })).newPage();
  const scripts: Promise<number>[] = [];
  page.on('requestfinished', (request) => {
    if (request.resourceType() !== 'script') return;
    scripts.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  await signInAsRoot(page, server);
  await page.waitForLoadState('networkidle');
  firstLoadBytes = (await Promise.all(scripts)).reduce((sum, bytes) => sum + bytes, 0);
  storage = await storageOf(page);
});
after(async () => {
  await chrome[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

test('first load: signing in and the first page need at most 250 KB of compressed script', (t) => {
  t.diagnostic(`${Math.round(firstLoadBytes / 1024)} KB`);
  assert.ok(firstLoadBytes > 50 * 1024, 'the scripts were counted');
  assert.ok(firstLoadBytes <= FIRST_LOAD_BYTES, `${firstLoadBytes} bytes`);
});

test('undo: disabling a key is taken back from the notice, which covers no control of the page', async () => {
  const complaints = collectComplaints(page);
  const { accessKey } = await createKey(storage.rest, storage.projectId, 'by mistake');
  await page.goto(`/projects/${storage.projectId}/access`);
  await page.getByRole('button', { name: `Actions for ${accessKey}` }).click();
  await page.getByRole('menuitem', { name: 'Disable' }).click();
  const notice = page.getByRole('alert').filter({ hasText: 'The key is disabled' });
  await notice.waitFor();
  assert.deepEqual(await findViolations(page), []);
  const box = await notice.boundingBox();
  assert.ok(box !== null && box.y >= 56 && box.y + box.height < 450, 'below the bar, in the upper half');
  await notice.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Undone.').waitFor();
  const { items } = await storage.rest.get<S3KeyList>(`/projects/${storage.projectId}/s3-keys`);
  assert.equal(items.find((key) => key.accessKey === accessKey)?.status, 'active');
  assert.deepEqual(complaints, []);
});

test('background work: a task is seen from every page, with how far it is, and the jobs of the server', async () => {
  await storage.createBucket('to-be-emptied');
  await storage.put('to-be-emptied', ['a.txt', 'a'], ['b.txt', 'b']);
  const task = { kind: 'empty', bucket: 'to-be-emptied', confirm: 'to-be-emptied' };
  await storage.rest.post(`/projects/${storage.projectId}/tasks`, task);
  await page.goto('/policies');
  await page.getByRole('button', { name: /^Background work/ }).click();
  const list = page.getByRole('region', { name: 'Tasks' });
  await list.getByText(/to-be-emptied/).waitFor();
  await list.getByText(/^Done · 2 \/ 2/).waitFor();
  await page
    .getByRole('region', { name: 'Jobs of the server' })
    .getByText(/all working as they should/)
    .waitFor();
  assert.deepEqual(await findViolations(page), []);
});

test('API documentation: every operation of the server is described, found by a word and opened by its address', async () => {
  const complaints = collectComplaints(page);
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(server.consoleUrl)) foreign.push(request.url());
  });
  await page.goto('/api-docs');
  await page.getByLabel('Search operations').fill('rotate s3-keys');
  await page.getByRole('button', { name: /^POST .*\/s3-keys\/\{id\}\/rotate/ }).click();
  await page.getByText('overlapSeconds').waitFor();
  await page.waitForURL(/op=/);
  await page.reload();
  await page.getByText('overlapSeconds').waitFor();
  assert.deepEqual(await findViolations(page), []);
  assert.deepEqual([complaints, foreign], [[], []]);
});
