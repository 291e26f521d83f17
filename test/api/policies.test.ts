import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyList, PolicyView } from '../../src/console-api/contract.ts';
import { refused } from './browser.ts';
import { startConsole } from './console-fixture.ts';

const readAll = `{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*" }
  ]
}`;

test('managed policies come first, cannot be changed, and show who has them', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const { user } = await fixture.user('alice', ['vStorageFullAccess']);
  await root.change('POST', 'policies', { name: 'A', document: readAll }, 201);
  const { items } = await root.get<PolicyList>('policies');
  assert.deepEqual(
    items
      .filter(({ name }) => ['A', 'vStorageFullAccess'].includes(name))
      .map((policy) => [policy.name, policy.type, policy.usageCount]),
    [
      ['vStorageFullAccess', 'managed', 1],
      ['A', 'custom', 0],
    ],
  );
  const full = await root.get<PolicyView>('policies/vStorageFullAccess');
  assert.deepEqual(full.attachedTo, [{ type: 'user', id: user.userId, name: 'alice' }]);
  assert.equal(JSON.parse(full.document).Version, '2012-10-17');
  refused(await root.send('PUT', 'policies/vStorageFullAccess', { document: readAll }), 409, 'managed-policy');
  refused(await root.send('DELETE', 'policies/vStorageFullAccess'), 409, 'managed-policy');
  refused(
    await root.send('POST', 'policies', { name: 'vstoragefullaccess', document: readAll }),
    409,
    'policy-name-taken',
  );
});

test('a custom policy keeps its text as it was written', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const wanted = { name: 'ReadAll', description: 'reads', document: readAll };
  const made = await root.change<PolicyView>('POST', 'policies', wanted, 201);
  assert.equal(made.document, readAll);
  assert.equal(made.type, 'custom');
  assert.deepEqual(await root.get<PolicyView>('policies/ReadAll'), made);
  const document = readAll.replace('s3:GetObject', 's3:Get*');
  const changed = await root.change<PolicyView>('PUT', 'policies/ReadAll', { document }, 200);
  assert.equal(changed.document, document);
  assert.equal(changed.description, 'reads');
  await root.change('DELETE', 'policies/ReadAll', undefined, 204);
  refused(await root.send('GET', 'policies/ReadAll'), 404, 'no-such-policy');
});

test('a policy may be sent as JSON instead of text', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const document = JSON.parse(readAll);
  const made = await root.change<PolicyView>('POST', 'policies', { name: 'ReadAll', document }, 201);
  assert.deepEqual(JSON.parse(made.document), document);
});

test('an error in a policy names its line and column', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const at = async (document: string) => {
    const problem = refused(await root.send('POST', 'policies', { name: 'Broken', document }), 400, 'malformed-policy');
    const [error] = problem.errors ?? [];
    assert.equal(error?.field, 'document');
    assert.match(problem.detail, new RegExp(`line ${error.line}, column ${error.column}`));
    return [error.line, error.column];
  };
  assert.deepEqual(await at(readAll.replace('"Allow",', '"Allow"')), [4, 25]);
  assert.deepEqual(await at(readAll.replace('"Allow"', '"Maybe"')), [4, 17]);
  assert.deepEqual(await at(''), [1, 1]);
  const { items } = await root.get<PolicyList>('policies');
  assert.deepEqual(
    items.filter(({ type }) => type === 'custom'),
    [],
  );
});

test('a broken change leaves the policy as it was', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  await root.change('POST', 'policies', { name: 'ReadAll', document: readAll }, 201);
  refused(await root.send('PUT', 'policies/ReadAll', { document: '{' }), 400, 'malformed-policy');
  assert.equal((await root.get<PolicyView>('policies/ReadAll')).document, readAll);
});

test('a policy in use cannot be deleted', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  await root.change('POST', 'policies', { name: 'ReadAll', document: readAll }, 201);
  await fixture.user('alice', ['ReadAll']);
  assert.match(refused(await root.send('DELETE', 'policies/ReadAll'), 409, 'policy-in-use').detail, /alice/);
});

test('rights on policies are asked by their name', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const resource = `vstorage::${fixture.accountId}:policy/team-*`;
  const statement = { Effect: 'Allow', Action: 'vstorage:*Policy', Resource: resource };
  const document = { Version: '2012-10-17', Statement: [statement] };
  await root.change('POST', 'policies', { name: 'TeamPolicies', document }, 201);
  const user = await fixture.user('alice', ['TeamPolicies']);
  await user.change('POST', 'policies', { name: 'team-read', document: readAll }, 201);
  await user.get('policies/team-read');
  refused(await user.send('POST', 'policies', { name: 'other', document: readAll }), 403, 'access-denied');
  refused(await user.send('GET', 'policies/TeamPolicies'), 403, 'access-denied');
  refused(await user.send('GET', 'policies'), 403, 'access-denied');
});
