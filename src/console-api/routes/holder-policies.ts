// What users, groups, service accounts and roles have in common: inline policies, a boundary, and what all of it comes to.
import type { FastifyRequest } from 'fastify';
import { summarizePermissions } from '../../access/effective-permissions.ts';
import { deleteBoundary, putBoundary } from '../../identity/boundaries.ts';
import { deleteInlinePolicy, findInlinePolicy, putInlinePolicy } from '../../identity/inline-policies.ts';
import { readPermissionSources } from '../../identity/permission-sources.ts';
import { type BoundedRef, type HolderRef, getHolder } from '../../identity/policy-holders.ts';
import type { GroupId, RoleId, ServiceAccountId, UserId } from '../../shared/ids.ts';
import { nothing, refusals } from '../answers.ts';
import { callerOf } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import type { ManagementActionName } from '../contract.ts';
import {
  idParams,
  inlinePolicyList,
  inlinePolicyParams,
  inlinePolicyView,
  permissionsView,
  putInlinePolicyRequest,
  setBoundaryRequest,
} from '../contract/iam.ts';
import { permissionsView as viewPermissions } from '../views/permissions-view.ts';
import { textOf } from './policy-text.ts';

type Kind = 'user' | 'group' | 'service-account' | 'role';

type HolderKind<K extends Kind = Kind> = {
  readonly base: 'users' | 'groups' | 'service-accounts' | 'roles';
  readonly kind: K;
  /** as in the audit trail: `PutUserInlinePolicy` */
  readonly noun: 'User' | 'Group' | 'ServiceAccount' | 'Role';
  readonly tags: string[];
  readonly reads: ManagementActionName;
  readonly attaches: ManagementActionName;
};

const users: HolderKind<'user'> = {
  base: 'users',
  kind: 'user',
  noun: 'User',
  tags: ['Users'],
  reads: 'vstorage:GetUser',
  attaches: 'vstorage:AttachPolicy',
};
const groups: HolderKind<'group'> = {
  base: 'groups',
  kind: 'group',
  noun: 'Group',
  tags: ['Groups'],
  reads: 'vstorage:GetGroup',
  attaches: 'vstorage:AttachGroupPolicy',
};
const serviceAccounts: HolderKind<'service-account'> = {
  base: 'service-accounts',
  kind: 'service-account',
  noun: 'ServiceAccount',
  tags: ['Service accounts'],
  reads: 'vstorage:GetServiceAccount',
  attaches: 'vstorage:AttachServiceAccountPolicy',
};
const roles: HolderKind<'role'> = {
  base: 'roles',
  kind: 'role',
  noun: 'Role',
  tags: ['Roles'],
  reads: 'vstorage:GetRole',
  attaches: 'vstorage:AttachRolePolicy',
};

function refOf(kind: Kind, id: string): HolderRef {
  if (kind === 'group') return { kind, id: id as GroupId };
  return boundedRefOf(kind, id);
}

function boundedRefOf(kind: Exclude<Kind, 'group'>, id: string): BoundedRef {
  if (kind === 'user') return { kind, id: id as UserId };
  return kind === 'role' ? { kind, id: id as RoleId } : { kind, id: id as ServiceAccountId };
}

type WithId = FastifyRequest<{ Params: { id: string } }>;

export function holderPolicyRoutes(api: Api, deps: ConsoleDeps): void {
  for (const kind of [users, groups, serviceAccounts, roles]) {
    inlineListRoutes(api, deps, kind);
    inlineRoutes(api, deps, kind);
    permissionRoutes(api, deps, kind);
  }
  boundaryRoutes(api, deps, users, 'vstorage:SetUserBoundary');
  boundaryRoutes(api, deps, serviceAccounts, 'vstorage:SetServiceAccountBoundary');
  boundaryRoutes(api, deps, roles, 'vstorage:SetRoleBoundary');
}

function inlineListRoutes(api: Api, deps: ConsoleDeps, { base, kind, noun, tags, reads }: HolderKind): void {
  const recordOf = (request: WithId) => {
    const { accountId } = callerOf(request).identity;
    return deps.identity.store.read((snapshot) => getHolder(snapshot, accountId, refOf(kind, request.params.id)));
  };
  api.get(
    `/${base}/:id/inline-policies`,
    {
      config: { access: { action: reads }, audit: `List${noun}InlinePolicies` },
      schema: {
        tags,
        summary: 'The policies that belong to it alone, with their documents',
        params: idParams,
        response: { 200: inlinePolicyList, ...refusals },
      },
    },
    async (request) => ({ items: [...((await recordOf(request)).inlinePolicies ?? [])] }),
  );
  api.get(
    `/${base}/:id/inline-policies/:policyName`,
    {
      config: { access: { action: reads }, audit: `Get${noun}InlinePolicy` },
      schema: {
        tags,
        summary: 'One policy that belongs to it alone',
        params: inlinePolicyParams,
        response: { 200: inlinePolicyView, ...refusals },
      },
    },
    async (request) => findInlinePolicy(await recordOf(request), request.params.policyName),
  );
}

function inlineRoutes(api: Api, deps: ConsoleDeps, { base, kind, noun, tags, attaches }: HolderKind): void {
  const response = { 204: nothing, ...refusals };
  api.put(
    `/${base}/:id/inline-policies/:policyName`,
    {
      config: { access: { action: attaches }, audit: `Put${noun}InlinePolicy` },
      schema: {
        tags,
        summary: 'Write a policy that belongs to it alone, effective at the next request',
        params: inlinePolicyParams,
        body: putInlinePolicyRequest,
        response,
      },
    },
    async (request, reply) => {
      const { id, policyName: name } = request.params;
      const policy = { name, document: textOf(request.body.document) };
      await putInlinePolicy(deps.identity, callerOf(request).identity.accountId, refOf(kind, id), policy);
      return await reply.code(204).send(null);
    },
  );
  api.delete(
    `/${base}/:id/inline-policies/:policyName`,
    {
      config: { access: { action: attaches }, audit: `Delete${noun}InlinePolicy` },
      schema: { tags, summary: 'Delete a policy that belongs to it alone', params: inlinePolicyParams, response },
    },
    async (request, reply) => {
      const { id, policyName } = request.params;
      await deleteInlinePolicy(deps.identity, callerOf(request).identity.accountId, refOf(kind, id), policyName);
      return await reply.code(204).send(null);
    },
  );
}

function permissionRoutes(api: Api, deps: ConsoleDeps, { base, kind, noun, tags, reads }: HolderKind): void {
  api.get(
    `/${base}/:id/permissions`,
    {
      config: { access: { action: reads }, audit: `Get${noun}Permissions` },
      schema: {
        tags,
        summary: 'What all its policies come to: for each action, where it is allowed and denied, and by what',
        params: idParams,
        response: { 200: permissionsView, ...refusals },
      },
    },
    async (request) => {
      const { accountId } = callerOf(request).identity;
      const ref = refOf(kind, request.params.id);
      const found = await deps.identity.store.read((snapshot) => readPermissionSources(snapshot, accountId, ref));
      const policies = found.sources.map(({ policy }) => policy);
      return viewPermissions(found, summarizePermissions(policies, found.boundary));
    },
  );
}

function boundaryRoutes(
  api: Api,
  deps: ConsoleDeps,
  { base, kind, noun, tags }: HolderKind<Exclude<Kind, 'group'>>,
  action: ManagementActionName,
): void {
  const response = { 204: nothing, ...refusals };
  const targetOf = (request: WithId): BoundedRef => boundedRefOf(kind, request.params.id);
  api.put(
    `/${base}/:id/boundary`,
    {
      config: { access: { action }, audit: `Set${noun}Boundary` },
      schema: {
        tags,
        summary: 'Bound it by a policy that must allow whatever the others allow',
        params: idParams,
        body: setBoundaryRequest,
        response,
      },
    },
    async (request, reply) => {
      const { accountId } = callerOf(request).identity;
      await putBoundary(deps.identity, accountId, targetOf(request), request.body.policy);
      return await reply.code(204).send(null);
    },
  );
  api.delete(
    `/${base}/:id/boundary`,
    {
      config: { access: { action }, audit: `Remove${noun}Boundary` },
      schema: { tags, summary: 'Take its boundary away', params: idParams, response },
    },
    async (request, reply) => {
      await deleteBoundary(deps.identity, callerOf(request).identity.accountId, targetOf(request));
      return await reply.code(204).send(null);
    },
  );
}
