// Groups of IAM users: members have what is attached to the group, besides their own.
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  type GroupRecord,
  type UserRecord,
  groupByNameKey,
  groupKey,
  groupMemberKey,
  groupRange,
  userKey,
} from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { ProblemError } from '../shared/errors.ts';
import { type AccountId, type GroupId, type UserId, newGroupId } from '../shared/ids.ts';
import { getAccountRecord } from './accounts.ts';
import { bumpEpoch } from './epoch.ts';
import { readGroups, readMembers } from './group-membership.ts';
import { checkIamName, checkPath } from './iam-names.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { checkDescription, checkPolicyNames } from './policies.ts';
import { noSuchHolder } from './policy-holders.ts';
import { encodeText, readRecord, readRecords, textValue } from './read-records.ts';
import { type User, getUserRecord, publicUser } from './users.ts';

export type NewGroup = {
  readonly accountId: AccountId;
  readonly name: string;
  readonly description?: string;
  readonly path?: string;
  readonly policies?: readonly string[];
  readonly members?: readonly UserId[];
};

export async function createGroup(deps: IdentityDeps, wanted: NewGroup): Promise<GroupRecord> {
  const { accountId, name, description = '', path = '/', policies = [], members = [] } = wanted;
  checkIamName('group', name);
  checkPath(path);
  checkDescription(description);
  return deps.store.transact(async (transaction) => {
    await getAccountRecord(transaction, accountId);
    await checkGroupLimit(deps, transaction, accountId);
    const facts = { name, path, description, createdAt: deps.clock() };
    const attached = await checkPolicyNames(deps, transaction, accountId, policies);
    const group: GroupRecord = { v: 1, groupId: newGroupId(), accountId, ...facts, policies: attached };
    await takeName(transaction, group);
    transaction.put(groupKey(accountId, group.groupId), encodeRecord(group));
    for (const userId of new Set(members)) await addMember(deps, transaction, group, userId);
    await bumpEpoch(transaction, accountId);
    return group;
  });
}

async function checkGroupLimit(deps: IdentityDeps, transaction: Transaction, accountId: AccountId): Promise<void> {
  const limit = deps.limits['groups-per-account'];
  const present = await transaction.range({ ...groupRange(accountId), limit: Math.max(1, limit) });
  if (present.length < limit) return;
  throw new ProblemError(409, 'limit-exceeded', `An account may have ${limit} groups. Delete some first.`);
}

async function takeName(transaction: Transaction, { accountId, groupId, name }: GroupRecord): Promise<void> {
  const key = groupByNameKey(accountId, name);
  const owner = await transaction.get(key);
  if (owner !== undefined && textValue(owner) !== groupId) {
    const message = `There is a group named ${name} already.`;
    throw new ProblemError(409, 'group-name-taken', message, { field: 'name' });
  }
  transaction.put(key, encodeText(groupId));
}

async function addMember(
  { limits }: Pick<IdentityDeps, 'limits'>,
  transaction: Transaction,
  { accountId, groupId }: GroupRecord,
  userId: UserId,
): Promise<void> {
  const user = await getUserRecord(transaction, accountId, userId);
  const { groups = [] } = user;
  if (groups.length >= limits['groups-per-user']) {
    const message = `${user.username} is in ${groups.length} groups already, the limit.`;
    throw new ProblemError(409, 'limit-exceeded', message, { field: 'members' });
  }
  const changed: UserRecord = { ...user, groups: [...groups, groupId] };
  transaction.put(userKey(accountId, userId), encodeRecord(changed));
  transaction.put(groupMemberKey(accountId, groupId, userId), encodeText(userId));
}

export async function getGroup(snapshot: Snapshot, accountId: AccountId, groupId: GroupId): Promise<GroupRecord> {
  const group = await readRecord<GroupRecord>(snapshot, groupKey(accountId, groupId));
  if (group === undefined) throw noSuchHolder('group');
  return group;
}

export function findGroup(
  deps: IdentityDeps,
  accountId: AccountId,
  idOrName: string,
): Promise<GroupRecord | undefined> {
  return deps.store.read(async (snapshot) => {
    const byId = await readRecord<GroupRecord>(snapshot, groupKey(accountId, idOrName as GroupId));
    if (byId !== undefined) return byId;
    const id = await snapshot.get(groupByNameKey(accountId, idOrName));
    return id === undefined
      ? undefined
      : readRecord<GroupRecord>(snapshot, groupKey(accountId, textValue(id) as GroupId));
  });
}

const byName = (a: GroupRecord, b: GroupRecord): number => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1);

export async function listGroups(deps: IdentityDeps, accountId: AccountId): Promise<GroupRecord[]> {
  const groups = await deps.store.read((snapshot) => readRecords<GroupRecord>(snapshot, groupRange(accountId)));
  return groups.toSorted(byName);
}

/** By name. */
export async function listMembers(deps: IdentityDeps, accountId: AccountId, groupId: GroupId): Promise<User[]> {
  const members = await deps.store.read((snapshot) => readMembers(snapshot, accountId, groupId));
  return members.map(publicUser).toSorted((a, b) => (a.username.toLowerCase() < b.username.toLowerCase() ? -1 : 1));
}

/** By name. */
export async function listGroupsOfUser(
  deps: IdentityDeps,
  accountId: AccountId,
  userId: UserId,
): Promise<GroupRecord[]> {
  const groups = await deps.store.read(async (snapshot) =>
    readGroups(snapshot, accountId, await getUserRecord(snapshot, accountId, userId)),
  );
  return groups.toSorted(byName);
}

type GroupChange = {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly path?: string | undefined;
};

/** What is undefined stays. */
export async function updateGroup(
  deps: IdentityDeps,
  accountId: AccountId,
  groupId: GroupId,
  change: GroupChange,
): Promise<GroupRecord> {
  return deps.store.transact(async (transaction) => {
    const before = await getGroup(transaction, accountId, groupId);
    const { name = before.name, description = before.description, path = before.path ?? '/' } = change;
    checkIamName('group', name);
    checkDescription(description);
    checkPath(path);
    const group: GroupRecord = { ...before, name, description, path };
    transaction.delete(groupByNameKey(accountId, before.name));
    await takeName(transaction, group);
    transaction.put(groupKey(accountId, groupId), encodeRecord(group));
    await bumpEpoch(transaction, accountId);
    return group;
  });
}

/** Its members lose what they had from it at their next request. `check` may refuse. */
export async function deleteGroup(
  deps: IdentityDeps,
  accountId: AccountId,
  groupId: GroupId,
  check: (group: GroupRecord, transaction: Transaction) => Promise<void> = async () => {},
): Promise<void> {
  await deps.store.transact(async (transaction) => {
    const group = await getGroup(transaction, accountId, groupId);
    await check(group, transaction);
    for (const user of await readMembers(transaction, accountId, groupId)) {
      const changed: UserRecord = { ...user, groups: (user.groups ?? []).filter((id) => id !== groupId) };
      transaction.put(userKey(accountId, user.userId), encodeRecord(changed));
      transaction.delete(groupMemberKey(accountId, groupId, user.userId));
    }
    transaction.delete(groupKey(accountId, groupId));
    transaction.delete(groupByNameKey(accountId, group.name));
    await bumpEpoch(transaction, accountId);
  });
}
