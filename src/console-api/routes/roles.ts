// Roles: what others take on for a time.
import type { FastifyRequest } from 'fastify';
import { setPolicies } from '../../identity/attachments.ts';
import { createRole, deleteRole, findRole, listRoles, noSuchRole, updateRole } from '../../identity/roles.ts';
import type { AccountId, RoleId } from '../../shared/ids.ts';
import { nothing, refusals } from '../answers.ts';
import { callerOf, demand } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { deleteManyRequest, deleteManyResult } from '../contract.ts';
import { idParams, searchQuery, setPoliciesRequest } from '../contract/iam.ts';
import { createRoleRequest, roleList, roleView as roleViewSchema, updateRoleRequest } from '../contract/roles.ts';
import { deleteEach } from '../delete-each.ts';
import { paginate } from '../paging.ts';
import { roleView } from '../views/role-view.ts';
import { textOf } from './policy-text.ts';

const tags = ['Roles'];

type WithId = FastifyRequest<{ Params: { id: string } }>;

const accountOf = (request: FastifyRequest): AccountId => callerOf(request).identity.accountId;
const idOf = (request: WithId): RoleId => request.params.id as RoleId;

export function roleRoutes(api: Api, deps: ConsoleDeps): void {
  roleListRoutes(api, deps);
  roleDeleteRoutes(api, deps);
  oneRoleRoutes(api, deps);
}

function roleListRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/roles',
    {
      config: { access: { action: 'vstorage:ListRoles' }, audit: 'ListRoles' },
      schema: {
        tags,
        summary: 'The roles of the account, by name',
        querystring: searchQuery,
        response: { 200: roleList, ...refusals },
      },
    },
    async (request) => {
      const roles = await listRoles(deps.identity, accountOf(request));
      const search = (request.query.search ?? '').toLowerCase();
      const found = roles.filter(({ name }) => name.toLowerCase().includes(search));
      const { items, nextCursor } = paginate(found, ({ name }) => name.toLowerCase(), request.query);
      return { items: items.map(roleView), nextCursor };
    },
  );
  api.post(
    '/roles',
    {
      config: { access: { action: 'vstorage:CreateRole' }, audit: 'CreateRole' },
      schema: {
        tags,
        summary: 'Make a role and say who may take it on; errors in the trust policy name line and column',
        body: createRoleRequest,
        response: { 201: roleViewSchema, ...refusals },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { accountId } = caller.identity;
      const { policies, boundary, trustPolicy, ...facts } = request.body;
      if (policies.length > 0) demand(caller, 'vstorage:AttachRolePolicy', '*');
      if (boundary !== null) demand(caller, 'vstorage:SetRoleBoundary', '*');
      const role = await createRole(deps.identity, {
        ...facts,
        accountId,
        trustPolicy: textOf(trustPolicy),
        boundary: boundary ?? undefined,
        policies,
      });
      return await reply.code(201).send(roleView(role));
    },
  );
}

function roleDeleteRoutes(api: Api, deps: ConsoleDeps): void {
  const remove = (request: FastifyRequest, id: string): Promise<void> =>
    deleteRole(deps.identity, accountOf(request), id as RoleId, { refuseInUse: false });
  api.post(
    '/roles/delete',
    {
      config: { access: 'signed-in', audit: 'DeleteRoles' },
      schema: {
        tags,
        summary: 'Delete one or more roles; their sessions end. One result per id',
        body: deleteManyRequest,
        response: { 200: deleteManyResult, ...refusals },
      },
    },
    async (request) =>
      await deleteEach(request.body.ids, async (id) => {
        demand(callerOf(request), 'vstorage:DeleteRole', id);
        await remove(request, id);
      }),
  );
  api.delete(
    '/roles/:id',
    {
      config: { access: { action: 'vstorage:DeleteRole' }, audit: 'DeleteRole' },
      schema: {
        tags,
        summary: 'Delete a role with its inline policies; its sessions end',
        params: idParams,
        response: { 204: nothing, ...refusals },
      },
    },
    async (request, reply) => {
      await remove(request, request.params.id);
      return await reply.code(204).send(null);
    },
  );
}

function oneRoleRoutes(api: Api, deps: ConsoleDeps): void {
  const response = { 200: roleViewSchema, ...refusals };
  const view = async (request: WithId) => {
    const role = await findRole(deps.identity, accountOf(request), idOf(request));
    if (role === undefined) throw noSuchRole();
    return roleView(role);
  };
  api.get(
    '/roles/:id',
    {
      config: { access: { action: 'vstorage:GetRole' }, audit: 'GetRole' },
      schema: { tags, summary: 'One role and who may take it on', params: idParams, response },
    },
    async (request) => await view(request),
  );
  api.patch(
    '/roles/:id',
    {
      config: { access: { action: 'vstorage:UpdateRole' }, audit: 'UpdateRole' },
      schema: {
        tags,
        summary: 'Describe and tag a role, say who may take it on and for how long',
        params: idParams,
        body: updateRoleRequest,
        response,
      },
    },
    async (request) => {
      const { trustPolicy, ...facts } = request.body;
      const change = { ...facts, trustPolicy: trustPolicy === undefined ? undefined : textOf(trustPolicy) };
      return roleView(await updateRole(deps.identity, accountOf(request), idOf(request), change));
    },
  );
  api.put(
    '/roles/:id/policies',
    {
      config: { access: { action: 'vstorage:AttachRolePolicy' }, audit: 'SetRolePolicies' },
      schema: { tags, summary: 'Attach exactly these policies', params: idParams, body: setPoliciesRequest, response },
    },
    async (request) => {
      const target = { kind: 'role', id: idOf(request) } as const;
      await setPolicies(deps.identity, accountOf(request), target, request.body.policies);
      return await view(request);
    },
  );
}
