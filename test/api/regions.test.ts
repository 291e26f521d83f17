// Two regions: a project has one, and everything under it is that region's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Connections, ProjectView, RegionList } from '../../src/console-api/contract.ts';
import type { BucketList, BucketView } from '../../src/console-api/contract/buckets.ts';
import type { TaskView } from '../../src/console-api/contract/tasks.ts';
import { currentKey } from '../../src/metadata/tables/objects.ts';
import { decodeRecord } from '../../src/metadata/tables/record.ts';
import type { ObjectRecord } from '../../src/metadata/tables/objects.ts';
import type { BucketName, ObjectKey, Region } from '../../src/shared/ids.ts';
import { findBucket } from '../../src/storage/buckets.ts';
import { stepTasks } from '../../src/tasks/run-tasks.ts';
import type { Browser } from './browser.ts';
import { refused } from './browser.ts';
import { type ConsoleFixture, startConsole } from './console-fixture.ts';
import { get, makeBucket, put } from './objects-of.ts';

const LARGE = Buffer.alloc(64 * 1024, 's');
const SOUTH = 'HCM04' as Region;

async function open(): Promise<AsyncDisposable & { fixture: ConsoleFixture; root: Browser; south: ConsoleFixture }> {
  const fixture = await startConsole({ overHttp: true, twoRegions: true });
  const root = await fixture.root();
  const wanted = { name: 'south', region: 'hcm04', quotaBytes: 2 ** 30 };
  const { id } = await root.change<ProjectView>('POST', 'projects', wanted, 201);
  const south = { ...fixture, projectId: id };
  return { fixture, root, south, [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose]() };
}

test('each region has its endpoint, and a project connects to that of its own', async () => {
  await using opened = await open();
  const { root, south, fixture } = opened;
  const { items } = await root.get<RegionList>('regions');
  assert.deepEqual(
    items.map((region) => [region.name, region.endpoint, region.domains.join(), region.default]),
    [
      ['HAN02', 'https://localhost:9000', 's3.localhost', true],
      ['HCM04', 'https://hcm04.localhost:9000', 's3.hcm04.localhost', false],
    ],
  );
  const there = await root.get<Connections>(`projects/${south.projectId}/connections`);
  assert.deepEqual(
    [there.endpoint, there.region, there.domain],
    ['https://hcm04.localhost:9000', 'HCM04', 's3.hcm04.localhost'],
  );
  assert.equal((await root.get<Connections>(`projects/${fixture.projectId}/connections`)).region, 'HAN02');
});

test('buckets of one name in two regions hold objects of their own, in pools of their own', async () => {
  await using opened = await open();
  const { root, south, fixture } = opened;
  const inNorth = await makeBucket(fixture, root, 'same');
  const inSouth = await makeBucket(south, root, 'same');
  await put(root, inNorth, 'a', 'north');
  await put(root, inSouth, 'a', LARGE);
  assert.equal((await get(root, inNorth, 'a')).text, 'north');
  assert.equal((await get(root, inSouth, 'a')).text, LARGE.toString());
  assert.deepEqual(await poolOf(fixture, SOUTH, 'same', 'a'), 'HCM04-STANDARD');
  const { items } = await root.get<BucketList>(`projects/${south.projectId}/buckets`);
  assert.deepEqual(
    items.map(({ name, bytes }) => [name, bytes]),
    [['same', LARGE.length]],
  );
  refused(await root.send('GET', `projects/${south.projectId}/buckets/other`), 404, 'no-such-bucket');
});

async function poolOf({ deps }: ConsoleFixture, region: Region, bucket: string, key: string): Promise<string | null> {
  const found = await findBucket({ ...deps.storage, region }, bucket as BucketName);
  assert.ok(found);
  const value = await deps.storage.store.read((snapshot) => snapshot.get(currentKey(found.bucketId, key as ObjectKey)));
  assert.ok(value);
  const { body } = decodeRecord<ObjectRecord>(value);
  return body.kind === 'blob' ? body.pool : null;
}

test('a task works in its project’s region', async () => {
  await using opened = await open();
  const { root, south, fixture } = opened;
  const path = await makeBucket(south, root, 'same');
  await makeBucket(fixture, root, 'same');
  await put(root, path, 'from', LARGE);
  const spec = { kind: 'copy', bucket: 'same', toBucket: 'same', items: [{ key: 'from', to: 'to' }] };
  const { id } = await root.change<TaskView>('POST', `projects/${south.projectId}/tasks`, spec, 202);
  const deps = { ...fixture.deps.storage, classesOf: () => ['STANDARD'], partBytes: 2 ** 30 };
  while ((await stepTasks(deps, { last: '' })) !== null);
  const task = await root.get<TaskView>(`projects/${south.projectId}/tasks/${id}`);
  assert.equal(task.status, 'done', JSON.stringify(task));
  assert.equal(await poolOf(fixture, SOUTH, 'same', 'to'), 'HCM04-STANDARD');
});

test('storage options and links are those of the project’s region', async () => {
  await using opened = await open();
  const { root, south } = opened;
  const options = await root.get<{ websiteHosts: string[] }>(`projects/${south.projectId}/storage-options`);
  assert.deepEqual(options.websiteHosts, ['web.hcm04.localhost:9000']);
  assert.equal(
    (await root.change<BucketView>('POST', `projects/${south.projectId}/buckets`, { name: 'b1b' }, 201)).name,
    'b1b',
  );
});
