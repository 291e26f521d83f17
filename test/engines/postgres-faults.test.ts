// PostgreSQL that fails, hangs, is full or lies elsewhere: bounded times, the right error, nothing lost.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  OutcomeUnknownError,
  StoreFullError,
  StoreUnavailableError,
  TransactionConflictError,
} from '../../src/metadata/metadata-store.ts';
import { openPostgresStore } from '../../src/metadata/postgres.ts';
import type { PostgresOptions } from '../../src/metadata/postgres-options.ts';
import { bytes, get, put } from '../contract/fixture.ts';
import { startPostgres } from '../../scripts/cluster/postgres.ts';
import { postgresOptions, sharePostgres } from '../support/postgres.ts';
import { startProxy } from '../support/tcp-proxy.ts';
import { untilWorks } from '../support/until-works.ts';

const server = await sharePostgres();
after(() => server[Symbol.asyncDispose]());
const address = { host: '127.0.0.1', port: server.port };

const quick = { connectTimeoutMs: 1_000, waitTimeoutMs: 1_000, statementTimeoutMs: 1_000 };
let schemas = 0;

function options(more: Partial<PostgresOptions> = {}): PostgresOptions {
  return { ...postgresOptions(`faults_${++schemas}`), ...quick, ...more };
}

const isUnavailable = (error: unknown): boolean => error instanceof StoreUnavailableError;

async function durationMs(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

test('a connection cut while a commit is on its way leaves the outcome unknown, and the next commit works', async () => {
  await using proxy = await startProxy(address);
  await using store = await openPostgresStore(options({ hosts: [{ host: '127.0.0.1', port: proxy.port }] }));
  await put(store, 'before', 'x');
  proxy.onSent = (sent) => !sent.includes('not sent');
  await assert.rejects(put(store, 'not sent', 'x'), OutcomeUnknownError);
  proxy.onSent = (sent) => {
    if (sent.includes('not heard of')) proxy.onAnswered = () => false;
    return true;
  };
  await assert.rejects(put(store, 'not heard of', 'x'), OutcomeUnknownError);
  proxy.onSent = () => true;
  proxy.onAnswered = () => true;
  assert.deepEqual([await get(store, 'not sent'), await get(store, 'not heard of')], [undefined, 'x']);
  await put(store, 'after', 'x');
  assert.equal(await get(store, 'after'), 'x');
});

test('reads go on over connections that died unnoticed', async () => {
  await using proxy = await startProxy(address);
  await using store = await openPostgresStore(options({ hosts: [{ host: '127.0.0.1', port: proxy.port }] }));
  await put(store, 'key', 'value');
  for (let round = 0; round < 3; round++) {
    await Promise.all(Array.from({ length: 8 }, () => get(store, 'key')));
    let ends = 2;
    proxy.onSent = () => ends-- <= 0;
    assert.equal(await get(store, 'key'), 'value');
    assert.ok(ends < 0);
  }
});

test('a partition: reads, commits and readiness fail in bounded time, and work again without a restart', async () => {
  await using proxy = await startProxy(address);
  await using store = await openPostgresStore(options({ hosts: [{ host: '127.0.0.1', port: proxy.port }] }));
  await put(store, 'key', 'value');
  // Several connections that will hang: the next one must not be tried after each.
  await Promise.all(Array.from({ length: 6 }, () => get(store, 'key')));
  proxy.pause();
  const fails = async (work: Promise<unknown>): Promise<void> => {
    await assert.rejects(work, (error) => isUnavailable(error) || error instanceof OutcomeUnknownError);
  };
  const tookMs = await durationMs(() =>
    Promise.all([fails(get(store, 'key')), fails(put(store, 'key', 'other')), fails(store.ready())]),
  );
  // wait + statement + 2 s, and what a busy machine takes
  assert.ok(tookMs < 6_000, `${tookMs} ms`);
  proxy.resume();
  await untilWorks(() => get(store, 'key'));
  await untilWorks(() => put(store, 'again', 'x'));
  await store.ready();
});

test('a server that restarts is found again', async () => {
  await using own = await startPostgres({ durable: false });
  await using store = await openPostgresStore({ ...options(), ...placeOf(own.url()) });
  await put(store, 'key', 'value');
  await own.kill();
  await assert.rejects(store.ready(), isUnavailable);
  await own.start();
  await untilWorks(() => get(store, 'key'));
  assert.equal(await get(store, 'key'), 'value');
});

test('of several hosts the one that takes writes is used; an unreachable one costs no more than its timeout', async () => {
  const dead = { host: '127.0.0.1', port: 1 };
  await using store = await openPostgresStore(options({ hosts: [dead, address] }));
  await put(store, 'key', 'value');
  assert.equal(await get(store, 'key'), 'value');
  const nowhere = openPostgresStore(options({ hosts: [dead, { host: '127.0.0.1', port: 2 }] }));
  await assert.rejects(nowhere, (error: Error) => isUnavailable(error) && error.message.includes('127.0.0.1:2'));
});

test('more readers than connections wait their turn, and are refused in time when none comes free', async () => {
  await using store = await openPostgresStore(options({ readConnections: 2 }));
  await put(store, 'key', 'value');
  const slow = (ms: number): Promise<string | undefined> =>
    store.read(async (snapshot) => {
      const value = await snapshot.get(bytes('key'));
      await sleep(ms);
      return value === undefined ? undefined : Buffer.from(value).toString();
    });
  const served = await Promise.all(Array.from({ length: 20 }, () => slow(20)));
  assert.ok(served.every((value) => value === 'value'));
  const outcomes = Promise.allSettled([slow(2_500), slow(2_500), slow(0), slow(0)]);
  const refused = (await outcomes).filter(({ status }) => status === 'rejected');
  assert.equal(refused.length, 2);
});

test('snapshots inside snapshots do not wait for each other', async () => {
  await using store = await openPostgresStore(options({ readConnections: 2 }));
  await put(store, 'key', 'value');
  const nested = (): Promise<string | undefined> =>
    store.read(async (outer) => {
      await outer.get(bytes('key'));
      return get(store, 'key');
    });
  assert.deepEqual(await Promise.all([nested(), nested(), nested(), nested()]), Array(4).fill('value'));
});

test('a full disk is StoreFullError, and deleting and reading go on', async () => {
  await server.execute(`CREATE SCHEMA full_disk`);
  const full = { ...options(), schema: 'full_disk' };
  await using store = await openPostgresStore(full);
  await put(store, 'key', 'value');
  // What the server answers when a file cannot grow.
  await server.execute(`
    CREATE FUNCTION full_disk.fail() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
    CREATE TRIGGER fail BEFORE INSERT ON full_disk.entries EXECUTE FUNCTION full_disk.fail()`);
  await assert.rejects(put(store, 'other', 'x'), StoreFullError);
  assert.equal(await get(store, 'key'), 'value');
  await server.execute('DROP TRIGGER fail ON full_disk.entries');
  await put(store, 'other', 'x');
});

test('who conflicts for ever gives up, having written nothing', async () => {
  await using store = await openPostgresStore(options());
  await server.execute(`
    CREATE FUNCTION faults_${schemas}.fail() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = 'serialization_failure'; END $$;
    CREATE TRIGGER fail BEFORE INSERT ON faults_${schemas}.entries EXECUTE FUNCTION faults_${schemas}.fail()`);
  await assert.rejects(put(store, 'key', 'x'), TransactionConflictError);
});

test('no message holds the password', async () => {
  const password = 'wrong-Passw0rd';
  const failing: readonly Partial<PostgresOptions>[] = [
    { password },
    { password, database: 'missing' },
    { password, hosts: [{ host: '127.0.0.1', port: 1 }] },
    { password, hosts: [{ host: 'no.such.host.invalid', port: 1 }] },
  ];
  for (const one of failing) {
    await assert.rejects(openPostgresStore(options(one)), (error: Error) => {
      assert.ok(error instanceof StoreUnavailableError);
      assert.ok(!inspectAll(error).includes(password), error.message);
      return true;
    });
  }
});

test('tables of a newer program are refused', async () => {
  const newer = options();
  await (await openPostgresStore(newer))[Symbol.asyncDispose]();
  await server.execute(`UPDATE ${newer.schema}.layout SET version = 99`);
  await assert.rejects(openPostgresStore(newer), /newer program/);
});

function placeOf(url: string): Pick<PostgresOptions, 'hosts' | 'user' | 'password'> {
  const { port, username, password } = new URL(url);
  return { hosts: [{ host: '127.0.0.1', port: Number(port) }], user: username, password };
}

function inspectAll(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error);
  return `${error.message} ${error.stack} ${JSON.stringify(error)} ${inspectAll(error.cause ?? null)}`;
}
