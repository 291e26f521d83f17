import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMAIL, fails, openOperator, type Operator, type Row, withAccount } from '../support/operator.ts';

const recordsOf = async (operator: Operator, ...filter: string[]): Promise<Row[]> => {
  const page = await operator.object('audit', 'list', '--count', '1000', ...filter);
  assert.ok(Array.isArray(page['items']));
  return page['items'].map((row: Row) => row);
};

const pick = (value: unknown, name: string): unknown => Reflect.get(Object(value), name);

test('who did what is found by account, operation and outcome, with the operator of the command', async () => {
  await using operator = await withAccount();
  const { accountId } = operator.account;
  await operator.object('user', 'create', '--account', EMAIL, '--username', 'alice');
  fails(await operator.run('user', 'create', '--account', EMAIL, '--username', 'alice'), 1, /alice/);
  const users = await recordsOf(operator, '--account', EMAIL, '--operation', 'CreateUsers');
  assert.equal(users.length, 2);
  const [failed, made] = users;
  assert.deepEqual([failed?.['outcome'], made?.['outcome']], ['failed', 'success']);
  assert.deepEqual(made?.['accounts'], [accountId]);
  assert.match(String(made?.['resource']), new RegExp(`^vstorage::${String(accountId)}:user/[0-9a-f-]{36}$`));
  assert.deepEqual(pick(made?.['who'], 'type'), 'operator');
  assert.deepEqual(pick(made?.['details'], 'username'), 'alice');
  assert.equal((await recordsOf(operator, '--outcome', 'failed')).length, 1);
});

test('no password or secret stands in the trail', async () => {
  await using operator = await withAccount();
  const user = await operator.object('user', 'create', '--account', EMAIL, '--username', 'robert');
  const key = await operator.object('s3-key', 'create', '--account', EMAIL, '--project', await projectOf(operator));
  const { stdout } = await operator.run('audit', 'export');
  const lines = stdout.trimEnd().split('\n');
  assert.ok(lines.length >= 4);
  for (const secret of [user['password'], operator.account['password'], key['secretKey']]) {
    assert.ok(typeof secret === 'string' && secret.length >= 8);
    assert.ok(!stdout.includes(secret));
  }
  assert.match(lines[0] ?? '', /^\{"chain":"[0-9a-f]{16}","seq":1,"prev":"0{64}",/);
});

async function projectOf(operator: Operator): Promise<string> {
  const project = await operator.object('project', 'create', '--account', EMAIL, '--name', 'first');
  return String(project['projectId']);
}

test('verify passes, covers what commands wrote, and remembers a checkpoint that must still be there', async () => {
  await using operator = await withAccount();
  const first = await operator.object('audit', 'verify');
  assert.deepEqual([first['findings'], first['uncovered'], first['records']], [[], 0, 1]);
  const checkpoint = String(first['lastCheckpoint']);
  assert.match(checkpoint, /^\d+:[0-9a-f]{64}$/);
  assert.deepEqual((await operator.object('audit', 'verify', '--index', '--expect', checkpoint))['findings'], []);
  const other = checkpoint.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
  const { code, stderr } = await operator.run('audit', 'verify', '--expect', other);
  assert.equal(code, 1);
  assert.match(stderr, /not whole/);
  fails(await operator.run('audit', 'verify', '--expect', 'x'), 2, /NUMBER:HASH/);
});

test('pages go on where the last one ended', async () => {
  await using operator = await withAccount();
  for (let index = 0; index < 5; index++) await operator.list('account', 'list');
  const first = await operator.object('audit', 'list', '--count', '2');
  const second = await operator.object('audit', 'list', '--count', '1000', '--cursor', String(first['nextCursor']));
  const ids = [first, second].flatMap(({ items }) => (items as Row[]).map(({ requestId }) => requestId));
  assert.equal(new Set(ids).size, ids.length);
  // five lists, the creation, and the first page's own command, which was newer than it
  assert.equal(ids.length, 6);
  fails(await operator.run('audit', 'list', '--cursor', 'nonsense'), 1, /cursor/);
});

test('data access of a bucket that is not there is refused by name', async () => {
  await using operator = await openOperator();
  await operator.object('account', 'create', '--email', EMAIL);
  fails(await operator.run('audit', 'data-access', '--bucket', 'nowhere', '--set', 'all'), 1, /no bucket nowhere/);
});
