import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditFacetsView, AuditPageView, AuditRecordView } from '../../src/console-api/contract/audit.ts';
import type { RefusalPageView, RefusalView } from '../../src/console-api/contract/refusals.ts';
import { exportRecords } from '../../src/audit/export.ts';
import { createAccount } from '../../src/identity/accounts.ts';
import { type Answer, type Browser, refused } from './browser.ts';
import { type ConsoleFixture, ROOT_EMAIL, ROOT_PASSWORD, startConsole, USER_PASSWORD } from './console-fixture.ts';

const search = async (browser: Browser, query = ''): Promise<AuditRecordView[]> =>
  (await browser.get<AuditPageView>(`audit?limit=1000&${query}`)).items;

/** Those of nobody too. */
async function everything({ deps }: ConsoleFixture): Promise<unknown[]> {
  const found = await Array.fromAsync(exportRecords(deps.auditSearch, { accountId: null }));
  return found.map(({ record }) => record);
}

const idOf = (answer: Answer): string => String(answer.headers['x-request-id']);

test('signing in, failing to, being locked out and signing out are in the trail at once', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.root();
  for (let attempt = 0; attempt < 6; attempt++) {
    await fixture.browser().send('POST', 'session', { type: 'root', email: ROOT_EMAIL, password: 'Wrong-Passw0rd' });
  }
  const other = await fixture.user('alice');
  await other.send('DELETE', 'session');
  const records = await search(browser, 'category=sign-in&operation=SignIn,SignOut');
  const told = records.map(({ operation, outcome, code, who }) => `${operation} ${outcome} ${code} ${who.name}`);
  const count = (text: string): number => told.filter((line) => line === text).length;
  assert.equal(count(`SignIn success null ${ROOT_EMAIL}`), 1);
  assert.ok(count(`SignIn denied invalid-credentials ${ROOT_EMAIL}`) >= 4, told.join('\n'));
  assert.ok(count(`SignIn denied sign-in-locked ${ROOT_EMAIL}`) >= 1, told.join('\n'));
  assert.equal(count('SignIn success null alice'), 1);
  assert.equal(count('SignOut success null alice'), 1);
  const text = JSON.stringify(await everything(fixture));
  for (const secret of ['Wrong-Passw0rd', ROOT_PASSWORD, USER_PASSWORD]) assert.ok(!text.includes(secret));
});

test('a name that nobody has stays out of the trail: it may be a password', async () => {
  await using fixture = await startConsole();
  const wrong = { type: 'iam', rootEmail: ROOT_EMAIL, username: 'My-Secret-Passw0rd', password: 'x' };
  await fixture.browser().send('POST', 'session', wrong);
  await fixture.browser().send('POST', 'session', { type: 'root', email: 'My-Secret-Passw0rd@x.y', password: 'x' });
  const text = JSON.stringify(await everything(fixture));
  assert.match(text, /invalid-credentials/);
  assert.doesNotMatch(text, /My-Secret-Passw0rd/i);
});

test('a change says who, what, on what, from where; it is there before the answer', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.root();
  const answer = await browser.send('POST', `projects/${fixture.projectId}/s3-keys`, { description: 'for backups' });
  const key = JSON.parse(answer.text) as { id: string; secretKey: string };
  const [record] = await search(browser, `requestId=${idOf(answer)}`);
  assert.ok(record !== undefined);
  assert.equal(record.operation, 'CreateS3Key');
  assert.equal(record.resource, `vstorage::${fixture.accountId}:s3-key/${key.id}`);
  assert.equal(record.projectId, fixture.projectId);
  assert.deepEqual(record.details, { description: 'for backups' });
  assert.deepEqual([record.who.type, record.who.name], ['root', ROOT_EMAIL]);
  assert.match(record.who.sessionId ?? '', /^[0-9a-f]{16}$/);
  assert.deepEqual([record.channel, record.status, record.outcome], ['console', 201, 'success']);
  assert.ok(record.address !== '');
  assert.ok(!JSON.stringify(await everything(fixture)).includes(key.secretKey));
});

test('who may list the trail sees all of its own account and nothing of others', async () => {
  await using fixture = await startConsole();
  const { account } = await createAccount(fixture.deps.identity, {
    email: 'other@example.com',
    password: ROOT_PASSWORD,
  });
  const other = fixture.browser();
  await other.signIn({ type: 'root', email: 'other@example.com', password: ROOT_PASSWORD });
  const reader = await fixture.user('reader', ['vStorageReadOnlyAccess']);
  const nobody = await fixture.user('nobody');
  refused(await nobody.send('GET', 'audit'), 403, 'access-denied');
  const own = await search(await fixture.root());
  assert.ok(own.every(({ accounts }) => accounts.includes(fixture.accountId)));
  const theirs = await search(other);
  assert.ok(theirs.length > 0 && theirs.every(({ accounts }) => accounts.includes(account.accountId)));
  assert.deepEqual(await search(other, `who=${fixture.accountId}`), []);
  assert.equal((await reader.send('GET', 'audit')).status, 200);
});

test('pages, filters, facets and the export speak of the same records', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.root();
  for (let index = 0; index < 5; index++)
    await browser.send('POST', 'projects', { name: `p${index}`, class: 'gold', quotaBytes: 2 ** 30 });
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: AuditPageView = await browser.get(
      `audit?limit=2&access=write${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    assert.ok(page.items.length <= 2);
    if (cursor === null) assert.deepEqual(page.total, { count: 6, isExact: true });
    ids.push(...page.items.map(({ requestId }) => requestId));
    cursor = page.nextCursor;
  } while (cursor !== null);
  assert.equal(new Set(ids).size, 6);
  const facets = await browser.get<AuditFacetsView>('audit/facets');
  assert.deepEqual(
    facets.operation.find(({ value }) => value === 'CreateProject'),
    { value: 'CreateProject', count: 5 },
  );
  const exported = await browser.send('GET', 'audit/export?operation=CreateProject');
  assert.match(String(exported.headers['content-type']), /^application\/x-ndjson/);
  const lines = exported.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditRecordView);
  assert.equal(lines.length, 5);
  refused(await browser.send('GET', 'audit?cursor=nonsense'), 400, 'invalid-cursor');
  refused(await browser.send('GET', 'audit?from=yesterday'), 400, 'invalid-request');
});

/** Within two seconds. */
async function refusalOf(browser: Browser, requestId: string): Promise<RefusalView> {
  for (let attempt = 0; ; attempt++) {
    const answer = await browser.send('GET', `refusals/${requestId}`);
    if (answer.status === 200) return JSON.parse(answer.text) as RefusalView;
    if (attempt > 30) assert.fail(answer.text);
    await sleep(100);
  }
}

test('a 403 of the API is explained to who was refused, and in full to who may know', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'vstorage:*', Resource: '*' },
      { Sid: 'NoNewUsers', Effect: 'Deny', Action: 'vstorage:CreateUser', Resource: '*' },
      { Effect: 'Deny', Action: 'vstorage:ExplainRefusal', Resource: '*' },
    ],
  });
  await root.change('POST', 'policies', { name: 'NoNewUsers', document }, 201);
  const alice = await fixture.user('alice', ['NoNewUsers']);
  const bob = await fixture.user('robert');
  const answer = await alice.send('POST', 'users', { usernames: ['carol'], password: USER_PASSWORD, policies: [] });
  assert.equal(answer.status, 403, answer.text);
  const mine = await refusalOf(alice, idOf(answer));
  assert.deepEqual(
    [mine.cause, mine.facts['statement'], mine.facts['action']],
    ['explicit-deny', 'NoNewUsers', 'vstorage:CreateUser'],
  );
  assert.deepEqual(mine.nextSteps, ['change-deny-statement']);
  assert.equal(mine.decision?.decidedBy?.statement, null, 'the text is for who may read policies');
  const whole = await refusalOf(root, idOf(answer));
  assert.equal(whole.decision?.decidedBy?.statement?.['Effect'], 'Deny');
  refused(await bob.send('GET', `refusals/${idOf(answer)}`), 404, 'no-such-refusal');
  const listed = await alice.get<RefusalPageView>('refusals');
  assert.deepEqual([listed.scope, listed.items.length], ['own', 1]);
  assert.equal((await bob.get<RefusalPageView>('refusals')).items.length, 0);
  const all = await root.get<RefusalPageView>('refusals?cause=explicit-deny');
  assert.deepEqual([all.scope, all.items[0]?.requestId], ['all', idOf(answer)]);
});

test('a change whose record cannot be written is not acknowledged', async () => {
  await using fixture = await startConsole();
  const browser = await fixture.root();
  const { audit } = fixture.deps;
  Object.assign(audit, { record: async () => Promise.reject(new Error('no disk')) });
  const answer = await browser.send('POST', 'projects', { name: 'first', class: 'gold', quotaBytes: 2 ** 30 });
  refused(answer, 503, 'audit-unavailable');
  const signIn = await fixture
    .browser()
    .send('POST', 'session', { type: 'root', email: ROOT_EMAIL, password: ROOT_PASSWORD });
  assert.equal(signIn.status, 503);
  assert.equal(signIn.headers['set-cookie'], undefined);
});
