// "Working with S3 keys", step by step, as the root user and as an IAM user.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { Page } from 'playwright-core';
import { startServer, type TestServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { openProjectTab, signInAsRoot, signInAsUser } from './support/console-page.ts';
import { closeKeyDialog, deleteKey, generateKey, takeKeyAlong } from './support/generate-key.ts';
import { type KeyPair, openS3Client, outcome } from './support/s3-client.ts';
import { filesHolding, recordAnswers } from './support/secrecy.ts';

const USER_PASSWORD = 'User-Passw0rd!';
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

async function useKey(key: KeyPair, bucket: string): Promise<void> {
  const s3 = await openS3Client(server, key);
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'hello.txt', Body: 'Xin chào' }));
  const answer = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'hello.txt' }));
  assert.equal(await answer.Body?.transformToString(), 'Xin chào');
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'hello.txt' }));
  s3.destroy();
}

/** Every page that could show the key again, after it was shown once. */
async function assertShownNowhere(page: Page, key: KeyPair): Promise<void> {
  for (const tab of ['Information', 'Identity and Access Management', 'Connection information']) {
    await page.getByRole('tab', { name: tab, exact: true }).click();
    await page.waitForLoadState('networkidle');
    assert.ok(!(await page.content()).includes(key.secretKey), `the secret stands on the tab ${tab}`);
  }
  const stored = await page.evaluate<string>(
    'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href])',
  );
  assert.ok(!stored.includes(key.secretKey), 'the browser stored the secret');
}

async function walkThroughSeedPage(page: Page, bucket: string): Promise<void> {
  const complaints = collectComplaints(page);
  const answers = recordAnswers(page.context());
  await page.getByRole('button', { name: 'Region HAN02' }).waitFor();
  await openProjectTab(page, 'default', 'Identity and Access Management');
  await page.getByRole('heading', { name: 'List of S3 keys of this project' }).waitFor();
  const key = await generateKey(page, 'laptop');
  assert.match(key.accessKey, /^[0-9a-f]{32}$/);
  assert.match(key.secretKey, /^[A-Za-z0-9]{40}$/);
  await page.keyboard.press('Escape');
  await page.mouse.click(5, 5);
  assert.ok(await page.getByRole('dialog').isVisible(), 'the dialog closed by accident');
  await takeKeyAlong(page, key);
  await closeKeyDialog(page);
  await page.getByText(key.accessKey).waitFor();
  await useKey(key, bucket);
  await assertShownNowhere(page, key);
  await page.getByRole('tab', { name: 'Identity and Access Management' }).click();
  await deleteKey(page, key.accessKey);
  const s3 = await openS3Client(server, key);
  assert.equal(await outcome(s3.send(new ListBucketsCommand({}))), '403 InvalidAccessKeyId');
  s3.destroy();
  const carrying = (await answers.all()).filter((answer) => answer.text.includes(key.secretKey));
  assert.deepEqual(
    carrying.map(({ method, url }) => `${method} ${new URL(url).pathname.replace(/[0-9a-f]{32}/, 'ID')}`),
    ['POST /api/v1/projects/ID/s3-keys'],
  );
  assert.ok(!(server.stdout() + server.stderr()).includes(key.secretKey), 'the secret stands in the log');
  assert.deepEqual(await filesHolding(server.dataDir, key.secretKey), []);
  assert.deepEqual(complaints, []);
}

test('the root user makes, takes along, uses and deletes an S3 key', async () => {
  const context = await chrome.newContext();
  const page = await context.newPage();
  await signInAsRoot(page, server);
  await walkThroughSeedPage(page, 'root-bucket');
  await context.close();
});

test('an IAM user makes, takes along, uses and deletes an S3 key', async () => {
  await server.cli(['user', 'create', '--account', server.rootEmail, '--username', 'seed.user']);
  const rootContext = await chrome.newContext();
  const root = await rootContext.newPage();
  await signInAsRoot(root, server);
  await root.getByRole('link', { name: 'IAM users' }).click();
  await root.getByRole('link', { name: 'seed.user' }).click();
  await root.getByRole('button', { name: 'Set password' }).click();
  await root.getByRole('dialog').getByLabel('Password', { exact: true }).fill(USER_PASSWORD);
  await root.getByRole('dialog').getByRole('button', { name: 'Set password' }).click();
  await root.getByRole('dialog').waitFor({ state: 'detached' });
  await root.getByRole('combobox', { name: 'Policies' }).click();
  await root.getByRole('option', { name: 'vStorageFullAccess' }).click();
  await root.keyboard.press('Escape');
  await root.getByRole('region', { name: 'Permissions', exact: true }).getByRole('button', { name: 'Save' }).click();
  await root.getByText('The rights of seed.user').waitFor();
  await rootContext.close();
  const context = await chrome.newContext();
  const page = await context.newPage();
  await signInAsUser(page, { rootEmail: server.rootEmail, username: 'seed.user', password: USER_PASSWORD });
  await page.getByText('IAM USER').first().waitFor();
  await walkThroughSeedPage(page, 'user-bucket');
  await context.close();
});

test('several keys are deleted at once', async () => {
  const context = await chrome.newContext();
  const page = await context.newPage();
  await signInAsRoot(page, server);
  await openProjectTab(page, 'default', 'Identity and Access Management');
  const keys: KeyPair[] = [];
  for (const name of ['first', 'second']) {
    keys.push(await generateKey(page, name));
    await closeKeyDialog(page);
  }
  await page.getByRole('checkbox', { name: 'Select all on this page' }).first().check();
  await page.getByRole('button', { name: 'Delete 2 keys' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('No S3 keys yet').waitFor();
  for (const key of keys) {
    const s3 = await openS3Client(server, key);
    assert.equal(await outcome(s3.send(new ListBucketsCommand({}))), '403 InvalidAccessKeyId');
    s3.destroy();
  }
  await context.close();
});
