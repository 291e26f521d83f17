// A whole move there and back: embedded engines to PostgreSQL and RADOS while a client writes, killed in the middle, and
// back to embedded ones.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { startCeph } from '../../scripts/cluster/ceph.ts';
import { startPostgres } from '../../scripts/cluster/postgres.ts';
import { readPostgresUrl } from '../../src/config/postgres-url.ts';
import type { MetadataStore } from '../../src/metadata/metadata-store.ts';
import { openPostgresStore } from '../../src/metadata/postgres.ts';
import { progressOf } from '../../src/moving/move-progress.ts';
import { bytesOf } from '../s3/s3-target.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { describeBuckets, fillBuckets } from './moved-content.ts';
import { connect, createRootKey, type KeyPair, statusOf } from './s3-client.ts';

const BIN = fileURLToPath(new URL('../../bin/vstorage.js', import.meta.url));

export type MigrationOptions = {
  readonly objects: number;
  /** the first runs are killed when so many rows have been copied */
  readonly killsAtRows: readonly number[];
  /** facts of every n-th version are compared, the listings of all */
  readonly factsOfEvery: number;
};

export type MigrationFigures = {
  readonly filledMs: number;
  readonly there: Record<string, unknown>;
  readonly back: Record<string, unknown>;
  /** of the run that came to its end */
  readonly thereMs: number;
  readonly backMs: number;
};

export async function moveThereAndBack(options: MigrationOptions): Promise<MigrationFigures> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'migrate-test-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const [postgres, ceph] = await Promise.all([startPostgres(), startCeph({ osdBytes: 8 * 2 ** 30 })]);
  stack.use(postgres);
  stack.use(ceph);
  await ceph.makePool('moved');
  const passFile = join(folder, 'password');
  await writeFile(passFile, postgres.password, { mode: 0o600 });
  const metadata = `postgres://vstorage@127.0.0.1:${postgres.port}/postgres?passfile=${passFile}`;
  const far = { VSTORAGE_METADATA: metadata, VSTORAGE_BLOBS: `rados://moved?conf=${ceph.confFile}&id=admin` };
  const farPair = `${far.VSTORAGE_METADATA},${far.VSTORAGE_BLOBS}`;

  const first = stack.use(await startServer());
  const key = await createRootKey(first);
  const client = await connect(first, key);
  const filledAtMs = performance.now();
  const { uploadId } = await fillBuckets(client, options.objects);
  const filledMs = since(filledAtMs);
  const describe = (of: S3Client): Promise<string[]> => describeBuckets(of, uploadId, options.factsOfEvery);

  await using writer = writeLog(client);
  {
    await using target = await openPostgresStore(readPostgresUrl(metadata, '--to', folder));
    for (const rows of options.killsAtRows) await killedMigrate(first.dataDir, ['--to', farPair], target, rows);
  }
  await using halfFilled = await startFar(first, far).catch(() => null);
  assert.equal(halfFilled, null, 'nothing is served from a target that is being filled');
  const startedMs = performance.now();
  const there = await migrate(first.dataDir, 'lmdb:,files:', farPair);
  const thereMs = since(startedMs);
  const written = await writer.stop();
  assert.equal(there['resumed'], options.killsAtRows.length > 0);
  await checkClosed(first, client);
  const expected = await describe(client);
  assert.equal(await first.stop(), 0);

  const embedded = join(folder, 'embedded');
  const near = { VSTORAGE_METADATA: `lmdb:${embedded}/metadata`, VSTORAGE_BLOBS: `files:${embedded}/blobs` };
  const nearPair = `${near.VSTORAGE_METADATA},${near.VSTORAGE_BLOBS}`;
  await checkMoved({ first, engines: far, key, written, describe }, expected);
  const backAtMs = performance.now();
  const back = await migrate(first.dataDir, farPair, nearPair);
  const backMs = since(backAtMs);
  await checkMoved({ first, engines: near, key, written, describe }, expected);
  return { filledMs, there, back, thereMs, backMs };
}

const since = (startedMs: number): number => Math.round(performance.now() - startedMs);

const startFar = (first: TestServer, engines: Readonly<Record<string, string>>): Promise<TestServer> =>
  startServer({ env: { ...engines, VSTORAGE_MASTER_KEY_FILE: join(first.dataDir, 'master.key') } });

type Check = {
  readonly first: TestServer;
  readonly engines: Readonly<Record<string, string>>;
  readonly key: KeyPair;
  readonly written: ReadonlyMap<string, string>;
  readonly describe: (of: S3Client) => Promise<string[]>;
};

/** On the engines it moved to, with the same key: the same listings, ETags and bytes, and it takes writes. */
async function checkMoved(
  { first, engines, key, written, describe }: Check,
  expected: readonly string[],
): Promise<void> {
  await using server = await startFar(first, engines);
  const client = await connect(server, key);
  assert.deepEqual(await describe(client), expected);
  const { items } = Object(await server.cli(['audit', 'list', '--operation', 'MoveStore']));
  assert.ok(items?.length >= 1, 'the move is on record where it led to');
  for (const [Key, text] of written) {
    const body = await bytesOf(await client.send(new GetObjectCommand({ Bucket: 'plain', Key })));
    assert.equal(Buffer.from(body).toString(), text, `${Key} was acknowledged`);
  }
  const scrubbed = Object(await server.cli(['scrub']));
  assert.deepEqual(scrubbed.faults, []);
  const target = { Bucket: 'plain', Key: 'new' };
  await client.send(new PutObjectCommand({ ...target, Body: 'after the move' }));
  await client.send(new DeleteObjectCommand(target));
  assert.equal(await server.stop(), 0);
}

/** After the move the source answers reads, refuses writes, and nobody starts on it again. */
async function checkClosed(first: TestServer, client: S3Client): Promise<void> {
  const target = { Bucket: 'plain', Key: 'too-late' };
  await assert.rejects(client.send(new PutObjectCommand({ ...target, Body: 'x' })), (error) => statusOf(error) === 503);
  await assert.rejects(first.cli(['usage']), /was moved to postgres:.*start with those/);
  await assert.rejects(first.cli(['migrate', '--from', 'lmdb:,files:', '--abort']), /add --yes/);
}

type Log = AsyncDisposable & { readonly stop: () => Promise<ReadonlyMap<string, string>> };

/** Puts small and larger objects one after the other; answers those that were acknowledged. */
function writeLog(client: S3Client): Log {
  const stopped = new AbortController();
  const written = new Map<string, string>();
  const failures: string[] = [];
  const done = (async () => {
    for (let count = 0; !stopped.signal.aborted; count++) {
      const Key = `log/${String(count).padStart(5, '0')}`;
      const Body = `entry ${count} `.repeat(count % 10 === 9 ? 4_000 : 1);
      await client.send(new PutObjectCommand({ Bucket: 'plain', Key, Body })).then(
        () => written.set(Key, Body),
        (error: unknown) => {
          // while the source takes no writes
          if (statusOf(error) !== 503) failures.push(String(error));
        },
      );
      await sleep(10);
    }
  })();
  return {
    // before the server ends, whatever else has failed
    [Symbol.asyncDispose]: async () => {
      stopped.abort();
      await done;
    },
    stop: async () => {
      stopped.abort();
      await done;
      assert.deepEqual(failures, []);
      assert.ok(written.size > 10, `${written.size} objects were written meanwhile`);
      return written;
    },
  };
}

/** Kills the move once so many rows are in the target. */
async function killedMigrate(
  dataDir: string,
  args: readonly string[],
  target: MetadataStore,
  rows: number,
): Promise<void> {
  const all = [BIN, 'migrate', '--from', 'lmdb:,files:', ...args, '--data-dir', dataDir];
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  while (child.exitCode === null && ((await progressOf(target))?.rows ?? 0) < rows) await sleep(10);
  child.kill('SIGKILL');
  assert.equal(await ended, null, 'it was killed before it was through');
  const progress = await progressOf(target);
  assert.ok(progress !== undefined && !progress.isCopied, 'it was killed in the middle');
}

async function migrate(dataDir: string, from: string, to: string): Promise<Record<string, unknown>> {
  const args = [BIN, 'migrate', '--from', from, '--to', to, '--data-dir', dataDir, '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  assert.equal(code, 0, errors);
  return Object(JSON.parse(output));
}
