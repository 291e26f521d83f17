import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openIdentityFixture, problem } from '../../test/support/identity-fixture.ts';
import type { RequestFacts } from '../access/condition-context.ts';
import { type ServiceAccountRecord, apiTokenRange } from '../metadata/tables/identities.ts';
import type { AccountId, UserId } from '../shared/ids.ts';
import { createAccount } from './accounts.ts';
import { isApiToken, issueToken, readToken } from './api-tokens.ts';
import { attachPolicy, detachPolicy } from './attachments.ts';
import { issueImpersonationToken, loadImpersonated, loadImpersonator } from './impersonation.ts';
import { loadIdentity } from './load-identity.ts';
import { createPolicy } from './policies.ts';
import {
  createServiceAccount,
  deleteServiceAccount,
  findServiceAccount,
  resetClientSecret,
  updateServiceAccount,
} from './service-accounts.ts';
import { createUsers, setUserStatus } from './users.ts';

const facts: RequestFacts = {
  receivedAt: Date.parse('2026-06-01T00:00:00Z'),
  clientAddress: '192.0.2.1',
  secure: true,
  headers: new Map(),
  query: new Map(),
};

async function openWorld(more: Partial<ServiceAccountRecord> = {}) {
  const fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const { accountId } = account;
  const made = await createServiceAccount(deps, { accountId, name: 'job', ...more });
  const id = made.serviceAccount.serviceAccountId;
  return Object.assign(fixture, {
    accountId,
    id,
    issue: (clientSecret = made.clientSecret, clientId: string = id) =>
      issueToken(deps, { clientId, clientSecret }, '192.0.2.1'),
    read: (token: string) => deps.store.read((snapshot) => readToken(deps, snapshot, token)),
    rows: async () => (await deps.store.read((snapshot) => snapshot.range({ ...apiTokenRange(id), limit: 10 }))).length,
  });
}

test('a token is given for the right id and secret, lives its time and is stored only as a hash', async () => {
  await using world = await openWorld({ tokenLifespanSeconds: 600 });
  const { deps, id, accountId, issue, read, pass } = world;
  const { token, expiresInSeconds } = await issue();
  assert.ok(isApiToken(token));
  assert.equal(expiresInSeconds, 600);
  assert.equal((await read(token))?.serviceAccountId, id);
  const [row] = await deps.store.read((snapshot) => snapshot.range({ ...apiTokenRange(id), limit: 1 }));
  assert.ok(row);
  assert.equal(Buffer.concat([row.key, row.value]).includes(token.slice(-43)), false);
  assert.equal((await findServiceAccount(deps, accountId, id))?.lastUsedAt, deps.clock());
  pass(600_000 - 1);
  assert.ok(await read(token));
  pass(1);
  assert.equal(await read(token), undefined);
  assert.equal(await read(`${token.slice(0, -1)}_`), undefined);
  assert.equal(await read('vst_x'), undefined);
});

test('no token for a wrong secret, an unknown id or a disabled service account, and none says which', async () => {
  await using world = await openWorld();
  const { deps, accountId, id, issue } = world;
  const wrong = problem('invalid-client', 401);
  await assert.rejects(issue('00000000-0000-4000-8000-000000000000'), wrong);
  await assert.rejects(issue(undefined, '00000000-0000-4000-8000-000000000000'), wrong);
  await assert.rejects(issue('', ''), wrong);
  await updateServiceAccount(deps, accountId, id, { status: 'disabled' });
  await assert.rejects(issue(), wrong);
});

test('tokens die at once and for good when the service account is disabled, deleted or gets another secret', async () => {
  await using world = await openWorld();
  const { deps, accountId, id, issue, read, rows } = world;
  const first = await issue();
  await updateServiceAccount(deps, accountId, id, { description: 'changed' });
  assert.ok(await read(first.token));
  await updateServiceAccount(deps, accountId, id, { status: 'disabled' });
  await updateServiceAccount(deps, accountId, id, { status: 'active' });
  assert.equal(await read(first.token), undefined);
  const second = await issue();
  const { clientSecret } = await resetClientSecret(deps, accountId, id);
  assert.equal(await read(second.token), undefined);
  await assert.rejects(issue(), problem('invalid-client', 401));
  const third = await issue(clientSecret);
  assert.ok(await read(third.token));
  await deleteServiceAccount(deps, accountId, id);
  assert.equal(await read(third.token), undefined);
  assert.equal(await rows(), 0);
});

test('expired tokens go when the next is given', async () => {
  await using world = await openWorld({ tokenLifespanSeconds: 60 });
  const { issue, rows, pass } = world;
  await issue();
  await issue();
  assert.equal(await rows(), 2);
  pass(60_000);
  await issue();
  assert.equal(await rows(), 1);
});

async function openTwoRoots() {
  const world = await openWorld();
  const { deps, accountId, id } = world;
  const other = await createAccount(deps, { email: 'other@example.test', password: 'other password' });
  const theirs = other.account.accountId;
  const { users } = await createUsers(deps, { accountId: theirs, usernames: ['visitor'], passwords: 'none' });
  const userId = users[0]?.userId ?? ('' as UserId);
  const statement = {
    Effect: 'Allow',
    Action: 'vstorage:ImpersonateServiceAccount',
    Resource: `vstorage::${accountId}:service-account/${id}`,
    Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } },
  };
  const document = JSON.stringify({ Version: '2012-10-17', Statement: statement });
  await createPolicy(deps, { accountId: theirs, name: 'visit', description: '', document });
  const person = async () => {
    const found = await deps.store.read((snapshot) => loadIdentity(snapshot, theirs, { type: 'user', userId }));
    assert.ok(found);
    return found;
  };
  return Object.assign(world, {
    theirs,
    userId,
    person,
    trust: (...trustedAccounts: AccountId[]) => updateServiceAccount(deps, accountId, id, { trustedAccounts }),
    acts: async (more: Partial<RequestFacts> = {}) => {
      const who = await person();
      return deps.store.read((snapshot) => loadImpersonated(snapshot, who, id, { ...facts, ...more }));
    },
  });
}

test('a user of a trusted root account whose policy allows it acts as the service account', async () => {
  await using world = await openTwoRoots();
  const { deps, accountId, id, theirs, userId, acts, trust } = world;
  const target = { kind: 'user', id: userId } as const;
  assert.equal(await acts(), undefined);
  await trust(theirs);
  assert.equal(await acts(), undefined);
  await attachPolicy(deps, theirs, target, 'visit');
  const identity = await acts();
  assert.deepEqual([identity?.type, identity?.accountId], ['service-account', accountId]);
  assert.equal(await acts({ clientAddress: '198.51.100.1' }), undefined);
  await trust();
  assert.equal(await acts(), undefined);
  await trust(theirs);
  await updateServiceAccount(deps, accountId, id, { status: 'disabled' });
  assert.equal(await acts(), undefined);
});

test('a token to act as a service account dies with the right to', async () => {
  await using world = await openTwoRoots();
  const { deps, id, theirs, userId, trust, read, person } = world;
  const target = { kind: 'user', id: userId } as const;
  const issue = async () => issueImpersonationToken(deps, { person: await person(), serviceAccountId: id, facts });
  await assert.rejects(issue(), problem('impersonation-refused', 403));
  await trust(theirs);
  await attachPolicy(deps, theirs, target, 'visit');
  const { token } = await issue();
  const acting = async () => {
    const record = await read(token);
    const { impersonator } = record ?? {};
    assert.ok(impersonator);
    return deps.store.read((snapshot) => loadImpersonator(snapshot, impersonator, id, facts));
  };
  assert.deepEqual([(await acting())?.identity.name, (await acting())?.impersonator.name], ['job', 'visitor']);
  await detachPolicy(deps, theirs, target, 'visit');
  assert.equal(await acting(), undefined);
  await attachPolicy(deps, theirs, target, 'visit');
  assert.ok(await acting());
  await setUserStatus(deps, theirs, userId, 'disabled');
  assert.equal(await acting(), undefined);
});
