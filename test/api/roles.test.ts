import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeleteManyResult } from '../../src/console-api/contract.ts';
import type { InlinePolicyList, PermissionsView } from '../../src/console-api/contract/iam.ts';
import type { RoleList, RoleView } from '../../src/console-api/contract/roles.ts';
import { type Browser, refused } from './browser.ts';
import { type ConsoleFixture, startConsole } from './console-fixture.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';
const trusting = (AWS: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS } }],
});

const newRole = (by: Browser, fixture: ConsoleFixture, body: object = {}): Promise<RoleView> =>
  by.change<RoleView>('POST', 'roles', { name: 'deploy', trustPolicy: trusting(fixture.accountId), ...body }, 201);

test('a role is made with trust, policies, boundary and tags, changed and deleted', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const wanted = {
    description: 'for the pipeline',
    maxSessionSeconds: 7200,
    policies: ['vStorageReadOnlyAccess'],
    boundary: 'AmazonS3FullAccess',
    tags: [{ key: 'team', value: 'web' }],
  };
  const role = await newRole(root, fixture, wanted);
  const { trustPolicy, ...rest } = role;
  assert.deepEqual(JSON.parse(trustPolicy), trusting(fixture.accountId));
  assert.deepEqual(rest, {
    id: role.id,
    name: 'deploy',
    arn: `arn:aws:iam::${fixture.accountId}:role/deploy`,
    path: '/',
    inlinePolicies: [],
    createdAt: role.createdAt,
    lastUsedAt: null,
    ...wanted,
  });
  const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await root.change('PUT', `roles/${role.id}/inline-policies/read`, { document }, 204);
  assert.deepEqual((await root.get<InlinePolicyList>(`roles/${role.id}/inline-policies`)).items, [
    { name: 'read', document },
  ]);
  const { sources, boundary } = await root.get<PermissionsView>(`roles/${role.id}/permissions`);
  assert.deepEqual(
    [sources.map(({ policy }) => policy), boundary],
    [['vStorageReadOnlyAccess', 'read'], 'AmazonS3FullAccess'],
  );
  await root.change('DELETE', `roles/${role.id}/boundary`, undefined, 204);
  await root.change('PUT', `roles/${role.id}/policies`, { policies: [] }, 200);
  const changed = await root.change<RoleView>('PATCH', `roles/${role.id}`, { description: '', tags: [] }, 200);
  assert.deepEqual([changed.description, changed.tags, changed.policies, changed.boundary], ['', [], [], null]);
  assert.deepEqual(
    (await root.get<RoleList>('roles?search=DEP')).items.map(({ name }) => name),
    ['deploy'],
  );
  const { results } = await root.change<DeleteManyResult>('POST', 'roles/delete', { ids: [role.id, NOBODY] }, 200);
  assert.deepEqual(
    results.map(({ deleted }) => deleted),
    [true, false],
  );
  refused(await root.send('GET', `roles/${role.id}`), 404, 'no-such-role');
});

test('a trust policy that is wrong is refused with its place, and a role with what the maker may not attach', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const text = '{\n  "Version": "2012-10-17",\n  "Statement": [{ "Effect": "Allow", "Action": "sts:AssumeRole" }]\n}';
  const wrong = await root.send('POST', 'roles', { name: 'deploy', trustPolicy: text });
  assert.equal(wrong.status, 400);
  assert.match(wrong.text, /Principal/);
  assert.equal(JSON.parse(wrong.text).errors[0].line, 3);
  const unknown = trusting(`arn:aws:iam::${fixture.accountId}:user/nobody`);
  assert.equal((await root.send('POST', 'roles', { name: 'deploy', trustPolicy: unknown })).status, 400);
  const document = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'vstorage:CreateRole', Resource: '*' }],
  };
  await root.change('POST', 'policies', { name: 'MakeRoles', document }, 201);
  const alice = await fixture.user('alice', ['MakeRoles']);
  refused(
    await alice.send('POST', 'roles', {
      name: 'mine',
      trustPolicy: trusting(fixture.accountId),
      policies: ['AdministratorAccess'],
    }),
    403,
    'access-denied',
  );
  assert.equal((await newRole(alice, fixture, { name: 'mine' })).name, 'mine');
});
