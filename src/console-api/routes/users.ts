// IAM users of the account.
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { setPolicies } from '../../identity/attachments.ts';
import { checkConsoleUsername } from '../../identity/iam-names.ts';
import { renameUser } from '../../identity/user-tags.ts';
import {
  createUsers,
  deleteUser,
  findUser,
  listUsers,
  setUserPassword,
  setUserStatus,
  type User,
} from '../../identity/users.ts';
import { ProblemError } from '../../shared/errors.ts';
import type { AccountId, GroupId } from '../../shared/ids.ts';
import { nothing, refusals } from '../answers.ts';
import { type Caller, callerOf, demand } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import {
  createdUsers,
  createUsersRequest,
  type DeleteManyResult,
  deleteManyRequest,
  deleteManyResult,
  setUserPasswordRequest,
  setUserPoliciesRequest,
  updateUserRequest,
  userList,
  userParams,
  usersQuery,
  userView as userViewSchema,
} from '../contract.ts';
import { paginate } from '../paging.ts';
import { ownerOf } from '../projects-of.ts';
import { userView } from '../views/user-view.ts';

const tags = ['Users'];

async function userOf(deps: ConsoleDeps, accountId: AccountId, id: string): Promise<User> {
  const user = await findUser(deps.identity, accountId, id);
  if (user !== undefined) return user;
  throw new ProblemError(404, 'no-such-user', 'This account has no IAM user of this id.');
}

export function userListRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/users',
    {
      config: { access: { action: 'vstorage:ListUsers' }, audit: 'ListUsers' },
      schema: {
        tags,
        summary: 'The IAM users of the account, by name',
        querystring: usersQuery,
        response: { 200: userList, ...refusals },
      },
    },
    async (request) => {
      const { accountId } = callerOf(request).identity;
      const owner = await ownerOf(deps, accountId);
      const search = (request.query.search ?? '').toLowerCase();
      const users = await listUsers(deps.identity, accountId);
      const found = users.filter(({ username }) => username.toLowerCase().includes(search));
      const page = paginate(found, ({ username }) => username.toLowerCase(), request.query);
      return { items: page.items.map((user) => userView(user, owner)), nextCursor: page.nextCursor };
    },
  );
  api.post(
    '/users',
    {
      config: { access: { action: 'vstorage:CreateUser' }, audit: 'CreateUsers' },
      schema: {
        tags,
        summary: 'Make one or more IAM users at once, all or none; passwords the server makes are in this answer only',
        body: createUsersRequest,
        response: { 201: createdUsers, ...refusals },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { accountId } = caller.identity;
      demandForNew(caller, request.body);
      const groups = request.body.groups.map((id) => id as GroupId);
      const { users, passwords } = await createUsers(deps.identity, { ...request.body, accountId, groups });
      const owner = await ownerOf(deps, accountId);
      return await reply.code(201).send({
        items: users.map((user) => userView(user, owner)),
        passwords: [...passwords].map(([username, password]) => ({ username, password })),
      });
    },
  );
}

type Wanted = z.output<typeof createUsersRequest>;

/** What a new user begins with needs the right to give it. */
function demandForNew(caller: Caller, { policies, groups, tags: given, boundary }: Wanted): void {
  if (policies.length > 0) demand(caller, 'vstorage:AttachPolicy', '*');
  for (const group of groups) demand(caller, 'vstorage:ChangeGroupMembers', group);
  if (given.length > 0) demand(caller, 'vstorage:TagUser', '*');
  if (boundary !== null) demand(caller, 'vstorage:SetUserBoundary', '*');
}

type DeleteResult = DeleteManyResult['results'][number];

async function tryDelete(deps: ConsoleDeps, request: FastifyRequest, id: string): Promise<DeleteResult> {
  const caller = callerOf(request);
  const { accountId } = caller.identity;
  try {
    demand(caller, 'vstorage:DeleteUser', id);
    const { userId } = await userOf(deps, accountId, id);
    await deleteUser(deps.identity, accountId, userId);
    return { id, deleted: true };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { id, deleted: false, code: error.code, detail: error.message };
  }
}

export function userDeleteRoutes(api: Api, deps: ConsoleDeps): void {
  api.post(
    '/users/delete',
    {
      config: { access: 'signed-in', audit: 'DeleteUsers' },
      schema: {
        tags,
        summary: 'Delete one or more IAM users with their S3 keys; one result per id',
        body: deleteManyRequest,
        response: { 200: deleteManyResult, ...refusals },
      },
    },
    async (request) => {
      const results: DeleteResult[] = [];
      for (const id of new Set(request.body.ids)) results.push(await tryDelete(deps, request, id));
      return { results };
    },
  );
  api.delete(
    '/users/:id',
    {
      config: { access: { action: 'vstorage:DeleteUser' }, audit: 'DeleteUser' },
      schema: {
        tags,
        summary: 'Delete an IAM user and its S3 keys',
        params: userParams,
        response: { 204: nothing, ...refusals },
      },
    },
    async (request, reply) => {
      const { accountId } = callerOf(request).identity;
      const { userId } = await userOf(deps, accountId, request.params.id);
      await deleteUser(deps.identity, accountId, userId);
      return await reply.code(204).send(null);
    },
  );
}

export function userRoutes(api: Api, deps: ConsoleDeps): void {
  const response = { 200: userViewSchema, ...refusals };
  const found = async (request: FastifyRequest<{ Params: { id: string } }>): Promise<User> =>
    await userOf(deps, callerOf(request).identity.accountId, request.params.id);
  const view = async (user: User) => userView(user, await ownerOf(deps, user.accountId));
  api.get(
    '/users/:id',
    {
      config: { access: { action: 'vstorage:GetUser' }, audit: 'GetUser' },
      schema: { tags, summary: 'One IAM user', params: userParams, response },
    },
    async (request) => await view(await found(request)),
  );
  api.patch(
    '/users/:id',
    {
      config: { access: { action: 'vstorage:UpdateUser' }, audit: 'UpdateUser' },
      schema: {
        tags,
        summary: 'Disable, enable or rename an IAM user: its sessions and S3 keys follow at once',
        params: userParams,
        body: updateUserRequest,
        response,
      },
    },
    async (request) => {
      const { accountId, userId } = await found(request);
      const { status, username, path } = request.body;
      if (username !== undefined || path !== undefined) {
        if (username !== undefined) checkConsoleUsername(username, 'username');
        await renameUser(deps.identity, accountId, userId, { username, path });
      }
      if (status !== undefined) await setUserStatus(deps.identity, accountId, userId, status);
      return await view(await found(request));
    },
  );
  api.put(
    '/users/:id/password',
    {
      config: { access: { action: 'vstorage:UpdateUser' }, audit: 'SetUserPassword' },
      schema: {
        tags,
        summary: 'Set the password of an IAM user; its sessions end. `mustChange`: it has to choose another first',
        params: userParams,
        body: setUserPasswordRequest,
        response: { 204: nothing, ...refusals },
      },
    },
    async (request, reply) => {
      const { accountId, userId } = await found(request);
      await setUserPassword(deps.identity, accountId, userId, request.body);
      return await reply.code(204).send(null);
    },
  );
  api.put(
    '/users/:id/policies',
    {
      config: { access: { action: 'vstorage:AttachPolicy' }, audit: 'SetUserPolicies' },
      schema: {
        tags,
        summary: 'Attach exactly these policies',
        params: userParams,
        body: setUserPoliciesRequest,
        response,
      },
    },
    async (request) => {
      const { accountId, userId } = await found(request);
      await setPolicies(deps.identity, accountId, { kind: 'user', id: userId }, request.body.policies);
      return await view(await found(request));
    },
  );
}
