// Every route of the console, photographed light and dark, on a desktop and on a phone, into docs/screenshots/pages.
//   node test/browser/route-screenshots.ts [beginning of a path]
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { startServer } from '../support/start-server.ts';
import { openBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { type ConsoleRoute, consoleRoutes } from './support/console-routes.ts';
import { storageOf } from './support/objects.ts';
import { photograph } from './support/photograph.ts';
import { createKey, createProject, createUsers } from './support/rest.ts';

const FOLDER = fileURLToPath(new URL('../../docs/screenshots/pages', import.meta.url));
const GIB = 1024 ** 3;
const DAY_MS = 86_400_000;
const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;

type Samples = Readonly<Record<string, string>>;

/** A lived-in account. */
async function furnish(page: Page): Promise<Samples> {
  const { rest, projectId, createBucket, put } = await storageOf(page);
  await createProject(rest, { name: 'analytics', quotaBytes: 2048 * GIB });
  await createProject(rest, { name: 'nightly-backups', quotaBytes: 500 * GIB, class: 'instant-archive' });
  await createBucket('product-photos', { versioning: true });
  await createBucket('avatars');
  await put('product-photos', ['README.md', '# Product photos', 'text/markdown'], ['prices.csv', 'a,b\n', 'text/csv']);
  await put('product-photos', ['originals/lamp.txt', 'a lamp'], ['thumbnails/lamp.txt', 'a small lamp']);
  await createKey(rest, projectId, 'web application');
  await createKey(rest, projectId, 'image pipeline', new Date(Date.now() + 30 * DAY_MS).toISOString());
  const { items } = await createUsers(rest, ['linh.nguyen', 'minh.tran'], ['vStorageReadOnlyAccess']);
  const group = await rest.post<{ id: string }>('/groups', { name: 'Photographers' });
  const service = await rest.post<{ id: string }>('/service-accounts', { name: 'nightly backup' });
  return { projectId, bucket: 'product-photos', userId: items[0]?.id ?? '', groupId: group.id, id: service.id };
}

/** null: there is no example of what it shows. */
function openable(path: string, samples: Samples): string | null {
  const names = [...path.matchAll(/\$(\w+)/g)].map(([, name = '']) => name);
  if (names.some((name) => samples[name] === undefined)) return null;
  const filled = path.replaceAll(/\$(\w+)/g, (_, name: string) => samples[name] ?? '');
  return path === '/policies/view' ? `${filled}?name=vStorageReadOnlyAccess` : filled;
}

/** `/projects/$projectId/access`: `projects-one-access` */
const nameOf = (path: string): string => path.slice(1).replaceAll(/\$\w+/g, 'one').replaceAll('/', '-');

async function photographAll(page: Page, routes: readonly ConsoleRoute[], samples: Samples, look: string) {
  for (const { path } of routes) {
    const address = openable(path, samples);
    if (address === null) {
      console.log(`no example for ${path}`);
      continue;
    }
    await page.goto(address);
    await page.waitForLoadState('networkidle');
    await page.evaluate('document.fonts.ready.then(() => null)');
    await photograph(page, join(FOLDER, `${nameOf(path)}-${look}.webp`));
  }
}

await mkdir(FOLDER, { recursive: true });
await using server = await startServer({ workers: 1 });
await using chrome = await openBrowser(server);
const first = await chrome.newContext();
const start = await first.newPage();
await signInAsRoot(start, server);
const samples = await furnish(start);
const storageState = await first.storageState();
const wanted = (await consoleRoutes()).filter(({ path }) => path.startsWith(process.argv[2] ?? '/'));
for (const device of ['desktop', 'phone'] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    const look = { viewport: sizes[device], colorScheme, reducedMotion: 'reduce' } as const;
    for (const signedIn of [false, true]) {
      const context = await chrome.newContext({ ...look, ...(signedIn ? { storageState } : {}) });
      const routes = wanted.filter((route) => route.signedIn === signedIn);
      await photographAll(await context.newPage(), routes, samples, `${device}-${colorScheme}`);
      await context.close();
    }
  }
}
