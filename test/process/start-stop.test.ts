import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { tryCommand } from '../support/run-command.ts';
import { startServer } from '../support/start-server.ts';
import { get } from './exchange.ts';

const BIN = new URL('../../bin/vstorage.js', import.meta.url).pathname;

test('serve prints one ready line, with both listeners accepting, within 10 seconds', async () => {
  const startedAtMs = performance.now();
  await using server = await startServer();
  assert.ok(performance.now() - startedAtMs < 10_000);
  const lines = server.stdout().match(/^vstorage ready s3=https:\/\/localhost:\d+ console=https:\/\/localhost:\d+$/gm);
  assert.equal(lines?.length, 1);
  for (const url of [server.s3Url, server.consoleUrl]) {
    assert.equal((await get(`${url}/health/live`, server.caFile)).status, 200);
    assert.equal((await get(`${url}/health/ready`, server.caFile)).status, 200);
  }
});

test('the process id stands in serve.pid while the server runs', async () => {
  await using server = await startServer();
  const file = join(server.dataDir, 'serve.pid');
  assert.equal(readFileSync(file, 'utf8'), `${server.pid}\n`);
  assert.equal(await server.stop(), 0);
  assert.ok(!existsSync(file));
});

test('the first start shows a generated password once, on standard output only', async () => {
  await using first = await startServer({ rootPassword: null });
  assert.equal(first.stdout().split(first.rootPassword).length, 2);
  assert.ok(!first.stderr().includes(first.rootPassword));
  assert.match(first.stdout(), /npx vstorage s3-key create --account root@vstorage\.localhost --project default/);
  await first.stop();
  await using second = await startServer({ dataDir: first.dataDir, rootPassword: null }).catch(() => null);
  assert.equal(second, null, 'the second start must not show a password');
});

test('secrets and data are readable by their owner only, the CA by everybody', async () => {
  await using server = await startServer();
  const mode = (name: string): number => statSync(join(server.dataDir, name)).mode & 0o777;
  // Whoever may open serve.lock can hold a lock on it, and so keep the server from starting.
  const owned = ['master.key', 'tls/ca-key.pem', 'tls/server-key.pem', 'serve.lock'];
  for (const name of owned) assert.equal(mode(name), 0o600, name);
  for (const name of ['metadata', 'blobs']) assert.equal(mode(name), 0o700, name);
  assert.equal(mode('tls/ca.pem'), 0o644);
});

test('a second serve on the same data directory is refused and the first goes on', async () => {
  await using server = await startServer();
  const args = [
    BIN,
    'serve',
    '--data-dir',
    server.dataDir,
    '--s3-listen',
    '127.0.0.1:0',
    '--console-listen',
    '127.0.0.1:0',
  ];
  const second = await tryCommand(process.execPath, args, { timeoutMs: 20_000 });
  assert.equal(second.code, 1);
  assert.match(second.stderr, new RegExp(`in use by another vstorage serve \\(process ${server.pid}\\)`));
  assert.equal((await get(`${server.s3Url}/health/live`, server.caFile)).status, 200);
});

test('after kill -9 the data directory can be served again at once', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'vstorage-test-'));
  try {
    const first = await startServer({ dataDir });
    await first.kill();
    await using second = await startServer({ dataDir });
    assert.equal((await get(`${second.consoleUrl}/health/ready`, second.caFile)).status, 200);
  } finally {
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
});

test('when the primary is killed its workers end too', async () => {
  await using server = await startServer();
  const workers = workersOf(server.pid);
  assert.equal(workers.length, 2);
  await server.kill();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.deepEqual(workers.filter(isRunning), []);
});

test('a port in use is named, and costs no first start', async () => {
  await using server = await startServer();
  const dataDir = await mkdtemp(join(tmpdir(), 'vstorage-test-'));
  try {
    const taken = `127.0.0.1:${new URL(server.s3Url).port}`;
    const args = [BIN, 'serve', '--data-dir', dataDir, '--s3-listen', taken, '--console-listen', '127.0.0.1:0'];
    const refused = await tryCommand(process.execPath, args, { timeoutMs: 20_000 });
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, new RegExp(`--s3-listen ${taken}: another program listens there`));
    assert.ok(!refused.stdout.includes('Password'));
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});

test('settings that do not exist or contradict each other refuse to start, by name', async () => {
  const refusals = [
    { args: ['--acme-email', 'a@example.com'], says: '--acme-email is not available in this version', code: 2 },
    { args: ['--no-such-option'], says: '--no-such-option', code: 2 },
    { args: ['--workers', 'many'], says: '--workers "many"', code: 1 },
    { args: ['--tls-cert', 'c.pem'], says: '--tls-key is missing', code: 1 },
  ];
  for (const { args, says, code } of refusals) {
    const refused = await tryCommand(process.execPath, [BIN, 'serve', '--data-dir', '/nonexistent/data', ...args]);
    assert.equal(refused.code, code, args.join(' '));
    assert.ok(refused.stderr.includes(says), refused.stderr);
    assert.equal(refused.stderr.trimEnd().split('\n').length, 1);
    assert.equal(refused.stdout, '');
  }
});

test('what keeps the first start from happening is said in one line that names the setting', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-test-'));
  const free = [
    '--workers',
    '1',
    '--s3-listen',
    '127.0.0.1:0',
    '--console-listen',
    '127.0.0.1:0',
    '--log-level',
    'silent',
  ];
  const file = join(folder, 'file');
  await writeFile(file, 'short\n');
  const dataDir = join(folder, 'data');
  const refusals = [
    { args: ['--data-dir', file], says: `the data directory ${file} cannot be used` },
    { args: ['--data-dir', join(file, 'below')], says: 'choose another --data-dir' },
    {
      args: ['--data-dir', dataDir, '--root-password-file', file],
      says: '--root-password-file: The password must have',
    },
    { args: ['--data-dir', dataDir, '--root-password-file', join(folder, 'none')], says: '--root-password-file' },
    { args: ['--data-dir', `${dataDir}2`, '--master-key-file', join(folder, 'no/key')], says: '--master-key-file' },
  ];
  try {
    for (const { args, says } of refusals) {
      const refused = await tryCommand(process.execPath, [BIN, 'serve', ...free, ...args], { timeoutMs: 20_000 });
      assert.equal(refused.code, 1, refused.stderr);
      assert.ok(refused.stderr.includes(says), refused.stderr);
      assert.equal(refused.stderr.trimEnd().split('\n').length, 1, refused.stderr);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('no secret stands in a process list or a log', async () => {
  await using server = await startServer({ args: ['--log-level', 'debug'] });
  for (const pid of [server.pid, ...workersOf(server.pid)]) {
    assert.ok(!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(server.rootPassword));
  }
  const masterKey = readFileSync(join(server.dataDir, 'master.key'), 'utf8').match(/\S{43}=/)?.[0] ?? '';
  assert.notEqual(masterKey, '');
  assert.ok(!server.stderr().includes(server.rootPassword));
  assert.ok(!server.stderr().includes(masterKey));
});

function workersOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}
