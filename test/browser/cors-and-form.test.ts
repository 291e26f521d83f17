// What a web application of another origin does with a bucket: fetch under CORS, and an upload by an HTML form.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Page } from 'playwright-core';
import { signPolicy } from '../support/post-form.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { openBrowser, type TestBrowser } from './support/chromium.ts';
import { type ForeignPage, openForeignPage } from './support/foreign-page.ts';
import { type KeyPair, openS3Client } from './support/s3-client.ts';

let server: TestServer;
let chrome: TestBrowser;
let app: ForeignPage;
let key: KeyPair;
let s3: S3Client;

before(async () => {
  server = await startServer();
  chrome = await openBrowser(server);
  app = await openForeignPage();
  const created = await server.cli(['s3-key', 'create', '--account', server.rootEmail, '--project', 'default']);
  key = created as KeyPair;
  s3 = await openS3Client(server, key);
});
after(async () => {
  s3.destroy();
  await app[Symbol.asyncDispose]();
  await chrome[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

async function openApp(): Promise<Page> {
  const context = await chrome.newContext({ permissions: [] });
  const page = await context.newPage();
  await page.goto(app.origin);
  return page;
}

type Call = {
  readonly url: string;
  readonly method: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
};

/** As the application's script would: `blocked` when the browser does not let it see an answer. */
function fetchFrom(page: Page, call: Call): Promise<{ status: number; text: string; etag: string | null } | 'blocked'> {
  return page.evaluate(async ({ url, ...init }) => {
    try {
      const response = await fetch(url, init);
      return { status: response.status, text: await response.text(), etag: response.headers.get('etag') };
    } catch {
      return 'blocked' as const;
    }
  }, call);
}

test('a page of another origin reads and writes a bucket once CORS rules allow it, and not before', async () => {
  const Bucket = 'cross-origin';
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'hello', Body: 'Xin chào' }));
  const get = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'hello' }));
  const missing = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'missing' }));
  const put = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'from-page' }));
  const page = await openApp();
  assert.equal(await fetchFrom(page, { url: get, method: 'GET' }), 'blocked');

  const AllowedOrigins = [app.origin];
  const rule = {
    AllowedOrigins,
    AllowedMethods: ['GET', 'PUT'],
    AllowedHeaders: ['content-type'],
    ExposeHeaders: ['ETag'],
  };
  await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [rule] } }));
  const read = await fetchFrom(page, { url: get, method: 'GET' });
  assert.ok(read !== 'blocked' && read.status === 200 && read.text === 'Xin chào' && read.etag !== null);
  const refused = await fetchFrom(page, { url: missing, method: 'GET' });
  assert.ok(refused !== 'blocked' && refused.status === 404 && refused.text.includes('<Code>NoSuchKey</Code>'));
  const headers = { 'content-type': 'text/plain' };
  const written = await fetchFrom(page, { url: put, method: 'PUT', headers, body: 'from the page' });
  assert.ok(written !== 'blocked' && written.status === 200);
  const answer = await s3.send(new GetObjectCommand({ Bucket, Key: 'from-page' }));
  assert.deepEqual([await answer.Body?.transformToString(), answer.ContentType], ['from the page', 'text/plain']);
  const other = { ...headers, 'x-other': '1' };
  assert.equal(await fetchFrom(page, { url: put, method: 'PUT', headers: other, body: 'x' }), 'blocked');
  assert.equal(await fetchFrom(page, { url: put, method: 'DELETE' }), 'blocked');
});

test('an HTML form uploads a file, and the browser goes on to the page the form names', async () => {
  const Bucket = 'by-form';
  await s3.send(new CreateBucketCommand({ Bucket }));
  const success = { success_action_redirect: `${app.origin}/done` };
  const conditions = [
    { bucket: Bucket },
    ['starts-with', '$key', 'inbox/'],
    ['content-length-range', 1, 2_000_000],
    success,
  ];
  const policy = signPolicy({ ...key, region: 'HAN02' }, conditions);
  const fields = { key: 'inbox/${filename}', ...success, ...policy };
  const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`);
  app.show(
    `<!doctype html><form action="${server.s3Url}/${Bucket}" method="post" enctype="multipart/form-data">
    ${inputs.join('')}<input type="file" name="file"><button name="submit">Send</button></form>`,
  );
  const page = await openApp();
  const photo = Buffer.alloc(1_500_000, 'mèo');
  await page.setInputFiles('input[type=file]', { name: 'mèo con.jpg', mimeType: 'image/jpeg', buffer: photo });
  await page.click('button');
  await page.waitForURL(`${app.origin}/done?**`);
  const told = new URL(page.url()).searchParams;
  const answer = await s3.send(new GetObjectCommand({ Bucket, Key: 'inbox/mèo con.jpg' }));
  assert.ok(photo.equals((await answer.Body?.transformToByteArray()) ?? new Uint8Array()));
  assert.deepEqual([told.get('bucket'), told.get('key'), told.get('etag')], [Bucket, 'inbox/mèo con.jpg', answer.ETag]);
});
