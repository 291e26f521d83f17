// What every S3 client is asked to do, and the one exercise that asks for it. A client's own file says how.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext } from 'node:test';
import type { S3Client } from '@aws-sdk/client-s3';
import type { ConnectionFacts } from '../../src/console-api/connections/setup.ts';
import { makePayloads, type Payload, sha256OfFile, sha256OfStream } from '../support/payloads.ts';
import { clientFor } from '../s3/s3-target.ts';
import { startServer, type TestServer } from '../support/start-server.ts';

export type ClientDriver = {
  readonly makeBucket: (bucket: string) => Promise<void>;
  readonly upload: (file: string, bucket: string, key: string) => Promise<void>;
  /** every key of the bucket, in any order */
  readonly list: (bucket: string) => Promise<readonly string[]>;
  readonly download: (bucket: string, key: string, file: string) => Promise<void>;
  /** bytes `start` to `end` (exclusive) of the object */
  readonly readRange: (bucket: string, key: string, start: number, end: number) => Promise<Uint8Array>;
  /** within the server */
  readonly copy: (bucket: string, fromKey: string, toKey: string) => Promise<void>;
  /** the folder's files under `prefix/`; null for a client that has no such command */
  readonly sync: ((folder: string, bucket: string, prefix: string) => Promise<void>) | null;
  readonly presignGet: (bucket: string, key: string) => Promise<string>;
  readonly remove: (bucket: string, key: string) => Promise<void>;
  readonly removeBucket: (bucket: string) => Promise<void>;
};

export type ClientSetUp = {
  /** endpoint, key pair and CA, as the console would fill them in */
  readonly facts: ConnectionFacts;
  readonly caFile: string;
  /** a folder of this test's own, removed afterwards */
  readonly folder: string;
  readonly server: TestServer;
};

/** A server (`args`: its further options) and a root key for one client; gone when the test ends. */
export async function setUpClient(t: TestContext, args: readonly string[] = []): Promise<ClientSetUp> {
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-client-'));
  t.after(async () => await rm(folder, { recursive: true, force: true }));
  const server = await startServer({ args });
  t.after(async () => await server[Symbol.asyncDispose]());
  const create = ['s3-key', 'create', '--account', server.rootEmail, '--project', 'default', '--description', t.name];
  const key = (await server.cli(create)) as { accessKey: string; secretKey: string };
  const facts: ConnectionFacts = {
    endpoint: server.s3Url,
    region: 'HAN02',
    accessKey: key.accessKey,
    secretKey: key.secretKey,
    ca: { url: `${server.consoleUrl}/api/v1/ca.pem`, sha256Fingerprint: '', path: server.caFile },
  };
  return { facts, caFile: server.caFile, folder, server };
}

/** The AWS SDK with the same key: for what a client cannot set up or tell itself. */
export async function sdkFor({ facts, caFile }: ClientSetUp): Promise<S3Client> {
  const ca = await readFile(caFile, 'utf8');
  return clientFor({ url: facts.endpoint, region: facts.region, ca }, facts);
}

/** Make bucket, upload, list, range, copy, sync, presign, download, delete: byte for byte. */
export async function exerciseClient(t: TestContext, setUp: ClientSetUp, client: ClientDriver): Promise<void> {
  const payloads = await makePayloads(setUp.folder);
  const bucket = 'client-test';
  await client.makeBucket(bucket);
  for (const payload of payloads) {
    await t.test(`${payload.name}: up, down and by a presigned URL`, async () => {
      await roundTrip(setUp, client, bucket, payload);
    });
  }
  await t.test('lists what was uploaded', async () => {
    const expected = payloads.map((payload) => `files/${payload.name}`).sort();
    assert.deepEqual([...(await client.list(bucket))].sort(), expected);
  });
  await t.test('reads a range that crosses a part', async () => {
    await readRangeOfLargest(client, bucket, payloads);
  });
  await t.test('copies within the server', async () => await copyOne(setUp, client, bucket, payloads));
  if (client.sync !== null) await t.test('syncs a folder', async () => await syncFolder(setUp, client, bucket));
  await t.test('deletes every object and the bucket', async () => {
    for (const key of await client.list(bucket)) await client.remove(bucket, key);
    assert.deepEqual(await client.list(bucket), []);
    await client.removeBucket(bucket);
  });
}

async function roundTrip(setUp: ClientSetUp, client: ClientDriver, bucket: string, payload: Payload): Promise<void> {
  const key = `files/${payload.name}`;
  await client.upload(payload.path, bucket, key);
  const downloaded = join(setUp.folder, `downloaded-${payload.name}`);
  await client.download(bucket, key, downloaded);
  assert.equal(await sha256OfFile(downloaded), payload.sha256);
  await rm(downloaded);
  assert.equal(await sha256OfUrl(await client.presignGet(bucket, key), setUp.caFile), payload.sha256);
}

async function readRangeOfLargest(client: ClientDriver, bucket: string, payloads: readonly Payload[]): Promise<void> {
  const payload = payloads.at(-1);
  assert.ok(payload);
  const [start, end] = [5 * 1024 * 1024 - 3, 8 * 1024 * 1024 + 5];
  const expected = (await readFile(payload.path)).subarray(start, end);
  const bytes = await client.readRange(bucket, `files/${payload.name}`, start, end);
  assert.equal(Buffer.compare(bytes, expected), 0);
}

async function copyOne(
  setUp: ClientSetUp,
  client: ClientDriver,
  bucket: string,
  payloads: readonly Payload[],
): Promise<void> {
  const payload = payloads[3];
  assert.ok(payload);
  await client.copy(bucket, `files/${payload.name}`, 'copies/Ảnh đẹp + (1).bin');
  const file = join(setUp.folder, 'copied');
  await client.download(bucket, 'copies/Ảnh đẹp + (1).bin', file);
  assert.equal(await sha256OfFile(file), payload.sha256);
}

async function syncFolder(setUp: ClientSetUp, client: ClientDriver, bucket: string): Promise<void> {
  const folder = join(setUp.folder, 'tree');
  await mkdir(join(folder, 'a', 'b c'), { recursive: true });
  await writeFile(join(folder, 'top.txt'), 'top');
  await writeFile(join(folder, 'a', 'one.txt'), 'one');
  await writeFile(join(folder, 'a', 'b c', 'ống.txt'), 'two');
  const expected = ['synced/a/b c/ống.txt', 'synced/a/one.txt', 'synced/top.txt'];
  for (let round = 0; round < 2; round++) {
    await client.sync?.(folder, bucket, 'synced');
    const keys = (await client.list(bucket)).filter((key) => key.startsWith('synced/')).sort();
    assert.deepEqual(keys, expected);
  }
}

/** Fetches without any credentials but those in the URL. */
async function sha256OfUrl(url: string, caFile: string): Promise<string> {
  const ca = await readFile(caFile);
  return await new Promise((resolve, reject) => {
    const outgoing = request(url, { ca }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`presigned GET answered ${response.statusCode}`));
      sha256OfStream(response).then(resolve, reject);
    });
    outgoing.on('error', reject).end();
  });
}
