// Bodies stream: 5 GiB up and down while no process of the server grows past 300 MiB.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { rawS3 } from '../support/raw-s3.ts';
import { startServer } from '../support/start-server.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const MEMORY_LIMIT_BYTES = 300 * MIB;

test('5 GiB in one PUT and one GET stay under 300 MiB of memory per process', { timeout: 1_200_000 }, async (t) => {
  await using server = await startServer();
  const args = ['s3-key', 'create', '--account', server.rootEmail, '--project', 'default'];
  const key = (await server.cli(args)) as { accessKey: string; secretKey: string };
  const s3 = rawS3({ url: server.s3Url, ca: await readFile(server.caFile), ...key, region: 'HAN02' });
  assert.equal((await s3({ method: 'PUT', path: '/big' })).status, 200);
  const sent = createHash('md5');
  const stream = { sizeBytes: 5 * GIB, chunks: pattern(5 * GIB, (chunk) => sent.update(chunk)) };
  const put = await s3({ method: 'PUT', path: '/big/object', payload: 'unsigned', stream });
  assert.equal(put.status, 200, put.text);
  const received = createHash('md5');
  const get = await s3({ path: '/big/object', receive: (chunk) => received.update(chunk) });
  assert.equal(get.status, 200);
  const md5 = sent.digest('hex');
  assert.equal(received.digest('hex'), md5);
  assert.equal(put.headers['etag'], `"${md5}"`);
  for (const { pid, peakBytes } of peakMemory(server.pid)) {
    t.diagnostic(`process ${pid}: at most ${Math.round(peakBytes / MIB)} MiB`);
    assert.ok(peakBytes < MEMORY_LIMIT_BYTES, `process ${pid} grew to ${peakBytes} bytes`);
  }
});

async function* pattern(sizeBytes: number, seen: (chunk: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < sizeBytes; sent += MIB) {
    const chunk = Buffer.alloc(MIB, sent / MIB);
    chunk.writeUInt32BE(sent / MIB);
    seen(chunk);
    yield chunk;
  }
}

/** The primary and its workers; LMDB's map counts only by the pages that are in memory. */
function peakMemory(primary: number): { pid: number; peakBytes: number }[] {
  const children = readFileSync(`/proc/${primary}/task/${primary}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number);
  return [primary, ...children].map((pid) => {
    const [, kib = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return { pid, peakBytes: Number(kib) * 1024 };
  });
}
