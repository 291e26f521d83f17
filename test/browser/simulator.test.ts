import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { createUsers, restOf } from './support/rest.ts';

test('an administrator asks what a user may do and sees the statement that decides', async () => {
  await using server = await startServer();
  await using chrome = await openBrowser(server);
  const page = await (await chrome.newContext()).newPage();
  const complaints = collectComplaints(page);
  await signInAsRoot(page, server);
  await createUsers(await restOf(page), ['reader'], ['vStorageReadOnlyAccess']);

  await page.getByRole('link', { name: 'IAM users' }).click();
  await page.getByRole('link', { name: 'reader' }).click();
  await page.getByRole('link', { name: 'Try what this user may do' }).click();
  await page.getByRole('heading', { name: 'Policy simulator' }).waitFor();
  await page.getByText('Nothing asked yet').waitFor();
  await page
    .getByRole('textbox', { name: 'Actions' })
    .or(page.getByRole('combobox', { name: 'Actions' }))
    .first()
    .fill('s3:PutObject');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Resource' }).fill('arn:aws:s3:::photos/cat.jpg');
  await page.getByRole('button', { name: 'Add a condition' }).click();
  await page
    .getByRole('textbox', { name: 'Condition key' })
    .or(page.getByRole('combobox', { name: 'Condition key' }))
    .first()
    .fill('aws:SourceIp');
  await page.getByRole('textbox', { name: 'Value' }).fill('192.0.2.1');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();

  const decisions = page.getByRole('list', { name: 'Decisions' }).getByRole('listitem');
  const reading = decisions.filter({ hasText: 's3:GetObject' }).first();
  await reading.getByText('Allowed', { exact: true }).waitFor();
  await reading.getByText('Statement of vStorageReadOnlyAccess').waitFor();
  await decisions.filter({ hasText: 's3:PutObject' }).getByText('Not allowed by anything').waitFor();

  await page.getByText('Root user', { exact: true }).click();
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await decisions.filter({ hasText: 's3:PutObject' }).getByText('Allowed', { exact: true }).waitFor();
  assert.deepEqual(complaints, []);
});
