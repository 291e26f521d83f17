// The API as `vstorage serve` runs it: TLS of the local CA, two workers.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import type { Connections, CreatedS3Key, ProjectList, RegionList } from '../../src/console-api/contract.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { json, refused } from './browser.ts';
import { HttpsBrowser } from './https-browser.ts';

let server: TestServer;
before(async () => {
  server = await startServer({ workers: 2 });
});
after(async () => {
  await server[Symbol.asyncDispose]();
});

async function signedIn(): Promise<HttpsBrowser> {
  const browser = new HttpsBrowser(server);
  await browser.signIn({ type: 'root', email: server.rootEmail, password: server.rootPassword });
  return browser;
}

async function defaultProject(browser: HttpsBrowser): Promise<string> {
  const { items } = json<ProjectList>(await browser.send('GET', 'projects'), 200);
  const [project] = items;
  assert.ok(project);
  return project.id;
}

test('a session made by one worker is known to the other', async () => {
  const browser = await signedIn();
  const answers = await Promise.all(Array.from({ length: 12 }, () => browser.send('GET', 'session')));
  assert.deepEqual(
    answers.map(({ status }) => status),
    answers.map(() => 200),
  );
  assert.equal((await browser.send('DELETE', 'session')).status, 204);
  for (let count = 0; count < 6; count++) refused(await browser.send('GET', 'session'), 401, 'not-signed-in');
});

test('the shown endpoint, CA and connection details are those of the running server', async () => {
  const browser = await signedIn();
  const { items } = json<RegionList>(await browser.send('GET', 'regions'), 200);
  assert.deepEqual(
    items.map(({ name, endpoint }) => ({ name, endpoint })),
    [{ name: 'HAN02', endpoint: server.s3Url }],
  );
  const ca = await browser.send('GET', 'ca.pem');
  assert.equal(ca.text.trim(), (await readFile(server.caFile, 'utf8')).trim());
  const path = `projects/${await defaultProject(browser)}/connections`;
  const connections = json<Connections>(await browser.send('GET', path), 200);
  assert.equal(connections.endpoint, server.s3Url);
  assert.equal(connections.ca?.url, `${server.consoleUrl}/api/v1/ca.pem`);
});

test('a key made through the API works on the S3 endpoint until the request after its deletion', async () => {
  const browser = await signedIn();
  const keys = `projects/${await defaultProject(browser)}/s3-keys`;
  const key = json<CreatedS3Key>(await browser.send('POST', keys, { description: 'test' }), 201);
  const httpsAgent = new Agent({ ca: await readFile(server.caFile), keepAlive: false });
  const client = new S3Client({
    endpoint: server.s3Url,
    region: 'HAN02',
    forcePathStyle: true,
    credentials: { accessKeyId: key.accessKey, secretAccessKey: key.secretKey },
    requestHandler: { httpsAgent },
    maxAttempts: 1,
  });
  for (let count = 0; count < 4; count++)
    assert.deepEqual((await client.send(new ListBucketsCommand({}))).Buckets ?? [], []);
  assert.equal((await browser.send('DELETE', `${keys}/${key.id}`)).status, 204);
  for (let count = 0; count < 4; count++) {
    await assert.rejects(client.send(new ListBucketsCommand({})), { name: 'InvalidAccessKeyId' });
  }
  client.destroy();
});

test('changes are logged with who made them, and no log line has a secret', async () => {
  const browser = await signedIn();
  const keys = `projects/${await defaultProject(browser)}/s3-keys`;
  const key = json<CreatedS3Key>(await browser.send('POST', keys, {}), 201);
  assert.equal((await browser.send('DELETE', `${keys}/${key.id}`)).status, 204);
  const deadline = Date.now() + 5000;
  while (!server.stderr().includes(key.id) && Date.now() < deadline) await setTimeout(20);
  const log = server.stderr();
  const line = log.split('\n').find((text) => text.includes(key.id)) ?? '';
  assert.equal(JSON.parse(line).identity, server.rootEmail);
  for (const secret of [key.secretKey, server.rootPassword, browser.csrfToken]) assert.ok(!log.includes(secret));
});

test('repeated wrong passwords lock the name out on every worker', async () => {
  const wrong = { type: 'iam', rootEmail: server.rootEmail, username: 'nobody', password: 'Wrong-Passw0rd' } as const;
  const browser = new HttpsBrowser(server);
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 8; attempt++) statuses.push((await browser.send('POST', 'session', wrong)).status);
  assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429, 429]);
});
