// Two regions in one server: the selector at the top decides what is shown and where new projects are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateBucketCommand, GetBucketLocationCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { startServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser } from './support/chromium.ts';
import { openProjectTab, signInAsRoot } from './support/console-page.ts';
import { closeKeyDialog, generateKey } from './support/generate-key.ts';
import { openS3Client, outcome } from './support/s3-client.ts';

test('region: a project of the second region has its endpoint, and a key made there works there', async () => {
  await using server = await startServer({ args: ['--region', 'HAN02', '--region', 'HCM04'] });
  await using chrome = await openBrowser(server);
  const page = await (await chrome.newContext()).newPage();
  const complaints = collectComplaints(page);
  await signInAsRoot(page, server);
  const endpoint = `https://hcm04.s3.localhost:${new URL(server.s3Url).port}`;

  await page.getByRole('link', { name: 'Open default' }).waitFor();
  await page.getByRole('button', { name: /HAN02/ }).click();
  await page.getByRole('menuitem', { name: /HCM04/ }).click();
  await page.getByRole('link', { name: 'Open default' }).waitFor({ state: 'detached' });
  await page.getByRole('banner').getByText(endpoint).waitFor();

  await page.getByRole('button', { name: 'Create project' }).first().click();
  const drawer = page.getByRole('dialog', { name: 'Create project' });
  assert.equal(await drawer.getByLabel('Region').inputValue(), 'HCM04');
  await drawer.getByLabel('Name').fill('south');
  await drawer.getByRole('button', { name: 'Create project' }).click();
  await openProjectTab(page, 'south', 'Identity and Access Management');
  const key = await generateKey(page, 'laptop');
  await closeKeyDialog(page);

  await page.getByRole('tab', { name: 'Connection information', exact: true }).click();
  const main = page.getByRole('main');
  await main.getByText(endpoint, { exact: true }).first().waitFor();
  await main.getByText('HCM04', { exact: true }).first().waitFor();

  const s3 = await openS3Client({ ...server, s3Url: endpoint }, key, 'HCM04');
  await s3.send(new CreateBucketCommand({ Bucket: 'south-bucket' }));
  await s3.send(new PutObjectCommand({ Bucket: 'south-bucket', Key: 'a.txt', Body: 'a' }));
  const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket: 'south-bucket' }));
  assert.equal(String(LocationConstraint), 'HCM04');
  const elsewhere = await openS3Client(server, key);
  const command = new GetBucketLocationCommand({ Bucket: 'south-bucket' });
  assert.equal(await outcome(elsewhere.send(command)), '404 NoSuchBucket');
  s3.destroy();
  elsewhere.destroy();

  await page.goto('/projects');
  await page.getByRole('link', { name: 'Open south' }).waitFor();
  await page.getByRole('button', { name: /HCM04/ }).click();
  await page.getByRole('menuitem', { name: /HAN02/ }).click();
  await page.getByRole('link', { name: 'Open default' }).waitFor();
  assert.deepEqual(complaints, []);
});
