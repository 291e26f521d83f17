// Whatever policies can be attached to: users, groups, service accounts, roles. What differs between their records is
// known here, so that attaching, inline policies and boundaries are written once.
import type { Bytes, Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  type GroupRecord,
  type RoleRecord,
  type ServiceAccountRecord,
  type UserRecord,
  groupKey,
  roleKey,
  serviceAccountKey,
  userKey,
} from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId, GroupId, RoleId, ServiceAccountId, UserId } from '../shared/ids.ts';
import { bumpEpoch } from './epoch.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { readRecord } from './read-records.ts';

export type HolderRef =
  | { readonly kind: 'user'; readonly id: UserId }
  | { readonly kind: 'group'; readonly id: GroupId }
  | { readonly kind: 'service-account'; readonly id: ServiceAccountId }
  | { readonly kind: 'role'; readonly id: RoleId };

/** Those a boundary can be set for: a group has none. */
export type BoundedRef = Exclude<HolderRef, { kind: 'group' }>;

export type HolderRecord = UserRecord | GroupRecord | ServiceAccountRecord | RoleRecord;

export function holderKey(accountId: AccountId, ref: HolderRef): Bytes {
  switch (ref.kind) {
    case 'user':
      return userKey(accountId, ref.id);
    case 'group':
      return groupKey(accountId, ref.id);
    case 'service-account':
      return serviceAccountKey(ref.id);
    case 'role':
      return roleKey(accountId, ref.id);
  }
}

export const holderName = (record: HolderRecord): string => ('username' in record ? record.username : record.name);

/** The name of the policy that bounds it; null: there is none. */
export const boundaryOf = (record: HolderRecord): string | null =>
  'boundary' in record ? (record.boundary ?? null) : null;

const missing: Readonly<Record<HolderRef['kind'], readonly [code: string, message: string]>> = {
  user: ['no-such-user', 'There is no such IAM user.'],
  group: ['no-such-group', 'There is no such group.'],
  'service-account': ['no-such-service-account', 'There is no such service account.'],
  role: ['no-such-role', 'There is no such role.'],
};

export function noSuchHolder(kind: HolderRef['kind']): ProblemError {
  const [code, message] = missing[kind];
  return new ProblemError(404, code, message);
}

/** Throws ProblemError 404. */
export async function getHolder(snapshot: Snapshot, accountId: AccountId, ref: HolderRef): Promise<HolderRecord> {
  const record = await readRecord<HolderRecord>(snapshot, holderKey(accountId, ref));
  if (record === undefined || record.accountId !== accountId) throw noSuchHolder(ref.kind);
  return record;
}

type Change = Partial<Pick<UserRecord, 'policies' | 'inlinePolicies' | 'boundary'>>;

/** In force at the next request of whoever has the rights, on every worker. */
export function changeHolder(
  deps: Pick<IdentityDeps, 'store'>,
  accountId: AccountId,
  ref: HolderRef,
  change: (record: HolderRecord, transaction: Transaction) => Promise<Change>,
): Promise<HolderRecord> {
  const apply = async (transaction: Transaction): Promise<HolderRecord> => {
    const record = await getHolder(transaction, accountId, ref);
    const changed: HolderRecord = { ...record, ...(await change(record, transaction)) };
    transaction.put(holderKey(accountId, ref), encodeRecord(changed));
    await bumpEpoch(transaction, accountId);
    return changed;
  };
  return deps.store.transact(apply, { administrative: true });
}
