// The order in which the embedded engines reach the disk, as the kernel saw it: an acknowledgement comes after every
// byte and every name it stands for was synced. Needs strace.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { finishedCalls } from '../support/system-calls.ts';

const skip = spawnSync('strace', ['-V']).status === 0 ? false : 'strace is not installed';
const TRACED = 'openat,rename,renameat,renameat2,mkdir,mkdirat,pwrite64,pwritev,write,writev,fsync,fdatasync';

/** One line per finished system call of the writer, in the order in which they ended. */
async function trace(what: 'blob' | 'commit'): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-trace-'));
  const log = join(folder, 'trace');
  const program = fileURLToPath(new URL('./durable-writer.ts', import.meta.url));
  const args = ['-f', '-y', '-o', log, '-e', `trace=${TRACED}`, process.execPath, program, what, folder];
  const { status, stderr } = spawnSync('strace', args, { encoding: 'utf8', timeout: 60_000 });
  const text = await readFile(log, 'utf8');
  await rm(folder, { recursive: true });
  assert.equal(status, 0, stderr);
  return finishedCalls(text).map((line) => line.replaceAll(folder, ''));
}

/** Index of the last call that matches. */
function last(calls: readonly string[], pattern: RegExp): number {
  const index = calls.findLastIndex((call) => pattern.test(call));
  assert.ok(index >= 0, `no call matches ${pattern}`);
  return index;
}

function first(calls: readonly string[], pattern: RegExp): number {
  const index = calls.findIndex((call) => pattern.test(call));
  assert.ok(index >= 0, `no call matches ${pattern}`);
  return index;
}

function assertOrder(steps: readonly number[]): void {
  assert.deepEqual(
    steps,
    steps.toSorted((a, b) => a - b),
  );
}

test('a sealed blob: file, then name, then folder are on disk before it is acknowledged', { skip }, async () => {
  const calls = await trace('blob');
  const file = '/blobs/STANDARD/[0-9a-f]{3}/[0-9a-f]{32}';
  assertOrder([
    first(calls, /mkdir(at)?\(.*\/blobs\/STANDARD\/[0-9a-f]{3}"/),
    first(calls, /fsync\(\d+<\/blobs\/STANDARD>/),
    last(calls, new RegExp(`pwrite64\\(\\d+<${file}\\.part>`)),
    last(calls, new RegExp(`fsync\\(\\d+<${file}\\.part>`)),
    last(calls, new RegExp(`rename.*${file}"`)),
    last(calls, /fsync\(\d+<\/blobs\/STANDARD\/[0-9a-f]{3}>/),
    last(calls, /write\(1<.*acknowledged/),
  ]);
  assert.ok(last(calls, /fsync\(\d+<\/blobs>/) < last(calls, /write\(1<.*acknowledged/));
});

test('a commit: pages are synced before the root that names them, and that before it is acknowledged', {
  skip,
}, async () => {
  const calls = await trace('commit');
  const opened = calls.find(
    (call) => call.startsWith('openat') && call.includes('data.mdb') && call.includes('O_DSYNC'),
  );
  const rootFd = /= (\d+)</.exec(opened ?? '')?.[1] ?? assert.fail('the root is not written through O_DSYNC');
  assertOrder([
    last(calls, new RegExp(`^p?writev?(64)?\\((?!${rootFd}<)\\d+</metadata/data.mdb>`)),
    last(calls, /^fdatasync\(\d+<\/metadata\/data.mdb>/),
    last(calls, new RegExp(`^pwrite64\\(${rootFd}</metadata/data.mdb>`)),
    last(calls, /write\(1<.*acknowledged/),
  ]);
  const acknowledged = last(calls, /write\(1<.*acknowledged/);
  assert.ok(last(calls, /^fsync\(\d+<\/metadata>/) < acknowledged);
  assert.ok(last(calls, /^fsync\(\d+<>/) < acknowledged, 'the folder that holds the new folder');
});
