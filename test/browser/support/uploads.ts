// Giving files to the page, as the browser's own dialog would.
import type { Page } from 'playwright-core';

export const uploadPanel = (page: Page) => page.getByRole('region', { name: 'Activity' });

async function give(page: Page, files: string | string[], press: () => Promise<void>): Promise<void> {
  const waiting = page.waitForEvent('filechooser');
  await press();
  await (await waiting).setFiles(files);
}

/** From the toolbar of the object browser. */
export const chooseToUpload = (
  page: Page,
  item: 'Upload files' | 'Upload a folder',
  files: string | string[],
): Promise<void> =>
  give(page, files, async () => {
    await page.getByRole('button', { name: 'Upload', exact: true }).click();
    await page.getByRole('menuitem', { name: item }).click();
  });

/** For uploads that a reload has interrupted. */
export const chooseAgain = (
  page: Page,
  button: 'Choose files' | 'Choose folder',
  files: string | string[],
): Promise<void> => give(page, files, () => page.getByRole('button', { name: button }).click());
