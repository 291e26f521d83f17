import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { resticRepository } from '../../src/console-api/connections/restic.ts';
import { runCommand, tryCommand } from '../support/run-command.ts';
import { makePayloads, sha256OfFile } from '../support/payloads.ts';
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { type ClientSetUp, sdkFor, setUpClient } from './client-driver.ts';

const PASSING_BYTES = 20_000_000;

test('restic backs up, checks, restores, forgets and prunes what nothing needs any more', {
  timeout: 300_000,
}, async (t) => {
  const setUp = await setUpClient(t);
  const run = restic(setUp);
  const source = join(setUp.folder, 'source');
  await mkdir(source);
  const payloads = await makePayloads(source);
  await writeFile(join(source, 'passing.bin'), randomBytes(PASSING_BYTES));
  await run('init');
  await run('backup', source);
  for (const name of ['one-byte.bin', 'passing.bin']) await rm(join(source, name));
  await run('backup', source);
  await run('check', '--read-data');
  const restored = join(setUp.folder, 'restored');
  const snapshots = JSON.parse(await run('snapshots', '--json')) as { id: string }[];
  assert.equal(snapshots.length, 2);
  await run('restore', String(snapshots[0]?.id), '--target', restored);
  for (const payload of payloads) {
    assert.equal(await sha256OfFile(join(restored, source, payload.name)), payload.sha256, payload.name);
  }
  await run('forget', '--keep-last', '1');
  const beforeBytes = await storedBytes(setUp);
  await run('prune', '--max-unused', '0');
  const freedBytes = beforeBytes - (await storedBytes(setUp));
  assert.ok(freedBytes >= PASSING_BYTES, `${freedBytes} bytes freed`);
  await run('check', '--read-data');
  assert.equal((JSON.parse(await run('snapshots', '--json')) as unknown[]).length, 1);
});

async function storedBytes(setUp: ClientSetUp): Promise<number> {
  const client = await sdkFor(setUp);
  let sizeBytes = 0;
  for await (const page of paginateListObjectsV2({ client }, { Bucket: 'backups' })) {
    for (const object of page.Contents ?? []) sizeBytes += object.Size ?? 0;
  }
  client.destroy();
  return sizeBytes;
}

test('restic with a wrong secret key is refused and says so', { timeout: 60_000 }, async (t) => {
  const setUp = await setUpClient(t);
  const facts = { ...setUp.facts, secretKey: 'A'.repeat(40) };
  const result = await tryCommand('restic', ['--cacert', setUp.caFile, 'init'], environment({ ...setUp, facts }));
  assert.notEqual(result.code, 0);
  assert.match(result.stderr, /access denied|signature/i);
});

function environment({ facts, folder }: ClientSetUp): { env: Record<string, string>; cwd: string } {
  const env = {
    AWS_ACCESS_KEY_ID: facts.accessKey,
    AWS_SECRET_ACCESS_KEY: facts.secretKey,
    AWS_DEFAULT_REGION: facts.region,
    RESTIC_REPOSITORY: resticRepository(facts, 'backups'),
    RESTIC_PASSWORD: 'a test repository',
    RESTIC_CACHE_DIR: join(folder, 'cache'),
  };
  return { env, cwd: folder };
}

function restic(setUp: ClientSetUp): (...args: string[]) => Promise<string> {
  return async (...args) => await runCommand('restic', ['--cacert', setUp.caFile, ...args], environment(setUp));
}
