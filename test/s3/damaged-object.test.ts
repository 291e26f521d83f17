// Bytes that rotted on disk are an error, never wrong bytes.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BLOBS_VARIABLE } from '../support/engines.ts';
import { rawS3 } from '../support/raw-s3.ts';
import { startServer } from '../support/start-server.ts';
import { untilWorks } from '../support/until-works.ts';
import { createKey } from './s3-target.ts';

const server = await startServer();
after(() => server[Symbol.asyncDispose]());
const ca = await readFile(server.caFile, 'utf8');
const s3 = rawS3({ url: server.s3Url, region: 'HAN02', ca, ...(await createKey(server)) });
const SIZE = 4 * 1024 * 1024;
const body = randomBytes(SIZE);

async function blobFile(): Promise<string> {
  const folder = join(server.dataDir, 'blobs');
  const names = await readdir(folder, { recursive: true });
  for (const name of names) if ((await stat(join(folder, name))).size > SIZE / 2) return join(folder, name);
  throw new Error('the blob was not found');
}

async function flipByte(file: string, position: number): Promise<void> {
  await using handle = await open(file, 'r+');
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, position);
  await handle.write(Buffer.of((byte[0] ?? 0) ^ 0xff), 0, 1, position);
}

// The contract suite of the blob store damages blobs in RADOS.
const skip = process.env[BLOBS_VARIABLE] === undefined ? false : 'the blob is not in the data directory';

test('damage shows as a broken download after its first byte and as a 500 before it', { skip }, async () => {
  await s3({ method: 'PUT', path: '/damaged-bucket' });
  const path = '/damaged-bucket/object';
  assert.equal((await s3({ method: 'PUT', path, body })).status, 200);
  const file = await blobFile();

  await flipByte(file, SIZE - 1000);
  const chunks: Buffer[] = [];
  const broken = await s3({ path, receive: (chunk) => chunks.push(chunk) });
  const received = Buffer.concat(chunks);
  assert.equal(broken.status, 0);
  assert.ok(received.length < SIZE);
  assert.ok(body.subarray(0, received.length).equals(received));
  const intact = await s3({ path, headers: { range: 'bytes=0-99' } });
  assert.ok(intact.body.equals(body.subarray(0, 100)));

  await flipByte(file, 1000);
  const refused = await s3({ path });
  assert.deepEqual([refused.status, refused.code], [500, 'InternalError']);
  const line = new RegExp(`"requestId":"${String(refused.headers['x-amz-request-id'])}"`);
  // the log comes through a pipe of its own, perhaps after the answer
  await untilWorks(async () => assert.match(server.stderr(), line), 10_000);
});
