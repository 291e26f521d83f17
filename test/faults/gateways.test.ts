// Gateways come and go: one that ran the background jobs is killed, one of an older version serves beside a newer one, one
// lacks the new master key.
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { startPostgres } from '../../scripts/cluster/postgres.ts';
import { readPostgresUrl } from '../../src/config/postgres-url.ts';
import { type Announced, announceGateway } from '../../src/gateways/announce.ts';
import { GatewayWatch } from '../../src/gateways/gateway-watch.ts';
import { raiseFormat } from '../../src/gateways/raise-format.ts';
import { loadOrCreateMasterKey } from '../../src/identity/master-key-file.ts';
import { openPostgresStore } from '../../src/metadata/postgres.ts';
import { startServer, type StartOptions, type TestServer } from '../support/start-server.ts';
import { untilWorks } from '../support/until-works.ts';
import { connect, createRootKey, statusOf } from './s3-client.ts';

/** the term of the lease, a beat, and what a busy machine takes */
const MOST_HAND_OVER_MS = 60_000;

await using opened = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), 'vstorage-gateways-'));
opened.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
const postgres = opened.use(await startPostgres({ durable: false }));
const env = { VSTORAGE_METADATA: postgres.url(), VSTORAGE_BLOBS: `files:${join(folder, 'blobs')}` };
const start = (options: StartOptions = {}): Promise<TestServer> =>
  startServer({
    workers: 1,
    args: ['--lifecycle-day', '2s', '--limit', 'keys-per-account=100'],
    ...options,
    env: { ...env, ...options.env },
  });
const first = opened.use(await start());
const copyOfMasterKey = join(folder, 'master.key');
await copyFile(join(first.dataDir, 'master.key'), copyOfMasterKey);
const second = opened.use(await start({ env: { VSTORAGE_MASTER_KEY_FILE: copyOfMasterKey } }));
const key = await createRootKey(first);
const resources = opened.move();
after(() => resources.disposeAsync());

type Row = { readonly pid: number; readonly format: number; readonly masterKeyVersions: readonly number[] };
const gatewaysOf = async (server: TestServer): Promise<Row[]> => (await server.cli(['gateway', 'list'])) as Row[];
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'not refused',
    (error: unknown) => String(error),
  );

test('both gateways are known, with the versions of the master key that they hold', async () => {
  const rows = await gatewaysOf(second);
  assert.deepEqual(
    rows.map(({ format, masterKeyVersions }) => ({ format, masterKeyVersions })),
    [
      { format: 1, masterKeyVersions: [1] },
      { format: 1, masterKeyVersions: [1] },
    ],
  );
});

test('a new master key is used only when every gateway holds it', async () => {
  const early = await refusal(first.cli(['master-key', 'rotate', '--wait', '3s']));
  assert.match(
    early,
    /version 2 of the master key has not arrived at .+ \(process \d+\): copy the master key file there/,
  );
  for (const server of [first, second]) {
    const client = await connect(server, key);
    await assert.rejects(client.send(new GetObjectCommand({ Bucket: 'none', Key: 'k' })), { name: 'NoSuchBucket' });
  }
  await copyFile(join(first.dataDir, 'master.key'), copyOfMasterKey);
  const done = Object(await first.cli(['master-key', 'rotate', '--keep-old']));
  assert.equal(done.to, 2);
  const made = await createRootKey(second);
  for (const server of [first, second]) {
    for (const pair of [key, made]) {
      const client = await connect(server, pair);
      await assert.rejects(client.send(new GetObjectCommand({ Bucket: 'none', Key: 'k' })), { name: 'NoSuchBucket' });
    }
  }
});

test('a gateway without the version of the master key that seals refuses to start', async () => {
  const without = join(folder, 'other.key');
  const text = await readFile(copyOfMasterKey, 'utf8');
  await writeFile(without, text.replace(/^2:.*\n/m, ''), { mode: 0o600 });
  assert.match(await refusal(start({ env: { VSTORAGE_MASTER_KEY_FILE: without } })), /master key is not the one/);
});

test('a gateway that runs the jobs is killed: another runs them within a minute, and lifecycle goes on', async (t) => {
  const owner = [first, second].find((server) =>
    server.stderr().concat(server.stdout()).includes('runs the background jobs'),
  );
  assert.ok(owner !== undefined, 'one of them runs the jobs');
  const other = owner === first ? second : first;
  const client = await connect(other, key);
  await client.send(new CreateBucketCommand({ Bucket: 'expiring' }));
  await client.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket: 'expiring',
      LifecycleConfiguration: {
        Rules: [{ ID: 'soon', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } }],
      },
    }),
  );
  await put(client, 'before');
  await untilWorks(() => assertGone(client, 'before'), MOST_HAND_OVER_MS);
  await owner.kill();
  const startedMs = performance.now();
  await put(client, 'after');
  await untilWorks(() => assertGone(client, 'after'), MOST_HAND_OVER_MS);
  t.diagnostic(
    `an object expired ${Math.round(performance.now() - startedMs)} ms after the owner of the jobs was killed`,
  );
  assert.match(other.stderr() + other.stdout(), /runs the background jobs/);
  await untilWorks(async () => assert.equal((await gatewaysOf(other)).length, 1), MOST_HAND_OVER_MS);
});

test('the store takes a newer form only when the last gateway of the older version has ended', async () => {
  const [older] = [first, second].filter((server) => isAlive(server.pid));
  assert.ok(older !== undefined);
  await using store = await openPostgresStore(readPostgresUrl(postgres.url(), 'VSTORAGE_METADATA', folder));
  const masterKey = await loadOrCreateMasterKey({ kind: 'file', path: copyOfMasterKey });
  const announce = (id: string): Promise<Announced> =>
    announceGateway({
      store,
      clock: Date.now,
      masterKey,
      gateway: { id, host: 'new', pid: 1, version: '9.0.0' },
      onError: (error) => assert.fail(String(error)),
      format: 2,
      beatMs: 200,
    });
  const raise = (): ReturnType<typeof raiseFormat> =>
    raiseFormat({ store, watch: new GatewayWatch(Date.now), format: 2 });
  await using _newer = await announce('newer');
  const early = await raise();
  assert.deepEqual([early.format, early.behind.map(({ format }) => format)], [1, [1]]);
  const client = await connect(older, key);
  await put(client, 'both-serve');
  assert.equal(await older.stop(), 0);
  const late = await raise();
  assert.deepEqual([late.format, late.behind], [2, []]);
  const tooOld = /store is written in format 2, this program knows formats up to 1: use a newer program/;
  assert.match(await refusal(start({ env: { VSTORAGE_MASTER_KEY_FILE: copyOfMasterKey } })), tooOld);
  assert.match(await refusal(older.cli(['usage'])), tooOld);
});

const put = async (client: S3Client, Key: string): Promise<void> =>
  void (await client.send(new PutObjectCommand({ Bucket: 'expiring', Key, Body: 'x' })));

async function assertGone(client: S3Client, Key: string): Promise<void> {
  await sleep(300);
  await assert.rejects(
    client.send(new HeadObjectCommand({ Bucket: 'expiring', Key })),
    (error) => statusOf(error) === 404,
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
