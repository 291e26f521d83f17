// A full disk under load, on a small tmpfs: writes answer 507 in S3's XML, reads go on, no worker dies, nothing
// acknowledged is lost, and writing works again as soon as there is space.
import assert from 'node:assert/strict';
import { mkdtemp, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ProjectList, S3KeyList } from '../../src/console-api/contract.ts';
import { json } from '../api/browser.ts';
import { HttpsBrowser } from '../api/https-browser.ts';
import { runCommand } from '../support/run-command.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { contentOf, sameState, type State, stateOf } from './history.ts';
import { connect, createRootKey, statusOf } from './s3-client.ts';

const BUCKET = 'full-disk';
const DISK_MIB = 400;
const WRITERS = 8;

const skip = process.getuid?.() === 0 ? false : 'mounting a tmpfs needs root';

test('a full disk answers 507, loses nothing and recovers by itself', { timeout: 180_000, skip }, async (t) => {
  const disk = await mountTmpfs(t);
  const ballast = join(disk, 'ballast');
  await writeFile(ballast, Buffer.alloc(60 * 1024 * 1024, 1));
  await using server = await startServer({ dataDir: join(disk, 'data') });
  const client = await connect(server, await createRootKey(server));
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const acknowledged = new Map<string, State>();

  await t.test('writers of all sizes end with 507 StorageFull, never with a broken connection', async () => {
    const ends = await Promise.all(
      Array.from({ length: WRITERS }, async (_, writer) => await fill(client, writer, acknowledged)),
    );
    for (const end of ends) assert.deepEqual(end, { status: 507, code: 'StorageFull' });
    assert.ok(acknowledged.size > WRITERS);
  });
  await t.test('every acknowledged object reads back whole while the disk is full', async () => {
    await verify(client, acknowledged);
  });
  await t.test('deleting works on a full disk', async () => {
    const [key] = acknowledged.keys();
    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }));
    acknowledged.delete(String(key));
  });
  await t.test('people can sign in on a full disk, wrong passwords count, and a key can be disabled', async () => {
    await administer(server);
  });
  await t.test('no worker died', () => assertNoWorkerDied(server));
  await t.test('writing works again when space returns, without a restart', async () => {
    await rm(ballast);
    await writeAgain(client, acknowledged);
    await verify(client, acknowledged);
  });
  await t.test('and after a restart everything is still there', async () => {
    assert.equal(await server.stop(), 0);
    await using restarted = await startServer({ dataDir: server.dataDir });
    await verify(await connect(restarted, await createRootKey(restarted)), acknowledged);
  });
});

async function mountTmpfs(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-full-'));
  await runCommand('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', folder]);
  t.after(async () => {
    await runCommand('umount', ['--lazy', folder]);
    await rmdir(folder);
  });
  await runCommand('mkdir', [join(folder, 'data')]);
  return folder;
}

/** Writes until the server refuses; odd writers inline bodies and small blobs, even ones larger blobs. */
async function fill(
  client: S3Client,
  writer: number,
  acknowledged: Map<string, State>,
): Promise<{ status: number | null; code: string }> {
  for (let turn = 0; turn < 20_000; turn++) {
    const key = `writer-${writer}/${turn}`;
    const content = contentOf(key, writer % 2 === 0 ? 1_500_000 : 9_000);
    try {
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: content }));
    } catch (error) {
      return { status: statusOf(error), code: (error as Error).name };
    }
    acknowledged.set(key, stateOf(content));
  }
  return { status: 200, code: 'the disk never filled up' };
}

async function verify(client: S3Client, acknowledged: ReadonlyMap<string, State>): Promise<void> {
  for (const [key, state] of acknowledged) {
    const answer = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    const content = await answer.Body?.transformToByteArray();
    assert.ok(content && sameState(stateOf(content), state), `${key} is not what was acknowledged`);
  }
}

async function writeAgain(client: S3Client, acknowledged: Map<string, State>): Promise<void> {
  const content = contentOf('after', 1_000_000);
  for (let attempt = 0; ; attempt++) {
    try {
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'after', Body: content }));
      acknowledged.set('after', stateOf(content));
      return;
    } catch (error) {
      if (attempt >= 50) throw error;
      await sleep(200);
    }
  }
}

async function administer(server: TestServer): Promise<void> {
  const { rootEmail: email, rootPassword: password } = server;
  const browser = new HttpsBrowser(server);
  const wrong = await browser.send('POST', 'session', { type: 'root', email, password: 'wrong' });
  assert.equal(wrong.status, 401, wrong.text);
  await browser.signIn({ type: 'root', email, password });
  const projects = json<ProjectList>(await browser.send('GET', 'projects'), 200);
  const path = `projects/${projects.items[0]?.id}/s3-keys`;
  const keys = json<S3KeyList>(await browser.send('GET', path), 200);
  const disabled = await browser.send('PATCH', `${path}/${keys.items[0]?.id}`, { status: 'disabled' });
  assert.equal(disabled.status, 200, disabled.text);
  const enabled = await browser.send('PATCH', `${path}/${keys.items[0]?.id}`, { status: 'active' });
  assert.equal(enabled.status, 200, enabled.text);
}

function assertNoWorkerDied(server: TestServer): void {
  assert.doesNotMatch(server.stderr(), /worker (died|exited|ended)|SIGABRT|SIGSEGV/i);
}
