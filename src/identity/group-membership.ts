// Which users are in which groups. The user's record names its groups, which is what deciding reads; a row for each
// member makes the other direction.
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  type GroupRecord,
  type UserRecord,
  groupKey,
  groupMemberKey,
  groupMemberRange,
  userKey,
} from '../metadata/tables/identities.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId, GroupId, UserId } from '../shared/ids.ts';
import { bumpEpoch } from './epoch.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { noSuchHolder } from './policy-holders.ts';
import { encodeText, readRecord, readValues, textValue } from './read-records.ts';

/** Each once; throws when one does not exist, or they are too many for one user. */
export async function checkGroups(
  { limits }: Pick<IdentityDeps, 'limits'>,
  snapshot: Snapshot,
  accountId: AccountId,
  groups: readonly GroupId[],
): Promise<GroupId[]> {
  const unique = [...new Set(groups)];
  const values = unique.length === 0 ? [] : await snapshot.getMany(unique.map((id) => groupKey(accountId, id)));
  if (values.includes(undefined)) throw noSuchHolder('group');
  const limit = limits['groups-per-user'];
  if (unique.length <= limit) return unique;
  throw new ProblemError(409, 'limit-exceeded', `A user can be in ${limit} groups. Take it out of another one first.`);
}

/** Whoever is in the group already stays. */
export function addUserToGroup(
  deps: IdentityDeps,
  accountId: AccountId,
  groupId: GroupId,
  userId: UserId,
): Promise<void> {
  return changeGroups(deps, accountId, userId, (groups) => [...groups, groupId]);
}

/** Taking out who is not in it changes nothing. */
export function removeUserFromGroup(
  deps: IdentityDeps,
  accountId: AccountId,
  groupId: GroupId,
  userId: UserId,
): Promise<void> {
  return changeGroups(deps, accountId, userId, (groups) => groups.filter((id) => id !== groupId));
}

/** Exactly these. */
export function setUserGroups(
  deps: IdentityDeps,
  accountId: AccountId,
  userId: UserId,
  groups: readonly GroupId[],
): Promise<void> {
  return changeGroups(deps, accountId, userId, () => groups);
}

/** In force at the next request of the user and its keys. */
function changeGroups(
  deps: IdentityDeps,
  accountId: AccountId,
  userId: UserId,
  change: (groups: readonly GroupId[]) => readonly GroupId[],
): Promise<void> {
  const apply = async (transaction: Transaction): Promise<void> => {
    const user = await readRecord<UserRecord>(transaction, userKey(accountId, userId));
    if (user === undefined) throw noSuchHolder('user');
    const before = user.groups ?? [];
    const groups = await checkGroups(deps, transaction, accountId, change(before));
    for (const id of before) transaction.delete(groupMemberKey(accountId, id, userId));
    for (const id of groups) transaction.put(groupMemberKey(accountId, id, userId), encodeText(userId));
    const changed: UserRecord = { ...user, groups };
    transaction.put(userKey(accountId, userId), encodeRecord(changed));
    await bumpEpoch(transaction, accountId);
  };
  return deps.store.transact(apply, { administrative: true });
}

export async function readMembers(snapshot: Snapshot, accountId: AccountId, groupId: GroupId): Promise<UserRecord[]> {
  const ids = (await readValues(snapshot, groupMemberRange(accountId, groupId))).map(
    (value) => textValue(value) as UserId,
  );
  const values = ids.length === 0 ? [] : await snapshot.getMany(ids.map((id) => userKey(accountId, id)));
  return values.flatMap((value) => (value === undefined ? [] : [decodeRecord<UserRecord>(value)]));
}

export async function readGroups(
  snapshot: Snapshot,
  accountId: AccountId,
  { groups = [] }: Pick<UserRecord, 'groups'>,
): Promise<GroupRecord[]> {
  const values = groups.length === 0 ? [] : await snapshot.getMany(groups.map((id) => groupKey(accountId, id)));
  return values.flatMap((value) => (value === undefined ? [] : [decodeRecord<GroupRecord>(value)]));
}
