// A backup while the server writes, restored into a new data directory that another server then runs on.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, open, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { fileURLToPath } from 'node:url';
import { listBlobFiles } from '../../src/blobs/list-blob-files.ts';
import { connect, createRootKey } from '../faults/s3-client.ts';
import { type CommandResult, tryCommand } from '../support/run-command.ts';
import { startServer } from '../support/start-server.ts';

const BIN = fileURLToPath(new URL('../../bin/vstorage.js', import.meta.url));
const Bucket = 'papers';

const vstorage = (dataDir: string, ...args: string[]): Promise<CommandResult> =>
  tryCommand(process.execPath, [BIN, ...args, '--data-dir', dataDir]);

async function json(dataDir: string, ...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await vstorage(dataDir, ...args, '--json');
  assert.equal(code, 0, stderr);
  return Object(JSON.parse(stdout));
}

async function bytesOf(client: S3Client, Key: string, VersionId?: string): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

const put = (client: S3Client, Key: string, Body: Uint8Array | string) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body }));

/** Puts `log/00000`, `log/00001` … one after the other until it is told to stop; answers how many were acknowledged. */
function writeLog(
  client: S3Client,
  signal: AbortSignal,
): { readonly done: Promise<number>; readonly count: () => number } {
  let count = 0;
  const done = (async () => {
    for (; !signal.aborted; count++) await put(client, `log/${String(count).padStart(5, '0')}`, `entry ${count}`);
    return count;
  })();
  return { done, count: () => count };
}

async function allKeys(client: S3Client, Prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }));
    keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return keys;
}

/** A bucket with every way a body is stored: inline, one blob, parts, a noncurrent version. */
async function fill(client: S3Client): Promise<Map<string, Buffer>> {
  await client.send(new CreateBucketCommand({ Bucket }));
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  const bodies = new Map([
    ['small', randomBytes(2_000)],
    ['blob', randomBytes(300_000)],
    ['parts', randomBytes(11 * 2 ** 20)],
    ['changed', randomBytes(50_000)],
  ]);
  await put(client, 'changed', 'before');
  for (const [Key, Body] of bodies) {
    await new Upload({ client, params: { Bucket, Key, Body }, partSize: 5 * 2 ** 20 }).done();
  }
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'small-deleted' }));
  return bodies;
}

async function flipLastByte(file: string): Promise<void> {
  await using handle = await open(file, 'r+');
  const { size } = await handle.stat();
  const [last] = (await handle.read(Buffer.alloc(1), 0, 1, size - 1)).buffer;
  await handle.write(Buffer.of((last ?? 0) ^ 1), 0, 1, size - 1);
}

test('a backup taken while the server writes is of one moment and runs elsewhere with the same keys', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backup-test-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const server = stack.use(await startServer());
  const key = await createRootKey(server);
  const client = await connect(server, key);
  const bodies = await fill(client);
  const to = join(folder, 'backups');
  const stopped = new AbortController();
  const log = writeLog(client, stopped.signal);
  while (log.count() < 5) await new Promise((resolve) => setTimeout(resolve, 20));
  const before = log.count();
  const first = await json(server.dataDir, 'backup', '--to', to);
  const after = log.count();
  stopped.abort();
  await log.done;
  assert.ok(Number(first['blobs']) >= 5, 'the bodies above are blobs');

  const second = await json(server.dataDir, 'backup', '--to', to);
  assert.equal(second['copiedBlobs'], 0, 'blobs of the backup before are not copied again');
  assert.equal((await json(server.dataDir, 'backup', 'verify', to))['blobs'], second['blobs']);

  const restored = join(folder, 'restored');
  await mkdir(restored);
  const restore = ['restore', '--from', to, '--backup', String(first['name'])];
  const missingKey = await vstorage(restored, ...restore);
  assert.deepEqual([missingKey.code, /master key file .* is missing/.test(missingKey.stderr)], [1, true]);
  await copyFile(join(server.dataDir, 'master.key'), join(restored, 'master.key'));
  await json(restored, ...restore);
  const again = await vstorage(restored, ...restore);
  assert.match(again.stderr, /the store is not empty; restore into a new --data-dir/);

  await using copy = await startServer({ dataDir: restored });
  const other = await connect(copy, key);
  for (const [name, bytes] of bodies) assert.ok((await bytesOf(other, name)).equals(bytes), name);
  const { Versions = [], DeleteMarkers = [] } = await other.send(
    new ListObjectVersionsCommand({ Bucket, Prefix: 'changed' }),
  );
  const old = Versions.find(({ IsLatest }) => IsLatest === false);
  assert.equal((await bytesOf(other, 'changed', old?.VersionId)).toString(), 'before');
  assert.equal(DeleteMarkers.length, 0);
  const entries = await allKeys(other, 'log/');
  assert.deepEqual(
    entries,
    entries.map((_, index) => `log/${String(index).padStart(5, '0')}`),
    'no entry is missing between others',
  );
  assert.ok(entries.length >= before && entries.length <= after + 1, `${before} ≤ ${entries.length} ≤ ${after}`);
  await put(other, 'new', 'after the restore');
  const [usage] = (await copy.cli(['usage'])) as { bytes: number; objects: number }[];
  const versions = await other.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 1000 }));
  const total = (versions.Versions ?? []).reduce((sum, { Size = 0 }) => sum + Size, 0);
  assert.equal(usage?.bytes, total, 'the counters came along');
});

test('old backups are removed with the blobs that only they name, and a damaged one is noticed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backup-test-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const server = stack.use(await startServer({ args: ['--bucket-defaults', 'legacy'] }));
  const client = await connect(server, await createRootKey(server));
  await client.send(new CreateBucketCommand({ Bucket }));
  await put(client, 'gone', randomBytes(100_000));
  const to = join(folder, 'backups');
  await json(server.dataDir, 'backup', '--to', to);
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
  await put(client, 'kept', randomBytes(100_000));
  const second = await json(server.dataDir, 'backup', '--to', to, '--keep', '1');
  assert.deepEqual([second['removedBlobs'], Object(second['removedBackups']).length], [1, 1]);
  const listed = await vstorage(server.dataDir, 'backup', 'list', to, '--json');
  assert.deepEqual(
    (JSON.parse(listed.stdout) as { name: string }[]).map(({ name }) => name),
    [second['name']],
  );
  for await (const { file } of listBlobFiles(join(to, 'blobs'))) await flipLastByte(file);
  const verified = await vstorage(server.dataDir, 'backup', 'verify', to);
  assert.equal(verified.code, 1);
  assert.match(verified.stderr, /1 parts of backup .* are damaged/);
});

test('a restore that was cut off serves nothing and goes on where it is run again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backup-test-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const server = stack.use(await startServer());
  const client = await connect(server, await createRootKey(server));
  await client.send(new CreateBucketCommand({ Bucket }));
  await put(client, 'blob', randomBytes(100_000));
  const to = join(folder, 'backups');
  await json(server.dataDir, 'backup', '--to', to);
  const restored = join(folder, 'restored');
  await mkdir(restored);
  await copyFile(join(server.dataDir, 'master.key'), join(restored, 'master.key'));
  const [blob] = await Array.fromAsync(listBlobFiles(join(to, 'blobs')));
  assert.ok(blob !== undefined);
  const whole = await readFile(blob.file);
  await truncate(blob.file, 100);
  assert.equal((await vstorage(restored, 'restore', '--from', to)).code, 1);
  const refused = await vstorage(restored, 'usage');
  assert.match(refused.stderr, /still being filled from backup .*: run that command again first/);
  await using handle = await open(blob.file, 'w');
  await handle.writeFile(whole);
  await json(restored, 'restore', '--from', to);
  const [usage] = JSON.parse((await vstorage(restored, 'usage', '--json')).stdout) as { objects: number }[];
  assert.equal(usage?.objects, 1);
});

test('scrub names the objects whose bytes are flipped, cut or missing, and no others', async () => {
  await using server = await startServer({ args: ['--bucket-defaults', 'legacy'] });
  const client = await connect(server, await createRootKey(server));
  await client.send(new CreateBucketCommand({ Bucket }));
  const damage: Record<string, (file: string) => Promise<void>> = {
    flipped: flipLastByte,
    cut: (file) => truncate(file, 5_000),
    missing: (file) => rm(file),
    whole: async () => {},
  };
  const seen = new Set<string>();
  await put(client, 'inline', 'a small one');
  for (const [name, harm] of Object.entries(damage)) {
    await put(client, name, randomBytes(100_000));
    const files = await Array.fromAsync(listBlobFiles(join(server.dataDir, 'blobs')));
    for (const { id, file } of files.filter((blob) => !seen.has(blob.id))) {
      seen.add(id);
      await harm(file);
    }
  }
  const { code, stdout, stderr } = await vstorage(server.dataDir, 'scrub', '--json');
  const { faults, objects } = JSON.parse(stdout) as { faults: { bucket: string; key: string }[]; objects: number };
  assert.deepEqual([code, objects], [1, 5]);
  assert.deepEqual(
    faults.map(({ bucket, key }) => `${bucket}/${key}`),
    ['papers/cut', 'papers/flipped', 'papers/missing'],
  );
  assert.match(stderr, /3 of 5 objects cannot be read back/);
  await assert.rejects(bytesOf(client, 'flipped'), 'wrong bytes are never sent');
  await rejectsWith500(client, 'missing');
  assert.equal((await vstorage(server.dataDir, 'scrub', '--bucket', 'another')).code, 0);
});

async function rejectsWith500(client: S3Client, Key: string): Promise<void> {
  await assert.rejects(client.send(new GetObjectCommand({ Bucket, Key })), (error: unknown) => {
    assert.equal(Object(error).$metadata?.httpStatusCode, 500);
    return true;
  });
}
