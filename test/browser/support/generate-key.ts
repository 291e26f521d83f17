// Generate S3 key, the way the page offers it: form, dialog, copy, download, close.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import type { KeyPair } from './s3-client.ts';

const clipboard = (page: Page): Promise<string> => page.evaluate('navigator.clipboard.readText()');

/** On the tab "Identity and Access Management". Leaves the dialog with the key open. */
export async function generateKey(page: Page, description: string): Promise<KeyPair> {
  await page.getByRole('button', { name: 'Generate S3 key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Description').fill(description);
  await dialog.getByRole('button', { name: 'Generate S3 key' }).click();
  await dialog.getByText('Save the secret key now').waitFor();
  const shown = (name: string) => dialog.getByRole('group', { name }).locator('code').innerText();
  return { accessKey: await shown('Access key'), secretKey: await shown('Secret key') };
}

/** Copies each, copies both, downloads; each must give exactly the pair that is shown. */
export async function takeKeyAlong(page: Page, key: KeyPair): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Copy access key' }).click();
  assert.equal(await clipboard(page), key.accessKey);
  await dialog.getByRole('button', { name: 'Copy secret key' }).click();
  assert.equal(await clipboard(page), key.secretKey);
  await dialog.getByRole('button', { name: 'Copy both' }).click();
  assert.equal(await clipboard(page), `Access key: ${key.accessKey}\nSecret key: ${key.secretKey}`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Download', exact: true }).click(),
  ]);
  const file = await readFile(await download.path(), 'utf8');
  assert.match(file, new RegExp(`^access_key = ${key.accessKey}$`, 'm'));
  assert.match(file, new RegExp(`^secret_key = ${key.secretKey}$`, 'm'));
}

export async function closeKeyDialog(page: Page): Promise<void> {
  await page.getByLabel('I have saved the secret key').check();
  await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

export async function deleteKey(page: Page, accessKey: string): Promise<void> {
  await page.getByRole('checkbox', { name: `Select ${accessKey}` }).check();
  await page.getByRole('button', { name: 'Delete 1 key' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByText(accessKey).waitFor();
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}
