import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openIdentityFixture, problem, type IdentityFixture } from '../../test/support/identity-fixture.ts';
import { createSignerDeps, findSigner } from '../access/signers.ts';
import { serviceAccountKey } from '../metadata/tables/identities.ts';
import type { AccountId, S3KeyId, ServiceAccountId } from '../shared/ids.ts';
import { attachS3Key, detachS3Key } from './attach-s3-key.ts';
import { createAccount } from './accounts.ts';
import { createS3Key, findS3Key, listS3Keys } from './s3-keys.ts';
import {
  createServiceAccount,
  deleteServiceAccount,
  findServiceAccount,
  listServiceAccounts,
  resetClientSecret,
  updateServiceAccount,
} from './service-accounts.ts';
import { createUsers, deleteUser, setUserStatus } from './users.ts';

async function openWorld() {
  const fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const { accountId } = account;
  const policies = ['vStorageReadOnlyAccess'];
  const { serviceAccount, clientSecret } = await createServiceAccount(deps, {
    accountId,
    name: 'backup job',
    policies,
  });
  const { users } = await createUsers(deps, { accountId, usernames: ['alice'], passwords: 'none' });
  assert.ok(users[0]);
  return Object.assign(fixture, {
    accountId,
    id: serviceAccount.serviceAccountId,
    serviceAccount,
    clientSecret,
    userId: users[0].userId,
  });
}

type World = IdentityFixture & { readonly accountId: AccountId };

async function newKey({ deps, project, accountId }: World, creator: Parameters<typeof createS3Key>[1]['creator']) {
  return (await createS3Key(deps, { accountId, projectId: project.projectId, creator })).record;
}

test('a service account begins with UUIDs, a hashed secret and tokens of half an hour', async () => {
  await using world = await openWorld();
  const { deps, accountId, serviceAccount, clientSecret, id } = world;
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
  assert.match(id, uuid);
  assert.match(clientSecret, uuid);
  assert.equal(serviceAccount.tokenLifespanSeconds, 1800);
  assert.equal(JSON.stringify(serviceAccount).includes(clientSecret), false);
  assert.equal('secretHash' in serviceAccount, false);
  const stored = await deps.store.read((snapshot) => snapshot.get(serviceAccountKey(id)));
  assert.equal(Buffer.from(stored ?? []).includes(clientSecret), false);
  assert.equal((await findServiceAccount(deps, accountId, 'BACKUP JOB'))?.serviceAccountId, id);
  const reset = await resetClientSecret(deps, accountId, id);
  assert.notEqual(reset.clientSecret, clientSecret);
});

test('service accounts: names, life-spans, trust and limits are checked', async () => {
  await using fixture = await openIdentityFixture({ 'service-accounts-per-account': 1 });
  const { deps, account } = fixture;
  const { accountId } = account;
  const make = (more: object) => createServiceAccount(deps, { accountId, name: 'one', ...more });
  for (const name of ['', ' x', 'a/b', 'x'.repeat(51)]) {
    await assert.rejects(make({ name }), problem('invalid-service-account-name', 400), name);
  }
  for (const tokenLifespanSeconds of [0, 59, 86_401, 60.5]) {
    await assert.rejects(make({ tokenLifespanSeconds }), problem('invalid-token-lifespan', 400));
  }
  await assert.rejects(make({ trustedAccounts: ['000000000000'] }), problem('invalid-trusted-account', 400));
  const other = await createAccount(deps, { email: 'other@example.test', password: 'other password' });
  const trustedAccounts = [other.account.accountId, other.account.accountId, accountId];
  const { serviceAccount } = await make({ trustedAccounts });
  assert.deepEqual(serviceAccount.trustedAccounts, [other.account.accountId]);
  await assert.rejects(make({ name: 'two' }), problem('limit-exceeded', 409));
  const renamed = await updateServiceAccount(deps, accountId, serviceAccount.serviceAccountId, { name: 'uno' });
  assert.equal(renamed.name, 'uno');
  assert.equal(await findServiceAccount(deps, accountId, 'one'), undefined);
  // of another account: as unknown as none
  const foreign = updateServiceAccount(deps, other.account.accountId, serviceAccount.serviceAccountId, { name: 'x' });
  await assert.rejects(foreign, problem('no-such-service-account', 404));
});

test('a key of a service account has its rights and dies with it, disabled or deleted', async () => {
  await using world = await openWorld();
  const { deps, accountId, id } = world;
  const signers = createSignerDeps(deps);
  const { accessKey } = await newKey(world, { type: 'service-account', serviceAccountId: id });
  const signs = async () => (await findSigner(signers, accessKey))?.principal.identity;
  assert.equal((await signs())?.type, 'service-account');
  await updateServiceAccount(deps, accountId, id, { status: 'disabled' });
  assert.equal(await signs(), undefined);
  await updateServiceAccount(deps, accountId, id, { status: 'active' });
  assert.equal((await signs())?.name, 'backup job');
  await deleteServiceAccount(deps, accountId, id);
  assert.equal(await signs(), undefined);
  assert.deepEqual(await listS3Keys(deps, { accountId }), []);
  assert.deepEqual(await listServiceAccounts(deps, accountId), []);
});

test('an attached key has the service account’s rights, whatever becomes of its creator, until it is detached', async () => {
  await using world = await openWorld();
  const { deps, accountId, id, userId } = world;
  const signers = createSignerDeps(deps);
  const key = await newKey(world, { type: 'user', userId });
  const place = { accountId, id: key.id };
  const signs = async () => (await findSigner(signers, key.accessKey))?.principal.identity.type;
  assert.equal(await signs(), 'user');
  const attached = await attachS3Key(deps, place, id);
  assert.deepEqual(attached.serviceAccount, { id, name: 'backup job' });
  assert.deepEqual([attached.creatorName, attached.owner.type], ['alice', 'service-account']);
  assert.equal(await signs(), 'service-account');
  await assert.rejects(attachS3Key(deps, place, id), problem('already-attached', 409));
  await setUserStatus(deps, accountId, userId, 'disabled');
  assert.equal(await signs(), 'service-account');
  await detachS3Key(deps, place);
  assert.equal(await signs(), undefined);
  await setUserStatus(deps, accountId, userId, 'active');
  assert.equal(await signs(), 'user');
  await assert.rejects(detachS3Key(deps, place), problem('not-attached', 409));
  await attachS3Key(deps, place, id);
  await deleteUser(deps, accountId, userId);
  assert.equal(await signs(), 'service-account');
  assert.equal((await findS3Key(deps, accountId, key.id))?.creatorName, '');
  await assert.rejects(detachS3Key(deps, place), problem('creator-gone', 409));
  await deleteServiceAccount(deps, accountId, id);
  assert.equal(await signs(), undefined);
});

test('keys are attached to service accounts of their own account only, and each to one', async () => {
  await using world = await openWorld();
  const { deps, accountId, id } = world;
  const { account: other } = await createAccount(deps, { email: 'other@example.test', password: 'other password' });
  const foreign = await createServiceAccount(deps, { accountId: other.accountId, name: 'theirs' });
  const second = await createServiceAccount(deps, { accountId, name: 'second' });
  const key = await newKey(world, { type: 'root' });
  const attach = (to: ServiceAccountId, key_: S3KeyId = key.id) => attachS3Key(deps, { accountId, id: key_ }, to);
  await assert.rejects(attach(foreign.serviceAccount.serviceAccountId), problem('no-such-service-account', 404));
  await attach(id);
  await assert.rejects(attach(second.serviceAccount.serviceAccountId), problem('already-attached', 409));
  await assert.rejects(attach(id, 'none' as S3KeyId), problem('no-such-s3-key', 404));
  const own = await newKey(world, { type: 'service-account', serviceAccountId: id });
  await assert.rejects(attach(second.serviceAccount.serviceAccountId, own.id), problem('already-attached', 409));
  const asRole = { type: 'role', roleId: 'r' as never, sessionName: 's' } as const;
  await assert.rejects(newKey(world, asRole), problem('no-keys-for-roles', 409));
});
