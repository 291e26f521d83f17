import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser } from './support/chromium.ts';
import { signInAsRoot, signInAsUser } from './support/console-page.ts';

test('a policy is written, corrected where the editor complains, attached, changed and deleted', async () => {
  await using server = await startServer();
  await using chrome = await openBrowser(server);
  const page = await (await chrome.newContext()).newPage();
  const complaints = collectComplaints(page);
  await signInAsRoot(page, server);

  await page.getByRole('link', { name: 'Policies' }).click();
  await page
    .getByPlaceholder('Search policies')
    .or(page.getByLabel('Search policies'))
    .first()
    .fill('vStorageReadOnlyAccess');
  await page.getByRole('link', { name: 'vStorageReadOnlyAccess' }).click();
  await page.getByText('This policy is part of vStorage and cannot be changed.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Save' }).count(), 0);

  await page.getByRole('link', { name: 'Policies' }).first().click();
  await page.getByRole('link', { name: 'Create policy' }).click();
  await page.getByRole('radiogroup', { name: 'How to write the policy' }).getByText('JSON').click();
  const editor = page.getByLabel('Policy document (JSON)');
  const example = await editor.inputValue();
  await page.getByLabel('Name').fill('Photos.v1');
  await editor.fill(example.replace('"Allow"', '"Perhaps"'));
  await page.getByText(/^Line 5, column \d+:/).waitFor();
  await editor.fill(example);
  await page.getByRole('button', { name: 'Create policy' }).click();
  await page.getByRole('link', { name: 'Photos.v1' }).waitFor();

  await page.getByRole('link', { name: 'IAM users' }).click();
  await page.getByRole('button', { name: 'Create users' }).first().click();
  const drawer = page.getByRole('dialog', { name: 'Create users' });
  await drawer.getByLabel('Usernames').fill('lan.pham, hung');
  await page.keyboard.press('Enter');
  await drawer.getByText('“hung” is not a valid username.').waitFor();
  await page.keyboard.press('Backspace');
  await drawer.getByLabel('Usernames').fill('hung.vu');
  await page.keyboard.press('Enter');
  await drawer.getByRole('button', { name: 'Generate', exact: true }).click();
  const password = await drawer.getByLabel('Password', { exact: true }).inputValue();
  await drawer.getByRole('combobox', { name: 'Policies' }).click();
  await page.getByRole('option', { name: 'Photos.v1' }).click();
  await page.keyboard.press('Escape');
  await drawer.getByRole('button', { name: 'Create users' }).click();
  await page.getByText('2 users are created: lan.pham, hung.vu.').waitFor();
  await page.getByRole('row').getByText('Photos.v1').nth(1).waitFor();

  const user = await (await chrome.newContext()).newPage();
  await signInAsUser(user, { rootEmail: server.rootEmail, username: 'lan.pham', password });
  assert.equal(await user.getByRole('link', { name: 'IAM users' }).count(), 0);
  await user.goto('/users');
  await user.getByRole('alert').getByText('vstorage:ListUsers').waitFor();

  await page.goto('/policies/view?name=Photos.v1');
  await page.getByRole('button', { name: 'Delete policy' }).click();
  const confirm = page.getByRole('alertdialog');
  await confirm.getByRole('button', { name: 'Delete policy' }).click();
  await confirm.getByRole('alert').waitFor();
  await confirm.getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('link', { name: 'IAM users' }).click();
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('No IAM users yet').waitFor();
  await page.goto('/policies/view?name=Photos.v1');
  await page.getByRole('button', { name: 'Delete policy' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete policy' }).click();
  await page.getByText('Policy Photos.v1 is deleted.').waitFor();
  assert.deepEqual(complaints, []);
});
