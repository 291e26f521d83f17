import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { startServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { createProject, restOf } from './support/rest.ts';

test('an administrator finds who did what in the audit log, opens a record and exports the rest', async () => {
  await using server = await startServer();
  await using chrome = await openBrowser(server);
  const page = await (await chrome.newContext()).newPage();
  const complaints = collectComplaints(page);
  await signInAsRoot(page, server);
  await createProject(await restOf(page), { name: 'traced', quotaBytes: 2 ** 30 });

  await page.getByRole('link', { name: 'Audit log' }).click();
  const records = page.getByRole('list', { name: 'Audit log' }).getByRole('listitem');
  await records.filter({ hasText: 'CreateProject' }).waitFor();
  await page.getByRole('combobox', { name: 'Operation' }).click();
  await page.getByRole('option', { name: 'CreateProject' }).click();
  await page.waitForURL(/operation=CreateProject/);
  await records.first().waitFor();
  await page.waitForFunction(() => document.querySelectorAll('main li').length === 1);
  await records.first().getByRole('button').click();
  const details = page.getByRole('dialog', { name: 'CreateProject' });
  await details.getByText(server.rootEmail).first().waitFor();
  await details.getByText('The whole record').waitFor();
  await page.keyboard.press('Escape');

  const saving = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export' }).click();
  const lines = (await readFile(await (await saving).path(), 'utf8')).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => Object(JSON.parse(line)).operation),
    ['CreateProject'],
  );

  await page.getByLabel('Who').fill('nobody of that name');
  await page.getByText('No record matches').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await records.filter({ hasText: 'SignIn' }).first().waitFor();
  assert.deepEqual(complaints, []);
});
