// Rights of a service account lent to a key, and to a person.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Page } from 'playwright-core';
import type { ProjectView } from '../../src/console-api/contract.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { openProjectTab, signInAsRoot } from './support/console-page.ts';
import { field } from './support/fields.ts';
import { createKey, type Rest, restOf } from './support/rest.ts';
import { openS3Client, outcome } from './support/s3-client.ts';

let server: TestServer;
let chrome: TestBrowser;
let page: Page;
let rest: Rest;
let complaints: string[];

before(async () => {
  server = await startServer();
  chrome = await openBrowser(server);
  page = await (await chrome.newContext()).newPage();
  complaints = collectComplaints(page);
  await signInAsRoot(page, server);
  rest = await restOf(page);
  await rest.post('/service-accounts', { name: 'reports', policies: ['vStorageReadOnlyAccess', 'IAMReadOnlyAccess'] });
});
after(async () => {
  await chrome[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

test('S3 key: attached to a service account it has its rights, detached its creator’s again', async () => {
  const [project] = (await rest.get<{ items: ProjectView[] }>('/projects')).items;
  const key = await createKey(rest, project?.id ?? '', 'monthly figures');
  await rest.post(`/projects/${project?.id}/buckets`, { name: 'figures' });
  const s3 = await openS3Client(server, key);
  const target = { Bucket: 'figures', Key: 'may' };
  const tries = async (): Promise<string[]> => [
    await outcome(s3.send(new PutObjectCommand({ ...target, Body: 'x' }))),
    await outcome(s3.send(new GetObjectCommand(target))),
  ];
  const row = page.getByRole('row').filter({ hasText: key.accessKey });
  const change = async (service: string): Promise<void> => {
    await row.getByRole('button', { name: `Actions for ${key.accessKey}` }).click();
    await page.getByRole('menuitem', { name: 'Attach to a service account' }).click();
    const dialog = page.getByRole('dialog', { name: 'Whose rights the key has' });
    if (service === '') await dialog.locator('.mantine-Select-section button').click();
    else {
      await field(dialog, 'Service account').click();
      await page.getByRole('option', { name: service }).click();
    }
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
  };
  await openProjectTab(page, 'default', 'Identity and Access Management');
  assert.deepEqual(await tries(), ['ok', 'ok']);
  await change('reports');
  await row.getByText('acts as reports').waitFor();
  assert.deepEqual(await tries(), ['403 AccessDenied', 'ok']);
  await change('');
  await row.getByText('acts as reports').waitFor({ state: 'detached' });
  assert.deepEqual(await tries(), ['ok', 'ok']);
  s3.destroy();
});

test('acting as a service account: the console shows what it may, says so, and leads back', async () => {
  const menu = (name: string) => page.getByRole('button', { name: `Account menu of ${name}` });
  await menu(server.rootEmail).click();
  await page.getByRole('menuitem', { name: 'Act as a service account' }).click();
  const dialog = page.getByRole('dialog', { name: 'Act as a service account' });
  await field(dialog, 'Name, or ID of one that trusts your account').fill('nobody');
  assert.ok(await dialog.getByRole('button', { name: 'Act as it' }).isDisabled());
  await field(dialog, 'Name, or ID of one that trusts your account').fill('reports');
  await page.keyboard.press('Tab');
  await dialog.getByRole('button', { name: 'Act as it' }).click();
  await menu('reports').waitFor();
  await page.getByRole('link', { name: 'IAM users' }).click();
  await page.getByText('No IAM users yet').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Create users' }).count(), 0, 'it may only look');
  await menu('reports').click();
  await page.getByText('acts as this service account.').waitFor();
  assert.equal(await page.getByRole('menuitem', { name: 'Change password' }).count(), 0);
  await page.getByRole('menuitem', { name: /^Back to / }).click();
  await menu(server.rootEmail).waitFor();
  await page.getByRole('link', { name: 'IAM users' }).click();
  await page.getByRole('button', { name: 'Create users' }).first().waitFor();
  assert.deepEqual(complaints, []);
});
