// Who has a policy: attached, or as a boundary.
import type { Snapshot } from '../metadata/metadata-store.ts';
import {
  type GroupRecord,
  type RoleRecord,
  type ServiceAccountRecord,
  type UserRecord,
  groupRange,
  roleRange,
  serviceAccountByNameRange,
  serviceAccountKey,
  userRange,
} from '../metadata/tables/identities.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { AccountId, ServiceAccountId } from '../shared/ids.ts';
import { type HolderRecord, type HolderRef, boundaryOf, holderName } from './policy-holders.ts';
import { readRecords, readValues, textValue } from './read-records.ts';

export type PolicyHolderName = HolderRef & { readonly name: string };

export type PolicyUsage = {
  readonly attachedTo: readonly PolicyHolderName[];
  /** whom it bounds */
  readonly boundaryOf: readonly PolicyHolderName[];
};

const nobody: PolicyUsage = { attachedTo: [], boundaryOf: [] };

type MutableUsage = { readonly attachedTo: PolicyHolderName[]; readonly boundaryOf: PolicyHolderName[] };

/** By the policy's name. */
export async function readPolicyUsage(
  snapshot: Snapshot,
  accountId: AccountId,
): Promise<(policy: string) => PolicyUsage> {
  const found = new Map<string, MutableUsage>();
  const of = (policy: string): MutableUsage => {
    const name = policy.toLowerCase();
    const known = found.get(name) ?? { attachedTo: [], boundaryOf: [] };
    found.set(name, known);
    return known;
  };
  for (const { ref, record } of await readHolders(snapshot, accountId)) {
    const holder = { ...ref, name: holderName(record) };
    for (const policy of record.policies) of(policy).attachedTo.push(holder);
    const boundary = boundaryOf(record);
    if (boundary !== null) of(boundary).boundaryOf.push(holder);
  }
  return (policy) => found.get(policy.toLowerCase()) ?? nobody;
}

type Holder = { readonly ref: HolderRef; readonly record: HolderRecord };

async function readHolders(snapshot: Snapshot, accountId: AccountId): Promise<Holder[]> {
  const [users, groups, serviceAccounts, roles] = await Promise.all([
    readRecords<UserRecord>(snapshot, userRange(accountId)),
    readRecords<GroupRecord>(snapshot, groupRange(accountId)),
    readServiceAccounts(snapshot, accountId),
    readRecords<RoleRecord>(snapshot, roleRange(accountId)),
  ]);
  return [
    ...users.map((record): Holder => ({ ref: { kind: 'user', id: record.userId }, record })),
    ...groups.map((record): Holder => ({ ref: { kind: 'group', id: record.groupId }, record })),
    ...serviceAccounts.map(
      (record): Holder => ({ ref: { kind: 'service-account', id: record.serviceAccountId }, record }),
    ),
    ...roles.map((record): Holder => ({ ref: { kind: 'role', id: record.roleId }, record })),
  ];
}

/** By name. */
export async function readServiceAccounts(snapshot: Snapshot, accountId: AccountId): Promise<ServiceAccountRecord[]> {
  const ids = (await readValues(snapshot, serviceAccountByNameRange(accountId))).map(
    (value) => textValue(value) as ServiceAccountId,
  );
  const values = ids.length === 0 ? [] : await snapshot.getMany(ids.map(serviceAccountKey));
  return values.flatMap((value) => (value === undefined ? [] : [decodeRecord<ServiceAccountRecord>(value)]));
}
