import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { startServer } from '../support/start-server.ts';
import { eventually, get } from './exchange.ts';

const workersOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

test('a worker that dies is replaced, and meanwhile every new connection is served', async () => {
  await using server = await startServer();
  const before = workersOf(server.pid);
  process.kill(before[0] ?? 0, 'SIGKILL');
  for (let i = 0; i < 20; i++) {
    // One that was being handed to the dying worker may be cut; a client tries again.
    const answer = await get(`${server.s3Url}/health/live`, server.caFile).catch(() =>
      get(`${server.s3Url}/health/live`, server.caFile),
    );
    assert.equal(answer.status, 200);
  }
  await eventually('a new worker', 10_000, async () => {
    const now = workersOf(server.pid);
    return now.length === 2 && now.every((pid) => pid !== before[0]);
  });
});

test('with a single worker, connections wait for its replacement', async () => {
  await using server = await startServer({ workers: 1 });
  const [worker] = workersOf(server.pid);
  process.kill(worker ?? 0, 'SIGKILL');
  await eventually('the death', 5_000, async () => !workersOf(server.pid).includes(worker ?? 0));
  assert.equal((await get(`${server.s3Url}/health/live`, server.caFile)).status, 200);
});

test('connections are spread evenly over the workers, and metrics add them up', async () => {
  await using server = await startServer({ args: ['--log-level', 'debug'] });
  for (let i = 0; i < 10; i++) await get(`${server.s3Url}/`, server.caFile);
  const { body } = await get(`${server.consoleUrl}/metrics`, server.caFile);
  assert.match(body, /vstorage_s3_requests_total\{operation="ListBuckets",status="403"\} 10\n/);
  const logged = (worker: number): number =>
    server
      .stderr()
      .split('\n')
      .filter((line) => line.includes(`"worker":${worker}`) && line.includes('s3 request')).length;
  await eventually('the log', 5_000, async () => logged(1) + logged(2) === 10);
  assert.equal(logged(1), 5);
});

test('metrics are for the machine itself, or for who has the token', async () => {
  const token = 'test-metrics-token-0123';
  await using server = await startServer({ args: ['--behind-proxy'], env: { VSTORAGE_METRICS_TOKEN: token } });
  const url = server.consoleUrl.replace('https:', 'http:');
  assert.equal((await fetch(`${url}/metrics`)).status, 401);
  assert.equal((await fetch(`${url}/metrics`, { headers: { authorization: 'Bearer wrong' } })).status, 401);
  assert.equal((await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })).status, 200);
});

test('an idle worker needs less than 200 MiB', async () => {
  await using server = await startServer();
  for (const pid of workersOf(server.pid)) {
    const kib = Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    assert.ok(kib < 200 * 1024, `${kib} KiB`);
  }
});
