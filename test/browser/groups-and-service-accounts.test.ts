import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { createUsers, restOf } from './support/rest.ts';
import { filesHolding } from './support/secrecy.ts';

test('a group is made with members and policies, changed, and deleted', async () => {
  await using server = await startServer();
  await using chrome = await openBrowser(server);
  const page = await (await chrome.newContext()).newPage();
  const complaints = collectComplaints(page);
  await signInAsRoot(page, server);
  await createUsers(await restOf(page), ['mai.le', 'hoa.vo'], []);

  await page.getByRole('link', { name: 'Groups' }).click();
  await page.getByText('No groups yet').waitFor();
  await page.getByRole('button', { name: 'Create group' }).first().click();
  const drawer = page.getByRole('dialog', { name: 'Create group' });
  await drawer.getByLabel('Group name').fill('Readers');
  await drawer.getByRole('combobox', { name: 'Policies' }).click();
  await page.getByRole('option', { name: 'vStorageReadOnlyAccess' }).click();
  await page.keyboard.press('Escape');
  await drawer.getByRole('combobox', { name: 'Members' }).click();
  await page.getByRole('option', { name: 'mai.le' }).click();
  await page.keyboard.press('Escape');
  await drawer.getByRole('button', { name: 'Create group' }).click();
  await page.getByText('The group Readers is created.').waitFor();

  await page.getByRole('link', { name: 'Readers' }).click();
  await page.getByRole('link', { name: 'mai.le' }).waitFor();
  await page.getByRole('combobox', { name: 'Add users' }).click();
  await page.getByRole('option', { name: 'hoa.vo' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('link', { name: 'hoa.vo' }).waitFor();
  await page.getByRole('button', { name: 'Remove mai.le from the group' }).click();
  await page.getByRole('link', { name: 'mai.le' }).waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Delete group' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('1 group is deleted.').waitFor();
  assert.deepEqual(complaints, []);
});

test('a service account gets a secret that is shown once, works, and dies when it is reset', async () => {
  await using server = await startServer();
  await using chrome = await openBrowser(server);
  const page = await (await chrome.newContext()).newPage();
  const complaints = collectComplaints(page);
  await signInAsRoot(page, server);

  await page.getByRole('link', { name: 'Service accounts' }).click();
  await page.getByRole('button', { name: 'Create service account' }).first().click();
  const drawer = page.getByRole('dialog', { name: 'Create service account' });
  await drawer.getByLabel('Name').fill('backup-robot');
  await drawer.getByRole('button', { name: 'Create service account' }).click();
  const dialog = page.getByRole('dialog', { name: 'Client secret of backup-robot' });
  await dialog.waitFor();
  const [clientId = '', secret = ''] = await dialog.locator('code').allInnerTexts();
  assert.match(clientId, /^[0-9a-f-]{36}$/);
  assert.ok(secret.length >= 32);
  await page.keyboard.press('Escape');
  assert.ok(await dialog.isVisible(), 'the dialog closed by accident');
  await dialog.getByLabel('I have saved the client secret').check();
  await dialog.getByRole('button', { name: 'Close' }).click();

  const token = (given: string): Promise<number> =>
    page.evaluate(
      async ([id, value]) => {
        const headers = {
          authorization: `Basic ${btoa(`${id}:${value}`)}`,
          'content-type': 'application/x-www-form-urlencoded',
        };
        const body = 'grant_type=client_credentials';
        return (await fetch('/api/v1/auth/token', { method: 'POST', headers, body, credentials: 'omit' })).status;
      },
      [clientId, given],
    );
  assert.equal(await token(secret), 200);
  assert.ok(!(await page.content()).includes(secret));
  assert.deepEqual(await filesHolding(server.dataDir, secret), []);

  await page.getByRole('link', { name: 'backup-robot' }).click();
  await page.getByRole('button', { name: 'Reset the secret' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Reset the secret' }).click();
  await dialog.getByLabel('I have saved the client secret').check();
  await dialog.getByRole('button', { name: 'Close' }).click();
  assert.equal(await token(secret), 401);
  assert.deepEqual(
    complaints.filter((text) => !text.includes('401')),
    [],
  );
});
