// kill -9 of every process at a random moment under mixed load, again and again: an acknowledged object reads back
// whole after the restart, a deleted one is gone, a request that was never answered left all or nothing, and the
// project's usage is exactly what is there. kill.test.ts runs a few rounds, kill.long.test.ts many.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { startServer, type TestServer } from '../support/start-server.ts';
import { type Failed, keyLoad, lifecycleLoad, type KillLoad, type Target, versionLoad } from './kill-loads.ts';
import { objectLoad } from './object-load.ts';
import { connect, createRootKey, type KeyPair, statusOf } from './s3-client.ts';

/** so short a day that lifecycle rules apply while it is killed */
const ARGS = ['--lifecycle-day', '1s', '--limit', 'keys-per-account=1000'];

export async function killRounds(t: TestContext, rounds: number): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vstorage-kill-'));
  t.after(async () => await rm(dataDir, { recursive: true, force: true, maxRetries: 5 }));
  const loads = [objectLoad(), versionLoad(), lifecycleLoad(), keyLoad()];
  let key: KeyPair | null = null;
  for (let round = 0; round < rounds; round++) {
    await using server = await startServer({ dataDir, args: ARGS });
    key ??= await createRootKey(server);
    const client = await connect(server, key);
    if (round === 0) {
      for (const load of loads) await load.begin(client);
    } else {
      await assertUsage(server, client, loads);
    }
    await loadUntilKilled({ server, client, loads }, round);
    client.destroy();
  }
  await using server = await startServer({ dataDir, args: ARGS });
  assert.ok(key);
  await assertUsage(server, await connect(server, key), loads);
  await assertNothingDamaged(server);
  // not each of them: on a busy machine signing in can take longer than a round lasts
  assert.ok(
    loads.some((load) => load.count() > 0),
    'something was done meanwhile',
  );
}

/** Every byte that is named can be read back. */
export async function assertNothingDamaged(server: Target): Promise<void> {
  const { faults } = (await server.cli(['scrub'])) as { faults: unknown[] };
  assert.deepEqual(faults, []);
}

type Round = {
  readonly server: TestServer;
  readonly client: S3Client;
  readonly loads: readonly KillLoad[];
};

/** No answer is what a killed server gives; an answer of 5xx would be a bug. */
const failed: Failed = (error) => {
  assert.equal(statusOf(error), null, `the server answered an error: ${String(error)}`);
  return 'stop';
};

async function loadUntilKilled({ server, client, loads }: Round, round: number): Promise<void> {
  const killed = new AbortController();
  const running = { server, client, stopped: killed.signal, failed, thinkMs: 0 };
  const all = loads.map((load) => load.run(running, round));
  await sleep(randomInt(300, 1800));
  killEveryProcess(server.pid);
  killed.abort();
  await Promise.all(all);
  await server.kill();
}

/** The primary and its workers in one go, so that none of them can tidy up. */
function killEveryProcess(pid: number): void {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  for (const process_ of [pid, ...children]) {
    try {
      process.kill(process_, 'SIGKILL');
    } catch (error) {
      if ((error as { code?: string }).code !== 'ESRCH') throw error;
    }
  }
}

/** Everything is there, and counted. Rules expire objects meanwhile, so the two are looked at until they agree. */
export async function assertUsage(server: Target, client: S3Client, loads: readonly KillLoad[]): Promise<void> {
  let [counted, stored] = [0, -1];
  for (let tries = 0; tries < 20 && counted !== stored; tries++) {
    stored = 0;
    for (const load of loads) stored += await load.verify(server, client);
    counted = await usageBytes(server);
  }
  assert.equal(counted, stored, 'usage is what the objects add up to');
}

async function usageBytes(server: Target): Promise<number> {
  const rows = (await server.cli(['usage'])) as { bytes: number }[];
  return rows.reduce((sum, row) => sum + row.bytes, 0);
}
