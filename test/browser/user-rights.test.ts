import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UserView } from '../../src/console-api/contract.ts';
import { startServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { field, panel } from './support/fields.ts';
import { createUsers, restOf } from './support/rest.ts';

const GIVEN = 'Given-Passw0rd!';
const CHOSEN = 'Chosen-Passw0rd!';

test('IAM user: groups, inline policy, boundary, tags, and a password to be changed at the next sign-in', async () => {
  await using server = await startServer();
  await using chrome = await openBrowser(server);
  const page = await (await chrome.newContext()).newPage();
  const complaints = collectComplaints(page);
  await signInAsRoot(page, server);
  const rest = await restOf(page);
  await createUsers(rest, ['thu.ha'], []);
  await rest.post('/groups', { name: 'Designers' });
  await page.getByRole('link', { name: 'IAM users' }).click();
  await page.getByRole('link', { name: 'thu.ha' }).click();

  const groups = panel(page, 'Groups');
  await field(groups, 'Groups').click();
  await page.getByRole('option', { name: 'Designers' }).click();
  await page.keyboard.press('Tab');
  await groups.getByRole('button', { name: 'Save' }).click();
  await page.getByText('thu.ha').last().waitFor();
  await groups.getByRole('button', { name: 'Save' }).and(page.locator(':disabled')).waitFor();
  await page.getByRole('button', { name: 'Add inline policy' }).click();
  const drawer = page.getByRole('dialog', { name: 'Add inline policy' });
  await drawer.getByLabel('Name', { exact: true }).fill('drafts');
  await drawer.getByRole('button', { name: 'Save' }).click();
  await panel(page, 'Inline policies').getByText('drafts').waitFor();
  const boundary = panel(page, 'Permissions boundary');
  await field(boundary, 'Permissions boundary').fill('vStorageReadOnly');
  await page.getByRole('option', { name: 'vStorageReadOnlyAccess', exact: true }).click();
  await boundary.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The boundary of thu.ha is saved.').waitFor();
  const tags = panel(page, 'Tags');
  await tags.getByRole('button', { name: 'Add a tag' }).click();
  await tags.getByLabel('Key').fill('team');
  await tags.getByLabel('Value').fill('design');
  await tags.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The tags are saved.').waitFor();

  await page.getByRole('button', { name: 'Delete drafts' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await panel(page, 'Inline policies').getByText('None.').waitFor();
  const [user] = (await rest.get<{ items: UserView[] }>('/users')).items;
  assert.deepEqual(
    [user?.groups.length, user?.boundary, user?.tags],
    [1, 'vStorageReadOnlyAccess', [{ key: 'team', value: 'design' }]],
  );

  await page.getByRole('button', { name: 'Set password' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password', { exact: true }).fill(GIVEN);
  await dialog.getByLabel('Must choose another password at the next sign-in').check();
  await dialog.getByRole('button', { name: 'Set password' }).click();
  await page.getByText('Set, to be changed at the next sign-in').waitFor();

  const own = await (await chrome.newContext()).newPage();
  await own.goto('/projects');
  await own.getByRole('button', { name: 'Sign in with IAM User Account' }).click();
  await own.getByLabel("Root user's e-mail").fill(server.rootEmail);
  await own.getByLabel('Username').fill('thu.ha');
  await own.getByLabel('Password', { exact: true }).fill(GIVEN);
  await own.getByRole('button', { name: 'Sign in', exact: true }).click();
  await own.getByLabel('Current password').fill(GIVEN);
  await own.getByLabel('New password', { exact: true }).fill(CHOSEN);
  await own.getByLabel('Repeat the new password').fill(CHOSEN);
  await own.getByRole('button', { name: 'Change password' }).click();
  await own.getByRole('heading', { name: 'Projects', level: 1 }).waitFor();
  assert.deepEqual(complaints, []);
});
