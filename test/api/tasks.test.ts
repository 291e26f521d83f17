// Background work on objects: what the console sets going, carried out step by step as the job does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BucketList } from '../../src/console-api/contract/buckets.ts';
import type { ObjectList, ObjectView, VersionList } from '../../src/console-api/contract/objects.ts';
import type { TaskErrors, TaskList, TaskView } from '../../src/console-api/contract/tasks.ts';
import type { UploadList } from '../../src/console-api/contract/uploads.ts';
import { stepTasks } from '../../src/tasks/run-tasks.ts';
import type { TaskDeps } from '../../src/tasks/task-deps.ts';
import { type Browser, refused } from './browser.ts';
import { type ConsoleFixture, startConsole } from './console-fixture.ts';
import { crcOf, get, makeBucket, put, query } from './objects-of.ts';

const MIB = 1024 ** 2;
const PART_BYTES = 6 * MIB;

const depsOf = ({ deps }: ConsoleFixture): TaskDeps => ({
  ...deps.storage,
  classesOf: () => deps.regions()[0].storageClasses,
  partBytes: PART_BYTES,
});

/** Every step is a new turn of a new job: whatever a task needs to go on stands in the store. */
async function runAll(fixture: ConsoleFixture): Promise<number> {
  let steps = 0;
  while ((await stepTasks(depsOf(fixture), { last: '' })) !== null) steps++;
  return steps;
}

const create = (browser: Browser, { projectId }: ConsoleFixture, task: object): Promise<TaskView> =>
  browser.change<TaskView>('POST', `projects/${projectId}/tasks`, task, 202);
const read = (browser: Browser, { projectId }: ConsoleFixture, { id }: TaskView): Promise<TaskView> =>
  browser.get<TaskView>(`projects/${projectId}/tasks/${id}`);
const errorsOf = (browser: Browser, { projectId }: ConsoleFixture, { id }: TaskView): Promise<TaskErrors> =>
  browser.get<TaskErrors>(`projects/${projectId}/tasks/${id}/errors`);

async function keysIn(browser: Browser, bucket: string): Promise<string[]> {
  const { items } = await browser.get<ObjectList>(`${bucket}/objects?delimiter=`);
  return items.map((item) => (item.kind === 'object' ? item.key : item.prefix));
}

test('a folder is copied into another bucket with its metadata, and moved back under another name', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const from = await makeBucket(fixture, root, 'from');
  const to = await makeBucket(fixture, root, 'target');
  for (const key of ['a/1', 'a/2', 'a/b/3', 'other']) await put(root, from, key, key, { 'content-type': 'text/plain' });
  const tags = [{ key: 'team', value: 'x' }];
  await root.change('PUT', `${from}/object/tags?key=a/1`, { tags }, 200);
  const items = [
    { prefix: 'a/', to: 'copy/' },
    { key: 'other', to: 'renamed' },
    { key: 'missing', to: 'nowhere' },
  ];
  const task = await create(root, fixture, { kind: 'copy', bucket: 'from', toBucket: 'target', items });
  assert.deepEqual([task.status, task.items, task.first, task.canCancel], ['waiting', 3, 'a/', true]);
  await runAll(fixture);
  const done = await read(root, fixture, task);
  assert.deepEqual(
    [done.status, done.done.objects, done.failed, done.total?.objects, done.canCancel],
    ['done', 4, 1, 5, false],
  );
  assert.deepEqual(
    (await errorsOf(root, fixture, task)).items.map(({ key, code }) => [key, code]),
    [['missing', 'no-such-key']],
  );
  assert.deepEqual(await keysIn(root, to), ['copy/1', 'copy/2', 'copy/b/3', 'renamed']);
  const copied = await root.get<ObjectView>(`${to}/object?key=copy/1`);
  assert.deepEqual([copied.system.contentType, copied.tags], ['text/plain', tags]);
  assert.equal((await get(root, to, 'copy/b/3')).text, 'a/b/3');

  const back = [{ prefix: 'copy/', to: 'b/' }];
  await create(root, fixture, { kind: 'move', bucket: 'target', toBucket: 'from', items: back });
  await runAll(fixture);
  assert.deepEqual(await keysIn(root, to), ['renamed']);
  assert.deepEqual(await keysIn(root, from), ['a/1', 'a/2', 'a/b/3', 'b/1', 'b/2', 'b/b/3', 'other']);
});

test('what would never end, or destroy itself, is refused', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  await makeBucket(fixture, root, 'data');
  const path = `projects/${fixture.projectId}/tasks`;
  const within = { kind: 'copy', bucket: 'data', toBucket: 'data', items: [{ prefix: 'a/', to: 'a/b/' }] };
  refused(await root.send('POST', path, within), 409, 'copy-into-itself');
  const onto = { kind: 'move', bucket: 'data', toBucket: 'data', items: [{ key: 'a', to: 'a' }] };
  refused(await root.send('POST', path, onto), 409, 'copy-into-itself');
  const nowhere = { kind: 'copy', bucket: 'data', toBucket: 'gone', items: [{ key: 'a', to: 'b' }] };
  refused(await root.send('POST', path, nowhere), 404, 'no-such-bucket');
  const empty = { kind: 'empty', bucket: 'data', confirm: 'dat' };
  refused(await root.send('POST', path, empty), 400, 'not-confirmed');
});

test('existing objects are kept when that was asked', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'data');
  await put(root, path, 'a/1', 'new');
  await put(root, path, 'a/2', 'new');
  await put(root, path, 'b/1', 'old');
  const items = [{ prefix: 'a/', to: 'b/' }];
  const task = await create(root, fixture, { kind: 'move', bucket: 'data', toBucket: 'data', items, existing: 'keep' });
  await runAll(fixture);
  const done = await read(root, fixture, task);
  assert.deepEqual([done.done.objects, done.skipped], [1, 1]);
  assert.deepEqual(await keysIn(root, path), ['a/1', 'b/1', 'b/2']);
  assert.equal((await get(root, path, 'b/1')).text, 'old');
});

test('a large object is copied part by part; cancelled in the middle it leaves nothing behind', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'data');
  const bytes = Buffer.from(Array.from({ length: 2 * PART_BYTES + 1000 }, (_, index) => (index * 7) % 251));
  await put(root, path, 'large', bytes);
  const wanted = { kind: 'copy', bucket: 'data', toBucket: 'data', items: [{ key: 'large', to: 'copy' }] };
  const first = await create(root, fixture, wanted);
  assert.ok((await runAll(fixture)) >= 4, 'counting and three parts');
  assert.equal((await read(root, fixture, first)).done.bytes, bytes.length);
  const copy = await get(root, path, 'copy');
  assert.ok(copy.bytes.equals(bytes));
  assert.equal(crcOf(copy.bytes), crcOf(bytes));

  const second = await create(root, fixture, { ...wanted, items: [{ key: 'large', to: 'never' }] });
  for (let step = 0; step < 3; step++) await stepTasks(depsOf(fixture), { last: '' });
  assert.equal((await root.get<UploadList>(`${path}/uploads`)).items.length, 1, 'in the middle');
  const cancelling = `projects/${fixture.projectId}/tasks/${second.id}/cancel`;
  assert.equal((await root.change<TaskView>('POST', cancelling, undefined, 200)).status, 'cancelling');
  await runAll(fixture);
  assert.equal((await read(root, fixture, second)).status, 'cancelled');
  assert.deepEqual((await root.get<UploadList>(`${path}/uploads`)).items, []);
  assert.deepEqual(await keysIn(root, path), ['copy', 'large']);
  refused(await root.send('POST', cancelling), 409, 'task-finished');
});

test('a bucket is emptied of versions, markers and open uploads, and deleted', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'data', { versioning: true });
  for (const key of ['a', 'a', 'b/c', 'd']) await put(root, path, key, 'x');
  await root.change('POST', `${path}/objects/delete`, { items: [{ key: 'd' }] }, 200);
  await root.change('POST', `${path}/uploads`, { key: 'half' }, 201);
  const wanted = { kind: 'empty', bucket: 'data', deleteBucket: true, confirm: 'data' };
  const task = await create(root, fixture, wanted);
  assert.equal(task.total?.objects, 5);
  await runAll(fixture);
  const done = await read(root, fixture, task);
  assert.deepEqual([done.status, done.done.objects, done.failed, done.problem], ['done', 5, 0, null]);
  const { items } = await root.get<BucketList>(`projects/${fixture.projectId}/buckets`);
  assert.deepEqual(items, []);
});

test('deleting a folder hides it where versions are kept, and takes all versions when that was asked', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'data', { versioning: true });
  for (const key of ['a/1', 'a/1', 'a/2', 'a', 'ab']) await put(root, path, key, 'x');
  await create(root, fixture, { kind: 'delete', bucket: 'data', items: [{ prefix: 'a/' }] });
  await runAll(fixture);
  assert.deepEqual(await keysIn(root, path), ['a', 'ab']);
  const all = async () => (await root.get<VersionList>(`${path}/versions?delimiter=`)).items.length;
  assert.equal(await all(), 7);
  await create(root, fixture, {
    kind: 'delete',
    bucket: 'data',
    items: [{ prefix: 'a/' }, { key: 'a' }],
    versions: true,
  });
  await runAll(fixture);
  assert.deepEqual(await keysIn(root, path), ['ab']);
  assert.equal(await all(), 1);
});

test('a locked version stays, is listed as an error, and keeps the bucket from being deleted', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'vault', { objectLock: true });
  await put(root, path, 'free', 'x');
  await put(root, path, 'held', 'x');
  await root.change('PUT', `${path}/object/legal-hold?key=held`, { on: true }, 200);
  const wanted = { kind: 'empty', bucket: 'vault', deleteBucket: true, confirm: 'vault' };
  const task = await create(root, fixture, wanted);
  await runAll(fixture);
  const done = await read(root, fixture, task);
  assert.deepEqual([done.status, done.done.objects, done.failed], ['done', 1, 1]);
  const [error] = (await errorsOf(root, fixture, task)).items;
  assert.deepEqual([error?.key, error?.code], ['held', 'object-locked']);
  assert.deepEqual(await keysIn(root, path), ['held']);
});

test('a task has its creator’s rights of each moment, and ends with its creator', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'data');
  await put(root, path, 'a', 'x');
  const user = await fixture.user('mover', ['vStorageFullAccess']);
  const wanted = { kind: 'copy', bucket: 'data', toBucket: 'data', items: [{ key: 'a', to: 'b' }] };
  const narrowed = await create(user, fixture, wanted);
  await root.change('PUT', `users/${user.user.userId}/policies`, { policies: ['vStorageReadOnlyAccess'] }, 200);
  await runAll(fixture);
  assert.deepEqual(
    (await errorsOf(user, fixture, narrowed)).items.map(({ code }) => code),
    ['access-denied'],
  );
  assert.deepEqual(await keysIn(root, path), ['a']);

  const orphan = await create(user, fixture, wanted);
  await root.change('PATCH', `users/${user.user.userId}`, { status: 'disabled' }, 200);
  await runAll(fixture);
  const ended = await read(root, fixture, orphan);
  assert.deepEqual([ended.status, ended.problem?.code], ['failed', 'task-creator-gone']);

  const other = await fixture.user('other', ['vStorageFullAccess']);
  const list = (browser: Browser) => browser.get<TaskList>(`projects/${fixture.projectId}/tasks`);
  assert.deepEqual((await list(other)).items, [], 'others do not see it');
  assert.equal((await list(root)).items.length, 2);
  refused(await other.send('GET', `projects/${fixture.projectId}/tasks/${orphan.id}`), 404, 'no-such-task');
});

test('many objects take several steps; old tasks are forgotten', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const path = await makeBucket(fixture, root, 'data');
  await Promise.all(
    Array.from({ length: 150 }, (_, index) => put(root, path, `in/${String(index).padStart(3, '0')}`, 'x')),
  );
  const wanted = { kind: 'copy', bucket: 'data', toBucket: 'data', items: [{ prefix: 'in/', to: 'out/' }] };
  const task = await create(root, fixture, wanted);
  assert.ok((await runAll(fixture)) > 2);
  assert.equal((await read(root, fixture, task)).done.objects, 150);
  const { items } = await root.get<ObjectList>(`${path}/objects?${query({ prefix: 'out/' })}`);
  assert.equal(items.length, 150);
  fixture.advanceClock(15 * 86_400_000);
  await runAll(fixture);
  const later = await fixture.root();
  refused(await later.send('GET', `projects/${fixture.projectId}/tasks/${task.id}`), 404, 'no-such-task');
});
