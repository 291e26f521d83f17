// One object: metadata, tags, locks, versions, share links.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { CreatedS3Key } from '../../src/console-api/contract.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { type Storage, storageOf } from './support/objects.ts';
import { createKey } from './support/rest.ts';

let server: TestServer;
let chrome: TestBrowser;
let page: Page;
let storage: Storage;
let complaints: string[];

before(async () => {
  server = await startServer();
  chrome = await openBrowser(server);
  page = await (await chrome.newContext()).newPage();
  complaints = collectComplaints(page);
  await signInAsRoot(page, server);
  storage = await storageOf(page);
});
after(async () => {
  await chrome[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const details = (name: string) => page.getByRole('dialog', { name });

type Fetched = { readonly status: number; readonly text: string; readonly headers: Record<string, unknown> };

/** As somebody without an account: no cookie, no console. */
async function fetchLink(url: string): Promise<Fetched> {
  const ca = await readFile(server.caFile);
  const answer = Promise.withResolvers<Fetched>();
  const sent = request(url, { ca }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () =>
      answer.resolve({
        status: response.statusCode ?? 0,
        text: Buffer.concat(chunks).toString(),
        headers: response.headers,
      }),
    );
  });
  sent.on('error', answer.reject);
  sent.end();
  return answer.promise;
}

test('metadata: default keys and own ones are set, kept with the object and sent back by S3', async () => {
  await storage.createBucket('meta');
  await storage.put('meta', ['a.txt', 'hello', 'text/plain']);
  await storage.open('meta', '?object=a.txt');
  const drawer = details('a.txt');
  await drawer.getByRole('button', { name: 'Edit metadata' }).click();
  await drawer.getByLabel('Cache-Control').fill('max-age=60');
  await drawer.getByLabel('Content-Language').fill('vi');
  await drawer.getByRole('button', { name: 'Add metadata' }).click();
  await drawer.getByLabel('Name', { exact: true }).fill('Author');
  await drawer.getByLabel('Value', { exact: true }).fill('Nguyễn Linh');
  await drawer.getByLabel('Storage class').click();
  await page.getByRole('option', { name: 'STANDARD_IA' }).click();
  await drawer.getByRole('button', { name: 'Save' }).click();
  await drawer.getByText('x-amz-meta-author').waitFor();
  const object = await storage.object('meta', 'a.txt');
  assert.deepEqual(object.system, { contentType: 'text/plain', cacheControl: 'max-age=60', contentLanguage: 'vi' });
  assert.deepEqual(object.metadata, { author: 'Nguyễn Linh' });
  assert.equal(object.storageClass, 'STANDARD_IA');
  assert.equal(await storage.text('meta', 'a.txt'), 'hello');
});

test('tags are added, refused when they are not valid, and taken away', async () => {
  await storage.open('meta', '?object=a.txt');
  const drawer = details('a.txt');
  await drawer.getByRole('button', { name: 'Edit tags' }).click();
  await drawer.getByRole('button', { name: 'Add tag' }).click();
  await drawer.getByLabel('Key', { exact: true }).fill('team!');
  await drawer.getByLabel('Value', { exact: true }).fill('photo');
  await drawer.getByRole('button', { name: 'Save' }).click();
  await drawer.getByRole('alert').waitFor();
  await drawer.getByLabel('Key', { exact: true }).fill('team');
  await drawer.getByRole('button', { name: 'Save' }).click();
  await drawer.getByText('team: photo').waitFor();
  assert.deepEqual((await storage.object('meta', 'a.txt')).tags, [{ key: 'team', value: 'photo' }]);
  await drawer.getByRole('button', { name: 'Edit tags' }).click();
  await drawer.getByRole('button', { name: 'Remove team' }).click();
  await drawer.getByRole('button', { name: 'Save' }).click();
  await drawer.getByText('No tags.').waitFor();
});

test('object legal hold and object lock retention keep a version until they are lifted', async () => {
  await storage.createBucket('vault', { objectLock: true });
  await storage.put('vault', ['contract.txt', 'signed']);
  await storage.open('vault', '?object=contract.txt');
  const drawer = details('contract.txt');
  await drawer.getByRole('switch', { name: 'Legal hold' }).click();
  await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[role=switch]:checked') !== null);
  assert.equal((await storage.object('vault', 'contract.txt')).lock?.legalHold, true);
  await drawer.getByRole('button', { name: 'Set retention' }).click();
  await drawer.getByLabel('Keep until').fill('2040-01-02T03:04');
  await drawer.getByRole('button', { name: 'Save' }).click();
  await drawer.getByText('GOVERNANCE until 02/01/2040 03:04').waitFor();

  await drawer.getByRole('tab', { name: 'Versions' }).click();
  await drawer.getByText('Locked').waitFor();
  await drawer.getByRole('button', { name: /Delete the version/ }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete for good' }).click();
  await page.getByText('protected by object lock').waitFor();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();

  await drawer.getByRole('tab', { name: 'Properties' }).click();
  await drawer.getByRole('switch', { name: 'Legal hold' }).click();
  await drawer.getByRole('button', { name: 'Set retention' }).click();
  await drawer.getByLabel('Override retentions').check();
  await drawer.getByRole('button', { name: 'End retention' }).click();
  await drawer.getByText('No retention.').waitFor();
});

test('versions of an object are compared, restored and deleted from its details', async () => {
  await storage.createBucket('texts', { versioning: true });
  await storage.put('texts', ['a.md', 'one\ntwo\nthree'], ['a.md', 'one\n2\nthree\nfour']);
  await storage.open('texts', '?object=a.md');
  const drawer = details('a.md');
  await drawer.getByRole('tab', { name: 'Versions' }).click();
  await drawer.getByText('2 versions').waitFor();
  const picks = drawer.getByRole('checkbox', { name: /Compare the version/ });
  await picks.nth(0).check();
  await picks.nth(1).check();
  await drawer.getByRole('button', { name: 'Compare two' }).click();
  const comparison = page.getByRole('dialog', { name: 'Two versions of a.md' });
  await comparison.getByText('- two').waitFor();
  await comparison.getByText('+ 2', { exact: true }).waitFor();
  await comparison.getByText('+ four').waitFor();
  await comparison.getByRole('button', { name: 'Close' }).click();
  await drawer.getByRole('button', { name: /Restore the version/ }).click();
  await drawer.getByText('3 versions').waitFor();
  assert.equal(await storage.text('texts', 'a.md'), 'one\ntwo\nthree');
  await drawer
    .getByRole('button', { name: /Delete the version/ })
    .first()
    .click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete for good' }).click();
  await drawer.getByText('2 versions').waitFor();
  assert.equal(await storage.text('texts', 'a.md'), 'one\n2\nthree\nfour');
});

test('share: a link with its QR code works for anybody, and dies with its key', async () => {
  await storage.createBucket('public-house');
  await storage.put('public-house', ['dir/menu ảnh.txt', 'Phở']);
  await storage.open('public-house', `?object=${encodeURIComponent('dir/menu ảnh.txt')}`);
  const drawer = details('menu ảnh.txt');
  await drawer.getByRole('tab', { name: 'Share' }).click();
  await drawer.getByText('you have none in this project').waitFor();
  const key: CreatedS3Key = await createKey(storage.rest, storage.projectId, 'for links');
  await page.reload();
  await drawer.getByRole('tab', { name: 'Share' }).click();
  await drawer.getByLabel('Lasts').fill('8');
  await drawer.getByLabel('Unit of time').click();
  await page.getByRole('option', { name: 'Days' }).click();
  await drawer.getByText('A link lasts 7 days at most.').waitFor();
  await drawer.getByLabel('Lasts').fill('2');
  await drawer.getByRole('radiogroup').getByText('Download').click();
  await drawer.getByRole('button', { name: 'Create link' }).click();
  await drawer.getByRole('img', { name: 'The link as a QR code' }).waitFor();
  const url = (await drawer.locator('pre').innerText()).trim();
  const fetched = await fetchLink(url);
  assert.equal(fetched.status, 200, fetched.text);
  assert.equal(fetched.text, 'Phở');
  assert.match(String(fetched.headers['content-disposition']), /^attachment; .*filename\*=UTF-8''menu/);
  assert.equal(
    (await fetchLink(url.replace('Expires=172800', 'Expires=604800'))).status,
    403,
    'nobody makes it last longer',
  );
  await storage.rest.post(`/projects/${storage.projectId}/s3-keys/delete`, { ids: [key.id] });
  assert.equal((await fetchLink(url)).status, 403);
});

test('an object in the archive is brought back before it can be read', async () => {
  await storage.createBucket('cold', { storageClass: 'DEEP_ARCHIVE' });
  await storage.put('cold', ['old.txt', 'ice']);
  await storage.open('cold', '?object=old.txt');
  const drawer = details('old.txt');
  await drawer.getByText('This object is in the archive').waitFor();
  assert.ok(await drawer.getByRole('button', { name: 'Preview' }).isDisabled());
  await drawer.getByLabel('Days').fill('3');
  await drawer.getByRole('button', { name: 'Bring back' }).click();
  await drawer.getByText('can be read until').waitFor();
  await drawer.getByRole('button', { name: 'Preview' }).click();
  await page.getByRole('dialog').getByText('ice').waitFor();
});

test('nothing went wrong in the pages meanwhile', () => {
  assert.deepEqual(complaints, []);
});
