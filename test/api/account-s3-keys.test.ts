import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreatedS3Key, DeleteManyResult, ProjectView } from '../../src/console-api/contract.ts';
import type { AccountS3KeyList, SetKeyStatusResult } from '../../src/console-api/contract/account-keys.ts';
import { type Browser, refused } from './browser.ts';
import { type ConsoleFixture, startConsole } from './console-fixture.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

const make = (by: Browser, projectId: string, description: string): Promise<CreatedS3Key> =>
  by.change<CreatedS3Key>('POST', `projects/${projectId}/s3-keys`, { description }, 201);
const described = ({ items }: AccountS3KeyList): string[] => items.map(({ description }) => description).toSorted();

async function twoProjects(fixture: ConsoleFixture) {
  const root = await fixture.root();
  const second = await root.change<ProjectView>('POST', 'projects', { name: 'second', quotaBytes: 2 ** 30 }, 201);
  const keys = [await make(root, fixture.projectId, 'one'), await make(root, second.id, 'two')];
  return { root, second, keys };
}

test('the keys of all projects are listed with their project, searched and reported without a secret', async () => {
  await using fixture = await startConsole();
  const { root, keys } = await twoProjects(fixture);
  const all = await root.get<AccountS3KeyList>('s3-keys');
  assert.deepEqual(all.items.map(({ description, projectName }) => `${description} in ${projectName}`).toSorted(), [
    'one in default',
    'two in second',
  ]);
  assert.deepEqual([all.scope, all.limit.used], ['all', 2]);
  assert.deepEqual(described(await root.get<AccountS3KeyList>('s3-keys?search=TWO')), ['two']);
  const first = await root.get<AccountS3KeyList>('s3-keys?limit=1');
  const rest = await root.get<AccountS3KeyList>(`s3-keys?limit=1&cursor=${first.nextCursor}`);
  assert.deepEqual([...described(first), ...described(rest)].toSorted(), ['one', 'two']);
  const report = await root.send('GET', 's3-keys/report.csv');
  assert.equal(report.text.trimEnd().split('\r\n').length, 3);
  for (const { secretKey } of keys) assert.ok(!report.text.includes(secretKey));
});

test('keys of several projects are disabled, enabled and deleted at once, each for itself', async () => {
  await using fixture = await startConsole();
  const { root, keys } = await twoProjects(fixture);
  const ids = keys.map(({ id }) => id);
  const change = { ids: [...ids, NOBODY], status: 'disabled' };
  const { results } = await root.change<SetKeyStatusResult>('POST', 's3-keys/status', change, 200);
  assert.deepEqual(
    results.map(({ changed }) => changed),
    [true, true, false],
  );
  const statuses = (await root.get<AccountS3KeyList>('s3-keys')).items.map(({ status }) => status);
  assert.deepEqual(statuses, ['disabled', 'disabled']);
  const gone = await root.change<DeleteManyResult>('POST', 's3-keys/delete', { ids: change.ids }, 200);
  assert.deepEqual(
    gone.results.map(({ deleted }) => deleted),
    [true, true, false],
  );
  assert.deepEqual((await root.get<AccountS3KeyList>('s3-keys')).items, []);
});

test('whoever may not see others’ keys sees, changes and deletes only the own ones', async () => {
  await using fixture = await startConsole();
  const { root, keys } = await twoProjects(fixture);
  const alice = await fixture.user('alice');
  const own = await make(alice, fixture.projectId, 'of alice');
  const seen = await alice.get<AccountS3KeyList>('s3-keys');
  assert.deepEqual([described(seen), seen.scope], [['of alice'], 'own']);
  const report = await alice.send('GET', 's3-keys/report.csv');
  assert.ok(report.text.includes(own.id) && !report.text.includes(keys[0]?.id ?? '-'));
  const ids = [own.id, keys[0]?.id];
  const { results } = await alice.change<SetKeyStatusResult>(
    'POST',
    's3-keys/status',
    { ids, status: 'disabled' },
    200,
  );
  assert.deepEqual(
    results.map(({ changed }) => changed),
    [true, false],
  );
  const gone = await alice.change<DeleteManyResult>('POST', 's3-keys/delete', { ids }, 200);
  assert.deepEqual(
    gone.results.map(({ deleted }) => deleted),
    [true, false],
  );
  assert.deepEqual(described(await root.get<AccountS3KeyList>('s3-keys')), ['one', 'two']);
  refused(await fixture.browser().send('GET', 's3-keys'), 401, 'not-signed-in');
});
