// Generated from the routes there are: a new one is tested without anybody thinking of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditRecord } from '../../src/audit/entry.ts';
import { exportRecords } from '../../src/audit/export.ts';
import { setDataAccess } from '../../src/storage/bucket-audit.ts';
import { createBucket } from '../../src/storage/buckets.ts';
import type { BucketName, ProjectId, Region } from '../../src/shared/ids.ts';
import type { Browser, Method } from './browser.ts';
import { type ConsoleFixture, startConsole } from './console-fixture.ts';

type Route = { readonly method: Method; readonly path: string };
type Document = { readonly paths: Record<string, Record<string, unknown>> };

const SAMPLES: Readonly<Record<string, string>> = {
  bucket: 'audited',
  client: 's3cmd',
  kind: 'usage',
  name: 'vStorageFullAccess',
  partNumber: '1',
};
const UUID = '00000000-0000-4000-8000-000000000000';

async function auditedBucket({ deps, accountId, projectId }: ConsoleFixture): Promise<void> {
  const storage = { ...deps.storage, region: 'HAN02' as Region };
  const allow = async (): Promise<void> => {};
  const bucket = await createBucket(storage, {
    name: 'audited' as BucketName,
    account: { accountId, canonicalId: 'c'.repeat(64) },
    projectId: projectId as ProjectId,
    objectLock: false,
    maxBuckets: 10,
    guard: allow,
  });
  await setDataAccess(storage, bucket, 'all', allow);
}

/** What is inside goes before what it is in. */
const readsFirst = (a: Route, b: Route): number =>
  Number(a.method !== 'GET') - Number(b.method !== 'GET') ||
  Number(a.method === 'DELETE') - Number(b.method === 'DELETE') ||
  b.path.length - a.path.length;

async function routesOf(browser: Browser): Promise<Route[]> {
  const { paths } = await browser.get<Document>('/api/v1/openapi.json');
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase() as Method, path })),
  );
  return routes.toSorted(readsFirst);
}

/** Those of nobody too. */
async function allRecords({ deps }: ConsoleFixture): Promise<AuditRecord[]> {
  const found = await Array.fromAsync(exportRecords(deps.auditSearch, { accountId: null }));
  return found.map(({ record }) => record);
}

test('every route of the API leaves exactly one record, under a name of its own', async () => {
  await using fixture = await startConsole();
  await auditedBucket(fixture);
  let browser = await fixture.root();
  const sent: { readonly route: string; readonly requestId: string }[] = [];
  for (const { method, path } of await routesOf(browser)) {
    const url = path.replace(/\{(\w+)\}/g, (_, name: string) =>
      name === 'projectId' ? fixture.projectId : (SAMPLES[name] ?? UUID),
    );
    const answer = await browser.send(method, url, ['GET', 'DELETE'].includes(method) ? undefined : {});
    assert.ok(answer.status < 500, `${method} ${path}: ${answer.text}`);
    sent.push({ route: `${method} ${path}`, requestId: String(answer.headers['x-request-id']) });
    if ((await browser.send('GET', 'session')).status === 401) browser = await fixture.root();
  }
  assert.ok(sent.length >= 50, String(sent.length));
  await sleep(1_500);
  const records = Map.groupBy(await allRecords(fixture), ({ requestId }) => requestId);
  const names = new Map<string, string>();
  for (const { route, requestId } of sent) {
    const found = records.get(requestId) ?? [];
    assert.equal(found.length, 1, `${route} left ${found.length} records`);
    const operation = found[0]?.operation ?? '';
    assert.match(operation, /^[A-Z][A-Za-z0-9]+$/, `${route} has no audit name: add audit to the config of the route`);
    names.set(route, operation);
  }
  const shared = [...Map.groupBy(names, ([, name]) => name)].filter(([, routes]) => routes.length > 1);
  assert.deepEqual(shared, [], 'a name is that of one route');
});
