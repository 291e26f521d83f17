// Who somebody known to an identity provider becomes here; the protocol itself is tested with a real provider.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPolicy, deletePolicy } from '../identity/policies.ts';
import type { SignedIn } from '../identity/open-session.ts';
import { createUsers, findUser, listUsers, setUserStatus, type User } from '../identity/users.ts';
import type { IdentityProviderRecord } from '../metadata/tables/sign-in.ts';
import {
  type IdentityFixture,
  openIdentityFixture,
  problem,
  USER_PASSWORD,
} from '../../test/support/identity-fixture.ts';
import { signInFederatedUser } from './federated-users.ts';
import { createProvider, type ProviderFields, readProvider, updateProvider } from './identity-providers.ts';

const fields: ProviderFields = {
  name: 'Example',
  issuer: 'https://login.example.com',
  clientId: 'console',
  clientSecret: 'hush',
  scopes: ['openid'],
  usernameClaim: 'preferred_username',
  emailClaim: 'email',
  groupsClaim: 'groups',
  groupMappings: [{ group: 'readers', policies: ['vStorageReadOnlyAccess'] }],
  autoCreate: true,
  matchExisting: false,
  status: 'active',
};

type Setup = {
  readonly signIn: (claims?: Partial<Claims>) => Promise<SignedIn>;
  readonly change: (change: Partial<ProviderFields>) => Promise<void>;
  readonly user: (name: string) => Promise<User | undefined>;
};

type Claims = Parameters<typeof signInFederatedUser>[2];

async function setUp(fixture: IdentityFixture, given: Partial<ProviderFields> = {}): Promise<Setup> {
  const { deps, sessionDeps, account } = fixture;
  const { accountId } = account;
  const oidc = { ...sessionDeps, limits: deps.limits, allowHttp: false };
  const { providerId } = await createProvider(oidc, accountId, { ...fields, ...given });
  const record = async (): Promise<IdentityProviderRecord> => {
    const found = await deps.store.read((snapshot) => readProvider(snapshot, accountId, providerId));
    assert.ok(found);
    return found;
  };
  const client = { address: '192.0.2.1', userAgent: 'test' };
  const person: Claims = { subject: 's-1', username: 'ana.nguyen', email: null, groups: [], isComplete: true };
  return {
    signIn: async (claims = {}) => signInFederatedUser(oidc, await record(), { ...person, ...claims }, client),
    change: async (change) => {
      fixture.pass(1000);
      await updateProvider(oidc, { accountId, id: providerId }, change);
    },
    user: (name) => findUser(deps, accountId, name),
  };
}

test('a person is told by the subject, whatever name the provider gives later', async () => {
  await using fixture = await openIdentityFixture();
  const { signIn } = await setUp(fixture);
  const first = await signIn();
  const again = await signIn({ username: 'another.name' });
  assert.deepEqual(again.session.identity, first.session.identity);
  assert.equal(again.session.method, 'identity-provider');
  await signIn({ subject: 's-2', username: 'other.person' });
  const users = await listUsers(fixture.deps, fixture.account.accountId);
  assert.deepEqual(
    users.map(({ username }) => username),
    ['ana.nguyen', 'other.person'],
  );
});

test('policies follow the groups at every sign-in; those attached by hand stay', async () => {
  await using fixture = await openIdentityFixture();
  const { signIn, change, user } = await setUp(fixture);
  await signIn({ groups: ['readers', 'unknown'] });
  assert.deepEqual((await user('ana.nguyen'))?.policies, ['vStorageReadOnlyAccess']);
  await change({ groupMappings: [{ group: 'readers', policies: ['vStorageFullAccess'] }] });
  await signIn({ groups: ['readers'] });
  assert.deepEqual((await user('ana.nguyen'))?.policies, ['vStorageFullAccess']);
  await signIn({ groups: [] });
  assert.deepEqual((await user('ana.nguyen'))?.policies, []);
});

test('a name that an IAM user has opens that user only where the account says so', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  await createUsers(deps, { accountId: account.accountId, usernames: ['ana.nguyen'], password: USER_PASSWORD });
  const { signIn, change, user } = await setUp(fixture);
  await assert.rejects(signIn(), problem('federated-name-taken', 403));
  await change({ matchExisting: true });
  const { session } = await signIn();
  assert.deepEqual(session.identity, { type: 'user', userId: (await user('ana.nguyen'))?.userId });
  assert.equal((await user('ana.nguyen'))?.hasPassword, true);
});

test('without automatic creation nobody new comes in', async () => {
  await using fixture = await openIdentityFixture();
  const { signIn, user } = await setUp(fixture, { autoCreate: false });
  await assert.rejects(signIn(), problem('federated-user-unknown', 403));
  await assert.rejects(signIn({ username: null }), problem('federated-name-missing', 403));
  assert.equal(await user('ana.nguyen'), undefined);
});

test('a disabled user, a disabled provider and a mapping to a policy that is gone let nobody in', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const { accountId } = account;
  const document = '{"Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}';
  await createPolicy(deps, { accountId, name: 'NoData', description: '', document });
  const { signIn, change, user } = await setUp(fixture, { groupMappings: [{ group: 'g', policies: ['NoData'] }] });
  await signIn();
  const { userId } = (await user('ana.nguyen')) ?? {};
  assert.ok(userId);
  await setUserStatus(deps, accountId, userId, 'disabled');
  await assert.rejects(signIn(), problem('account-disabled', 403));
  await setUserStatus(deps, accountId, userId, 'active');
  await deletePolicy(deps, accountId, 'NoData');
  await assert.rejects(signIn({ groups: ['g'] }), problem('mapped-policy-missing', 403));
  await signIn();
  await change({ status: 'disabled' });
  await assert.rejects(signIn(), problem('changed-meanwhile', 409));
});
