// The uploads people fear for: ten thousand small files, and one file of 5 GiB, each with the page reloaded midway.
// Afterwards every byte is compared through S3.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { Page, Request } from 'playwright-core';
import { startServer, type TestServer } from '../support/start-server.ts';
import { openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { type Storage, storageOf } from './support/objects.ts';
import { createKey } from './support/rest.ts';
import { openS3Client } from './support/s3-client.ts';
import { chooseAgain, chooseToUpload, uploadPanel } from './support/uploads.ts';

const MIB = 1024 ** 2;
const LARGE_BYTES = 5 * 1024 * MIB;
const FILES = 10_000;
const PATIENCE_MS = 30 * 60_000;

let server: TestServer;
let chrome: TestBrowser;
let page: Page;
let storage: Storage;
let s3: S3Client;
let folder: string;

before(async () => {
  server = await startServer();
  chrome = await openBrowser(server);
  page = await (await chrome.newContext()).newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('dialog', (question) => void question.accept());
  await signInAsRoot(page, server);
  storage = await storageOf(page);
  s3 = await openS3Client(server, await createKey(storage.rest, storage.projectId, 'to compare with'));
  folder = await mkdtemp(join(tmpdir(), 'vstorage-files-'));
});
after(async () => {
  s3.destroy();
  await chrome[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** The entity tag that each key is to have. */
async function writeSmallFiles(): Promise<Map<string, string>> {
  const tags = new Map<string, string>();
  for (let at = 0; at < FILES; at++) {
    const directory = `many/${String(at % 100).padStart(2, '0')}`;
    const content = `file ${at}\n`.repeat(1 + (at % 50));
    if (at < 100) await mkdir(join(folder, directory), { recursive: true });
    await writeFile(join(folder, directory, `${at}.txt`), content);
    tags.set(`${directory}/${at}.txt`, md5(content));
  }
  return tags;
}

async function storedTags(bucket: string): Promise<Map<string, string>> {
  const tags = new Map<string, string>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
    for (const { Key = '', ETag = '' } of Contents) tags.set(Key, ETag.replaceAll('"', ''));
  }
  return tags;
}

/** Noise in every MiB, holes between: as long to send as any file, quick to write. */
async function writeLargeFile(path: string): Promise<void> {
  await using file = await open(path, 'w');
  for (let at = 0; at < LARGE_BYTES; at += MIB) await file.write(randomBytes(4096), 0, 4096, at + (at % 7) * 4096);
  await file.truncate(LARGE_BYTES);
}

async function digest(bytes: AsyncIterable<unknown>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of bytes) {
    assert.ok(chunk instanceof Uint8Array);
    hash.update(chunk);
  }
  return hash.digest('hex');
}

type Parts = { readonly begun: Set<string>; readonly answered: Set<string> };

/** Of a part whose answer a reload cut off the server may have every byte: it is not answered, nor sent again. */
function watchParts(from: Page): Parts {
  const parts: Parts = { begun: new Set(), answered: new Set() };
  const partOf = (request: Request): string | undefined =>
    request.method() === 'PUT' ? /\/parts\/(\d+)\?/.exec(request.url())?.[1] : undefined;
  from.on('request', (request) => {
    const part = partOf(request);
    if (part !== undefined) parts.begun.add(part);
  });
  from.on('requestfinished', (request) => {
    const part = partOf(request);
    if (part !== undefined) parts.answered.add(part);
  });
  return parts;
}

test('10,000 small files with a reload in the middle are all there, byte for byte', async (t) => {
  const wanted = await writeSmallFiles();
  await storage.createBucket('ten-thousand');
  await storage.open('ten-thousand');
  const started = performance.now();
  await chooseToUpload(page, 'Upload a folder', join(folder, 'many'));
  const panel = uploadPanel(page);
  await panel.getByText(/^[34],\d{3} of 10,000 files/).waitFor();
  await page.reload();
  await panel.getByText(/uploads were interrupted/).waitFor();
  assert.ok((await storedTags('ten-thousand')).size < FILES, 'it was in the middle');
  await chooseAgain(page, 'Choose folder', join(folder, 'many'));
  await panel.getByText(/^[\d,]+ files uploaded/).waitFor();
  t.diagnostic(`sent in ${Math.round((performance.now() - started) / 1000)} s`);
  assert.deepEqual(await storedTags('ten-thousand'), wanted);
});

test('one file of 5 GiB with a reload in the middle is there, byte for byte', async (t) => {
  const path = join(folder, 'disk.img');
  await writeLargeFile(path);
  await storage.createBucket('five-gibibytes');
  await storage.open('five-gibibytes');
  const parts = watchParts(page);
  const started = performance.now();
  await chooseToUpload(page, 'Upload files', path);
  await page.waitForResponse((response) => response.url().includes('/parts/150?') && response.ok());
  const answered = new Set(parts.answered);
  parts.begun.clear();
  await page.reload();
  const panel = uploadPanel(page);
  await panel.getByText('1 upload was interrupted').waitFor();
  await chooseAgain(page, 'Choose files', path);
  await panel.getByText(/checked, CRC32/).waitFor();
  t.diagnostic(`sent in ${Math.round((performance.now() - started) / 1000)} s`);
  const again = answered.intersection(parts.begun);
  assert.ok(answered.size >= 100, `it was in the middle: ${answered.size} parts were there`);
  assert.ok(again.size <= 4, `only parts that were on their way are sent again, not ${[...again].join(', ')}`);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'five-gibibytes', Key: 'disk.img' }));
  assert.ok(Body !== undefined && Symbol.asyncIterator in Body);
  assert.equal(await digest(Body), await digest(createReadStream(path)));
});
