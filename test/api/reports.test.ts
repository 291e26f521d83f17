import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import type { ProjectView } from '../../src/console-api/contract.ts';
import type { ReportView } from '../../src/console-api/contract/reports.ts';
import { foldMeters } from '../../src/reports/fold-meters.ts';
import { sampleUsage } from '../../src/reports/sample-usage.ts';
import { rawS3 } from '../support/raw-s3.ts';
import { startServer } from '../support/start-server.ts';
import { refused } from './browser.ts';
import { startConsole } from './console-fixture.ts';
import { HttpsBrowser } from './https-browser.ts';
import { get, makeBucket, put } from './objects-of.ts';

const HOUR_MS = 3_600_000;
/** Workers write down what they counted every five seconds. */
const SOON_MS = 30_000;
const GIB = 2 ** 30;

type Key = { readonly accessKey: string; readonly secretKey: string; readonly projectId: string };

test('every request and byte of S3 clients is in the report, counted once, on all workers', async () => {
  await using server = await startServer();
  const key = (await server.cli(['s3-key', 'create', '--account', server.rootEmail, '--project', 'default'])) as Key;
  const s3 = rawS3({ url: server.s3Url, ca: readFileSync(server.caFile), region: 'HAN02', ...key });
  const body = 'x'.repeat(1000);
  const statuses: number[] = [];
  let bytesOut = 0;
  const send = async (method: string, path: string, more: object = {}): Promise<void> => {
    const reply = await s3({ method, path, ...more });
    statuses.push(reply.status);
    bytesOut += method === 'HEAD' ? 0 : reply.body.length;
  };
  await send('PUT', '/counted');
  for (let i = 0; i < 5; i++) await send('PUT', `/counted/key-${i}`, { body });
  for (let i = 0; i < 4; i++) await send('GET', `/counted/key-${i}`);
  await send('HEAD', '/counted/key-0');
  await send('GET', '/counted/missing');
  await send('GET', '/counted', { query: 'list-type=2' });
  await send('GET', '/');
  await send('DELETE', '/counted/key-4');
  await send('GET', '/counted/key-0', { auth: 'anonymous' });
  await s3({ path: '/counted/key-0', tamper: { signature: () => '0'.repeat(64) } });
  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 404, 200, 200, 204, 403]);
  const root = new HttpsBrowser(server);
  await root.signIn({ type: 'root', email: server.rootEmail, password: server.rootPassword });
  const report = async (path: string): Promise<ReportView> => {
    const answer = await root.send('GET', `reports/${path}`);
    assert.equal(answer.status, 200, answer.text);
    return JSON.parse(answer.text) as ReportView;
  };
  const total = async (path: string) => (await report(path)).sum.total;
  const wanted = { read: 7, write: 6, list: 2, delete: 1, '2xx': 14, '3xx': 0, '4xx': 2, '5xx': 0 };
  const until = performance.now() + SOON_MS;
  while ((await total('requests'))['2xx'] !== wanted['2xx'] && performance.now() < until) await sleep(500);
  assert.deepEqual(await total('requests?step=total'), wanted);
  assert.deepEqual(await total('requests?step=hour&by=project'), wanted);
  assert.deepEqual(await total('traffic?by=region'), { bytesIn: 5 * body.length, bytesOut });
  const buckets = await report('requests?by=bucket');
  assert.deepEqual(
    buckets.lines.map(({ label, projectName, total: { write, list } }) => [label, projectName, write, list]),
    [['counted', 'default', 5, 1]],
    'making the bucket and listing buckets are about the project',
  );
  const usage = await total('usage?by=bucket&bucket=counted');
  assert.deepEqual(usage, { bytes: 4 * body.length, objects: 4 });
});

test('uploads and downloads in the console count like those of S3 clients, and stay when hours are over', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const { identity } = fixture.deps;
  const bucket = await makeBucket(fixture, root, 'holiday');
  await put(root, bucket, 'a.txt', Buffer.alloc(5000, 1));
  await put(root, bucket, 'b.txt', 'four');
  await get(root, bucket, 'a.txt');
  await get(root, bucket, 'missing');
  await root.get(`${bucket}/objects`);
  await fixture.meter.flush();
  const check = async (): Promise<void> => {
    const later = await fixture.root();
    const { sum } = await later.get<ReportView>('reports/requests?by=bucket&step=total');
    assert.deepEqual(sum.total, { read: 2, write: 2, list: 1, delete: 0, '2xx': 4, '3xx': 0, '4xx': 1, '5xx': 0 });
    const { total } = (await later.get<ReportView>('reports/traffic?bucket=holiday&by=project')).sum;
    assert.equal(total['bytesIn'], 5004);
    const out = total['bytesOut'] ?? 0;
    assert.ok(out > 5000 && out < 10_000, String(out));
  };
  await check();
  while (await sampleUsage(identity));
  fixture.advanceClock(2 * HOUR_MS);
  assert.ok(await foldMeters(identity));
  await check();
});

test('a report is by the hour or day, by region, class, project or bucket, and of the range asked for', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const wanted = { name: 'archive', class: 'instant-archive', quotaBytes: 2 * GIB };
  const { id } = await root.change<ProjectView>('POST', 'projects', wanted, 201);
  while (await sampleUsage(fixture.deps.identity));
  const to = new Date(fixture.deps.identity.clock()).toISOString();
  const labels = async (by: string) => {
    const { lines } = await root.get<ReportView>(`reports/quota?by=${by}`);
    return lines.map(({ label, total }) => [label, total['quotaBytes']]);
  };
  assert.deepEqual(await labels('all'), [['all', 3 * GIB]]);
  assert.deepEqual(await labels('region'), [['HAN02', 3 * GIB]]);
  assert.deepEqual(await labels('class'), [
    ['instant-archive', 2 * GIB],
    ['gold', GIB],
  ]);
  assert.deepEqual(await labels('project'), [
    ['archive', 2 * GIB],
    ['default', GIB],
  ]);
  const hours = await root.get<ReportView>(`reports/usage?step=hour&projectId=${id}&to=${to}`);
  assert.ok(hours.times.length === 30 * 24 || hours.times.length === 30 * 24 + 1);
  assert.equal(hours.sum.values['bytes']?.at(-1), 0);
  assert.equal(hours.sum.values['bytes']?.at(0), null, 'nothing was known then');
  const from = new Date(Date.parse(to) - 3 * 24 * HOUR_MS).toISOString();
  assert.equal((await root.get<ReportView>(`reports/usage?from=${from}&to=${to}`)).times.length, 4);
  for (const path of [
    `usage?from=${to}&to=${from}`,
    'usage?step=hour&from=2020-01-01T00:00:00Z&to=2021-01-01T00:00:00Z',
  ]) {
    refused(await root.send('GET', `reports/${path}`), 400, 'invalid-range');
  }
  refused(await root.send('GET', 'reports/weather'), 400, 'invalid-request');
  refused(await root.send('GET', 'reports/usage?by=moon'), 400, 'invalid-request');
});

test('a report is a CSV file too, in which no name is a formula', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  await root.change('POST', 'projects', { name: '@home', quotaBytes: GIB }, 201);
  const answer = await root.send('GET', 'reports/quota/report.csv?by=project&step=total');
  assert.match(String(answer.headers['content-disposition']), /attachment; filename="vstorage-quota-[\d-]+\.csv"/);
  assert.match(String(answer.headers['content-type']), /^text\/csv/);
  const [head, ...rows] = answer.text.trimEnd().split('\r\n');
  assert.equal(head, 'time,project,project,quotaBytes,usedBytes');
  assert.deepEqual(rows.map((row) => row.split(',').slice(1).join(',')).toSorted(), [
    `'@home,'@home,${GIB},0`,
    `default,default,${GIB},0`,
  ]);
});

test('a user sees reports of the projects it may see, and another account none of them', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  await root.change('POST', 'projects', { name: 'second', quotaBytes: GIB }, 201);
  const nobody = await fixture.user('nobody');
  assert.deepEqual((await nobody.get<ReportView>('reports/quota?by=project')).lines, []);
  refused(await nobody.send('GET', `reports/quota?projectId=${fixture.projectId}`), 403, 'access-denied');
  const reader = await fixture.user('reader', ['vStorageReadOnlyAccess']);
  assert.equal((await reader.get<ReportView>('reports/quota?by=project')).lines.length, 2);
  refused(await root.send('GET', `reports/usage?projectId=${'0'.repeat(32)}`), 404, 'no-such-project');
  refused(await fixture.browser().send('GET', 'reports/usage'), 401, 'not-signed-in');
});
