import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLog } from '../../src/observe/log.ts';
import type { WorkerSetup } from '../../src/process/messages.ts';
import { WorkerPool } from '../../src/process/worker-pool.ts';
import { eventually } from './exchange.ts';

/** Says on which start it is ready, and ends when told to. */
const WORKER = `
import { appendFileSync } from 'node:fs';
process.on('message', ({ kind }) => {
  if (kind === 'stop') process.exit(0);
  appendFileSync(new URL('starts', import.meta.url), process.pid + '\\n');
  process.send({ kind: 'ready', firstStart: null });
});
`;

test('a worker whose program cannot be started for a while is started as soon as it can', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-pool-'));
  const { execPath } = process;
  try {
    const workerFile = join(folder, 'worker.mjs');
    await writeFile(workerFile, WORKER);
    await using opened = new AsyncDisposableStack();
    const pool = new WorkerPool({ workerFile, count: 1, log: createLog('silent') });
    opened.defer(() => pool.stop());
    await pool.start(() => ({}) as WorkerSetup);
    const starts = async (): Promise<string[]> =>
      (await readFile(join(folder, 'starts'), 'utf8')).split('\n').filter((line) => line !== '');
    const [first] = await starts();
    assert.ok(first !== undefined);

    // As while a package manager replaces the runtime, or when the system is out of processes.
    process.execPath = join(folder, 'gone');
    process.kill(Number(first), 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 500));
    process.execPath = execPath;
    await eventually('a second worker', 10_000, async () => (await starts()).length === 2);
  } finally {
    process.execPath = execPath;
    await rm(folder, { recursive: true, force: true });
  }
});
