// An identity with its policies parsed, as of one snapshot.
import type { Identity } from '../access/principal.ts';
import type { Bytes, Snapshot } from '../metadata/metadata-store.ts';
import {
  type AccountRecord,
  type GroupRecord,
  type IdentityRef,
  type InlinePolicy,
  type PolicyHolder,
  type PolicyRecord,
  type RoleRecord,
  type ServiceAccountRecord,
  type UserRecord,
  accountKey,
  groupKey,
  policyKey,
} from '../metadata/tables/identities.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import { findManagedPolicy } from '../policy/managed.ts';
import { parsePolicy } from '../policy/parse.ts';
import type { Policy } from '../policy/policy.ts';
import type { AccountId, GroupId } from '../shared/ids.ts';
import { identityRecordKey } from './identity-record.ts';

/** undefined: the account or the identity is disabled or gone. */
export async function loadIdentity(
  snapshot: Snapshot,
  accountId: AccountId,
  ref: IdentityRef,
): Promise<Identity | undefined> {
  const keys = [accountKey(accountId), ...(ref.type === 'root' ? [] : [identityRecordKey(accountId, ref)])];
  const [accountValue, value] = await snapshot.getMany(keys);
  const account = accountValue === undefined ? undefined : decodeRecord<AccountRecord>(accountValue);
  if (account === undefined || account.status !== 'active') return undefined;
  if (ref.type === 'root') return { type: 'root', accountId, canonicalId: account.canonicalId, name: account.email };
  return value === undefined ? undefined : readIdentity(snapshot, account, ref, value);
}

type Named = Exclude<IdentityRef, { type: 'root' }>;

async function readIdentity(
  snapshot: Snapshot,
  { accountId, canonicalId }: AccountRecord,
  ref: Named,
  value: Bytes,
): Promise<Identity | undefined> {
  if (ref.type === 'user') {
    const { status, userId, username: name, path = '/', tags = [], ...user } = decodeRecord<UserRecord>(value);
    if (status !== 'active') return undefined;
    const rights = await loadRights(snapshot, accountId, user);
    return { type: 'user', accountId, canonicalId, userId, name, path, tags, ...rights };
  }
  if (ref.type === 'role') {
    const { roleId, name, path = '/', tags = [], ...role } = decodeRecord<RoleRecord>(value);
    const rights = await loadRights(snapshot, accountId, role);
    const { sessionName } = ref;
    return {
      type: 'role',
      accountId,
      canonicalId,
      roleId,
      name,
      sessionName,
      path,
      tags,
      ...rights,
      sessionPolicies: null,
    };
  }
  const { status, serviceAccountId, name, ...record } = decodeRecord<ServiceAccountRecord>(value);
  if (status !== 'active' || record.accountId !== accountId) return undefined;
  const rights = await loadRights(snapshot, accountId, record);
  return { type: 'service-account', accountId, canonicalId, serviceAccountId, name, ...rights };
}

type Holder = PolicyHolder & { readonly groups?: readonly GroupId[]; readonly boundary?: string | null };
type Rights = { readonly policies: readonly Policy[]; readonly boundary: Policy | null };

/** What is its own, inline and attached, then what its groups have. */
async function loadRights(snapshot: Snapshot, accountId: AccountId, holder: Holder): Promise<Rights> {
  const { groups = [], boundary = null } = holder;
  const values = groups.length === 0 ? [] : await snapshot.getMany(groups.map((id) => groupKey(accountId, id)));
  const groupRecords = values.flatMap((value) => (value === undefined ? [] : [decodeRecord<GroupRecord>(value)]));
  const holders = [holder, ...groupRecords];
  const attached = [...new Set(holders.flatMap(({ policies }) => policies))];
  const names = boundary === null ? attached : [...attached, boundary];
  const loaded = await loadPolicies(snapshot, accountId, names);
  const inline = holders.flatMap(({ inlinePolicies = [] }) => inlinePolicies.map(parseStored));
  return {
    policies: [...inline, ...loaded.slice(0, attached.length)],
    boundary: boundary === null ? null : (loaded[attached.length] ?? denyAll(boundary)),
  };
}

/** By their names, in this order; one that is not there denies everything. */
export async function loadPolicies(
  snapshot: Snapshot,
  accountId: AccountId,
  names: readonly string[],
): Promise<Policy[]> {
  const custom = names.filter((name) => findManagedPolicy(name) === undefined);
  const values = custom.length === 0 ? [] : await snapshot.getMany(custom.map((name) => policyKey(accountId, name)));
  const documents = new Map(custom.map((name, index) => [name, values[index]]));
  return names.map((name) => {
    const managed = findManagedPolicy(name);
    if (managed !== undefined) return managed.policy;
    const value = documents.get(name);
    return value === undefined ? denyAll(name) : parseStored(decodeRecord<PolicyRecord>(value));
  });
}

/** What was accepted once and cannot be read any more must not drop a Deny: it denies everything until it is mended. */
export function parseStored({ name, document }: InlinePolicy): Policy {
  try {
    return parsePolicy(document, name);
  } catch {
    return denyAll(name);
  }
}

function denyAll(name: string): Policy {
  const statement = { sid: 'unreadable', effect: 'Deny', actions: ['*'], resources: ['*'], conditions: [] } as const;
  return { name, variables: false, statements: [statement] };
}
