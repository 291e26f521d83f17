import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CreatedS3Key, DeleteManyResult, S3KeyList, S3KeyView } from '../../src/console-api/contract.ts';
import { type Browser, refused } from './browser.ts';
import { type ConsoleFixture, ROOT_EMAIL, startConsole } from './console-fixture.ts';

const keysOf = ({ projectId }: ConsoleFixture): string => `projects/${projectId}/s3-keys`;
const generate = (browser: Browser, fixture: ConsoleFixture, body: object = {}): Promise<CreatedS3Key> =>
  browser.change<CreatedS3Key>('POST', keysOf(fixture), body, 201);
const accessKeys = ({ items }: S3KeyList): string[] => items.map(({ accessKey }) => accessKey);

test('a key is made with its secret, listed without, changed and deleted', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const expiresAt = new Date(Date.now() + 90 * 86_400_000).toISOString();
  const key = await generate(root, fixture, { description: 'backup of büro', expiresAt });
  assert.match(key.accessKey, /^[0-9a-f]{32}$/);
  assert.match(key.secretKey, /^[A-Za-z0-9]{40}$/);
  const { secretKey: _, ...view } = key;
  assert.deepEqual(view, {
    id: key.id,
    accessKey: key.accessKey,
    projectId: fixture.projectId,
    description: 'backup of büro',
    status: 'active',
    expired: false,
    creator: { type: 'root', name: ROOT_EMAIL },
    serviceAccount: null,
    createdAt: key.createdAt,
    expiresAt,
    lastUsed: null,
    lastUsedAction: null,
    lastUsedFrom: null,
    restriction: null,
    rotatedTo: null,
    warnings: ['over-broad'],
    own: true,
    canUpdate: true,
    canDelete: true,
  });
  const list = await root.get<S3KeyList>(keysOf(fixture));
  assert.deepEqual(list, { items: [view], nextCursor: null, scope: 'all', limit: { used: 1, max: 10 } });
  const change = { status: 'disabled', description: '', expiresAt: null };
  const changed = await root.change<S3KeyView>('PATCH', `${keysOf(fixture)}/${key.id}`, change, 200);
  assert.deepEqual(changed, { ...view, ...change, warnings: [] });
  await root.change('DELETE', `${keysOf(fixture)}/${key.id}`, undefined, 204);
  assert.deepEqual((await root.get<S3KeyList>(keysOf(fixture))).items, []);
  refused(await root.send('DELETE', `${keysOf(fixture)}/${key.id}`), 404, 'no-such-s3-key');
});

test('the secret is in one answer only, and nowhere in the data directory', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const { secretKey, id } = await generate(root, fixture);
  const answers = [
    await root.send('GET', keysOf(fixture)),
    await root.send('PATCH', `${keysOf(fixture)}/${id}`, { description: 'again' }),
    await root.send('GET', `projects/${fixture.projectId}/connections`),
    await root.send('GET', 'session'),
    await root.send('POST', `${keysOf(fixture)}/delete`, { ids: [id] }),
  ];
  for (const { text } of answers) assert.ok(!text.includes(secretKey));
  for (const entry of await readdir(fixture.folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const content = await readFile(join(entry.parentPath, entry.name));
    assert.ok(!content.includes(secretKey), entry.name);
  }
});

test('a user without any right makes, changes and deletes its own keys, and sees no others', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const rootKey = await generate(root, fixture);
  const alice = await fixture.user('alice');
  const own = await generate(alice, fixture);
  assert.deepEqual(own.creator, { type: 'user', name: 'alice', userId: alice.user.userId });
  const list = await alice.get<S3KeyList>(keysOf(fixture));
  assert.equal(list.scope, 'own');
  assert.deepEqual(accessKeys(list), [own.accessKey]);
  await alice.change('PATCH', `${keysOf(fixture)}/${own.id}`, { description: 'mine' }, 200);
  refused(await alice.send('PATCH', `${keysOf(fixture)}/${rootKey.id}`, { status: 'disabled' }), 403, 'access-denied');
  refused(await alice.send('DELETE', `${keysOf(fixture)}/${rootKey.id}`), 403, 'access-denied');
  await alice.change('DELETE', `${keysOf(fixture)}/${own.id}`, undefined, 204);
  assert.deepEqual(accessKeys(await root.get<S3KeyList>(keysOf(fixture))), [rootKey.accessKey]);
});

test('a read-only user sees all keys but changes and deletes only its own', async () => {
  await using fixture = await startConsole();
  const rootKey = await generate(await fixture.root(), fixture);
  const reader = await fixture.user('reader', ['vStorageReadOnlyAccess']);
  const own = await generate(reader, fixture);
  const { items, scope } = await reader.get<S3KeyList>(keysOf(fixture));
  assert.equal(scope, 'all');
  const flags = items.map(({ id, own: mine, canUpdate, canDelete }) => ({ id, mine, canUpdate, canDelete }));
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  assert.deepEqual(
    flags.toSorted(byId),
    [
      { id: own.id, mine: true, canUpdate: true, canDelete: true },
      { id: rootKey.id, mine: false, canUpdate: false, canDelete: false },
    ].toSorted(byId),
  );
  refused(await reader.send('DELETE', `${keysOf(fixture)}/${rootKey.id}`), 403, 'access-denied');
  const results = await reader.change<DeleteManyResult>(
    'POST',
    `${keysOf(fixture)}/delete`,
    { ids: [rootKey.id, own.id] },
    200,
  );
  assert.deepEqual(
    results.results.map((result) => (result.deleted ? 'deleted' : result.code)),
    ['access-denied', 'deleted'],
  );
});

test('a user with full access deletes the keys of others', async () => {
  await using fixture = await startConsole();
  const key = await generate(await fixture.root(), fixture);
  const admin = await fixture.user('admin', ['vStorageFullAccess']);
  await admin.change('DELETE', `${keysOf(fixture)}/${key.id}`, undefined, 204);
});

test('a policy can take the own keys away', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const statement = { Effect: 'Deny', Action: 'vstorage:*OwnS3Key', Resource: '*' };
  const document = { Version: '2012-10-17', Statement: [statement] };
  await root.change('POST', 'policies', { name: 'NoOwnKeys', document }, 201);
  const user = await fixture.user('denied', ['NoOwnKeys']);
  refused(await user.send('GET', keysOf(fixture)), 403, 'access-denied');
  refused(await user.send('POST', keysOf(fixture), {}), 403, 'access-denied');
});

test('several keys are deleted at once, with a result for each', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const first = await generate(root, fixture);
  const second = await generate(root, fixture);
  const missing = '00000000-0000-4000-8000-000000000000';
  const { results } = await root.change<DeleteManyResult>(
    'POST',
    `${keysOf(fixture)}/delete`,
    { ids: [first.id, missing, second.id, first.id] },
    200,
  );
  assert.deepEqual(
    results.map(({ id, deleted }) => ({ id, deleted })),
    [
      { id: first.id, deleted: true },
      { id: missing, deleted: false },
      { id: second.id, deleted: true },
    ],
  );
  refused(await root.send('POST', `${keysOf(fixture)}/delete`, { ids: [] }), 400, 'invalid-request');
  refused(await root.send('POST', `${keysOf(fixture)}/delete`, { ids: ['x'] }), 400, 'invalid-request');
});

test('the eleventh key of an account is refused by name of the limit', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  for (let made = 0; made < 10; made++) await generate(root, fixture);
  const problem = refused(await root.send('POST', keysOf(fixture), {}), 409, 'limit-exceeded');
  assert.match(problem.detail, /10/);
});

test('keys are listed newest first, in pages', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const made: string[] = [];
  for (let count = 0; count < 5; count++) {
    made.unshift((await generate(root, fixture)).accessKey);
    fixture.advanceClock(1000);
  }
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '?limit=2' : `?limit=2&cursor=${cursor}`;
    const list: S3KeyList = await root.get<S3KeyList>(`${keysOf(fixture)}${query}`);
    assert.ok(list.items.length <= 2);
    seen.push(...accessKeys(list));
    cursor = list.nextCursor;
  } while (cursor !== null);
  assert.deepEqual(seen, made);
});

test('an expiry in the past, unknown fields and empty changes are refused', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const past = await root.send('POST', keysOf(fixture), { expiresAt: '2020-01-01T00:00:00Z' });
  assert.deepEqual(refused(past, 400, 'invalid-expiry').errors?.[0]?.field, 'expiresAt');
  refused(await root.send('POST', keysOf(fixture), { expiresAt: 'tomorrow' }), 400, 'invalid-request');
  refused(await root.send('POST', keysOf(fixture), { secretKey: 'x' }), 400, 'invalid-request');
  const { id } = await generate(root, fixture);
  refused(await root.send('PATCH', `${keysOf(fixture)}/${id}`, {}), 400, 'invalid-request');
  refused(await root.send('PATCH', `${keysOf(fixture)}/${id}`, { status: 'gone' }), 400, 'invalid-request');
});

test('a key of another project is not found under this one', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const { id } = await generate(root, fixture);
  const other = await root.change<{ id: string }>('POST', 'projects', { name: 'other', quotaBytes: 2 ** 30 }, 201);
  refused(await root.send('DELETE', `projects/${other.id}/s3-keys/${id}`), 404, 'no-such-s3-key');
  assert.deepEqual((await root.get<S3KeyList>(`projects/${other.id}/s3-keys`)).items, []);
});

test('a trashed project gets no new keys', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  await root.change('DELETE', `projects/${fixture.projectId}`, { confirm: 'delete me' }, 200);
  refused(await root.send('POST', keysOf(fixture), {}), 409, 'project-in-trash');
});
