// "Test connection": a client's first request shows up in the console while it waits, whatever becomes of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ListBucketsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { Page } from 'playwright-core';
import { startServer, type TestServer } from '../support/start-server.ts';
import { findViolations } from './support/axe.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { storageOf } from './support/objects.ts';
import { createKey } from './support/rest.ts';
import { type KeyPair, openS3Client } from './support/s3-client.ts';

let server: TestServer;
let chrome: TestBrowser;
let page: Page;
let key: KeyPair;
let complaints: string[];

before(async () => {
  server = await startServer();
  chrome = await openBrowser(server);
  page = await (await chrome.newContext({ reducedMotion: 'reduce' })).newPage();
  complaints = collectComplaints(page);
  await signInAsRoot(page, server);
  const { rest, projectId } = await storageOf(page);
  key = await createKey(rest, projectId, 'the client under test');
  await page.goto(`/projects/${projectId}/connection?key=${key.accessKey}`);
});
after(async () => {
  await chrome[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const panel = () => page.getByRole('region', { name: 'Test connection' });

async function send(pair: KeyPair, command: ListBucketsCommand | ListObjectsV2Command): Promise<void> {
  const s3 = await openS3Client(server, pair);
  try {
    await s3.send(command as ListBucketsCommand);
  } catch (error) {
    assert.ok(error instanceof Error && '$metadata' in error, String(error));
  } finally {
    s3.destroy();
  }
}

async function wait(): Promise<void> {
  await panel()
    .getByRole('button', { name: /^Wait for/ })
    .click();
  await panel().getByText(`Waiting for a request with the key ${key.accessKey}`).waitFor();
  // the watch begins with the request that the click sent
  await page.waitForRequest(/\/arrival\?/);
}

test('test connection: the first request of the key is shown with its operation, client and address', async () => {
  await send(key, new ListBucketsCommand({}));
  await wait();
  await send(key, new ListBucketsCommand({}));
  await panel().getByText('It works').waitFor();
  const text = await panel().innerText();
  assert.match(text, /ListBuckets/);
  assert.match(text, /AWS SDK for JavaScript 3/);
  assert.match(text, /127\.0\.0\.1|::1/);
  assert.match(text, /200 OK/);
  assert.deepEqual(await findViolations(page), []);
});

test('test connection: a request for a bucket that is not there says that the key is right', async () => {
  await wait();
  await send(key, new ListObjectsV2Command({ Bucket: 'no-such-bucket-here' }));
  await panel().getByText('It arrived, but was not done').waitFor();
  assert.match(await panel().innerText(), /404 NoSuchBucket/);
});

test('test connection: a wrong secret key is named as the cause, with what to do', async () => {
  await wait();
  await send({ ...key, secretKey: 'not-the-secret-that-was-shown' }, new ListBucketsCommand({}));
  await panel().getByText('The request was refused').waitFor();
  const text = await panel().innerText();
  assert.match(text, /Most likely the secret key is another/);
  assert.match(text, /Enter the secret key again/);
  assert.deepEqual(complaints, []);
});
