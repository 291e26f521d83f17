// What can be done with a key after it was made, and to the master key, as an operator does it.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { EMAIL, type Operator, fails, withAccount } from '../support/operator.ts';

async function withProject(): Promise<Operator> {
  const operator = await withAccount();
  await operator.object('project', 'create', '--account', EMAIL, '--name', 'web');
  return operator;
}

const create = ['s3-key', 'create', '--account', EMAIL, '--project', 'web'];

test('s3-key rotate answers like create, under a new id; the old key names its successor and its end', async () => {
  await using operator = await withProject();
  const old = await operator.object(...create, '--description', 'backup');
  const made = await operator.object('s3-key', 'rotate', String(old['id']), '--overlap', '2d');
  assert.deepEqual(Object.keys(made), Object.keys(old));
  for (const name of ['id', 'accessKey', 'secretKey']) assert.notEqual(made[name], old[name]);
  assert.equal(made['description'], 'backup');
  const listed = await operator.list('s3-key', 'list', '--account', EMAIL);
  const rotated = Object(listed.find(({ id }) => id === old['id'])?.['rotatedTo']);
  assert.equal(rotated.id, made['id']);
  assert.equal(Date.parse(rotated.worksUntil) - Date.parse(String(made['createdAt'])), 2 * 86_400_000);
  fails(await operator.run('s3-key', 'rotate', String(made['id']), '--overlap', 'soon'), 2, /not a time such as 30m/);
  fails(await operator.run('s3-key', 'rotate', String(made['id']), '--overlap', '8d'), 1, /0 to 7 days/);
  fails(await operator.run('s3-key', 'rotate', String(old['id'])), 1, /rotated already.*took its place/);
});

test('s3-key: a restriction by options and by file, changed and taken away', async () => {
  await using operator = await withProject();
  const form = ['--bucket', 'photos', '--bucket', 'films', '--prefix', 'a/', '--allow', 'read,list'];
  const more = ['--network', '10.0.0.0/8', '--hours', 'mon,fri/22:00-06:00+07:00'];
  const made = await operator.object(...create, ...form, ...more);
  const hours = { from: '22:00', to: '06:00', days: ['mon', 'fri'], utcOffset: '+07:00' };
  const restriction = { buckets: ['photos', 'films'], prefix: 'a/', allow: ['read', 'list'] };
  const full = { ...restriction, networks: ['10.0.0.0/8'], hours, policy: null };
  assert.deepEqual(made['restriction'], full);
  const id = String(made['id']);
  const policy = join(operator.folder, 'policy.json');
  const document = '{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::photos/*"}]}';
  await writeFile(policy, document);
  const byPolicy = await operator.object('s3-key', 'restrict', id, '--restrict', policy);
  assert.deepEqual([Object(byPolicy['restriction']).policy, Object(byPolicy['restriction']).buckets], [document, null]);
  const file = join(operator.folder, 'restriction.json');
  await writeFile(file, JSON.stringify(restriction));
  const byFile = await operator.object('s3-key', 'restrict', id, '--restrict', file);
  assert.deepEqual(byFile['restriction'], { ...full, networks: null, hours: null });
  assert.equal((await operator.object('s3-key', 'restrict', id, '--none'))['restriction'], null);
  fails(await operator.run('s3-key', 'restrict', id), 2, /or else --none/);
  fails(await operator.run(...create, '--prefix', 'a/'), 1, /Name the buckets/);
  fails(await operator.run(...create, '--allow', 'reed'), 2, /write some of read,write,list,delete/);
  await writeFile(file, '{"bucket":"typo"}');
  fails(await operator.run(...create, '--restrict', file), 2, /bucket is no part of a restriction/);
  await writeFile(file, '{"buckets":"photos"}');
  fails(await operator.run(...create, '--restrict', file), 2, /buckets is a list of names/);
  await writeFile(policy, '{"Statement":[{"Effect":"Allow","Action":"s3:GetObject"}]}');
  fails(await operator.run(...create, '--restrict', policy), 1, /line 1.*Resource/);
});

test('s3-key report is CSV with a line for each key and no secret', async () => {
  await using operator = await withProject();
  const made = await operator.object(...create, '--description', 'a, "b"');
  const { code, stdout } = await operator.run('s3-key', 'report', '--account', EMAIL);
  assert.equal(code, 0);
  const [heading, line, rest] = stdout.split('\r\n');
  assert.match(heading ?? '', /^id,access_key,project_id,description,/);
  assert.ok(line?.includes('"a, ""b"""') && line.endsWith(',never-expires over-broad,'));
  assert.equal(rest, '');
  assert.ok(!stdout.includes(String(made['secretKey'])));
});

test('master-key: add prepares a version, rotate uses it and drops the old one, show never shows a key', async () => {
  await using operator = await withProject();
  await operator.object(...create);
  const file = join(operator.folder, 'new', 'data', 'master.key');
  const before = (await readFile(file, 'utf8')).match(/1:(\S+)/)?.[1] ?? 'none';
  assert.deepEqual(
    (await operator.list('master-key', 'add')).map(({ version, use }) => [version, use]),
    [
      [1, 'seals'],
      [2, 'for the next rotation'],
    ],
  );
  const done = await operator.object('master-key', 'rotate');
  // the key's secret, and what the server seals for itself
  const { resealed, ...rest } = done;
  assert.ok(Number(resealed) >= 1);
  assert.deepEqual(rest, { from: [1], to: 2, resumed: false, oldVersionsIn: null });
  const shown = await operator.run('master-key', 'show', '--json');
  const after = await readFile(file, 'utf8');
  assert.ok(!after.includes(before) && !shown.stdout.includes(after.match(/2:(\S+)/)?.[1] ?? 'none'));
  await operator.object(...create);
});
