// To whom the PostgreSQL store speaks, and what it does when that is somebody else.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chown, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { startPostgres } from '../../scripts/cluster/postgres.ts';
import { readPostgresUrl } from '../../src/config/postgres-url.ts';
import { StoreUnavailableError } from '../../src/metadata/metadata-store.ts';
import { openPostgresStore } from '../../src/metadata/postgres.ts';
import { get, put } from '../contract/fixture.ts';

const folder = await mkdtemp(join(tmpdir(), 'vstorage-postgres-tls-'));
after(() => rm(folder, { recursive: true }));
const ca = await selfSigned('server', 'localhost');
await selfSigned('other', 'localhost');

const server = await startPostgres({ durable: false });
after(() => server[Symbol.asyncDispose]());
for (const [setting, file] of [
  ['ssl_cert_file', ca.cert],
  ['ssl_key_file', ca.key],
] as const) {
  const { uid, gid } = await stat(join(server.folder, 'data'));
  await chown(file, uid, gid);
  await server.execute(`ALTER SYSTEM SET ${setting} = '${file}'`);
}
// The server's user must reach the files.
await promisify(execFile)('chmod', ['711', folder]);
await server.execute('ALTER SYSTEM SET ssl = on');
await server.execute('SELECT pg_reload_conf()');

const url = (host: string, parameters: string): string =>
  server.url().replace('127.0.0.1', host).replace(/\?.*/, `?schema=tls&${parameters}`);
const open = (host: string, parameters: string): ReturnType<typeof openPostgresStore> =>
  openPostgresStore(readPostgresUrl(url(host, parameters), 'VSTORAGE_METADATA', folder));

test('a verified server is spoken to over TLS', async () => {
  await using store = await open('localhost', 'sslmode=verify-full&sslrootcert=server.pem');
  await put(store, 'key', 'value');
  assert.equal(await get(store, 'key'), 'value');
  const { rows } = await server.execute(
    "SELECT bool_and(s.ssl) AS all FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE application_name = 'vstorage'",
  );
  assert.deepEqual(rows, [{ all: true }]);
});

test('a server with another certificate, or of another name, is refused before it learns the password', async () => {
  const refused = (error: Error): boolean =>
    error instanceof StoreUnavailableError && /certif|self.signed|altname/i.test(error.message);
  await assert.rejects(open('localhost', 'sslmode=verify-full&sslrootcert=other.pem'), refused);
  await assert.rejects(open('localhost', 'sslmode=verify-ca&sslrootcert=other.pem'), refused);
  await assert.rejects(open('localhost', 'sslmode=verify-full'), refused);
  await assert.rejects(open('127.0.0.1', 'sslmode=verify-full&sslrootcert=server.pem'), refused);
});

test('less can be asked for: any name, or any certificate', async () => {
  await using byAuthority = await open('127.0.0.1', 'sslmode=verify-ca&sslrootcert=server.pem');
  await byAuthority.ready();
  await using byNobody = await open('127.0.0.1', 'sslmode=require');
  await byNobody.ready();
});

test('a server without TLS is refused when TLS is asked for', async () => {
  await using plain = await startPostgres({ durable: false });
  const place = readPostgresUrl(plain.url().replace(/\?.*/, '?sslmode=require'), 'VSTORAGE_METADATA', folder);
  await assert.rejects(openPostgresStore(place), (error: Error) => /does not support SSL/.test(error.message));
});

async function selfSigned(name: string, host: string): Promise<{ readonly cert: string; readonly key: string }> {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}-key.pem`)];
  const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
  const files = ['-keyout', key, '-out', cert];
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    ...subject,
    ...files,
  ]);
  return { cert, key };
}
