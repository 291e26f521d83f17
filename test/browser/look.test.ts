// Language, theme, phone, keyboard: the same console for everybody.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { ProjectView } from '../../src/console-api/contract.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { createKey, createUsers, restOf } from './support/rest.ts';

let server: TestServer;
let chrome: TestBrowser;

before(async () => {
  server = await startServer();
  chrome = await openBrowser(server);
});
after(async () => {
  await chrome[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const background = (page: Page): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');

test('the language is switched in place and remembered', async () => {
  const page = await (await chrome.newContext()).newPage();
  await signInAsRoot(page, server);
  await page.getByText('VI', { exact: true }).click();
  await page.getByRole('button', { name: 'Tạo project' }).waitFor();
  assert.equal(await page.evaluate('document.documentElement.lang'), 'vi');
  await page.reload();
  await page.getByRole('button', { name: 'Tạo project' }).waitFor();
  await page.getByRole('link', { name: 'Mở default' }).click();
  await page.getByRole('tab', { name: 'Quản lý định danh và truy cập' }).click();
  await page.getByRole('heading', { name: 'Danh sách S3 key của project này' }).waitFor();
  await page.context().close();
});

test('a Vietnamese browser is greeted in Vietnamese, also when the server refuses', async () => {
  const page = await (await chrome.newContext({ locale: 'vi-VN' })).newPage();
  await page.goto('/');
  await page.getByRole('button', { name: 'Đăng nhập bằng Root User Account' }).click();
  await page.getByLabel('E-mail', { exact: true }).fill('nobody@example.com');
  await page.getByLabel('Mật khẩu', { exact: true }).fill('wrong');
  await page.getByRole('button', { name: 'Đăng nhập', exact: true }).click();
  await page.getByText('Thông tin đăng nhập không đúng.').waitFor();
  await page.context().close();
});

test('the theme follows the system until one is chosen, and the choice stays without a flash', async () => {
  const page = await (await chrome.newContext({ colorScheme: 'dark' })).newPage();
  await signInAsRoot(page, server);
  const dark = await background(page);
  await page.getByRole('button', { name: 'Colour theme' }).click();
  await page.getByRole('menuitem', { name: 'Light' }).click();
  const light = await background(page);
  assert.notEqual(light, dark);
  await page.route('**/assets/*.js', (route) => route.abort());
  await page.reload({ waitUntil: 'domcontentloaded' });
  assert.equal(await background(page), light, 'the theme is known before any application code runs');
  await page.context().close();
});

test('no page of a phone scrolls sideways', async () => {
  const context = await chrome.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true });
  const page = await context.newPage();
  const complaints = collectComplaints(page);
  await page.goto('/signin');
  await page.getByRole('heading', { name: 'Sign in to vStorage' }).waitFor();
  const widths: Record<string, unknown> = {};
  const measure = async (name: string) => {
    await page.waitForLoadState('networkidle');
    const width = await page.evaluate('document.documentElement.scrollWidth');
    if (width !== 390) widths[name] = width;
  };
  await measure('/signin');
  await signInAsRoot(page, server);
  const rest = await restOf(page);
  const [project] = (await rest.get<{ items: ProjectView[] }>('/projects')).items;
  assert.ok(project);
  await createKey(rest, project.id, 'a description long enough to need more than one line on a phone');
  const { items } = await createUsers(rest, ['a-rather-long-username.of-some-length'], ['vStorageReadOnlyAccess']);
  const pages = ['/projects', '/trash', '/users', `/users/${items[0]?.id}`, '/policies', '/policies/create'];
  pages.push('/policies/view?name=vStorageFullAccess', '/nowhere');
  pages.push(...['information', 'access', 'connection'].map((tab) => `/projects/${project.id}/${tab}`));
  for (const client of ['aws-cli', 'cyberduck', 's3-browser', 'sdk-java']) {
    pages.push(`/projects/${project.id}/connection?client=${client}`);
  }
  for (const path of pages) {
    await page.goto(path);
    await measure(path);
  }
  assert.deepEqual(widths, {});
  await page.goto('/projects');
  await page.getByRole('button', { name: 'Open menu' }).click();
  await page.getByRole('link', { name: 'Trash' }).click();
  await page.getByRole('heading', { name: 'Trash' }).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a key can be generated with the keyboard alone', async () => {
  const page = await (await chrome.newContext()).newPage();
  await signInAsRoot(page, server);
  await page.getByRole('link', { name: 'Open default' }).press('Enter');
  await page.getByRole('tab', { name: 'Information', exact: true }).press('ArrowRight');
  await page.getByRole('tab', { name: 'Buckets', exact: true }).press('ArrowRight');
  await page.getByRole('button', { name: 'Generate S3 key' }).press('Enter');
  await page.keyboard.type('by keyboard');
  await page.keyboard.press('Enter');
  await page.getByText('Save the secret key now').waitFor();
  await page.getByRole('button', { name: 'Copy both' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).press('Enter');
  await page.getByText('by keyboard').waitFor();
  await page.context().close();
});
