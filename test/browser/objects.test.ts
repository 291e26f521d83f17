// Browsing, finding, copying, moving, renaming and deleting objects, as a person does it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { startServer, type TestServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { menuOf, row, shownNames, type Storage, storageOf } from './support/objects.ts';

let server: TestServer;
let chrome: TestBrowser;
let context: BrowserContext;
let page: Page;
let storage: Storage;
let complaints: string[];

before(async () => {
  server = await startServer();
  chrome = await openBrowser(server);
  context = await chrome.newContext();
  page = await context.newPage();
  complaints = collectComplaints(page);
  await signInAsRoot(page, server);
  storage = await storageOf(page);
});
after(async () => {
  await chrome[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const names = () => shownNames(page);
const dialog = (name: string | RegExp) => page.getByRole('dialog', { name });
const alert = () => page.getByRole('alertdialog');

test('buckets: the list shows objects, size, class, badges and date, and is searched and sorted', async () => {
  await storage.createBucket('alpha', { versioning: true });
  await storage.createBucket('bravo', { objectLock: true, storageClass: 'STANDARD_IA', encryption: { type: 'none' } });
  await storage.put('alpha', ['one', 'x'.repeat(2048)], ['two', 'x']);
  await page.goto(`/projects/${storage.projectId}/buckets`);
  const alpha = page.getByRole('row', { name: /alpha/ });
  await alpha.getByText('2.00 KB', { exact: true }).waitFor();
  const text = await alpha.innerText();
  for (const fact of ['Versioning', 'SSE-S3', '2', 'STANDARD']) assert.ok(text.includes(fact), `${fact} in ${text}`);
  const bravo = await page.getByRole('row', { name: /bravo/ }).innerText();
  assert.match(bravo, /Object lock/);
  assert.match(bravo, /STANDARD_IA/);
  assert.doesNotMatch(bravo, /SSE/);
  await page.getByRole('button', { name: 'Objects', exact: true }).click();
  await page.getByRole('button', { name: 'Objects', exact: true }).click();
  const rows = page.getByRole('row').filter({ has: page.getByRole('gridcell') });
  assert.match((await rows.first().innerText()).split('\n')[0] ?? '', /alpha/);
  await page.getByLabel('Search buckets').fill('BRAV');
  await alpha.waitFor({ state: 'detached' });
  await page.getByLabel('Search buckets').fill('nothing');
  await page.getByText('Nothing found').waitFor();
});

test('create a bucket: a wrong name is told at once, object lock forces versioning, the new bucket opens', async () => {
  await page.goto(`/projects/${storage.projectId}/buckets`);
  await page.getByRole('button', { name: 'Create bucket' }).click();
  const drawer = dialog('Create bucket');
  const create = drawer.getByRole('button', { name: 'Create bucket' });
  await drawer.getByLabel('Bucket name').fill('Not Good');
  await drawer.getByText('Lower-case letters a–z').waitFor();
  assert.ok(await create.isDisabled());
  await drawer.getByLabel('Bucket name').fill('alpha');
  await create.click();
  await drawer.getByRole('alert').waitFor();
  await drawer.getByLabel('Bucket name').fill('fresh-vault');
  await drawer.getByLabel('Object lock').check();
  assert.ok(await drawer.getByLabel('Versioning').isChecked());
  assert.ok(await drawer.getByLabel('Versioning').isDisabled());
  await create.click();
  await page.getByRole('heading', { name: 'fresh-vault' }).waitFor();
  await page.getByText('This bucket is empty').waitFor();
  await page.getByText('aws --endpoint-url').waitFor();
  assert.match(await page.locator('pre').innerText(), new RegExp(`${server.s3Url} s3 cp FILE s3://fresh-vault/`));
});

test('delete a bucket: what is in it goes too, after its name was typed, while a panel shows how far it is', async () => {
  await storage.createBucket('doomed', { versioning: true });
  await storage.put('doomed', ['a', '1'], ['a', '2'], ['b/c', '3']);
  await page.goto(`/projects/${storage.projectId}/buckets`);
  await menuOf(page, 'doomed').click();
  await page.getByRole('menuitem', { name: 'Delete bucket' }).click();
  const button = alert().getByRole('button', { name: 'Delete bucket' });
  await alert().getByText('3 objects and versions').waitFor();
  assert.ok(await button.isDisabled());
  await alert()
    .getByLabel(/Type doomed/)
    .fill('doomed');
  await button.click();
  const activity = page.getByRole('region', { name: 'Activity' });
  await activity.getByText('Empty doomed').waitFor();
  await activity.getByText(/Done · 3 \/ 3 objects/).waitFor();
  await page.getByRole('row', { name: /doomed/ }).waitFor({ state: 'detached' });
});

test('list of objects: folders and files, breadcrumbs, find by prefix, sorting', async () => {
  await storage.createBucket('files');
  await storage.put(
    'files',
    ['docs/a.txt', 'a'],
    ['docs/deep/b.txt', 'b'],
    ['10.txt', 'x'.repeat(30)],
    ['2.txt', 'x'],
    ['2b.txt', ''],
  );
  await storage.open('files');
  await row(page, '2.txt').waitFor();
  assert.deepEqual(await names(), ['docs/', '2.txt', '2b.txt', '10.txt']);
  await page.getByText('4 items').waitFor();
  await page.getByRole('button', { name: 'docs/' }).click();
  await row(page, 'a.txt').waitFor();
  assert.deepEqual(await names(), ['deep/', 'a.txt']);
  await page.getByRole('button', { name: 'deep/' }).click();
  await row(page, 'b.txt').waitFor();
  assert.match(page.url(), /prefix=docs%2Fdeep%2F/);
  await page.getByRole('navigation', { name: 'Path' }).getByRole('button', { name: 'files', exact: true }).click();
  await page.getByLabel('Find by prefix').fill('2');
  await page.getByLabel('Find by prefix').press('Enter');
  await page.getByText('2 items').waitFor();
  assert.deepEqual(await names(), ['2.txt', '2b.txt']);
  await page.getByRole('button', { name: 'Clear search' }).click();
  await row(page, '10.txt').waitFor();
  await page.getByRole('button', { name: 'Size' }).click();
  assert.deepEqual(await names(), ['docs/', '10.txt', '2.txt', '2b.txt']);
  await page.goBack();
  await page.getByLabel('Find by prefix').and(page.locator('[value="2"]')).waitFor();
});

test('the keyboard alone chooses rows, opens a folder and goes back', async () => {
  await storage.open('files');
  await row(page, 'docs/').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByText('2 selected').waitFor();
  await page.keyboard.press('Space');
  await page.getByText('1 selected').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+a');
  await page.getByText('4 selected').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await row(page, 'a.txt').waitFor();
  await row(page, 'deep/').focus();
  await page.keyboard.press('Backspace');
  await row(page, '10.txt').waitFor();
  await row(page, '10.txt').focus();
  await page.keyboard.press('Delete');
  await alert().getByText('Delete 10.txt?').waitFor();
  await page.keyboard.press('Escape');
});

test('create a directory, with a warning about characters that make trouble', async () => {
  await storage.createBucket('folders');
  await storage.open('folders');
  await page.getByRole('button', { name: 'New folder' }).click();
  const box = dialog('New folder');
  await box.getByLabel('Folder name').fill('a/b');
  await box.getByText('A name holds no slash.').waitFor();
  await box.getByLabel('Folder name').fill('ảnh #1');
  await box.getByText('Some programs have trouble').waitFor();
  await box.getByLabel('Folder name').fill('ảnh');
  await box.getByRole('button', { name: 'Create folder' }).click();
  await page.getByRole('button', { name: 'ảnh/' }).waitFor();
  assert.deepEqual(await storage.keys('folders'), ['ảnh/']);
});

test('copy and move to another bucket and folder, which comes into being', async () => {
  await storage.createBucket('source');
  await storage.createBucket('target');
  await storage.put('source', ['a.txt', 'A'], ['dir/1', '1'], ['dir/2', '2'], ['stay', 's']);
  await storage.open('source');
  await page.getByRole('checkbox', { name: 'Select a.txt' }).click();
  await page.getByRole('checkbox', { name: 'Select dir' }).click();
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  const copying = dialog('Copy 2 items');
  await copying.getByText('They are there already.').waitFor();
  await copying.getByLabel('To bucket').click();
  await page.getByRole('option', { name: 'target' }).click();
  await copying.getByLabel('To folder').fill('new/place/');
  await copying.getByRole('button', { name: 'Copy here' }).click();
  await page.getByText('3 objects copied.').waitFor();
  assert.deepEqual(await storage.keys('target'), ['new/place/a.txt', 'new/place/dir/1', 'new/place/dir/2']);

  await page.getByRole('button', { name: 'Clear selection' }).click();
  await menuOf(page, 'dir').click();
  await page.getByRole('menuitem', { name: 'Move' }).click();
  const moving = dialog('Move dir');
  await moving.getByLabel('To folder').fill('else/');
  await moving.getByRole('button', { name: 'Move here' }).click();
  await page.getByText('2 objects moved.').waitFor();
  await page.getByRole('button', { name: 'else/' }).waitFor();
  assert.deepEqual(await storage.keys('source'), ['a.txt', 'else/dir/1', 'else/dir/2', 'stay']);
});

test('rename an object and a folder; a changed ending is pointed out', async () => {
  await storage.createBucket('renames');
  await storage.put('renames', ['letter.txt', 'x'], ['old/1', 'x'], ['old/2', 'x']);
  await storage.open('renames');
  await menuOf(page, 'letter.txt').click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  const box = dialog('Rename letter.txt');
  await box.getByLabel('New name').fill('letter.md');
  await box.getByText('The ending changes').waitFor();
  await box.getByRole('button', { name: 'Rename' }).click();
  await row(page, 'letter.md').waitFor();
  await row(page, 'old/').focus();
  await page.keyboard.press('F2');
  await dialog('Rename old').getByLabel('New name').fill('new');
  await page.keyboard.press('Enter');
  await row(page, 'new/').waitFor();
  await row(page, 'old/').waitFor({ state: 'detached' });
  assert.deepEqual(await storage.keys('renames'), ['letter.md', 'new/1', 'new/2']);
});

test('delete objects and a directory for good, where no versions are kept', async () => {
  await storage.createBucket('trash-can');
  await storage.put('trash-can', ['a', '1'], ['b', '2'], ['dir/x', '3'], ['dir/y', '4'], ['keep', '5']);
  await storage.open('trash-can');
  await page.getByRole('checkbox', { name: 'Select a', exact: true }).click();
  await page.getByRole('checkbox', { name: 'Select b', exact: true }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await alert().getByText('This deletes 2 objects (2 B) for good').waitFor();
  await alert().getByRole('button', { name: 'Delete for good' }).click();
  await page.getByText('2 items deleted.').waitFor();
  await menuOf(page, 'dir').click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await alert().getByText('This deletes 2 objects').waitFor();
  await alert().getByRole('button', { name: 'Delete for good' }).click();
  await page.getByText('2 objects deleted.').waitFor();
  await row(page, 'dir/').waitFor({ state: 'detached' });
  assert.deepEqual(await storage.keys('trash-can'), ['keep']);
});

test('show versions: a deleted object is hidden by a marker, an old version is restored on top, all go for good', async () => {
  await storage.createBucket('history', { versioning: true });
  await storage.put('history', ['note.txt', 'one'], ['note.txt', 'two']);
  await storage.open('history');
  await menuOf(page, 'note.txt').click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await alert().getByText('get a delete marker').waitFor();
  await alert().getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('This bucket is empty').waitFor();
  await page.getByLabel('Show versions').check();
  await page.getByText('Delete marker').waitFor();
  assert.equal((await storage.versions('history')).length, 3);
  await menuOf(page, 'note.txt').last().click();
  await page.getByRole('menuitem', { name: 'Restore this version' }).click();
  await page.getByText('note.txt is restored').waitFor();
  assert.equal(await storage.text('history', 'note.txt'), 'one');
  await page.getByText('Current').waitFor();
  await page.getByRole('checkbox', { name: 'Select all rows' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await alert().getByRole('button', { name: 'Delete for good' }).click();
  await page.getByText('This bucket is empty').waitFor();
  assert.deepEqual(await storage.versions('history'), []);
});

test('nothing went wrong in the pages meanwhile', () => {
  assert.deepEqual(complaints, []);
});
