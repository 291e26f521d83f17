// Taking rights away while several workers serve requests: nothing that began after the answer to the change gets in.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { rawS3 } from '../support/raw-s3.ts';
import { startServer, type TestServer } from '../support/start-server.ts';
import { untilWorks } from '../support/until-works.ts';

type Key = { readonly id: string; readonly accessKey: string; readonly secretKey: string; readonly expiresAt: string };
type Outcome = { readonly key: Key; readonly beganAt: number; readonly status: number };

async function makeKey(server: TestServer, ...more: string[]): Promise<Key> {
  const made = await server.cli(['s3-key', 'create', '--account', server.rootEmail, '--project', 'default', ...more]);
  return made as Key;
}

/** Puts with every key, without pause, until told to stop: every other one through a presigned URL. */
function load(
  server: TestServer,
  ca: string,
  keys: readonly Key[],
): { outcomes: readonly Outcome[]; stop: () => Promise<Outcome[]> } {
  const stopped = new AbortController();
  const outcomes: Outcome[] = [];
  const loops = keys.map(async (key) => {
    const s3 = rawS3({ url: server.s3Url, ca, region: 'HAN02', ...key });
    for (let count = 0; !stopped.signal.aborted; count++) {
      const auth = count % 2 === 0 ? 'header' : 'presigned';
      const beganAt = performance.now();
      const { status } = await s3({ method: 'PUT', path: `/bucket/${key.id}`, body: 'x', auth });
      outcomes.push({ key, beganAt, status });
    }
  });
  return {
    outcomes,
    stop: async () => {
      stopped.abort();
      await Promise.all(loops);
      return outcomes;
    },
  };
}

test('no request that began after a revocation was answered is accepted', async () => {
  await using server = await startServer({ workers: 2 });
  const ca = await readFile(server.caFile, 'utf8');
  const account = ['--account', server.rootEmail];
  const policy = ['policy', 'attach', ...account, '--policy', 'vStorageFullAccess', '--user'];
  for (const username of ['disabled-user', 'deleted-user', 'detached-user']) {
    await server.cli(['user', 'create', ...account, '--username', username]);
    await server.cli([...policy, username]);
  }
  const [deleted, disabled, stays] = [await makeKey(server), await makeKey(server), await makeKey(server)];
  const ofDisabled = await makeKey(server, '--user', 'disabled-user');
  const ofDeleted = await makeKey(server, '--user', 'deleted-user');
  const ofDetached = await makeKey(server, '--user', 'detached-user');
  const [restricted, rotatedOut] = [await makeKey(server), await makeKey(server)];
  const expiring = await makeKey(server, '--expires', '20s');
  const keys = [deleted, disabled, stays, ofDisabled, ofDeleted, ofDetached, restricted, rotatedOut, expiring];
  const owner = rawS3({ url: server.s3Url, ca, region: 'HAN02', ...stays });
  assert.equal((await owner({ method: 'PUT', path: '/bucket' })).status, 200);

  const running = load(server, ca, keys);
  // a busy machine may need a while for the first of them
  await untilWorks(async () => {
    const used = new Set(running.outcomes.filter(({ status }) => status === 200).map(({ key }) => key));
    assert.equal(used.size, keys.length, 'each key works before');
  }, 60_000);
  const revokedAt = new Map<Key, number>();
  const revoke = async (key: Key, command: readonly string[]): Promise<void> => {
    await server.cli(command);
    revokedAt.set(key, performance.now());
  };
  await revoke(deleted, ['s3-key', 'delete', deleted.id, '--yes']);
  await revoke(disabled, ['s3-key', 'disable', disabled.id]);
  await revoke(ofDisabled, ['user', 'disable', ...account, '--user', 'disabled-user']);
  await revoke(ofDeleted, ['user', 'delete', ...account, '--user', 'deleted-user', '--yes']);
  const detach = ['policy', 'detach', ...account, '--user', 'detached-user', '--policy', 'vStorageFullAccess'];
  await revoke(ofDetached, detach);
  await revoke(restricted, ['s3-key', 'restrict', restricted.id, '--bucket', 'another-bucket']);
  await revoke(rotatedOut, ['s3-key', 'rotate', rotatedOut.id, '--overlap', '0s']);
  const leftMs = Date.parse(expiring.expiresAt) - Date.now();
  revokedAt.set(expiring, performance.now() + leftMs);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, leftMs) + 500));
  const outcomes = await running.stop();

  for (const key of keys) {
    const own = outcomes.filter((outcome) => outcome.key === key);
    assert.ok(
      own.some(({ status }) => status === 200),
      'the key worked before',
    );
    const at = revokedAt.get(key) ?? Infinity;
    const later = own.filter(({ beganAt }) => beganAt > at);
    if (key === stays) assert.ok(own.every(({ status }) => status === 200));
    else assert.ok(later.length > 0 && later.every(({ status }) => status === 403));
  }
});
