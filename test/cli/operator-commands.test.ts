// The operator commands as an operator runs them: the real program on a store of its own, no server running.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { EMAIL, fails, openOperator, withAccount } from '../support/operator.ts';

test('account: create with a password file, list, disable, enable, reset the password, delete', async () => {
  await using operator = await openOperator();
  const passwordFile = join(operator.folder, 'password');
  await writeFile(passwordFile, 'a given password\n');
  const hex = 'ab'.repeat(32);
  const create = ['account', 'create', '--email', EMAIL, '--name', 'Owner', '--canonical-id', hex];
  const made = await operator.object(...create, '--password-file', passwordFile);
  assert.match(String(made['accountId']), /^\d{12}$/);
  assert.deepEqual(
    [made['email'], made['name'], made['canonicalId'], made['status'], 'password' in made],
    [EMAIL, 'Owner', hex, 'active', false],
  );
  assert.deepEqual(await operator.list('account', 'list'), [made]);
  assert.equal((await operator.object('account', 'disable', EMAIL))['status'], 'disabled');
  assert.equal(
    (await operator.object('account', 'enable', '--account', String(made['accountId'])))['status'],
    'active',
  );
  assert.match(String((await operator.object('account', 'reset-password', EMAIL))['password']), /^.{20}$/);
  assert.equal((await operator.object('account', 'delete', EMAIL, '--yes'))['deleted'], true);
  assert.deepEqual(await operator.list('account', 'list'), []);
});

test('project: create, list, resize, delete to the trash, restore', async () => {
  await using operator = await withAccount();
  const made = await operator.object('project', 'create', '--account', EMAIL, '--name', 'web', '--quota', '50GiB');
  assert.match(String(made['projectId']), /^[0-9a-f]{32}$/);
  assert.deepEqual(
    [made['name'], made['region'], made['class'], made['quotaBytes'], made['accountId']],
    ['web', 'HAN02', 'gold', 50 * 2 ** 30, operator.account['accountId']],
  );
  const id = String(made['projectId']);
  assert.equal((await operator.object('project', 'resize', id, '--quota', '10MiB'))['quotaBytes'], 10 * 2 ** 20);
  const byName = ['--account', EMAIL, '--project', 'WEB'];
  assert.ok((await operator.object('project', 'delete', ...byName))['purgeAt']);
  assert.equal((await operator.list('project', 'list')).length, 1);
  assert.equal((await operator.object('project', 'restore', ...byName))['trashedAt'], null);
  const moon = ['project', 'create', '--account', EMAIL, '--name', 'x', '--region', 'MOON'];
  fails(await operator.run(...moon), 1, /no region MOON/);
  fails(await operator.run('project', 'resize', id, '--quota', 'much'), 2, /not a size such as 30GiB/);
});

test('user and policy: create, attach by name and by file, detach, disable, delete', async () => {
  await using operator = await withAccount();
  const made = await operator.object('user', 'create', '--account', EMAIL, '--username', 'alice');
  assert.match(String(made['userId']), /^[0-9a-f-]{36}$/);
  assert.match(String(made['password']), /^.{20}$/);
  const attach = ['policy', 'attach', '--account', EMAIL, '--user', 'alice', '--policy'];
  const file = join(operator.folder, 'Mine.json');
  await writeFile(file, '{"Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}');
  await operator.object(...attach, 'vstoragereadonlyaccess');
  assert.deepEqual((await operator.object(...attach, file))['policies'], ['vStorageReadOnlyAccess', 'Mine']);
  await writeFile(file, '{"Statement":{"Effect":"Allow","Action":"s3:Put*","Resource":"*"}}');
  await operator.object(...attach, file);
  assert.match((await operator.run('policy', 'show', 'mine', '--account', EMAIL)).stdout, /s3:Put/);
  await writeFile(file, '{\n "Statement": {"Effect":"Perhaps"}}');
  fails(await operator.run(...attach, file), 1, /Mine\.json:2:25: .*"Allow" or "Deny"/);
  fails(await operator.run(...attach, 'Nothing'), 1, /neither a policy nor a file Nothing/);
  fails(await operator.run('policy', 'delete', 'Mine', '--account', EMAIL), 1, /in use by 1: alice/);
  const detach = ['policy', 'detach', '--account', EMAIL, '--user', 'alice', '--policy', 'Mine'];
  assert.deepEqual((await operator.object(...detach))['policies'], ['vStorageReadOnlyAccess']);
  const named = ['--account', EMAIL, '--user', 'alice'];
  assert.equal((await operator.object('user', 'disable', ...named))['status'], 'disabled');
  fails(await operator.run('user', 'delete', ...named), 2, /add --yes/);
  await operator.object('user', 'delete', ...named, '--yes');
  assert.deepEqual(await operator.list('user', 'list', '--account', EMAIL), []);
});

test('s3-key: create, import, list without secrets, disable, enable, delete several', async () => {
  await using operator = await withAccount();
  await operator.object('project', 'create', '--account', EMAIL, '--name', 'web');
  await operator.object('user', 'create', '--account', EMAIL, '--username', 'alice');
  const create = ['s3-key', 'create', '--account', EMAIL, '--project', 'web'];
  const made = await operator.object(...create, '--user', 'alice', '--description', 'backup', '--expires', '90d');
  assert.match(String(made['accessKey']), /^[0-9a-f]{32}$/);
  assert.match(String(made['secretKey']), /^[A-Za-z0-9]{40}$/);
  assert.equal(Reflect.get(Object(made['creator']), 'name'), 'alice');
  const daysLeft = (Date.parse(String(made['expiresAt'])) - Date.now()) / 86_400e3;
  assert.ok(daysLeft > 89.9 && daysLeft <= 90);
  const secretFile = join(operator.folder, 'secret');
  await writeFile(secretFile, 'brought-from-elsewhere\n');
  const imported = await operator.object(...create, '--access-key', 'AKIA.old-1', '--secret-key-file', secretFile);
  assert.equal(imported['secretKey'], 'brought-from-elsewhere');
  fails(await operator.run(...create, '--access-key', 'alone'), 2, /belong together/);
  fails(await operator.run(...create, '--expires', 'soon'), 2, /neither a time from now/);
  const listed = await operator.run('s3-key', 'list', '--account', EMAIL, '--project', 'web', '--json');
  for (const secret of [String(made['secretKey']), 'brought-from-elsewhere', 'secretKey', 'sealed']) {
    assert.equal(listed.stdout.includes(secret), false, secret);
  }
  const ids = [String(made['id']), String(imported['id'])] as const;
  assert.equal((await operator.object('s3-key', 'disable', ids[0]))['status'], 'disabled');
  assert.equal((await operator.object('s3-key', 'enable', ids[0]))['status'], 'active');
  fails(await operator.run('s3-key', 'delete', ...ids), 2, /add --yes/);
  fails(await operator.run('s3-key', 'delete', ids[0], 'mistyped', '--yes'), 1, /no S3 key of the id mistyped/);
  assert.equal((await operator.list('s3-key', 'list', '--account', EMAIL)).length, 2);
  assert.equal((await operator.list('s3-key', 'delete', ...ids, '--yes')).length, 2);
  assert.deepEqual(await operator.list('s3-key', 'list', '--account', EMAIL), []);
});

test('what is missing or unknown is one line on standard error: 2 for usage, 1 otherwise', async () => {
  await using operator = await withAccount();
  fails(await operator.run('account', 'create'), 2, /--email/);
  fails(await operator.run('project', 'create', '--account', EMAIL), 2, /--name/);
  fails(await operator.run('user', 'list', '--account', 'nobody@example.test'), 1, /no account nobody@example\.test/);
  fails(await operator.run('account', 'create', '--email', EMAIL), 1, /exists/);
  fails(await operator.run('s3-key', 'list', '--account', EMAIL, '--project', 'none'), 1, /no project none/);
});

test('without --json a table is printed', async () => {
  await using operator = await withAccount();
  const { stdout } = await operator.run('account', 'list');
  const [head = '', row = ''] = stdout.split('\n');
  assert.match(head, /^accountId +email +name +canonicalId +status +createdAt$/);
  assert.ok(row.startsWith(String(operator.account['accountId'])));
});
