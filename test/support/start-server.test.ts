import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventually } from '../process/exchange.ts';

const HOLDER = fileURLToPath(new URL('./server-holder.ts', import.meta.url));

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a test that is killed leaves no server behind', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'vstorage-test-'));
  try {
    const holder = spawn(process.execPath, [HOLDER, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(holder.stdout.setEncoding('utf8'), 'data')) as [string];
    const pid = Number(line);
    assert.ok(pid > 0 && isRunning(pid), `no server: ${line}`);
    holder.kill('SIGKILL');
    await eventually('the end of the server', 10_000, async () => !isRunning(pid));
  } finally {
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
});
