// An identity with its policies parsed, as of one snapshot.
import type { Identity } from '../access/principal.ts';
import type { Snapshot } from '../metadata/metadata-store.ts';
import {
  type AccountRecord,
  type IdentityRef,
  type PolicyRecord,
  type UserRecord,
  accountKey,
  policyKey,
  userKey,
} from '../metadata/tables/identities.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import { findManagedPolicy } from '../policy/managed.ts';
import { parsePolicy } from '../policy/parse.ts';
import type { Policy } from '../policy/policy.ts';
import type { AccountId } from '../shared/ids.ts';

/** undefined: the account or the user is disabled or gone. */
export async function loadIdentity(
  snapshot: Snapshot,
  accountId: AccountId,
  ref: IdentityRef,
): Promise<Identity | undefined> {
  const keys = ref.type === 'user' ? [accountKey(accountId), userKey(accountId, ref.userId)] : [accountKey(accountId)];
  const [accountValue, userValue] = await snapshot.getMany(keys);
  const account = accountValue === undefined ? undefined : decodeRecord<AccountRecord>(accountValue);
  if (account === undefined || account.status !== 'active') return undefined;
  const { canonicalId } = account;
  if (ref.type === 'root') return { type: 'root', accountId, canonicalId, name: account.email };
  const user = userValue === undefined ? undefined : decodeRecord<UserRecord>(userValue);
  if (user === undefined || user.status !== 'active') return undefined;
  const policies = await loadPolicies(snapshot, accountId, user.policies);
  return { type: 'user', accountId, canonicalId, userId: user.userId, name: user.username, policies };
}

async function loadPolicies(snapshot: Snapshot, accountId: AccountId, names: readonly string[]): Promise<Policy[]> {
  const custom = names.filter((name) => findManagedPolicy(name) === undefined);
  const values = custom.length === 0 ? [] : await snapshot.getMany(custom.map((name) => policyKey(accountId, name)));
  const documents = new Map(custom.map((name, index) => [name, values[index]]));
  return names.map((name) => {
    const managed = findManagedPolicy(name);
    if (managed !== undefined) return managed.policy;
    const value = documents.get(name);
    return value === undefined ? denyAll(name) : parseStored(name, decodeRecord<PolicyRecord>(value));
  });
}

/** What was accepted once and cannot be read any more must not drop a Deny: it denies everything until it is mended. */
function parseStored(name: string, record: PolicyRecord): Policy {
  try {
    return parsePolicy(record.document, record.name);
  } catch {
    return denyAll(name);
  }
}

function denyAll(name: string): Policy {
  const statement = { sid: 'unreadable', effect: 'Deny', actions: ['*'], resources: ['*'], conditions: [] } as const;
  return { name, variables: false, statements: [statement] };
}
