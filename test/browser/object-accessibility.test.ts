// The buckets and the objects for people who see little or use no mouse: axe-core and contrast, in both themes, on a
// wide screen and on a phone; and a walk through the browser by keyboard alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { startServer } from '../support/start-server.ts';
import { findViolations } from './support/axe.ts';
import { openBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { menuOf, row, type Storage, storageOf } from './support/objects.ts';
import { findFaults } from './support/wcag.ts';

type Look = (name: string) => Promise<void>;

const looks = [
  { colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const;

const dialog = (page: Page) => page.getByRole('dialog');

/** Opens what the menu item of a row opens, looks at it and closes it. */
async function lookAtDialog(page: Page, item: string, look: Look): Promise<void> {
  await menuOf(page, 'notes.md').click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
  await dialog(page).waitFor();
  await look(item);
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
}

async function furnish({ createBucket, put, rest, projectId }: Storage): Promise<void> {
  await createBucket('gallery', { versioning: true });
  await createBucket('bare');
  await put('gallery', ['notes.md', '# Notes\n\n**bold**', 'text/markdown'], ['notes.md', '# Notes', 'text/markdown']);
  await put('gallery', ['folder/inside.txt', 'text'], ['prices.csv', 'a,b\n1,2\n', 'text/csv']);
  await rest.post(`/projects/${projectId}/s3-keys`, { description: 'sharing' });
}

async function walk(page: Page, storage: Storage, look: Look): Promise<void> {
  await page.goto(`/projects/${storage.projectId}/buckets`);
  await page.getByRole('link', { name: 'gallery', exact: true }).waitFor();
  await look('buckets');
  await page.getByRole('button', { name: 'Create bucket' }).first().click();
  await page.getByLabel('Bucket name').waitFor();
  await look('create a bucket');
  await storage.open('bare');
  await look('an empty bucket');
  await storage.open('gallery');
  await row(page, 'notes.md').waitFor();
  await look('objects');
  await menuOf(page, 'notes.md').click();
  await look('a menu');
  await page.keyboard.press('Escape');
  await page.getByRole('checkbox', { name: 'Select notes.md' }).click();
  await look('a selection');
  for (const item of ['Copy', 'Move', 'Rename', 'Delete']) await lookAtDialog(page, item, look);
  await storage.open('gallery', '?versions=true');
  await row(page, 'notes.md').first().waitFor();
  await look('versions');
  await storage.open('gallery', '?object=notes.md');
  for (const tab of await page.getByRole('dialog').getByRole('tab').all()) {
    await tab.click();
    await look(`details: ${await tab.innerText()}`);
  }
  await page.getByRole('tab', { name: 'Properties' }).click();
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByRole('dialog').locator('iframe').waitFor();
  await look('preview');
}

test('axe finds nothing in the buckets, the object browser, its dialogs, details and previews', async () => {
  await using server = await startServer();
  await using chrome = await openBrowser(server);
  const faults: Record<string, string[]> = {};
  for (const [index, options] of looks.entries()) {
    const page = await (await chrome.newContext({ ...options, reducedMotion: 'reduce' })).newPage();
    await signInAsRoot(page, server);
    const storage = await storageOf(page);
    if (index === 0) await furnish(storage);
    await walk(page, storage, async (name) => {
      // Chromium does not call a page idle while it shows the sandboxed frame of a preview.
      if (name !== 'preview') await page.waitForLoadState('networkidle');
      const found = [...(await findViolations(page)), ...(await page.evaluate(findFaults))];
      if (found.length > 0) faults[`${options.colorScheme} ${options.viewport.width} ${name}`] = found;
    });
    await page.context().close();
  }
  assert.deepEqual(faults, {});
});
