// Stores that do not answer, and a thousand requests at once: each is refused in time, most of those that cannot even wait
// at once, and the worker's memory stays what it was.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { after, test } from 'node:test';
import { startPostgres } from '../../scripts/cluster/postgres.ts';
import { MOST_WAITING } from '../../src/s3/admission.ts';
import { startServer } from '../support/start-server.ts';
import { startProxy } from '../support/tcp-proxy.ts';
import { untilWorks } from '../support/until-works.ts';

const REQUESTS = 1_000;
const WAVES = 3;
const BODY = Buffer.alloc(32 * 1024);
const WAIT_SECONDS = 5;
/** waiting for a connection, or for a statement on one; and what a busy machine takes */
const MOST_MS = 30_000;
const MOST_GROWTH_BYTES = 64 * 2 ** 20;

await using opened = new AsyncDisposableStack();
const postgres = opened.use(await startPostgres({ durable: false }));
const proxy = opened.use(await startProxy({ host: '127.0.0.1', port: postgres.port }));
const url = postgres.url({ wait_timeout: String(WAIT_SECONDS), statement_timeout: '5' });
const server = opened.use(
  await startServer({
    workers: 1,
    env: { VSTORAGE_METADATA: url.replace(`:${postgres.port}/`, `:${proxy.port}/`) },
  }),
);
const ca = readFileSync(server.caFile);
const agent = new Agent({ ca, keepAlive: true, maxSockets: REQUESTS });
opened.defer(() => agent.destroy());
const resources = opened.move();
after(() => resources.disposeAsync());

type Answer = { readonly status: number; readonly code: string; readonly retryAfter: string; readonly tookMs: number };

function send(method: string, path: string, body?: Buffer): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const startedMs = performance.now();
  const sent = request(new URL(path, server.s3Url), { method, agent }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    response.on('error', reject);
    response.on('end', () => {
      const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? '';
      const retryAfter = response.headers['retry-after'] ?? '';
      resolve({ status: response.statusCode ?? 0, code, retryAfter, tookMs: performance.now() - startedMs });
    });
  });
  sent.on('error', reject);
  sent.end(body);
  return promise;
}

const wave = (method: string, path: string, body?: Buffer): Promise<Answer[]> =>
  Promise.all(Array.from({ length: REQUESTS }, () => send(method, path, body)));

/** of the only worker */
function residentBytes(): number {
  const [worker] = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').split(' ');
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${worker}/status`, 'utf8'))?.[1];
  return Number(kib) * 1024;
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}

test('a thousand requests while the store is silent: refused in time, most at once, in flat memory', async (t) => {
  // connections are made before anything is measured
  assert.ok((await wave('GET', '/health/live')).every(({ status }) => status === 200));
  assert.ok((await wave('PUT', '/bucket/key', BODY)).every(({ status }) => status === 404 || status === 503));
  proxy.pause();
  const memory: number[] = [];
  for (let number = 1; number <= WAVES; number++) {
    const waiting = wave('PUT', '/bucket/key', BODY);
    assert.equal((await send('GET', '/health/live')).status, 200);
    const answers = await waiting;
    assert.deepEqual([...new Set(answers.map(({ status, retryAfter }) => `${status} ${retryAfter}`))], ['503 1']);
    const turnedAway = answers.filter(({ code }) => code === 'SlowDown').map(({ tookMs }) => tookMs);
    const waited = answers.filter(({ code }) => code === 'ServiceUnavailable').map(({ tookMs }) => tookMs);
    assert.equal(turnedAway.length + waited.length, REQUESTS);
    assert.ok(waited.length <= MOST_WAITING + 100, `${waited.length} waited`);
    const [p99, p99Waited] = [percentile(turnedAway, 0.99), percentile(waited, 0.99)];
    memory.push(residentBytes());
    t.diagnostic(
      `wave ${number}: ${turnedAway.length} SlowDown, p99 ${Math.round(p99)} ms; ${waited.length} waited, ` +
        `p99 ${Math.round(p99Waited)} ms; ${Math.round((memory.at(-1) ?? 0) / 2 ** 20)} MiB`,
    );
    assert.ok(p99 < WAIT_SECONDS * 1000, `who could not wait was told after ${p99} ms`);
    assert.ok(p99Waited < MOST_MS, `who waited was told after ${p99Waited} ms`);
  }
  const growth = (memory.at(-1) ?? 0) - (memory[0] ?? 0);
  assert.ok(growth < MOST_GROWTH_BYTES, `${Math.round(growth / 2 ** 20)} MiB more after ${WAVES} waves`);
  proxy.resume();
  await untilWorks(async () => assert.equal((await send('GET', '/bucket/key')).status, 404));
});
