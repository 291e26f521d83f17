import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bootstrap } from '../projects/bootstrap.ts';
import { createProject, listProjects, trashProject } from '../projects/projects.ts';
import type { AccountId } from '../shared/ids.ts';
import {
  createAccount,
  deleteAccount,
  findAccount,
  listAccounts,
  resetPassword,
  setAccountStatus,
} from './accounts.ts';
import { readEpoch } from './epoch.ts';
import { openIdentityFixture, problem } from '../../test/support/identity-fixture.ts';
import { issueToken } from './api-tokens.ts';
import { createGroup } from './groups.ts';
import { createPolicy } from './policies.ts';
import { createPolicyVersion } from './policy-versions.ts';
import { createRole } from './roles.ts';
import { createServiceAccount } from './service-accounts.ts';
import { createUsers, listUsers } from './users.ts';

test('an account has a 12-digit id, a canonical id and no password in what is shown', async () => {
  await using fixture = await openIdentityFixture();
  const { account } = fixture;
  assert.match(account.accountId, /^\d{12}$/);
  assert.match(account.canonicalId, /^[0-9a-f]{64}$/);
  assert.equal('passwordHash' in account, false);
  assert.equal('passwordHash' in ((await listAccounts(fixture.deps))[0] ?? {}), false);
});

test('an account is found by id and by e-mail in any case', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  assert.deepEqual(await findAccount(deps, account.accountId), account);
  assert.deepEqual(await findAccount(deps, 'ROOT@example.TEST'), account);
  assert.equal(await findAccount(deps, 'other@example.test'), undefined);
});

test('an e-mail address belongs to one account, without regard to case', async () => {
  await using fixture = await openIdentityFixture();
  await assert.rejects(createAccount(fixture.deps, { email: 'ROOT@EXAMPLE.TEST' }), problem('email-taken', 409));
  await assert.rejects(createAccount(fixture.deps, { email: 'nonsense' }), problem('invalid-email', 400));
});

test('a given canonical id is kept and belongs to one account', async () => {
  await using fixture = await openIdentityFixture();
  const canonicalId = 'AB'.repeat(32);
  const { account } = await createAccount(fixture.deps, { email: 'a@example.test', canonicalId });
  assert.equal(account.canonicalId, canonicalId.toLowerCase());
  await assert.rejects(
    createAccount(fixture.deps, { email: 'b@example.test', canonicalId }),
    problem('canonical-id-taken'),
  );
  await assert.rejects(
    createAccount(fixture.deps, { email: 'b@example.test', canonicalId: 'x' }),
    problem('invalid-canonical-id'),
  );
});

test('two accounts of the same e-mail made at once: one wins', async () => {
  await using fixture = await openIdentityFixture();
  const attempts = await Promise.allSettled(
    Array.from({ length: 4 }, () => createAccount(fixture.deps, { email: 'new@example.test' })),
  );
  assert.equal(attempts.filter((attempt) => attempt.status === 'fulfilled').length, 1);
});

test('every change of an account moves its epoch', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const epoch = (): Promise<bigint> => deps.store.read((snapshot) => readEpoch(snapshot, account.accountId));
  const before = await epoch();
  await setAccountStatus(deps, account.accountId, 'disabled');
  await resetPassword(deps, account.accountId, 'another password');
  assert.ok((await epoch()) >= before + 2n);
});

test('an account with projects cannot be deleted, one in the trash counts', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account, project } = fixture;
  await trashProject(deps, project.projectId);
  await assert.rejects(deleteAccount(deps, account.accountId), problem('account-has-projects', 409));
});

test('a deleted account is gone with its users, and its e-mail is free again', async () => {
  await using fixture = await openIdentityFixture();
  const { deps } = fixture;
  const { account } = await createAccount(deps, { email: 'gone@example.test' });
  await createUsers(deps, { accountId: account.accountId, usernames: ['someone'] });
  await deleteAccount(deps, account.accountId);
  assert.equal(await findAccount(deps, 'gone@example.test'), undefined);
  assert.deepEqual(await listUsers(deps, account.accountId), []);
  await createAccount(deps, { email: 'gone@example.test' });
  await assert.rejects(deleteAccount(deps, '000000000000' as AccountId), problem('no-such-account', 404));
});

test('a deleted account leaves no groups, service accounts, tokens, roles or versions of policies behind', async () => {
  await using fixture = await openIdentityFixture();
  const { deps } = fixture;
  const { account } = await createAccount(deps, { email: 'gone@example.test' });
  const { accountId } = account;
  const document = '{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}';
  await createPolicy(deps, { accountId, name: 'mine', description: '', document });
  await createPolicyVersion(deps, { accountId, name: 'mine', document, setAsDefault: false });
  const { users } = await createUsers(deps, { accountId, usernames: ['someone'], passwords: 'none' });
  await createGroup(deps, { accountId, name: 'all', members: users.map(({ userId }) => userId) });
  const made = await createServiceAccount(deps, { accountId, name: 'job' });
  const clientId = made.serviceAccount.serviceAccountId;
  await issueToken(deps, { clientId, clientSecret: made.clientSecret }, '192.0.2.1');
  const trustPolicy = `{"Statement":{"Effect":"Allow","Principal":{"AWS":"${accountId}"},"Action":"sts:AssumeRole"}}`;
  await createRole(deps, { accountId, name: 'role', trustPolicy });
  const left = async (): Promise<number> => {
    const all = { start: Buffer.of(0), end: Buffer.of(0xff), limit: 10_000 };
    const entries = await deps.store.read((snapshot) => snapshot.range(all));
    const names = [accountId, clientId].map((name) => Buffer.from(name));
    return entries.filter(({ key }) => names.some((name) => Buffer.from(key).includes(name))).length;
  };
  assert.ok((await left()) > 12);
  await deleteAccount(deps, accountId);
  // the epoch stays: nothing that was worked out before may be found again
  assert.equal(await left(), 1);
});

test('bootstrap makes the first account and its project once, however many try', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account, project } = fixture;
  assert.equal(await bootstrap(deps, { email: 'second@example.test' }), null);
  // make the store empty again
  await deps.store.transact(async (transaction) => {
    const { start } = { start: Buffer.of(0x10) };
    for (const { key } of await transaction.range({ start, end: Buffer.of(0x30), limit: 1000 })) {
      transaction.delete(key);
    }
  });
  const made = await Promise.all(Array.from({ length: 4 }, () => bootstrap(deps, { email: 'root@example.test' })));
  const [first, ...more] = made.filter((result) => result !== null);
  assert.ok(first);
  assert.equal(more.length, 0);
  assert.equal((await listAccounts(deps)).length, 1);
  assert.equal(first.password?.length, 20);
  const projects = await listProjects(deps, first.account.accountId);
  assert.deepEqual(
    projects.map(({ name, class: storage, quotaBytes, region }) => ({ name, storage, quotaBytes, region })),
    [{ name: 'default', storage: 'gold', quotaBytes: 30 * 2 ** 30, region: 'HAN02' }],
  );
  assert.notEqual(first.account.accountId, account.accountId);
  assert.notEqual(first.project.projectId, project.projectId);
  await createProject(deps, { accountId: first.account.accountId, name: 'x', class: 'gold', quotaBytes: 2 ** 30 });
});
