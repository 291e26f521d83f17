// Groups of IAM users.
import { z } from 'zod';
import { addUserToGroup, removeUserFromGroup } from '../../identity/group-membership.ts';
import {
  createGroup,
  deleteGroup,
  listGroups,
  listGroupsOfUser,
  listMembers,
  updateGroup,
} from '../../identity/groups.ts';
import { readMembers } from '../../identity/group-membership.ts';
import type { Transaction } from '../../metadata/metadata-store.ts';
import type { GroupRecord } from '../../metadata/tables/identities.ts';
import type { UserId } from '../../shared/ids.ts';
import { groupArn } from '../arns.ts';
import { type CallScope, type DeclaredCall, declareCall } from '../call.ts';
import { noSuchEntity, QueryError } from '../errors.ts';
import { askHolder, getHolder } from '../holders.ts';
import { page } from '../paging.ts';
import { longName, paging, path, pathPrefix, shortName } from '../schemas.ts';
import { userXml } from './users.ts';

export const groupXml = (group: GroupRecord) => ({
  Path: group.path ?? '/',
  GroupName: group.name,
  GroupId: group.groupId,
  Arn: groupArn(group),
  CreateDate: new Date(group.createdAt),
});

const ask = (action: string) => async (input: { readonly GroupName: string }, scope: CallScope) => [
  await askHolder('group', scope, input.GroupName, { action: `iam:${action}` }),
];

const createGroupCall = declareCall({
  service: 'iam',
  name: 'CreateGroup',
  input: z.strictObject({ GroupName: longName, Path: path.optional() }),
  asks: ({ GroupName, Path }, { caller: { accountId } }) => [
    { action: 'iam:CreateGroup', resource: groupArn({ accountId, path: Path, name: GroupName }) },
  ],
  run: async ({ GroupName, Path = '/' }, { services, caller: { accountId } }) => ({
    Group: groupXml(await createGroup(services, { accountId, name: GroupName, path: Path })),
  }),
});

const getGroupCall = declareCall({
  service: 'iam',
  name: 'GetGroup',
  input: z.strictObject({ GroupName: longName, ...paging }),
  asks: ask('GetGroup'),
  run: async (input, scope) => {
    const { record } = await getHolder('group', scope, input.GroupName);
    const members = await listMembers(scope.services, record.accountId, record.groupId);
    const { items, more } = page(members, ({ username }) => username, input);
    return { Group: groupXml(record), Users: items.map(userXml), ...more };
  },
});

const listGroupsCall = declareCall({
  service: 'iam',
  name: 'ListGroups',
  input: z.strictObject({ PathPrefix: pathPrefix.optional(), ...paging }),
  asks: ({ PathPrefix = '/' }, { caller: { accountId } }) => [
    { action: 'iam:ListGroups', resource: `arn:aws:iam::${accountId}:group${PathPrefix}` },
  ],
  run: async (input, { services, caller: { accountId } }) => {
    const groups = await listGroups(services, accountId);
    const below = groups.filter((group) => (group.path ?? '/').startsWith(input.PathPrefix ?? '/'));
    const { items, more } = page(below, ({ name }) => name, input);
    return { Groups: items.map(groupXml), ...more };
  },
});

const updateGroupCall = declareCall({
  service: 'iam',
  name: 'UpdateGroup',
  input: z.strictObject({ GroupName: longName, NewGroupName: longName.optional(), NewPath: path.optional() }),
  asks: async ({ GroupName, NewGroupName, NewPath }, scope) => {
    const before = await askHolder('group', scope, GroupName, { action: 'iam:UpdateGroup' });
    const { accountId } = scope.caller;
    const after = groupArn({ accountId, path: NewPath, name: NewGroupName ?? GroupName });
    return NewGroupName === undefined && NewPath === undefined ? [before] : [before, { ...before, resource: after }];
  },
  run: async ({ GroupName, NewGroupName, NewPath }, scope) => {
    const { record } = await getHolder('group', scope, GroupName);
    await updateGroup(scope.services, record.accountId, record.groupId, { name: NewGroupName, path: NewPath });
    return null;
  },
});

const deleteGroupCall = declareCall({
  service: 'iam',
  name: 'DeleteGroup',
  input: z.strictObject({ GroupName: longName }),
  asks: ask('DeleteGroup'),
  run: async ({ GroupName }, scope) => {
    const { record } = await getHolder('group', scope, GroupName);
    await deleteGroup(scope.services, record.accountId, record.groupId, refuseInUse);
    return null;
  },
});

async function refuseInUse(group: GroupRecord, transaction: Transaction): Promise<void> {
  const members = await readMembers(transaction, group.accountId, group.groupId);
  const left =
    (members.length > 0 && 'remove users from group') ||
    (group.policies.length > 0 && 'detach all policies') ||
    ((group.inlinePolicies ?? []).length > 0 && 'delete policies');
  if (left !== false) throw new QueryError('DeleteConflict', `Cannot delete entity, must ${left} first.`);
}

const membership = z.strictObject({ GroupName: longName, UserName: shortName });

const addUser = declareCall({
  service: 'iam',
  name: 'AddUserToGroup',
  input: membership,
  asks: ask('AddUserToGroup'),
  run: async ({ GroupName, UserName }, scope) => {
    const { group, userId } = await both(scope, GroupName, UserName);
    await addUserToGroup(scope.services, group.accountId, group.groupId, userId);
    return null;
  },
});

const removeUser = declareCall({
  service: 'iam',
  name: 'RemoveUserFromGroup',
  input: membership,
  asks: ask('RemoveUserFromGroup'),
  run: async ({ GroupName, UserName }, scope) => {
    const { group, userId, groups } = await both(scope, GroupName, UserName);
    if (!groups.includes(group.groupId)) {
      throw noSuchEntity(`User ${UserName} is not in the group ${GroupName}.`);
    }
    await removeUserFromGroup(scope.services, group.accountId, group.groupId, userId);
    return null;
  },
});

async function both(
  scope: CallScope,
  groupName: string,
  userName: string,
): Promise<{ group: GroupRecord; userId: UserId; groups: readonly string[] }> {
  const { record: group } = await getHolder('group', scope, groupName);
  const { record: user } = await getHolder('user', scope, userName);
  return { group, userId: user.userId, groups: user.groups ?? [] };
}

const listGroupsForUser = declareCall({
  service: 'iam',
  name: 'ListGroupsForUser',
  input: z.strictObject({ UserName: shortName, ...paging }),
  asks: async ({ UserName }, scope) => [await askHolder('user', scope, UserName, { action: 'iam:ListGroupsForUser' })],
  run: async (input, scope) => {
    const { record } = await getHolder('user', scope, input.UserName);
    const groups = await listGroupsOfUser(scope.services, record.accountId, record.userId);
    const { items, more } = page(groups, ({ name }) => name, input);
    return { Groups: items.map(groupXml), ...more };
  },
});

export const groupCalls: readonly DeclaredCall[] = [
  createGroupCall,
  getGroupCall,
  listGroupsCall,
  updateGroupCall,
  deleteGroupCall,
  addUser,
  removeUser,
  listGroupsForUser,
];
