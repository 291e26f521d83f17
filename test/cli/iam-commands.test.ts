// Groups, service accounts, versions, imports, boundaries and tags as an operator handles them.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { EMAIL, fails, withAccount } from '../support/operator.ts';

const OF = ['--account', EMAIL] as const;
const allow = (Action: string): string => JSON.stringify({ Statement: { Effect: 'Allow', Action, Resource: '*' } });

test('group: create, members in and out, policies, rename, delete', async () => {
  await using operator = await withAccount();
  for (const name of ['alice', 'bobby']) await operator.object('user', 'create', ...OF, '--username', name);
  const made = await operator.object('group', 'create', ...OF, '--name', 'staff', '--description', 'all');
  assert.match(String(made['groupId']), /^[0-9a-f-]{36}$/);
  const both = await operator.object('group', 'add', 'staff', 'alice', 'bobby', ...OF);
  assert.deepEqual(both['members'], ['alice', 'bobby']);
  const attach = ['policy', 'attach', ...OF, '--policy', 'vStorageReadOnlyAccess'];
  const attached = await operator.object(...attach, '--group', 'STAFF');
  assert.deepEqual([attached['group'], attached['policies']], ['staff', ['vStorageReadOnlyAccess']]);
  const asked = ['policy', 'simulate', ...OF, '--user', 'alice', '--action', 's3:GetObject'];
  assert.equal((await operator.list(...asked))[0]?.['allowed'], true);
  assert.deepEqual((await operator.object('group', 'remove', 'staff', 'alice', ...OF))['members'], ['bobby']);
  assert.equal((await operator.list(...asked))[0]?.['allowed'], false);
  await operator.object('group', 'update', 'staff', '--name', 'crew', ...OF);
  assert.deepEqual((await operator.object('group', 'show', 'crew', ...OF))['members'], ['bobby']);
  fails(await operator.run('group', 'add', 'crew', 'alice', 'nobody', ...OF), 1, /no IAM user nobody/);
  assert.deepEqual((await operator.object('group', 'show', 'crew', ...OF))['members'], ['bobby']);
  fails(await operator.run(...attach), 2, /whom\? give one of --user, --group and --service-account/);
  fails(await operator.run(...attach, '--group', 'none'), 1, /no group none/);
  fails(await operator.run('group', 'delete', 'crew', ...OF), 2, /add --yes/);
  await operator.object('group', 'delete', 'crew', '--yes', ...OF);
  assert.deepEqual(await operator.list('group', 'list', ...OF), []);
});

test('service-account: create, policies, keys, secret, trust, disable, delete', async () => {
  await using operator = await withAccount();
  const other = await operator.object('account', 'create', '--email', 'other@example.test');
  await operator.object('project', 'create', ...OF, '--name', 'web');
  const create = ['service-account', 'create', ...OF, '--name', 'backup job', '--token-lifespan'];
  fails(await operator.run(...create, 'long'), 2, /not a number of seconds/);
  const made = await operator.object(...create, '600');
  assert.match(String(made['clientSecret']), /^[0-9a-f-]{36}$/);
  assert.equal(made['clientId'], made['serviceAccountId']);
  const attach = ['policy', 'attach', ...OF, '--service-account', 'backup job', '--policy', 'vStorageFullAccess'];
  assert.deepEqual((await operator.object(...attach))['policies'], ['vStorageFullAccess']);
  const newKey = ['s3-key', 'create', ...OF, '--project', 'web'];
  const key = await operator.object(...newKey, '--service-account', 'backup job');
  assert.equal(Reflect.get(Object(key['creator']), 'type'), 'service-account');
  const roots = await operator.object(...newKey);
  const attached = await operator.object('s3-key', 'attach', String(roots['id']), '--service-account', 'backup job');
  assert.equal(Reflect.get(Object(attached['serviceAccount']), 'name'), 'backup job');
  assert.equal((await operator.object('s3-key', 'detach', String(roots['id'])))['serviceAccount'], null);
  fails(await operator.run('s3-key', 'detach', String(roots['id'])), 1, /not attached/);
  fails(await operator.run(...newKey, '--user', 'x', '--service-account', 'y'), 2, /the rights of one of them/);
  const trust = ['service-account', 'trust', 'backup job', ...OF];
  assert.deepEqual((await operator.object(...trust, '--root', 'other@example.test'))['trustedAccounts'], [
    other['accountId'],
  ]);
  assert.deepEqual((await operator.object(...trust, '--nobody'))['trustedAccounts'], []);
  fails(await operator.run(...trust), 2, /give --root or --nobody/);
  const reset = await operator.object('service-account', 'reset-secret', 'backup job', ...OF);
  assert.notEqual(reset['clientSecret'], made['clientSecret']);
  const listed = await operator.run('service-account', 'list', ...OF, '--json');
  for (const secret of [String(made['clientSecret']), String(reset['clientSecret']), 'secretHash', 'clientSecret']) {
    assert.equal(listed.stdout.includes(secret), false, secret);
  }
  const named = ['backup job', ...OF];
  assert.equal((await operator.object('service-account', 'disable', ...named))['status'], 'disabled');
  assert.equal((await operator.object('service-account', 'enable', ...named))['status'], 'active');
  await operator.object('service-account', 'delete', ...named, '--yes');
  assert.equal((await operator.list('s3-key', 'list', ...OF)).length, 1);
});

test('policy: import from the original, versions, boundaries; user: tags', async () => {
  await using operator = await withAccount();
  await operator.object('user', 'create', ...OF, '--username', 'alice', '--must-change-password');
  const file = join(operator.folder, 'Brought.json');
  const statements = [{ effect: 'allow', actions: ['vstorage-hcm03:GetObjectInfo'], resources: ['*'], condition: {} }];
  await writeFile(file, JSON.stringify({ statements }));
  const preview = await operator.object('policy', 'import', file, '--preview', ...OF);
  assert.equal(preview['made'], false);
  const imported = await operator.object('policy', 'import', file, ...OF);
  assert.deepEqual([imported['name'], imported['made']], ['Brought', true]);
  await writeFile(file, '{');
  fails(await operator.run('policy', 'import', file, '--name', 'x', ...OF), 1, /Brought\.json:1:2: /);
  const mine = join(operator.folder, 'Mine.json');
  await writeFile(mine, allow('s3:Get*'));
  const attach = ['policy', 'attach', ...OF, '--user', 'alice', '--policy', mine];
  await operator.object(...attach);
  await writeFile(mine, allow('s3:*'));
  await operator.object(...attach);
  const versions = await operator.list('policy', 'versions', 'Mine', ...OF);
  assert.deepEqual(
    versions.map(({ version, isDefault }) => [version, isDefault]),
    [
      [2, true],
      [1, false],
    ],
  );
  await operator.object('policy', 'set-default', 'Mine', '1', ...OF);
  const asked = ['policy', 'simulate', ...OF, '--user', 'alice', '--action'];
  const may = async (action: string) => (await operator.list(...asked, action))[0]?.['allowed'];
  assert.deepEqual([await may('s3:GetObject'), await may('s3:PutObject')], [true, false]);
  const bound = ['policy', 'bound', ...OF, '--user', 'alice'];
  assert.equal((await operator.object(...bound, '--policy', 'IAMFullAccess'))['boundary'], 'IAMFullAccess');
  assert.equal(await may('s3:GetObject'), false);
  assert.equal((await operator.object(...bound, '--none'))['boundary'], null);
  fails(await operator.run(...bound), 2, /give --policy or --none/);
  const tagged = await operator.object('user', 'tag', 'alice', 'team=storage', 'site=x', ...OF);
  assert.deepEqual(tagged['tags'], { team: 'storage', site: 'x' });
  assert.deepEqual((await operator.object('user', 'untag', 'alice', 'site', ...OF))['tags'], { team: 'storage' });
  fails(await operator.run('user', 'tag', 'alice', 'team', ...OF), 2, /write KEY=VALUE/);
});
