// Uploads and downloads: files and folders, pause and retry, a reload in the middle, one file or many as a ZIP.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import type { Page } from 'playwright-core';
import { startServer, type TestServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { menuOf, row, type Storage, storageOf } from './support/objects.ts';
import { chooseAgain, chooseToUpload, uploadPanel } from './support/uploads.ts';

const MIB = 1024 ** 2;
const run = promisify(execFile);

let server: TestServer;
let chrome: TestBrowser;
let page: Page;
let storage: Storage;
let complaints: string[];
let folder: string;

before(async () => {
  server = await startServer();
  chrome = await openBrowser(server);
  page = await (await chrome.newContext({ acceptDownloads: true })).newPage();
  complaints = collectComplaints(page);
  // leaving while files are on their way is asked about
  page.on('dialog', (question) => void question.accept());
  await signInAsRoot(page, server);
  storage = await storageOf(page);
  folder = await mkdtemp(join(tmpdir(), 'vstorage-files-'));
});
after(async () => {
  await chrome[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function file(name: string, bytes: Buffer | string): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, bytes);
  return path;
}

const noise = (sizeBytes: number, seed: number): Buffer => {
  const bytes = Buffer.alloc(sizeBytes);
  for (let at = 0, state = seed; at < sizeBytes; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes.writeUInt32LE(state, at);
  }
  return bytes;
};

test('upload: chosen files are stored whole, and the checksum is shown at the end', async () => {
  await storage.createBucket('inbox');
  await storage.open('inbox');
  const [small, large] = [Buffer.from('xin chào'), noise(20 * MIB, 1)];
  await chooseToUpload(page, 'Upload files', [await file('chào.txt', small), await file('large.bin', large)]);
  const panel = uploadPanel(page);
  await panel.getByText('2 files uploaded').waitFor();
  for (const bytes of [small, large]) {
    await panel.getByText(`checked, CRC32 ${crc32(bytes).toString(16).padStart(8, '0')}`).waitFor();
  }
  await row(page, 'large.bin').waitFor();
  assert.equal(await storage.text('inbox', 'chào.txt'), 'xin chào');
  const stored = await storage.object('inbox', 'large.bin');
  assert.deepEqual([stored.bytes, stored.parts], [large.length, 2]);
  await panel.getByRole('button', { name: 'Clear' }).click();
  await panel.waitFor({ state: 'detached' });
});

test('upload: a folder keeps its paths, from the dialog and dropped', async () => {
  await storage.createBucket('albums');
  await storage.open('albums');
  await file('album/1.txt', 'one');
  await file('album/deep/2.txt', 'two');
  await chooseToUpload(page, 'Upload a folder', join(folder, 'album'));
  await uploadPanel(page).getByText('2 files uploaded').waitFor();
  await row(page, 'album/').waitFor();
  assert.deepEqual(await storage.keys('albums'), ['album/1.txt', 'album/deep/2.txt']);

  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['dropped'], 'dropped.txt', { type: 'text/plain' }));
    return data;
  });
  const panel = page.getByRole('region', { name: 'Objects' });
  await panel.dispatchEvent('dragenter', { dataTransfer: transfer });
  await page.getByText('Drop to upload into albums').waitFor();
  await panel.dispatchEvent('drop', { dataTransfer: transfer });
  await row(page, 'dropped.txt').waitFor();
  assert.equal(await storage.text('albums', 'dropped.txt'), 'dropped');
});

test('upload: paused it waits, resumed it ends; a file that failed is tried again', async () => {
  await storage.createBucket('slow');
  await storage.open('slow');
  let broken = true;
  await page.route('**/slow/object/content?key=small.txt', async (route) => {
    if (broken) await route.fulfill({ status: 403, contentType: 'application/problem+json', body: REFUSAL });
    else await route.continue();
  });
  await page.route('**/slow/uploads/*/parts/*', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue().catch(() => undefined);
  });
  await chooseToUpload(page, 'Upload files', [
    await file('small.txt', 's'),
    await file('parts.bin', noise(40 * MIB, 2)),
  ]);
  const panel = uploadPanel(page);
  await panel.getByRole('button', { name: 'Pause' }).click();
  await panel.getByRole('button', { name: 'Resume' }).waitFor();
  await page.unroute('**/slow/uploads/*/parts/*');
  await page.waitForTimeout(800);
  assert.ok(!(await storage.keys('slow')).includes('parts.bin'), 'paused');
  await panel.getByRole('button', { name: 'Resume' }).click();
  await row(page, 'parts.bin').waitFor();
  broken = false;
  await panel.getByRole('button', { name: 'Retry failed' }).click();
  await row(page, 'small.txt').waitFor();
  await panel.getByText('2 files uploaded').waitFor();
});

const REFUSAL = JSON.stringify({
  type: 'urn:vstorage:problem:access-denied',
  title: 'Access denied',
  status: 403,
  code: 'access-denied',
  detail: 'No.',
  requestId: '0000000000000000',
});

test('upload: after a reload in the middle it goes on with what is missing, and ends byte for byte', async () => {
  await storage.createBucket('resumed');
  await storage.open('resumed');
  const bytes = noise(80 * MIB, 3);
  const path = await file('film.mp4', bytes);
  const sent: number[] = [];
  page.on('request', (request) => {
    const part = /\/uploads\/[^/]+\/parts\/(\d+)\?/.exec(request.url())?.[1];
    if (request.method() === 'PUT' && part !== undefined) sent.push(Number(part));
  });
  await page.route('**/resumed/uploads/*/parts/5?*', () => new Promise(() => {}));
  await chooseToUpload(page, 'Upload files', [path]);
  await page.waitForResponse((response) => response.url().includes('/parts/4?') && response.ok());
  await page.waitForTimeout(1200);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.reload();
  const panel = uploadPanel(page);
  await panel.getByText('1 upload was interrupted').waitFor();
  sent.length = 0;
  await chooseAgain(page, 'Choose files', [path]);
  await panel.getByText(`CRC32 ${crc32(bytes).toString(16).padStart(8, '0')}`).waitFor();
  assert.deepEqual(sent, [5], 'only the part that was missing is sent');
  const stored = await storage.object('resumed', 'film.mp4');
  assert.deepEqual([stored.bytes, stored.parts], [bytes.length, 5]);
});

test('upload: a full project stops the queue and says what to do; nothing is lost', async () => {
  await storage.createBucket('full');
  await storage.open('full');
  const route = '**/full/object/content?*';
  const body = REFUSAL.replaceAll('access-denied', 'quota-exceeded').replaceAll('403', '413');
  await page.route(route, (one) => one.fulfill({ status: 413, contentType: 'application/problem+json', body }));
  await chooseToUpload(page, 'Upload files', [await file('a.txt', 'a'), await file('b.txt', 'b')]);
  const panel = uploadPanel(page);
  await panel.getByText('Uploads are waiting').waitFor();
  await page.unroute(route);
  await panel.getByRole('button', { name: 'Resume' }).click();
  await row(page, 'b.txt').waitFor();
  assert.deepEqual(await storage.keys('full'), ['a.txt', 'b.txt']);
});

test('download: one object as it is, several and a folder as one ZIP file', async () => {
  await storage.createBucket('outbox');
  await storage.put('outbox', ['ảnh 1.txt', 'một'], ['dir/a.txt', 'A'], ['dir/deep/b.txt', 'B']);
  await storage.open('outbox');
  const save = async (press: () => Promise<void>) => {
    const waiting = page.waitForEvent('download');
    await press();
    const download = await waiting;
    const path = join(folder, `got-${download.suggestedFilename()}`);
    await download.saveAs(path);
    return { name: download.suggestedFilename(), path };
  };
  const one = await save(async () => {
    await menuOf(page, 'ảnh 1.txt').click();
    await page.getByRole('menuitem', { name: 'Download' }).click();
  });
  assert.equal(one.name, 'ảnh 1.txt');
  assert.equal(await readFile(one.path, 'utf8'), 'một');
  const list = async (path: string): Promise<string[]> => {
    const script =
      'import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nprint("\\n".join(z.namelist()))';
    return (await run('python3', ['-c', script, path])).stdout.trim().split('\n').toSorted();
  };
  const many = await save(async () => {
    await page.getByRole('checkbox', { name: 'Select all rows' }).click();
    await page.getByRole('button', { name: 'Download', exact: true }).click();
  });
  assert.equal(many.name, 'outbox.zip');
  assert.deepEqual(await list(many.path), ['dir/a.txt', 'dir/deep/b.txt', 'ảnh 1.txt']);
  await page.getByRole('button', { name: 'Clear selection' }).click();
  const whole = await save(async () => {
    await menuOf(page, 'dir').click();
    await page.getByRole('menuitem', { name: 'Download as ZIP' }).click();
  });
  assert.equal(whole.name, 'dir.zip');
  assert.deepEqual(await list(whole.path), ['dir/a.txt', 'dir/deep/b.txt']);
});

test('nothing went wrong in the pages meanwhile', () => {
  assert.deepEqual(
    complaints.filter((complaint) => !/Failed to load resource/.test(complaint)),
    [],
  );
});
