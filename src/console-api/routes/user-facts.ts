// Tags and groups of an IAM user.
import { type FastifyRequest } from 'fastify';
import { setUserGroups } from '../../identity/group-membership.ts';
import { listGroupsOfUser } from '../../identity/groups.ts';
import { noSuchHolder } from '../../identity/policy-holders.ts';
import { setUserTags } from '../../identity/user-tags.ts';
import { type User, findUser } from '../../identity/users.ts';
import type { GroupId, UserId } from '../../shared/ids.ts';
import { refusals } from '../answers.ts';
import { callerOf, demand } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { userView as userViewSchema } from '../contract.ts';
import { groupList, idParams, setGroupsRequest, setTagsRequest } from '../contract/iam.ts';
import { ownerOf } from '../projects-of.ts';
import { groupView } from '../views/iam-views.ts';
import { userView } from '../views/user-view.ts';

type WithId = FastifyRequest<{ Params: { id: string } }>;

export function userFactRoutes(api: Api, deps: ConsoleDeps): void {
  const tags = ['Users'];
  const found = async (request: WithId): Promise<User> => {
    const user = await findUser(deps.identity, callerOf(request).identity.accountId, request.params.id);
    if (user === undefined) throw noSuchHolder('user');
    return user;
  };
  const view = async (request: WithId) => {
    const user = await found(request);
    return userView(user, await ownerOf(deps, user.accountId));
  };
  const response = { 200: userViewSchema, ...refusals };
  api.put(
    '/users/:id/tags',
    {
      config: { access: { action: 'vstorage:TagUser' }, audit: 'SetUserTags' },
      schema: { tags, summary: 'Set exactly these tags', params: idParams, body: setTagsRequest, response },
    },
    async (request) => {
      const { accountId, userId } = await found(request);
      await setUserTags(deps.identity, accountId, userId, request.body.tags);
      return await view(request);
    },
  );
  api.get(
    '/users/:id/groups',
    {
      config: { access: { action: 'vstorage:GetUser' }, audit: 'ListUserGroups' },
      schema: {
        tags,
        summary: 'The groups an IAM user is in, by name',
        params: idParams,
        response: { 200: groupList, ...refusals },
      },
    },
    async (request) => {
      const { accountId, userId } = await found(request);
      const groups = await listGroupsOfUser(deps.identity, accountId, userId);
      return { items: groups.map((group) => groupView(group, null)), nextCursor: null };
    },
  );
  api.put(
    '/users/:id/groups',
    {
      config: { access: 'signed-in', audit: 'SetUserGroups' },
      schema: {
        tags,
        summary: 'Put an IAM user into exactly these groups: needs ChangeGroupMembers of each that changes',
        params: idParams,
        body: setGroupsRequest,
        response,
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { accountId } = caller.identity;
      const { groups } = request.body;
      // before anything is told of the user
      for (const group of groups) demand(caller, 'vstorage:ChangeGroupMembers', group);
      const { groups: before = [] } = await found(request);
      for (const group of before) if (!groups.includes(group)) demand(caller, 'vstorage:ChangeGroupMembers', group);
      const userId = request.params.id as UserId;
      await setUserGroups(
        deps.identity,
        accountId,
        userId,
        groups.map((id) => id as GroupId),
      );
      return await view(request);
    },
  );
}
