import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { runCommand } from '../support/run-command.ts';
import { startServer } from '../support/start-server.ts';
import { get } from './exchange.ts';

const STRICT_PYTHON = `
import socket, ssl, sys
host, port, ca = sys.argv[1:]
context = ssl.create_default_context(cafile=ca)
context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
with socket.create_connection(("127.0.0.1", int(port))) as plain:
    with context.wrap_socket(plain, server_hostname=host) as secure:
        print(secure.version())
`;

test('strict verifiers accept the local CA and its certificate', async () => {
  await using server = await startServer();
  const leaf = join(server.dataDir, 'tls', 'server.pem');
  await runCommand('openssl', ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', server.caFile, leaf]);
  const { port } = new URL(server.s3Url);
  for (const host of ['localhost', 's3.localhost', 'bucket.s3.localhost', '127.0.0.1', '::1']) {
    const version = await runCommand('python3', ['-c', STRICT_PYTHON, host, port, server.caFile]);
    assert.equal(version.trim(), 'TLSv1.3', host);
  }
});

test('the certificate follows the configured names, the CA stays', async () => {
  await using first = await startServer();
  const ca = readFileSync(first.caFile, 'utf8');
  const leafFile = join(first.dataDir, 'tls', 'server.pem');
  const leaf = readFileSync(leafFile, 'utf8');
  await first.stop();
  await using same = await startServer({ dataDir: first.dataDir });
  assert.equal(readFileSync(leafFile, 'utf8'), leaf, 'without a change the certificate stays');
  await same.stop();
  const args = ['--domain', 's3.example.com', '--tls-name', '192.0.2.7'];
  await using changed = await startServer({ dataDir: first.dataDir, args });
  assert.equal(readFileSync(changed.caFile, 'utf8'), ca);
  const issued = new X509Certificate(readFileSync(leafFile));
  for (const name of ['s3.example.com', 'bucket.s3.example.com']) assert.ok(issued.checkHost(name), name);
  assert.ok(issued.checkIP('192.0.2.7'));
  assert.ok(issued.verify(new X509Certificate(ca).publicKey));
});

test('a session begun with one worker resumes with the other', async () => {
  await using server = await startServer();
  const session = await openSession(server.s3Url, server.caFile);
  const resumed = [];
  for (let i = 0; i < 4; i++) resumed.push(await isResumed(server.s3Url, server.caFile, session));
  assert.deepEqual(resumed, [true, true, true, true]);
});

test('certificates from files are used as they are, and must fit together', async () => {
  await using local = await startServer();
  const files = { cert: join(local.dataDir, 'tls', 'server.pem'), key: join(local.dataDir, 'tls', 'server-key.pem') };
  await using server = await startServer({ args: ['--tls-cert', files.cert, '--tls-key', files.key] });
  assert.equal((await get(`${server.s3Url}/health/live`, local.caFile)).status, 200);
  const otherKey = join(local.dataDir, 'tls', 'ca-key.pem');
  await assert.rejects(startServer({ args: ['--tls-cert', files.cert, '--tls-key', otherKey] }), /is not the key of/);
});

test('trust puts the CA into the browsers store and takes it out again', async () => {
  await using server = await startServer();
  const bin = new URL('../../bin/vstorage.js', import.meta.url).pathname;
  const home = server.dataDir;
  const trust = (...args: string[]): Promise<string> =>
    runCommand(process.execPath, [bin, 'trust', '--no-system', '--data-dir', server.dataDir, ...args], {
      env: { HOME: home },
    });
  const list = (): Promise<string> => runCommand('certutil', ['-d', `sql:${home}/.pki/nssdb`, '-L']);
  await trust();
  await trust();
  assert.equal((await list()).match(/^vstorage-[0-9a-f]{8} +C,,/gm)?.length, 1);
  await trust('--remove');
  assert.ok(!(await list()).includes('vstorage-'));
});

function openSession(url: string, caFile: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      port: Number(new URL(url).port),
      host: '127.0.0.1',
      servername: 'localhost',
      ca: readFileSync(caFile),
    });
    socket.once('session', (session) => {
      resolve(session);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

function isResumed(url: string, caFile: string, session: Buffer): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const options = {
      port: Number(new URL(url).port),
      host: '127.0.0.1',
      servername: 'localhost',
      ca: readFileSync(caFile),
      session,
    };
    const socket = connect(options, () => {
      resolve(socket.isSessionReused());
      socket.destroy();
    });
    socket.once('error', reject);
  });
}
