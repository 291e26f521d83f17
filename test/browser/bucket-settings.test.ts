// Settings of a bucket, as a person changes them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startServer, type TestServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { type Storage, storageOf } from './support/objects.ts';

let server: TestServer;
let chrome: TestBrowser;
let page: Page;
let storage: Storage;
let complaints: string[];

before(async () => {
  server = await startServer();
  chrome = await openBrowser(server);
  page = await (await chrome.newContext()).newPage();
  complaints = collectComplaints(page);
  await signInAsRoot(page, server);
  storage = await storageOf(page);
  await storage.createBucket('set-up');
});
after(async () => {
  await chrome[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const base = (): string => `/projects/${storage.projectId}/buckets/set-up`;
const save = async (): Promise<void> => {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved.').first().waitFor();
};
const open = (section: string) => page.goto(`${base()}/settings?section=${section}`);

test('versioning of a bucket is enabled from its settings', async () => {
  await page.goto(`${base()}/objects`);
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('radio', { name: 'Enabled' }).check();
  await save();
  assert.deepEqual(await storage.rest.get(`${base()}/versioning`), { Status: 'Enabled' });
});

test('CORS of a bucket is pasted as a list of rules and shown as a form', async () => {
  await open('cors');
  await page.getByText('JSON', { exact: true }).click();
  await page.getByLabel('Document').fill('[{"AllowedOrigins":["https://a.example"],"AllowedMethods":["GET"]}]');
  await save();
  await page.getByText('https://a.example').waitFor();
  const rules = [{ AllowedMethods: ['GET'], AllowedOrigins: ['https://a.example'] }];
  assert.deepEqual(await storage.rest.get(`${base()}/cors`), { CORSRules: rules });
});

test('a bucket policy is checked while it is written, and kept', async () => {
  await open('policy');
  await page.getByRole('button', { name: 'Insert an example' }).click();
  await page.getByText(/BlockPublicPolicy/).waitFor();
  const text = await page.getByLabel('Document').inputValue();
  await page.getByLabel('Document').fill(text.replace('"Allow"', '"Deny"'));
  await page.getByText('you could not do this any more: s3:GetObject').waitFor();
  await save();
  const policy = await storage.rest.get<{ document: string }>(`${base()}/policy`);
  assert.match(policy.document, /Deny/);
});

test('who can reach a bucket is shown, and nothing complained', async () => {
  await open('reach');
  await page.getByText('Anybody without a key').waitFor();
  await page.getByText('Root user').first().waitFor();
  assert.deepEqual(complaints, []);
});
