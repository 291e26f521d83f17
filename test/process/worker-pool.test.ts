import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLog } from '../../src/observe/log.ts';
import type { WorkerSetup } from '../../src/process/messages.ts';
import { WorkerPool } from '../../src/process/worker-pool.ts';
import { eventually } from './exchange.ts';

/** Says on which start it is ready, that it lives, and ends when told to; hangs once there is a file `hang`. */
const WORKER = `
import { appendFileSync, existsSync, rmSync } from 'node:fs';
const hang = new URL('hang', import.meta.url);
process.on('message', ({ kind }) => {
  if (kind === 'stop') process.exit(0);
  appendFileSync(new URL('starts', import.meta.url), process.pid + '\\n');
  process.send({ kind: 'ready', firstStart: null });
});
setInterval(() => {
  process.send({ kind: 'alive' });
  if (!existsSync(hang)) return;
  rmSync(hang);
  for (;;);
}, 20);
`;

type Rig = AsyncDisposable & { readonly folder: string; readonly starts: () => Promise<string[]> };

/** A pool of one such worker, which has started once. */
async function openPool(): Promise<Rig> {
  await using opening = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-pool-'));
  opening.defer(() => rm(folder, { recursive: true, force: true }));
  const workerFile = join(folder, 'worker.mjs');
  await writeFile(workerFile, WORKER);
  const pool = new WorkerPool({ workerFile, count: 1, log: createLog('silent'), hungAfterMs: 3000 });
  opening.defer(() => pool.stop());
  await pool.start(() => ({}) as WorkerSetup);
  const opened = opening.move();
  return {
    folder,
    starts: async () => (await readFile(join(folder, 'starts'), 'utf8')).split('\n').filter((line) => line !== ''),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

test('a worker whose program cannot be started for a while is started as soon as it can', async () => {
  const { execPath } = process;
  await using rig = await openPool();
  try {
    const [first] = await rig.starts();
    assert.ok(first !== undefined);

    // As while a package manager replaces the runtime, or when the system is out of processes.
    process.execPath = join(rig.folder, 'gone');
    process.kill(Number(first), 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 500));
    process.execPath = execPath;
    await eventually('a second worker', 10_000, async () => (await rig.starts()).length === 2);
  } finally {
    process.execPath = execPath;
  }
});

test('a worker that hangs is ended and replaced; one that is only idle is left alone', async () => {
  await using rig = await openPool();
  await new Promise((resolve) => setTimeout(resolve, 4000));
  assert.equal((await rig.starts()).length, 1);
  await writeFile(join(rig.folder, 'hang'), '');
  await eventually('a second worker', 20_000, async () => (await rig.starts()).length === 2);
});
