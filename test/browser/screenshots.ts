// Pages with what opens on them, photographed: light and dark, desktop and phone, English and Vietnamese. To look at
// while a page is built; the pictures of the documentation are made by route-screenshots.ts.
//   node test/browser/screenshots.ts [folder]      into the folder (default: a temporary one)
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { BrowserContext, Page } from 'playwright-core';
import type { PolicyView, ProjectView } from '../../src/console-api/contract.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { createKey, createProject, createUsers, type Rest, restOf } from './support/rest.ts';
import { openS3Client } from './support/s3-client.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const DAY_MS = 86_400_000;

type Scene = { projectId: string; userId: string };

/** A lived-in account: projects, a bucket with objects, keys of several kinds, users, a policy, something in the trash. */
async function furnish(server: TestServer, rest: Rest): Promise<Scene> {
  const media = await createProject(rest, { name: 'media-library', quotaBytes: GIB });
  await createProject(rest, { name: 'analytics', quotaBytes: 2048 * GIB });
  await createProject(rest, { name: 'nightly-backups', quotaBytes: 500 * GIB, class: 'instant-archive' });
  const key = await createKey(rest, media.id, 'web application');
  await createKey(rest, media.id, 'image pipeline', new Date(Date.now() + 30 * DAY_MS).toISOString());
  await createKey(rest, media.id, '');
  const s3 = await openS3Client(server, key);
  await s3.send(new CreateBucketCommand({ Bucket: 'product-photos' }));
  await s3.send(new CreateBucketCommand({ Bucket: 'avatars' }));
  for (const name of ['spring.jpg', 'summer.jpg', 'autumn.jpg']) {
    await s3.send(new PutObjectCommand({ Bucket: 'product-photos', Key: name, Body: Buffer.alloc(144 * MIB, name) }));
  }
  const texts = [
    [
      'README.md',
      '# Product photos\n\nWhat the **shop** shows, by season.\n\n- originals\n- thumbnails\n',
      'text/markdown',
    ],
    ['prices.csv', 'sku,name,price\n1,"Lamp, large",12\n2,Chair,40\n', 'text/csv'],
    ['originals/lamp.txt', 'a lamp', 'text/plain'],
    ['thumbnails/lamp.txt', 'a small lamp', 'text/plain'],
  ] as const;
  for (const [Key, Body, ContentType] of texts) {
    await s3.send(new PutObjectCommand({ Bucket: 'product-photos', Key, Body, ContentType }));
  }
  s3.destroy();
  const { items } = await createUsers(rest, ['linh.nguyen', 'build-agent'], ['vStorageReadOnlyAccess']);
  await createUsers(rest, ['minh.tran'], ['vStorageFullAccess']);
  await rest.post<PolicyView>('/policies', {
    name: 'UploadPhotos',
    description: 'Upload to product-photos, nothing else.',
    document: JSON.stringify(
      {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: ['s3:PutObject'], Resource: ['arn:aws:s3:::product-photos/*'] }],
      },
      null,
      2,
    ),
  });
  return { projectId: media.id, userId: items[0]?.id ?? '' };
}

type Shot = { name: string; path: (scene: Scene) => string; act?: (page: Page) => Promise<void> };

async function openDialog(page: Page, button: RegExp): Promise<void> {
  await page.getByRole('button', { name: button }).first().click();
  await page.getByRole('dialog').waitFor();
}

const objects =
  (search: string) =>
  ({ projectId }: Scene): string =>
    `/projects/${projectId}/buckets/product-photos/objects${search}`;

const shots: Shot[] = [
  { name: 'projects', path: () => '/projects' },
  {
    name: 'create-project',
    path: () => '/projects',
    act: (page) => openDialog(page, /^(Create project|Tạo project)$/),
  },
  { name: 'information', path: ({ projectId }) => `/projects/${projectId}/information` },
  { name: 's3-keys', path: ({ projectId }) => `/projects/${projectId}/access` },
  {
    name: 'delete-key',
    path: ({ projectId }) => `/projects/${projectId}/access`,
    act: async (page) => {
      await page.getByRole('checkbox').nth(1).check();
      await page.getByRole('button', { name: /^(Delete 1 key|Xóa 1 key)$/ }).click();
    },
  },
  {
    name: 'connection',
    path: ({ projectId }) => `/projects/${projectId}/connection?client=rclone`,
  },
  { name: 's3-browser', path: ({ projectId }) => `/projects/${projectId}/connection?client=s3-browser` },
  { name: 'buckets', path: ({ projectId }) => `/projects/${projectId}/buckets` },
  {
    name: 'create-bucket',
    path: ({ projectId }) => `/projects/${projectId}/buckets`,
    act: (page) => openDialog(page, /^(Create bucket|Tạo bucket)$/),
  },
  { name: 'objects', path: objects('') },
  { name: 'no-objects', path: ({ projectId }) => `/projects/${projectId}/buckets/avatars/objects` },
  {
    name: 'delete-objects',
    path: objects(''),
    act: async (page) => {
      await page.getByRole('checkbox').nth(1).click();
      await page.getByRole('checkbox').nth(3).click();
      await page.getByRole('button', { name: /^(Delete|Xóa)$/ }).click();
    },
  },
  { name: 'object-details', path: objects('?object=README.md') },
  {
    name: 'object-preview',
    path: objects('?object=README.md'),
    act: async (page) => {
      await page.getByRole('button', { name: /^(Preview|Xem trước)$/ }).click();
      await page.locator('iframe').waitFor();
    },
  },
  { name: 'users', path: () => '/users' },
  {
    name: 'create-users',
    path: () => '/users',
    act: (page) => openDialog(page, /^(Create users|Tạo người dùng)$/),
  },
  { name: 'user', path: ({ userId }) => `/users/${userId}` },
  { name: 'policies', path: () => '/policies' },
  { name: 'policy', path: () => '/policies/view?name=UploadPhotos' },
  { name: 'managed-policy', path: () => '/policies/view?name=vStorageReadOnlyAccess' },
  { name: 'create-policy', path: () => '/policies/create' },
  { name: 'simulator', path: ({ userId }) => `/simulator?user=${userId}` },
  { name: 'trash', path: () => '/trash' },
  { name: 'not-found', path: () => '/no/such/page' },
  {
    name: 'account-menu',
    path: () => '/projects',
    act: (page) => page.getByRole('button', { name: /root@vstorage/ }).click(),
  },
];

type Look = { theme: 'light' | 'dark'; language: 'en' | 'vi'; device: 'desktop' | 'phone' };

const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;

async function openAs(
  chrome: TestBrowser,
  state: Awaited<ReturnType<BrowserContext['storageState']>> | null,
  look: Look,
) {
  const context = await chrome.newContext({
    viewport: sizes[look.device],
    colorScheme: look.theme,
    deviceScaleFactor: look.device === 'phone' ? 2 : 1,
    reducedMotion: 'reduce',
    ...(state === null ? {} : { storageState: state }),
  });
  await context.addInitScript(`localStorage.setItem('vstorage-language', ${JSON.stringify(look.language)})`);
  return context;
}

async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.evaluate('document.fonts.ready.then(() => null)');
  await page.waitForTimeout(250);
}

async function main(): Promise<void> {
  const folder = process.argv[2] ?? (await mkdtemp(join(tmpdir(), 'vstorage-screenshots-')));
  await mkdir(folder, { recursive: true });
  await using server = await startServer({ workers: 1 });
  await using chrome = await openBrowser(server);
  const first = await chrome.newContext();
  const start = await first.newPage();
  await signInAsRoot(start, server);
  const rest = await restOf(start);
  const scene = await furnish(server, rest);
  const doomed = await rest.post<ProjectView>('/projects', { name: 'old-experiments', quotaBytes: 10 * GIB });
  await start.goto(`/projects/${doomed.id}/information`);
  await start.getByRole('button', { name: 'Delete project' }).click();
  await start.getByLabel(/Type/).fill('delete me');
  await start.getByRole('dialog').getByRole('button', { name: 'Delete project' }).click();
  await start.waitForURL('**/projects');
  const state = await first.storageState();
  const looks = (['light', 'dark'] as const).flatMap((theme) =>
    (['desktop', 'phone'] as const).flatMap((device) =>
      (['en', 'vi'] as const).map((language): Look => ({ theme, device, language })),
    ),
  );
  for (const look of looks) {
    const suffix = `-${look.device}-${look.theme}-${look.language}`;
    const signedOut = await openAs(chrome, null, look);
    const door = await signedOut.newPage();
    await door.goto('/signin');
    await settle(door);
    await door.screenshot({ path: join(folder, `sign-in${suffix}.png`) });
    await signedOut.close();
    const context = await openAs(chrome, state, look);
    const page = await context.newPage();
    for (const shot of shots) {
      await page.goto(shot.path(scene));
      await settle(page);
      await shot.act?.(page);
      if (shot.act !== undefined) await settle(page);
      await page.screenshot({
        path: join(folder, `${shot.name}${suffix}.png`),
        fullPage: shot.act === undefined,
      });
    }
    await context.close();
  }
  console.log(folder);
}

await main();
