// Every route of the console, photographed on a server that looks as if it had been used for months.
//   node test/browser/route-screenshots.ts                    the set in docs/screenshots/pages
//   node test/browser/route-screenshots.ts FOLDER [LOOK …]    all looks, or those that contain one of these words:
//                                                             desktop-light-en, desktop-dark-vi, phone-dark-vi …
// ONLY=/projects photographs only the routes that begin so.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { startServer, type TestServer } from '../support/start-server.ts';
import { ageStore } from './support/age-store.ts';
import { openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { type ConsoleRoute, consoleRoutes } from './support/console-routes.ts';
import { furnish, type Scene } from './support/furnish.ts';
import { photograph } from './support/photograph.ts';

const DOCS = fileURLToPath(new URL('../../docs/screenshots/pages', import.meta.url));
const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;

type Look = {
  readonly name: string;
  readonly device: keyof typeof sizes;
  readonly theme: 'light' | 'dark';
  readonly language: string;
};
type State = Awaited<ReturnType<BrowserContext['storageState']>>;

const looks: readonly Look[] = (['desktop', 'phone'] as const).flatMap((device) =>
  (['light', 'dark'] as const).flatMap((theme) =>
    ['en', 'vi'].map((language) => ({ name: `${device}-${theme}-${language}`, device, theme, language })),
  ),
);
/** Each page once in each language, in each theme and on each device. */
const documented = new Set(['desktop-light-en', 'phone-dark-vi']);

/** Pages that show more with a search than without. */
const searches: Readonly<Record<string, (samples: Scene['samples']) => string>> = {
  '/policies/view': () => '?name=UploadPhotos',
  '/simulator': ({ userId = '' }) => `?user=${userId}`,
  '/explain': ({ request = '' }) => `?request=${request}`,
  '/reports': () => '?range=30d',
  '/signin/link': () => '#token=x',
};
/** They lead elsewhere at once. */
const passing = new Set(['/signin/callback', '/signin/required']);

function openable(path: string, samples: Scene['samples']): string {
  const filled = path.replaceAll(/\$(\w+)/g, (_, name: string) => {
    const sample = samples[name];
    if (sample === undefined) throw new Error(`furnish() makes nothing that ${path} can be opened with as $${name}`);
    return sample;
  });
  return filled + (searches[path]?.(samples) ?? '');
}

/** `/projects/$projectId/access`: `projects-one-access` */
const nameOf = (path: string): string => path.slice(1).replaceAll(/\$\w+/g, 'one').replaceAll('/', '-');

async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.evaluate('document.fonts.ready.then(() => null)');
  await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
  await page.waitForTimeout(200);
}

type Session = { readonly routes: readonly ConsoleRoute[]; readonly scene: Scene; readonly folder: string };

async function photographAll(page: Page, look: Look, { routes, scene, folder }: Session): Promise<void> {
  for (const { path } of routes) {
    await page.goto(openable(path, scene.samples));
    await settle(page);
    await photograph(page, join(folder, `${nameOf(path)}-${look.name}.webp`));
  }
}

async function photographLook(chrome: TestBrowser, state: State, look: Look, session: Session): Promise<void> {
  for (const signedIn of [false, true]) {
    const context = await chrome.newContext({
      viewport: sizes[look.device],
      colorScheme: look.theme,
      reducedMotion: 'reduce',
      ...(signedIn ? { storageState: state } : {}),
    });
    await context.addInitScript(`localStorage.setItem('vstorage-language', '${look.language}')`);
    const routes = session.routes.filter((route) => route.signedIn === signedIn);
    await photographAll(await context.newPage(), look, { ...session, routes });
    await context.close();
  }
}

/** Fills the data directory, and answers the session of root. */
async function fill(dataDir: string): Promise<{ scene: Scene; state: State }> {
  await using server: TestServer = await startServer({ dataDir, workers: 1 });
  await using chrome = await openBrowser(server);
  const context = await chrome.newContext();
  const page = await context.newPage();
  await signInAsRoot(page, server);
  const scene = await furnish(server, page);
  const state = await context.storageState();
  await server.stop();
  await ageStore(dataDir, scene, Date.now());
  return { scene, state };
}

async function main([wantedFolder, ...words]: string[]): Promise<void> {
  const folder = wantedFolder ?? DOCS;
  await mkdir(folder, { recursive: true });
  const chosen = looks.filter(({ name }) =>
    wantedFolder === undefined ? documented.has(name) : words.length === 0 || words.some((word) => name.includes(word)),
  );
  const only = process.env['ONLY'] ?? '/';
  const routes = (await consoleRoutes()).filter(({ path }) => path.startsWith(only) && !passing.has(path));
  const dataDir = await mkdtemp(join(tmpdir(), 'vstorage-furnished-'));
  try {
    const { scene, state } = await fill(dataDir);
    await using server = await startServer({ dataDir, workers: 1 });
    await using chrome = await openBrowser(server);
    for (const look of chosen) await photographLook(chrome, state, look, { routes, scene, folder });
  } finally {
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

await main(process.argv.slice(2));
