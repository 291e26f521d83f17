import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProjectList, ProjectView } from '../../src/console-api/contract.ts';
import type { BucketList } from '../../src/console-api/contract/buckets.ts';
import { createAccount } from '../../src/identity/accounts.ts';
import { createProject } from '../../src/projects/projects.ts';
import { createBucket } from '../../src/storage/buckets.ts';
import { parseBucketName } from '../../src/storage/bucket-names.ts';
import type { ProjectId } from '../../src/shared/ids.ts';
import { refused } from './browser.ts';
import { type ConsoleFixture, startConsole } from './console-fixture.ts';

const GIB = 2 ** 30;
const WEEK_MS = 7 * 86_400_000;
const names = ({ items }: ProjectList): string[] => items.map(({ name }) => name);

test('a project is made, shown, resized, trashed and restored', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const wanted = { name: 'photos', region: 'han02', class: 'instant-archive', quotaBytes: 30 * GIB };
  const project = await root.change<ProjectView>('POST', 'projects', wanted, 201);
  assert.match(project.id, /^[0-9a-f]{32}$/);
  assert.equal(project.region, 'HAN02');
  assert.equal(project.class, 'instant-archive');
  assert.deepEqual(project.usage, { bytes: 0, objects: 0 });
  assert.equal(project.vstorageUserId, `owner-${fixture.accountId}-${project.id.slice(0, 8)}`);
  assert.deepEqual(await root.get<ProjectView>(`projects/${project.id}`), project);
  const resized = await root.change<ProjectView>('PATCH', `projects/${project.id}`, { quotaBytes: 2 * GIB }, 200);
  assert.equal(resized.quotaBytes, 2 * GIB);
  const trashed = await root.change<ProjectView>('DELETE', `projects/${project.id}`, { confirm: 'delete me' }, 200);
  assert.ok(trashed.trashedAt !== null && trashed.purgeAt !== null);
  assert.equal(Date.parse(trashed.purgeAt) - Date.parse(trashed.trashedAt), WEEK_MS);
  const restored = await root.change<ProjectView>('POST', `projects/${project.id}/restore`, undefined, 200);
  assert.deepEqual(restored, resized);
});

test('the list is newest first and filters by state and region', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  fixture.advanceClock(1000);
  const { id } = await root.change<ProjectView>('POST', 'projects', { name: 'second', quotaBytes: GIB }, 201);
  assert.deepEqual(names(await root.get<ProjectList>('projects')), ['second', 'default']);
  await root.change('DELETE', `projects/${id}`, { confirm: 'delete me' }, 200);
  assert.deepEqual(names(await root.get<ProjectList>('projects')), ['default']);
  assert.deepEqual(names(await root.get<ProjectList>('projects?state=trashed')), ['second']);
  assert.deepEqual(names(await root.get<ProjectList>('projects?state=all&region=HAN02')), ['second', 'default']);
  assert.deepEqual(names(await root.get<ProjectList>('projects?region=HCM04')), []);
  refused(await root.send('GET', 'projects?state=gone'), 400, 'invalid-request');
});

test('a project goes to the trash only when "delete me" was typed', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const path = `projects/${fixture.projectId}`;
  for (const body of [undefined, {}, { confirm: 'Delete me' }, { confirm: true }]) {
    const problem = refused(await root.send('DELETE', path, body), 400, 'invalid-request');
    if (body !== undefined) assert.match(problem.detail, /delete me/);
  }
  assert.equal((await root.get<ProjectView>(path)).trashedAt, null);
});

test('wrong names, sizes, regions and names taken are refused and name the field', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const fieldOf = async (body: object, status: number, code: string) =>
    refused(await root.send('POST', 'projects', body), status, code).errors?.[0]?.field;
  assert.equal(await fieldOf({ name: 'default', quotaBytes: GIB }, 409, 'project-name-taken'), 'name');
  assert.equal(await fieldOf({ name: 'x'.repeat(99), quotaBytes: GIB }, 400, 'invalid-project-name'), 'name');
  assert.equal(await fieldOf({ name: 'x', quotaBytes: 1 }, 400, 'invalid-quota'), 'quotaBytes');
  assert.equal(await fieldOf({ name: 'x', quotaBytes: 1.5 }, 400, 'invalid-request'), 'quotaBytes');
  assert.equal(await fieldOf({ name: 'x', quotaBytes: GIB, class: 'silver' }, 400, 'invalid-request'), 'class');
  assert.equal(await fieldOf({ name: 'x', quotaBytes: GIB, region: 'nowhere' }, 400, 'no-such-region'), 'region');
});

test('a user without rights sees the names of projects, not their usage, and changes nothing', async () => {
  await using fixture = await startConsole();
  const user = await fixture.user('alice');
  const path = `projects/${fixture.projectId}`;
  const { items } = await user.get<ProjectList>('projects');
  assert.deepEqual(
    items.map(({ name, usage }) => ({ name, usage })),
    [{ name: 'default', usage: null }],
  );
  const project = await user.get<ProjectView>(path);
  assert.equal(project.usage, null);
  assert.deepEqual(project.allowedActions.toSorted(), [
    'vstorage:CreateOwnS3Key',
    'vstorage:DeleteOwnS3Key',
    'vstorage:ListOwnS3Key',
    'vstorage:UpdateOwnS3Key',
  ]);
  refused(await user.send('POST', 'projects', { name: 'mine', quotaBytes: GIB }), 403, 'access-denied');
  refused(await user.send('PATCH', path, { quotaBytes: GIB }), 403, 'access-denied');
  refused(await user.send('DELETE', path, { confirm: 'delete me' }), 403, 'access-denied');
  refused(await user.send('POST', `${path}/restore`), 403, 'access-denied');
  refused(await user.send('GET', `${path}/buckets`), 403, 'access-denied');
});

test('rights on one project do not reach another', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const other = await root.change<ProjectView>('POST', 'projects', { name: 'other', quotaBytes: GIB }, 201);
  const resource = `vstorage::${fixture.accountId}:project/${other.id}`;
  const actions = ['vstorage:GetProject', 'vstorage:ResizeProject'];
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: resource }] };
  await root.change('POST', 'policies', { name: 'OtherOnly', document }, 201);
  const user = await fixture.user('alice', ['OtherOnly']);
  const resized = await user.change<ProjectView>('PATCH', `projects/${other.id}`, { quotaBytes: 2 * GIB }, 200);
  assert.deepEqual(resized.usage, { bytes: 0, objects: 0 });
  assert.ok(resized.allowedActions.includes('vstorage:ResizeProject'));
  refused(await user.send('PATCH', `projects/${fixture.projectId}`, { quotaBytes: GIB }), 403, 'access-denied');
  assert.equal((await user.get<ProjectView>(`projects/${fixture.projectId}`)).usage, null);
});

test('the project of another account is answered like none', async () => {
  await using fixture = await startConsole();
  const { identity } = fixture.deps;
  const { account } = await createAccount(identity, { email: 'other@example.com', password: 'Other-Passw0rd' });
  const theirs = { accountId: account.accountId, name: 'theirs', class: 'gold', quotaBytes: GIB } as const;
  const { projectId } = await createProject(identity, theirs);
  const root = await fixture.root();
  const missing = '0'.repeat(32);
  const paths = (id: string) => [
    `projects/${id}`,
    `projects/${id}/s3-keys`,
    `projects/${id}/buckets`,
    `projects/${id}/connections`,
  ];
  for (const path of [...paths(projectId), ...paths(missing)]) {
    refused(await root.send('GET', path), 404, 'no-such-project');
  }
  refused(await root.send('PATCH', `projects/${projectId}`, { quotaBytes: GIB }), 404, 'no-such-project');
  refused(await root.send('POST', `projects/${projectId}/s3-keys`, {}), 404, 'no-such-project');
  assert.deepEqual(names(await root.get<ProjectList>('projects')), ['default']);
  refused(await root.send('GET', 'projects/not-an-id'), 400, 'invalid-request');
});

async function makeBucket({ deps, accountId, projectId }: ConsoleFixture, name: string): Promise<void> {
  const region = deps.regions()[0].name;
  await createBucket(
    { ...deps.storage, region },
    {
      name: parseBucketName(name),
      account: { accountId, canonicalId: 'a'.repeat(64) },
      projectId: projectId as ProjectId,
      objectLock: false,
      maxBuckets: 100,
      guard: async () => {},
    },
  );
}

test('the buckets of a project are listed by name, in pages, with their usage', async () => {
  await using fixture = await startConsole();
  for (const name of ['charlie', 'alpha', 'bravo']) await makeBucket(fixture, name);
  const root = await fixture.root();
  const path = `projects/${fixture.projectId}/buckets`;
  const first = await root.get<BucketList>(`${path}?limit=2`);
  assert.deepEqual(
    first.items.map(({ name, bytes, objects }) => ({ name, bytes, objects })),
    [
      { name: 'alpha', bytes: 0, objects: 0 },
      { name: 'bravo', bytes: 0, objects: 0 },
    ],
  );
  assert.ok(first.nextCursor);
  const second = await root.get<BucketList>(`${path}?limit=2&cursor=${first.nextCursor}`);
  assert.deepEqual(
    second.items.map(({ name }) => name),
    ['charlie'],
  );
  assert.equal(second.nextCursor, null);
});
