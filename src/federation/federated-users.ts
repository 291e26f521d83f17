// The IAM user behind somebody whom an identity provider knows. Who it is hangs on the provider's unchanging subject,
// never on a name; the policies of the group mapping are set anew at every sign-in.
import { createHash } from 'node:crypto';
import { bumpEpoch } from '../identity/epoch.ts';
import { openSession, type SignedIn } from '../identity/open-session.ts';
import { putPerson } from '../identity/people.ts';
import { checkPolicyNames } from '../identity/policies.ts';
import { readRecord } from '../identity/read-records.ts';
import type { Client } from '../identity/sessions.ts';
import { addUserWithoutPassword, readUser, readUserByName } from '../identity/users.ts';
import type { Transaction } from '../metadata/metadata-store.ts';
import type { UserRecord } from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { type FederatedUserRecord, federatedUserKey, type IdentityProviderRecord } from '../metadata/tables/sign-in.ts';
import { ProblemError } from '../shared/errors.ts';
import type { Claims } from './claims.ts';
import { readProvider } from './identity-providers.ts';
import type { OidcDeps } from './oidc-sign-in.ts';

/**
 * Errors: ProblemError 403 `federated-user-unknown`, `federated-name-missing`, `federated-name-taken`,
 * `mapped-policy-missing`, `account-disabled`.
 */
export function signInFederatedUser(
  deps: OidcDeps,
  provider: IdentityProviderRecord,
  claims: Claims,
  client: Client,
): Promise<SignedIn> {
  const { accountId, providerId } = provider;
  const key = federatedUserKey(accountId, providerId, createHash('sha256').update(claims.subject).digest('hex'));
  return deps.store.transact(async (transaction) => {
    const present = await readProvider(transaction, accountId, providerId);
    if (present?.status !== 'active' || present.updatedAt !== provider.updatedAt) {
      throw new ProblemError(409, 'changed-meanwhile', 'The identity provider was changed meanwhile. Sign in again.');
    }
    const link = await readRecord<FederatedUserRecord>(transaction, key);
    const user = await linkedUser(deps, transaction, { provider, claims, link });
    const mapped = await mappedPolicies(deps, transaction, provider, claims.groups);
    const changed = withPolicies(user, link?.mappedPolicies ?? [], mapped);
    const person = { accountId, ref: { type: 'user', userId: user.userId } } as const;
    if (changed !== user) {
      putPerson(transaction, person, changed);
      await bumpEpoch(transaction, accountId);
    }
    const now = deps.clock();
    const seen: FederatedUserRecord = {
      v: 1,
      userId: user.userId,
      mappedPolicies: mapped,
      createdAt: link?.createdAt ?? now,
      lastSignInAt: now,
    };
    transaction.put(key, encodeRecord(seen));
    return openSession(deps, transaction, { person, record: changed, method: 'identity-provider', client });
  });
}

type Wanted = {
  readonly provider: IdentityProviderRecord;
  readonly claims: Claims;
  readonly link: FederatedUserRecord | undefined;
};

async function linkedUser(deps: OidcDeps, transaction: Transaction, wanted: Wanted): Promise<UserRecord> {
  const { provider, claims, link } = wanted;
  const { accountId, providerId } = provider;
  const linked = link === undefined ? undefined : await readUser(transaction, accountId, link.userId);
  if (linked !== undefined) return linked;
  const { username, email } = claims;
  if (username === null) {
    const message = `The identity provider told no ${provider.usernameClaim}: ask your administrator to name another claim.`;
    throw new ProblemError(403, 'federated-name-missing', message);
  }
  const sameName = await readUserByName(transaction, accountId, username);
  if (sameName !== undefined) {
    if (provider.matchExisting) return sameName;
    const message = `There is another IAM user named ${username}. Ask your administrator.`;
    throw new ProblemError(403, 'federated-name-taken', message);
  }
  if (!provider.autoCreate) {
    throw new ProblemError(403, 'federated-user-unknown', `No IAM user is named ${username}. Ask your administrator.`);
  }
  const policies: string[] = [];
  return addUserWithoutPassword(deps, transaction, {
    accountId,
    username,
    policies,
    email,
    identityProviderId: providerId,
  });
}

/** A mapping to a policy that is gone lets nobody in: what it denied would be allowed. */
async function mappedPolicies(
  deps: OidcDeps,
  transaction: Transaction,
  { accountId, groupMappings }: IdentityProviderRecord,
  groups: readonly string[],
): Promise<readonly string[]> {
  const names = groupMappings.filter(({ group }) => groups.includes(group)).flatMap(({ policies }) => policies);
  try {
    return await checkPolicyNames(deps, transaction, accountId, [...new Set(names)]);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const message = 'The policies that belong to your groups cannot be attached. Ask your administrator.';
    throw new ProblemError(403, 'mapped-policy-missing', message, { cause: error });
  }
}

/** Those attached by hand stay. The same record when nothing changes. */
function withPolicies(user: UserRecord, before: readonly string[], mapped: readonly string[]): UserRecord {
  const byHand = user.policies.filter((name) => !before.includes(name));
  const policies = [...new Set([...byHand, ...mapped])];
  const same = policies.length === user.policies.length && policies.every((name) => user.policies.includes(name));
  return same ? user : { ...user, policies };
}
