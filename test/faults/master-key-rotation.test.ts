// The master key is rotated while workers serve: no request fails, keys made meanwhile included, and no restart is
// needed; a rotation that is killed in the middle leaves everything working and is finished by the next run.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { rawS3 } from '../support/raw-s3.ts';
import { startServer, type TestServer } from '../support/start-server.ts';

const BIN = fileURLToPath(new URL('../../bin/vstorage.js', import.meta.url));
const KEYS = 20;

type Key = { readonly id: string; readonly accessKey: string; readonly secretKey: string };
const create = (server: TestServer): Promise<Key> =>
  server.cli(['s3-key', 'create', '--account', server.rootEmail, '--project', 'default']) as Promise<Key>;

/** Kills `master-key rotate` after this long. */
async function killedRotation(server: TestServer, afterMs: number): Promise<void> {
  const args = [BIN, 'master-key', 'rotate', '--data-dir', server.dataDir];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
  await ended;
  clearTimeout(timer);
}

test('no request fails while the master key is rotated, killed in the middle, and rotated again', async () => {
  await using server = await startServer({ workers: 2, args: ['--limit', 'keys-per-account=100'] });
  const ca = await readFile(server.caFile, 'utf8');
  const keys: Key[] = [];
  for (let count = 0; count < KEYS; count++) keys.push(await create(server));
  const clientOf = (key: Key) => rawS3({ url: server.s3Url, ca, region: 'HAN02', ...key });
  const [first] = keys;
  assert.ok(first !== undefined);
  assert.equal((await clientOf(first)({ method: 'PUT', path: '/bucket' })).status, 200);
  const stopped = new AbortController();
  const failures: string[] = [];
  let requests = 0;
  const loops = Array.from({ length: 4 }, async (_, loop) => {
    for (let count = loop; !stopped.signal.aborted; count++) {
      const key = keys[count % keys.length] ?? first;
      const { status, code } = await clientOf(key)({ method: 'PUT', path: `/bucket/${key.id}`, body: 'x' });
      requests++;
      if (status !== 200) failures.push(`${status} ${code}`);
    }
  });
  // start-up takes most of a second here, and gateways up to two to report the new version; the moments differ
  for (const afterMs of [800, 2000, 3200]) {
    await killedRotation(server, afterMs);
    keys.push(await create(server));
  }
  const done = Object(await server.cli(['master-key', 'rotate']));
  keys.push(await create(server));
  const again = Object(await server.cli(['master-key', 'rotate']));
  assert.equal(again.to, done.to + 1);
  await new Promise((resolve) => setTimeout(resolve, 500));
  stopped.abort();
  await Promise.all(loops);
  assert.deepEqual(failures, []);
  assert.ok(requests > 100, `${requests} requests`);
  for (const key of keys) assert.equal((await clientOf(key)({ path: `/bucket` })).status, 200);
  const file = await readFile(join(server.dataDir, 'master.key'), 'utf8');
  assert.deepEqual(file.match(/^\d+/gm), [String(again.to)]);
});
