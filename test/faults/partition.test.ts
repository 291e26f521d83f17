// A gateway that cannot reach one of its stores, though nothing is told to it: requests fail in bounded time with 503 in
// S3's XML, readiness says so, and all works again without a restart when the network is back. PostgreSQL is behind a
// proxy that passes nothing on. Of Ceph every daemon is stopped: its clients find what its address book says, so no proxy
// can stand between, and a peer that is stopped keeps silent like one that packets do not reach.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { get } from 'node:https';
import { after, test } from 'node:test';
import { startPostgres } from '../../scripts/cluster/postgres.ts';
import { HttpsBrowser } from '../api/https-browser.ts';
import { shareCeph, TEST_POOL } from '../support/ceph.ts';
import { type RawReply, type RawRequest, type RawS3, rawS3 } from '../support/raw-s3.ts';
import { startServer } from '../support/start-server.ts';
import { startProxy } from '../support/tcp-proxy.ts';
import { untilWorks } from '../support/until-works.ts';
import { createRootKey } from './s3-client.ts';

/** what the settings below allow, and what a busy machine takes */
const MOST_MS = 20_000;
const SECONDS = { connect_timeout: '1', wait_timeout: '2', statement_timeout: '2' };
const SMALL = Buffer.alloc(1_000, 's');
const LARGE = Buffer.alloc(300_000, 'l');

await using opened = new AsyncDisposableStack();
const postgres = opened.use(await startPostgres({ durable: false }));
const ceph = opened.use(await shareCeph());
const proxy = opened.use(await startProxy({ host: '127.0.0.1', port: postgres.port }));
const server = opened.use(
  await startServer({
    env: {
      VSTORAGE_METADATA: postgres.url(SECONDS).replace(`:${postgres.port}/`, `:${proxy.port}/`),
      VSTORAGE_BLOBS: `rados://${TEST_POOL}?conf=${ceph.confFile}&id=admin&namespace=partition&timeout=3`,
    },
  }),
);
const ca = await readFile(server.caFile, 'utf8');
const s3: RawS3 = rawS3({ url: server.s3Url, ca, region: 'HAN02', ...(await createRootKey(server)) });
const resources = opened.move();
after(() => resources.disposeAsync());

function readiness(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  get(`${server.s3Url}/health/ready`, { ca, agent: false }, (response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  }).on('error', reject);
  return promise;
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const startedMs = performance.now();
  const result = await work;
  const tookMs = performance.now() - startedMs;
  assert.ok(tookMs < MOST_MS, `${Math.round(tookMs)} ms`);
  return result;
}

function assertUnavailable({ status, code, headers }: RawReply, request: RawRequest): void {
  const what = `${request.method ?? 'GET'} ${request.path}`;
  assert.equal(status, 503, what);
  assert.equal(code, 'ServiceUnavailable', what);
  assert.equal(headers['content-type'], 'application/xml', what);
  assert.equal(headers['retry-after'], '1', what);
}

async function assertAllFail(requests: readonly RawRequest[]): Promise<void> {
  const replies = await inTime(Promise.all(requests.map((request) => s3(request))));
  for (const [index, request] of requests.entries()) assertUnavailable(replies[index] ?? assert.fail(), request);
  assert.equal(await inTime(readiness()), 503);
}

async function assertAllWorks(): Promise<void> {
  await untilWorks(async () => assert.equal(await readiness(), 200));
  await untilWorks(async () =>
    assert.equal((await s3({ method: 'PUT', path: '/bucket/again', body: LARGE })).status, 200),
  );
  assert.equal((await s3({ path: '/bucket/small' })).text, SMALL.toString());
  assert.ok((await s3({ path: '/bucket/large' })).body.equals(LARGE));
  assert.doesNotMatch(server.stdout() + server.stderr(), /a worker ended/, 'nothing was restarted');
}

test('before anything happens, it serves', async () => {
  assert.equal((await s3({ method: 'PUT', path: '/bucket' })).status, 200);
  assert.equal((await s3({ method: 'PUT', path: '/bucket/small', body: SMALL })).status, 200);
  assert.equal((await s3({ method: 'PUT', path: '/bucket/large', body: LARGE })).status, 200);
  await assertAllWorks();
});

test('a partition between gateway and PostgreSQL: 503 in bounded time, then all works again', async () => {
  proxy.pause();
  const browser = new HttpsBrowser(server);
  const signIn = browser.tryToSignIn({ type: 'root', email: server.rootEmail, password: server.rootPassword });
  await assertAllFail([
    { path: '/bucket/small' },
    { path: '/bucket/large', headers: { origin: 'https://page.example' } },
    { method: 'PUT', path: '/bucket/new', body: SMALL },
    { method: 'PUT', path: '/bucket/new-large', body: LARGE },
    { method: 'DELETE', path: '/bucket/small' },
    { path: '/bucket', query: 'list-type=2' },
    { path: '/' },
  ]);
  assert.equal((await inTime(signIn)).status, 503);
  proxy.resume();
  await assertAllWorks();
});

test('connections to PostgreSQL that all break at once are no error of the next request', async () => {
  proxy.cut();
  assert.equal((await inTime(s3({ path: '/bucket/small' }))).status, 200);
  await assertAllWorks();
});

test('a partition between gateway and Ceph: 503 in bounded time for what is there, and only for that', async () => {
  ceph.freeze();
  try {
    const small = inTime(s3({ path: '/bucket/small' }));
    const list = inTime(s3({ path: '/bucket', query: 'list-type=2' }));
    await assertAllFail([
      { path: '/bucket/large' },
      { path: '/bucket/large', headers: { range: 'bytes=100000-200000' } },
      { method: 'PUT', path: '/bucket/new-large', body: LARGE },
    ]);
    assert.deepEqual([(await small).status, (await list).status], [200, 200]);
    assert.equal((await inTime(s3({ method: 'PUT', path: '/bucket/new', body: SMALL }))).status, 200);
  } finally {
    ceph.thaw();
  }
  await assertAllWorks();
});
