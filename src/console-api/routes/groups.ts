// Groups of IAM users.
import type { FastifyRequest } from 'fastify';
import { setPolicies } from '../../identity/attachments.ts';
import { addUserToGroup, readMembers, removeUserFromGroup } from '../../identity/group-membership.ts';
import { createGroup, deleteGroup, getGroup, listGroups, listMembers, updateGroup } from '../../identity/groups.ts';
import type { GroupRecord } from '../../metadata/tables/identities.ts';
import type { AccountId, GroupId, UserId } from '../../shared/ids.ts';
import { nothing, refusals } from '../answers.ts';
import { callerOf, demand } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { deleteManyRequest, deleteManyResult, pageQuery } from '../contract.ts';
import {
  addMembersRequest,
  createGroupRequest,
  groupList,
  groupView as groupViewSchema,
  idParams,
  memberList,
  memberParams,
  searchQuery,
  setPoliciesRequest,
  updateGroupRequest,
} from '../contract/iam.ts';
import { deleteEach } from '../delete-each.ts';
import { paginate } from '../paging.ts';
import { ownerOf } from '../projects-of.ts';
import { groupView } from '../views/iam-views.ts';
import { userView } from '../views/user-view.ts';

const tags = ['Groups'];
const done = { 204: nothing, ...refusals };

type WithId = FastifyRequest<{ Params: { id: string } }>;

const accountOf = (request: FastifyRequest): AccountId => callerOf(request).identity.accountId;
const idOf = (request: WithId): GroupId => request.params.id as GroupId;

function viewOf({ identity }: ConsoleDeps, { accountId, groupId }: Pick<GroupRecord, 'accountId' | 'groupId'>) {
  return identity.store.read(async (snapshot) => {
    const group = await getGroup(snapshot, accountId, groupId);
    return groupView(group, (await readMembers(snapshot, accountId, groupId)).length);
  });
}

export function groupRoutes(api: Api, deps: ConsoleDeps): void {
  groupListRoutes(api, deps);
  oneGroupRoutes(api, deps);
  memberRoutes(api, deps);
}

function groupListRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/groups',
    {
      config: { access: { action: 'vstorage:ListGroups' }, audit: 'ListGroups' },
      schema: {
        tags,
        summary: 'The groups of the account, by name',
        querystring: searchQuery,
        response: { 200: groupList, ...refusals },
      },
    },
    async (request) => {
      const groups = await listGroups(deps.identity, accountOf(request));
      const search = (request.query.search ?? '').toLowerCase();
      const found = groups.filter(({ name }) => name.toLowerCase().includes(search));
      const { items, nextCursor } = paginate(found, ({ name }) => name.toLowerCase(), request.query);
      return { items: await Promise.all(items.map((group) => viewOf(deps, group))), nextCursor };
    },
  );
  api.post(
    '/groups',
    {
      config: { access: { action: 'vstorage:CreateGroup' }, audit: 'CreateGroup' },
      schema: {
        tags,
        summary: 'Make a group, with policies and members if wanted',
        body: createGroupRequest,
        response: { 201: groupViewSchema, ...refusals },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { policies, members } = request.body;
      if (policies.length > 0) demand(caller, 'vstorage:AttachGroupPolicy', '*');
      if (members.length > 0) demand(caller, 'vstorage:ChangeGroupMembers', '*');
      const group = await createGroup(deps.identity, {
        ...request.body,
        accountId: caller.identity.accountId,
        members: members.map((id) => id as UserId),
      });
      return await reply.code(201).send(await viewOf(deps, group));
    },
  );
  api.post(
    '/groups/delete',
    {
      config: { access: 'signed-in', audit: 'DeleteGroups' },
      schema: {
        tags,
        summary: 'Delete one or more groups; their members stay. One result per id',
        body: deleteManyRequest,
        response: { 200: deleteManyResult, ...refusals },
      },
    },
    async (request) =>
      await deleteEach(request.body.ids, async (id) => {
        demand(callerOf(request), 'vstorage:DeleteGroup', id);
        await deleteGroup(deps.identity, accountOf(request), id as GroupId);
      }),
  );
}

function oneGroupRoutes(api: Api, deps: ConsoleDeps): void {
  const response = { 200: groupViewSchema, ...refusals };
  const view = (request: WithId) => viewOf(deps, { accountId: accountOf(request), groupId: idOf(request) });
  api.get(
    '/groups/:id',
    {
      config: { access: { action: 'vstorage:GetGroup' }, audit: 'GetGroup' },
      schema: { tags, summary: 'One group', params: idParams, response },
    },
    async (request) => await view(request),
  );
  api.patch(
    '/groups/:id',
    {
      config: { access: { action: 'vstorage:UpdateGroup' }, audit: 'UpdateGroup' },
      schema: { tags, summary: 'Rename or describe a group', params: idParams, body: updateGroupRequest, response },
    },
    async (request) => {
      await updateGroup(deps.identity, accountOf(request), idOf(request), request.body);
      return await view(request);
    },
  );
  api.put(
    '/groups/:id/policies',
    {
      config: { access: { action: 'vstorage:AttachGroupPolicy' }, audit: 'SetGroupPolicies' },
      schema: { tags, summary: 'Attach exactly these policies', params: idParams, body: setPoliciesRequest, response },
    },
    async (request) => {
      const target = { kind: 'group', id: idOf(request) } as const;
      await setPolicies(deps.identity, accountOf(request), target, request.body.policies);
      return await view(request);
    },
  );
  api.delete(
    '/groups/:id',
    {
      config: { access: { action: 'vstorage:DeleteGroup' }, audit: 'DeleteGroup' },
      schema: { tags, summary: 'Delete a group; its members stay', params: idParams, response: done },
    },
    async (request, reply) => {
      await deleteGroup(deps.identity, accountOf(request), idOf(request));
      return await reply.code(204).send(null);
    },
  );
}

function memberRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/groups/:id/members',
    {
      config: { access: { action: 'vstorage:GetGroup' }, audit: 'ListGroupMembers' },
      schema: {
        tags,
        summary: 'The members of a group, by name',
        params: idParams,
        querystring: pageQuery,
        response: { 200: memberList, ...refusals },
      },
    },
    async (request) => {
      const accountId = accountOf(request);
      await deps.identity.store.read((snapshot) => getGroup(snapshot, accountId, idOf(request)));
      const members = await listMembers(deps.identity, accountId, idOf(request));
      const page = paginate(members, ({ username }) => username.toLowerCase(), request.query);
      const owner = await ownerOf(deps, accountId);
      return { items: page.items.map((user) => userView(user, owner)), nextCursor: page.nextCursor };
    },
  );
  api.post(
    '/groups/:id/members',
    {
      config: { access: { action: 'vstorage:ChangeGroupMembers' }, audit: 'AddGroupMembers' },
      schema: {
        tags,
        summary: 'Put IAM users into a group; those who are in it stay',
        params: idParams,
        body: addMembersRequest,
        response: done,
      },
    },
    async (request, reply) => {
      for (const userId of request.body.userIds) {
        await addUserToGroup(deps.identity, accountOf(request), idOf(request), userId as UserId);
      }
      return await reply.code(204).send(null);
    },
  );
  api.delete(
    '/groups/:id/members/:userId',
    {
      config: { access: { action: 'vstorage:ChangeGroupMembers' }, audit: 'RemoveGroupMember' },
      schema: { tags, summary: 'Take an IAM user out of a group', params: memberParams, response: done },
    },
    async (request, reply) => {
      const userId = request.params.userId as UserId;
      await removeUserFromGroup(deps.identity, accountOf(request), idOf(request), userId);
      return await reply.code(204).send(null);
    },
  );
}
