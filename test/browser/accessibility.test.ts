// What a person who sees little, or uses no mouse, depends on: contrast (WCAG 2.2 AA) and names, in both themes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { ProjectView } from '../../src/console-api/contract.ts';
import { startServer } from '../support/start-server.ts';
import { openBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { createKey, createUsers, restOf } from './support/rest.ts';
import { findFaults } from './support/wcag.ts';

const DAY_MS = 86_400_000;

test('every text has contrast and every control a name, in both themes', async () => {
  await using server = await startServer();
  await using chrome = await openBrowser(server);
  const faults: Record<string, string[]> = {};
  const paths: string[] = [
    '/projects',
    '/users',
    '/policies',
    '/policies/create',
    '/groups',
    '/service-accounts',
    '/audit',
    '/simulator',
    '/trash',
    '/nowhere',
  ];
  paths.push('/policies/view?name=vStorageFullAccess');
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await (await chrome.newContext({ colorScheme, reducedMotion: 'reduce' })).newPage();
    const look = async (place: string): Promise<void> => {
      await page.waitForLoadState('networkidle');
      const found = await page.evaluate(findFaults);
      if (found.length > 0) faults[`${colorScheme} ${place}`] = found;
    };
    await page.goto('/signin');
    await look('/signin');
    await signInAsRoot(page, server);
    if (colorScheme === 'light') paths.push(...(await furnish(page)));
    for (const path of paths) {
      await page.goto(path);
      await look(path);
    }
    await page.goto(paths.find((path) => path.endsWith('/access')) ?? '');
    await page.getByRole('button', { name: 'Generate S3 key' }).click();
    await look('Generate S3 key');
    await page.getByRole('dialog').getByRole('button', { name: 'Generate S3 key' }).click();
    await page.getByText('Save the secret key now').waitFor();
    await look('S3 key created');
  }
  assert.deepEqual(faults, {});
});

async function furnish(page: Page): Promise<string[]> {
  const rest = await restOf(page);
  const [project] = (await rest.get<{ items: ProjectView[] }>('/projects')).items;
  assert.ok(project);
  await createKey(rest, project.id, 'with an end', new Date(Date.now() + DAY_MS).toISOString());
  const { items } = await createUsers(rest, ['some.user'], ['vStorageReadOnlyAccess']);
  const tabs = ['information', 'access', 'connection', 'connection?client=s3-browser'];
  return [`/users/${items[0]?.id}`, ...tabs.map((tab) => `/projects/${project.id}/${tab}`)];
}
