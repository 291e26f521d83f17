// Every acknowledgement under load, as the kernel saw it: between the request and the first byte of its answer stand the
// fsync of its bytes, of their folder, and the commit of its metadata. Plain HTTP, so that the trace shows which is which.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { startServer, type TestServer } from '../support/start-server.ts';
import { attachTrace } from '../support/system-calls.ts';
import { createRootKey } from './s3-client.ts';

const skip = spawnSync('strace', ['-V']).status === 0 ? false : 'strace is not installed';
const TRACED = 'read,write,writev,sendto,pwrite64,pwritev,rename,fsync,fdatasync';
/** enough of a call's data to tell the request and the blob */
const SHOWN_BYTES = 300;
const CLIENTS = 4;
const ROUNDS = 6;
const Bucket = 'order';

async function connectPlain(server: TestServer): Promise<S3Client> {
  const { accessKey, secretKey } = await createRootKey(server);
  return new S3Client({
    endpoint: `http://localhost:${new URL(server.s3Url).port}`,
    region: 'HAN02',
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    forcePathStyle: true,
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
}

async function clientLoop(client: S3Client, name: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const Key = `${name}-${round}`;
    await client.send(new PutObjectCommand({ Bucket, Key: `inline-${Key}`, Body: 'x' }));
    await client.send(new PutObjectCommand({ Bucket, Key: `blob-${Key}`, Body: marked(`blob-${Key}`) }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: `inline-${Key}` }));
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: `multi-${Key}` }));
    const Body = marked(`part-${Key}`);
    const { ETag } = await client.send(
      new UploadPartCommand({ Bucket, Key: `part-${Key}`.replace('part', 'multi'), UploadId, PartNumber: 1, Body }),
    );
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await client.send(new CompleteMultipartUploadCommand({ Bucket, Key: `multi-${Key}`, UploadId, MultipartUpload }));
  }
}

/** Begins with its name, which the trace shows where the blob is written. */
const marked = (name: string): Buffer => Buffer.concat([Buffer.from(`<${name}>`), Buffer.alloc(150_000, 7)]);

type Exchange = { readonly request: string; readonly from: number; readonly to: number };

/** Requests and the first bytes of their answers, by socket: one at a time on each. */
function exchanges(calls: readonly string[]): Exchange[] {
  const open = new Map<string, { request: string; from: number }>();
  const found: Exchange[] = [];
  for (const [index, call] of calls.entries()) {
    const [, socket = '', request] =
      /^read\(\d+<(socket:\[\d+\])>, *"((?:PUT|POST|DELETE) [^ ]+) HTTP/.exec(call) ?? [];
    if (request !== undefined) open.set(socket, { request, from: index });
    const answered = /^(?:write|writev|sendto)\(\d+<(socket:\[\d+\])>, .*?"HTTP\/1\.1 20\d /.exec(call)?.[1];
    const begun = answered === undefined ? undefined : open.get(answered);
    if (begun === undefined || answered === undefined) continue;
    open.delete(answered);
    found.push({ ...begun, to: index });
  }
  return found;
}

/** A commit: pages synced, then the root written through its O_DSYNC descriptor. */
function hasCommit(calls: readonly string[]): boolean {
  const synced = calls.findIndex((call) => /^fdatasync\(\d+<[^>]*data\.mdb>/.test(call));
  return synced >= 0 && calls.slice(synced).some((call) => /^pwrite64\(\d+<[^>]*data\.mdb>/.test(call));
}

function assertBlobOnDisk(calls: readonly string[], name: string): void {
  const written = calls.find((call) => call.startsWith('pwrite') && call.includes(`<${name}>`));
  const [, file = '', id = ''] = /<([^>]*\/([0-9a-f]{32}))\.part>/.exec(written ?? '') ?? [];
  assert.notEqual(id, '', `the bytes of ${name} are written before it is acknowledged`);
  const folder = file.slice(0, file.lastIndexOf('/'));
  const steps = [
    calls.findLastIndex((call) => call.startsWith('pwrite') && call.includes(`${id}.part`)),
    calls.findIndex((call) => call.startsWith('fsync') && call.includes(`${id}.part`)),
    calls.findIndex((call) => call.startsWith('rename') && call.includes(`${id}.part`)),
    calls.findLastIndex((call) => call.startsWith('fsync') && call.includes(`<${folder}>`)),
    calls.findLastIndex((call) => /^pwrite64\(\d+<[^>]*data\.mdb>/.test(call)),
  ];
  const order = steps.toSorted((a, b) => a - b);
  assert.ok(!steps.includes(-1), `${name}: written, synced, named, folder synced, committed: ${steps.join(', ')}`);
  assert.deepEqual(steps, order, `${name}: in that order`);
}

test('under load no write is acknowledged before its bytes, their folder and its metadata are on disk', {
  skip,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'write-order-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const server = stack.use(
    await startServer({ workers: 1, args: ['--behind-proxy', '--bucket-defaults', 'legacy', '--workers', '1'] }),
  );
  const client = await connectPlain(server);
  await client.send(new CreateBucketCommand({ Bucket }));
  const workers = execFileSync('pgrep', ['-P', String(server.pid)], { encoding: 'utf8' })
    .trim()
    .split('\n');
  assert.equal(workers.length, 1);
  const trace = await attachTrace(Number(workers[0]), join(folder, 'trace'), TRACED, SHOWN_BYTES);
  await Promise.all(Array.from({ length: CLIENTS }, (_, index) => clientLoop(client, `c${index}`)));
  const calls = await trace.stop();
  const seen = exchanges(calls);
  const kinds = { inline: 0, blob: 0, deleted: 0, part: 0, completed: 0 };
  for (const { request, from, to } of seen) {
    const between = calls.slice(from, to);
    assert.ok(hasCommit(between), `${request} was answered before its metadata was on disk`);
    const name = /\/order\/([^ ?]+)/.exec(request)?.[1] ?? '';
    if (request.startsWith('DELETE')) kinds.deleted++;
    else if (request.startsWith('POST') && request.includes('uploadId=')) kinds.completed++;
    else if (name.startsWith('inline-')) kinds.inline++;
    else if (name.startsWith('blob-')) {
      kinds.blob++;
      assertBlobOnDisk(between, name);
    } else if (request.includes('partNumber=')) {
      kinds.part++;
      assertBlobOnDisk(between, name.replace('multi-', 'part-'));
    }
  }
  const all = CLIENTS * ROUNDS;
  assert.deepEqual(kinds, { inline: all, blob: all, deleted: all, part: all, completed: all });
});
