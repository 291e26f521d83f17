// A key that is limited as it is made, looked at, rotated and reported, as the root user does it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Locator, Page } from 'playwright-core';
import { startServer, type TestServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { openProjectTab, signInAsRoot } from './support/console-page.ts';
import { closeKeyDialog, generateKey, takeKeyAlong } from './support/generate-key.ts';
import { type KeyPair, openS3Client, outcome } from './support/s3-client.ts';

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

const rowOf = (page: Page, { accessKey }: Pick<KeyPair, 'accessKey'>): Locator =>
  page.getByRole('row').filter({ hasText: accessKey });

async function shownKey(page: Page): Promise<KeyPair> {
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Save the secret key now').waitFor();
  const shown = (name: string) => dialog.getByRole('group', { name }).locator('code').innerText();
  return { accessKey: await shown('Access key'), secretKey: await shown('Secret key') };
}

async function generateLimited(page: Page): Promise<KeyPair> {
  await page.getByRole('button', { name: 'Generate S3 key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Description').fill('gallery');
  const limits = dialog.getByRole('button', { name: 'Limit this key' });
  assert.equal(await limits.getAttribute('aria-expanded'), 'false');
  await limits.click();
  await dialog.getByLabel('Buckets').fill('photos');
  await dialog.getByLabel('Buckets').press('Enter');
  await dialog.getByLabel('Names begin with').fill('public/');
  await dialog.getByRole('checkbox', { name: 'Write' }).uncheck();
  await dialog.getByRole('checkbox', { name: 'Delete' }).uncheck();
  await dialog.getByRole('button', { name: 'Generate S3 key' }).click();
  return shownKey(page);
}

async function rotate(page: Page, key: KeyPair): Promise<KeyPair> {
  await rowOf(page, key)
    .getByRole('button', { name: `Actions for ${key.accessKey}` })
    .click();
  await page.getByRole('menuitem', { name: 'Rotate' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('The old pair goes on working for').waitFor();
  await dialog.getByRole('button', { name: 'Rotate' }).click();
  const made = await shownKey(page);
  assert.notEqual(made.accessKey, key.accessKey);
  return made;
}

const reads = async (key: KeyPair, Key: string): Promise<string> => {
  const s3 = await openS3Client(server, key);
  const answer = await outcome(s3.send(new GetObjectCommand({ Bucket: 'photos', Key })));
  s3.destroy();
  return answer;
};

test('a key is limited by form, shows it, is rotated with an overlap, and stands in the report', async () => {
  const context = await chrome.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  const complaints = collectComplaints(page);
  await signInAsRoot(page, server);
  await openProjectTab(page, 'default', 'Identity and Access Management');
  const full = await generateKey(page, 'everything');
  await closeKeyDialog(page);
  const s3 = await openS3Client(server, full);
  await s3.send(new CreateBucketCommand({ Bucket: 'photos' }));
  for (const Key of ['public/cat', 'private/cat'])
    await s3.send(new PutObjectCommand({ Bucket: 'photos', Key, Body: 'x' }));
  s3.destroy();
  await rowOf(page, full).getByText('Full access').waitFor();

  const limited = await generateLimited(page);
  await closeKeyDialog(page);
  assert.deepEqual(
    [await reads(limited, 'public/cat'), await reads(limited, 'private/cat')],
    ['ok', '403 AccessDenied'],
  );
  await rowOf(page, limited).getByText('Limited').hover();
  await page.getByRole('tooltip').getByText('Names begin with: public/').waitFor();

  const made = await rotate(page, limited);
  await takeKeyAlong(page, made);
  await closeKeyDialog(page);
  await rowOf(page, limited).getByText('Rotated out').waitFor();
  assert.deepEqual([await reads(limited, 'public/cat'), await reads(made, 'public/cat')], ['ok', 'ok']);
  assert.equal(await reads(made, 'private/cat'), '403 AccessDenied');

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Report (CSV)' }).click(),
  ]);
  const report = await readFile(await download.path(), 'utf8');
  for (const { accessKey, secretKey } of [full, limited, made]) {
    assert.ok(report.includes(accessKey) && !report.includes(secretKey));
  }
  assert.deepEqual(complaints, []);
  await context.close();
});
