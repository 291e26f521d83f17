import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import { Agent, request } from 'node:https';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { TestServer } from '../support/start-server.ts';
import { startServer } from '../support/start-server.ts';
import { get } from './exchange.ts';

const SIZE_BYTES = 3 * 1024 * 1024;

test('a stop lets a running upload finish, takes no new connection, and exits 0', async () => {
  await using server = await startServer();
  const s3 = await client(server);
  await s3.send(new CreateBucketCommand({ Bucket: 'stopping' }));
  const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket: 'stopping', Key: 'slow' }));
  const body = randomBytes(SIZE_BYTES);
  const upload = startUpload(url, server.caFile);
  upload.request.write(body.subarray(0, SIZE_BYTES / 2));
  await sleep(300);
  const stopped = server.stop();
  await sleep(500);
  await assert.rejects(get(`${server.s3Url}/health/live`, server.caFile), /ECONNREFUSED/);
  upload.request.end(body.subarray(SIZE_BYTES / 2));
  assert.equal(await upload.status, 200);
  assert.equal(await stopped, 0);
  await using again = await startServer({ dataDir: server.dataDir });
  const reader = await client(again);
  const { Body } = await reader.send(new GetObjectCommand({ Bucket: 'stopping', Key: 'slow' }));
  assert.ok(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(body));
});

test('an idle keep-alive connection does not hold a stop up', async () => {
  await using server = await startServer();
  const agent = new Agent({ keepAlive: true, ca: readFileSync(server.caFile) });
  await get(`${server.s3Url}/health/live`, server.caFile, { agent });
  const startedAtMs = performance.now();
  assert.equal(await server.stop(), 0);
  assert.ok(performance.now() - startedAtMs < 5_000);
  agent.destroy();
});

async function client(server: TestServer): Promise<S3Client> {
  const made = await server.cli(['s3-key', 'create', '--account', server.rootEmail, '--project', 'default']);
  assert.ok(typeof made === 'object' && made !== null && 'accessKey' in made && 'secretKey' in made);
  return new S3Client({
    endpoint: server.s3Url,
    region: 'HAN02',
    forcePathStyle: true,
    credentials: { accessKeyId: String(made.accessKey), secretAccessKey: String(made.secretKey) },
    requestHandler: { httpsAgent: { ca: readFileSync(server.caFile) } },
  });
}

function startUpload(url: string, caFile: string): { request: ClientRequest; status: Promise<number> } {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const upload = request(url, {
    method: 'PUT',
    ca: readFileSync(caFile),
    agent: false,
    headers: { 'content-length': SIZE_BYTES },
  });
  upload.on('response', (response) => {
    response.resume().on('end', () => resolve(response.statusCode ?? 0));
  });
  upload.on('error', reject);
  return { request: upload, status: promise };
}
