import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { PostgresPlace } from './config.ts';
import { readPostgresUrl } from './postgres-url.ts';
import { ConfigError } from './sources.ts';

const cwd = mkdtempSync(join(tmpdir(), 'vstorage-postgres-url-'));
after(() => rmSync(cwd, { recursive: true }));
writeFileSync(join(cwd, 'ca.pem'), '');
writeFileSync(join(cwd, 'password'), 'from a file\n');

const read = (url: string, label = 'VSTORAGE_METADATA'): PostgresPlace => readPostgresUrl(url, label, cwd);

function refuses(url: string, ...fragments: readonly string[]): void {
  assert.throws(
    () => read(url),
    (error: unknown) => {
      assert.ok(error instanceof ConfigError, String(error));
      for (const fragment of ['VSTORAGE_METADATA', ...fragments])
        assert.ok(error.message.includes(fragment), error.message);
      return true;
    },
  );
}

test('several hosts, each with its port or the usual one', () => {
  const { hosts, user, database, schema } = read(
    'postgres://vs@db1:5433,db2,[::1]:6000/store?target_session_attrs=read-write',
  );
  assert.deepEqual(hosts, [
    { host: 'db1', port: 5433 },
    { host: 'db2', port: 5432 },
    { host: '::1', port: 6000 },
  ]);
  assert.deepEqual([user, database, schema], ['vs', 'store', 'vstorage']);
});

test('names and passwords may hold any character, written with %', () => {
  const place = read('postgresql://v%40s:p%2Fw%3A%40@db/st%20ore');
  assert.deepEqual([place.user, place.password, place.database], ['v@s', 'p/w:@', 'st ore']);
});

test('a password may stand in a file, and none is none', () => {
  assert.equal(read('postgres://vs@db/store?passfile=password').password, 'from a file');
  assert.equal(read('postgres://vs@db/store').password, null);
  refuses('postgres://vs@db/store?passfile=missing', 'passfile', 'missing');
});

test('the folder of a Unix socket is a host', () => {
  assert.deepEqual(read('postgres://vs@/store?host=/run/postgresql').hosts, [{ host: '/run/postgresql', port: 5432 }]);
  assert.deepEqual(read('postgres://vs@%2Frun%2Fpostgresql/store').hosts, [{ host: '/run/postgresql', port: 5432 }]);
});

test('what leaves the machine is encrypted to a verified server unless told otherwise', () => {
  assert.deepEqual(read('postgres://vs@db/store').tls, {
    verifyCertificate: true,
    verifyName: true,
    caFile: null,
    identity: null,
  });
  assert.equal(read('postgres://vs@127.0.0.1/store').tls, null);
  assert.notEqual(read('postgres://vs@localhost,db/store').tls, null);
  assert.equal(read('postgres://vs@db/store?sslmode=disable').tls, null);
  const required = read('postgres://vs@db/store?sslmode=require').tls;
  assert.deepEqual([required?.verifyCertificate, required?.verifyName], [false, false]);
  const asked = read('postgres://vs@db/store?sslmode=require&sslrootcert=ca.pem').tls;
  assert.deepEqual([asked?.verifyCertificate, asked?.verifyName, asked?.caFile], [true, false, join(cwd, 'ca.pem')]);
});

test('what would be ignored or cannot be is refused by name', () => {
  refuses('postgres://db/store', 'no user');
  refuses('postgres://vs@db/', 'no database');
  refuses('postgres://vs@/store', 'host');
  refuses('postgres://vs@db:x/store', 'host');
  refuses('postgres:store', 'postgres://USER@HOST');
  refuses('postgres://vs@db/store?sslmode=prefer', 'sslmode');
  refuses('postgres://vs@db/store?sslcert=ca.pem', 'sslkey');
  refuses('postgres://vs@db/store?pool=5', '"pool"', 'read_connections');
  refuses('postgres://vs@db/store?read_connections=0', 'read_connections');
  refuses('postgres://vs@db/store?target_session_attrs=any', 'target_session_attrs');
  refuses('postgres://vs@db/store?schema=a;b', 'schema');
  refuses('postgres://v%ZZ@db/store', '%25');
});
