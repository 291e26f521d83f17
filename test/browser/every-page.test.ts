// Every route of the router, for everybody: axe and contrast in both themes, no scrolling sideways on a phone, no
// English left in Vietnamese, a strict CSP that nothing runs into, nothing asked of another origin. A route that needs an example to be opened with fails here until it has one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { startServer } from '../support/start-server.ts';
import { findViolations } from './support/axe.ts';
import { collectComplaints, openBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { consoleRoutes } from './support/console-routes.ts';
import { storageOf } from './support/objects.ts';
import { createKey, createUsers } from './support/rest.ts';
import { findFaults } from './support/wcag.ts';

const PHONE = { width: 390, height: 844 };

/** Search parameters of routes that show nothing without. */
const searches: Readonly<Record<string, string>> = {
  '/policies/view': '?name=vStorageReadOnlyAccess',
  '/signin/link': '#token=x',
};
/** They lead elsewhere at once; flows of their own test them. */
const passing = new Set(['/signin/callback', '/signin/required']);

type Samples = Readonly<Record<string, string>>;

async function furnish(page: Page): Promise<Samples> {
  const { rest, projectId, createBucket, put } = await storageOf(page);
  await createBucket('gallery', { versioning: true });
  await put('gallery', ['a-name-that-is-rather-long-for-a-phone-but-not-unusual.txt', 'text']);
  await createKey(rest, projectId, 'a description long enough to need more than one line on a phone');
  const { items } = await createUsers(rest, ['a-rather-long-username.of-some-length'], ['vStorageReadOnlyAccess']);
  const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }] };
  const role = await rest.post<{ id: string }>('/roles', { name: 'reader', trustPolicy: JSON.stringify(trust) });
  const group = await rest.post<{ id: string }>('/groups', { name: 'Readers' });
  const service = await rest.post<{ id: string }>('/service-accounts', { name: 'nightly' });
  return {
    projectId,
    bucket: 'gallery',
    userId: items[0]?.id ?? '',
    groupId: group.id,
    id: service.id,
    roleId: role.id,
  };
}

function openable(path: string, samples: Samples): string {
  const filled = path.replaceAll(/\$(\w+)/g, (_, name: string) => {
    const sample = samples[name];
    assert.ok(sample !== undefined, `furnish() makes nothing that ${path} can be opened with as $${name}`);
    return sample;
  });
  return filled + (searches[path] ?? '');
}

/** As following a link does: without loading the console anew. */
async function visit(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState({}, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
  await page.locator('h1').first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
  // what the last answer enabled has its colours
  await page.waitForTimeout(200);
}

/** Sentences of the page; what people and programs named is the same in each language. */
const sentences = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent?.trim() ?? '';
      const apart = walker.currentNode.parentElement?.closest(
        'code, pre, kbd, .mono, [lang=en], noscript, style, script',
      );
      if (apart == null && /[a-z]{2,} [a-z]{2,} [a-z]{2,}/i.test(text)) found.push(text);
    }
    return found;
  });

type Findings = { readonly faults: Record<string, string[]>; readonly english: Map<string, string[]> };

/** What the page asks of others; the CSP would stop it, and say so among the complaints. */
function foreignRequests(page: Page, ownUrl: string): string[] {
  const foreign: string[] = [];
  page.on('request', (request) => {
    const isOwn = request.url().startsWith(ownUrl) || request.url().startsWith('blob:');
    if (!isOwn) foreign.push(request.url());
  });
  return foreign;
}

async function examine(page: Page, name: string, { faults }: Findings): Promise<void> {
  const found = [...(await findViolations(page)), ...(await page.evaluate(findFaults))];
  const width = await page.evaluate('document.documentElement.scrollWidth');
  const seen = page.viewportSize()?.width;
  if (width !== seen) found.push(`${String(width)} px wide on a screen of ${seen}`);
  if (found.length > 0) faults[name] = found;
}

type Round = { readonly findings: Findings; readonly routes: readonly string[] };

async function inEnglish(page: Page, { findings, routes }: Round): Promise<void> {
  for (const path of routes) {
    await visit(page, path);
    await examine(page, `light ${path}`, findings);
    findings.english.set(path, await sentences(page));
  }
}

/** The names of managed policies and what the makers of clients call their fields. */
const sameInBoth =
  /AWS SDK|S3 Compatible Storage|Add new account|Use secure transfer|Root User Account|IAM User Account|vStorage [Uu]ser ID|a description long enough/;

async function inVietnamese(page: Page, { findings, routes }: Round): Promise<void> {
  for (const path of routes) {
    await visit(page, path);
    await examine(page, `dark phone ${path}`, findings);
    const english = new Set(findings.english.get(path));
    const left = (await sentences(page)).filter((text) => english.has(text) && !sameInBoth.test(text));
    if (left.length > 0) findings.faults[`English in Vietnamese ${path}`] = left;
  }
}

test('every page: axe finds nothing in both themes, a phone scrolls none sideways, Vietnamese has no English left, the strict CSP is kept, no other origin is asked', async () => {
  await using server = await startServer({ workers: 1 });
  await using chrome = await openBrowser(server);
  const findings: Findings = { faults: {}, english: new Map() };
  const all = (await consoleRoutes()).filter(({ path }) => !passing.has(path));
  assert.ok(all.length > 25, 'the routes were found');
  const outside = all.filter(({ signedIn }) => !signedIn).map(({ path }) => openable(path, {}));

  const light = await chrome.newContext({ colorScheme: 'light', reducedMotion: 'reduce' });
  const page = await light.newPage();
  const complaints = collectComplaints(page);
  const foreign = foreignRequests(page, server.consoleUrl);
  const policy = (await page.goto('/signin'))?.headers()['content-security-policy'] ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/);
  await inEnglish(page, { findings, routes: outside });
  await signInAsRoot(page, server);
  const samples = await furnish(page);
  const inside = all.filter(({ signedIn }) => signedIn).map(({ path }) => openable(path, samples));
  inside.push('/nowhere');
  await page.goto('/projects');
  await inEnglish(page, { findings, routes: inside });

  const storageState = await light.storageState();
  const look = { colorScheme: 'dark', locale: 'vi-VN', reducedMotion: 'reduce', viewport: PHONE } as const;
  const stranger = await (await chrome.newContext(look)).newPage();
  await stranger.goto('/signin');
  await inVietnamese(stranger, { findings, routes: outside });
  const phone = await (await chrome.newContext({ ...look, storageState })).newPage();
  await phone.goto('/projects');
  await inVietnamese(phone, { findings, routes: inside });
  assert.deepEqual(findings.faults, {});
  assert.deepEqual({ complaints, foreign }, { complaints: [], foreign: [] });
});
