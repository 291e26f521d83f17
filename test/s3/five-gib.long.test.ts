// Bodies stream: 5 GiB up and down while no process of the server grows past 300 MiB.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { type RawS3, rawS3 } from '../support/raw-s3.ts';
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
  await t.test('of 5 GiB the object is copied; with a part more it is copied by parts only', async () => {
    await copyLarge(s3, md5);
  });
});

// checklist 18
async function copyLarge(s3: RawS3, md5: string): Promise<void> {
  const source = (key: string, more: Record<string, string> = {}) => ({ 'x-amz-copy-source': `/big/${key}`, ...more });
  const put = (key: string, headers: Record<string, string>, query = {}) =>
    s3({ method: 'PUT', path: `/big/${key}`, headers, query });
  const enable = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
  await s3({ method: 'PUT', path: '/big', query: 'versioning=', body: enable });
  // far longer than a client waits for a first byte: the head is on its way long before the copy is done
  const whole = await put('copy', source('object'));
  assert.match(whole.text, new RegExp(`<ETag>(?:"|&quot;)${md5}`));
  assert.equal(whole.headers['x-amz-server-side-encryption'], 'AES256');
  const copied = await s3({ method: 'HEAD', path: '/big/copy' });
  assert.equal(whole.headers['x-amz-version-id'], copied.headers['x-amz-version-id']);
  const begun = await s3({ method: 'POST', path: '/big/larger', query: 'uploads=' });
  const uploadId = begun.field('UploadId') ?? '';
  const part = (partNumber: string, headers: Record<string, string>) =>
    put('larger', headers, { partNumber, uploadId });
  const etags = [];
  for (const headers of [source('object'), source('object', { 'x-amz-copy-source-range': 'bytes=0-9' })]) {
    const reply = await part(String(etags.length + 1), headers);
    assert.doesNotMatch(reply.text, /<Error>/);
    etags.push(reply.field('ETag') ?? '');
  }
  const list = etags.map((etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`);
  const body = `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`;
  const done = await s3({ method: 'POST', path: '/big/larger', query: { uploadId }, body });
  assert.equal(done.status, 200, done.text);
  const refused = await put('copy', source('larger'));
  assert.deepEqual([refused.status, refused.code], [400, 'InvalidRequest']);
}

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
