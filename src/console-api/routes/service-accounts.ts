// Service accounts: identities for programs. The secret is in the answers to POST and to its reset, and nowhere else.
import type { FastifyRequest } from 'fastify';
import { setPolicies } from '../../identity/attachments.ts';
import { noSuchHolder } from '../../identity/policy-holders.ts';
import {
  type ServiceAccount,
  createServiceAccount,
  deleteServiceAccount,
  findServiceAccount,
  listServiceAccounts,
  resetClientSecret,
  updateServiceAccount,
} from '../../identity/service-accounts.ts';
import type { AccountId, ServiceAccountId } from '../../shared/ids.ts';
import { nothing, refusals } from '../answers.ts';
import { type Caller, callerOf, demand } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { deleteManyRequest, deleteManyResult } from '../contract.ts';
import {
  type CreateServiceAccountRequest,
  createServiceAccountRequest,
  createdServiceAccount,
  idParams,
  searchQuery,
  serviceAccountList,
  serviceAccountView as serviceAccountViewSchema,
  setPoliciesRequest,
  setTrustedAccountsRequest,
  updateServiceAccountRequest,
} from '../contract/iam.ts';
import { deleteEach } from '../delete-each.ts';
import { paginate } from '../paging.ts';
import { ownerOf } from '../projects-of.ts';
import { serviceAccountView } from '../views/iam-views.ts';

const tags = ['Service accounts'];

type WithId = FastifyRequest<{ Params: { id: string } }>;

const accountOf = (request: FastifyRequest): AccountId => callerOf(request).identity.accountId;
const idOf = (request: WithId): ServiceAccountId => request.params.id as ServiceAccountId;

const viewOf = async (deps: ConsoleDeps, serviceAccount: ServiceAccount) =>
  serviceAccountView(serviceAccount, await ownerOf(deps, serviceAccount.accountId));

export function serviceAccountRoutes(api: Api, deps: ConsoleDeps): void {
  listRoutes(api, deps);
  createRoutes(api, deps);
  oneRoutes(api, deps);
  rightsRoutes(api, deps);
  deleteRoutes(api, deps);
}

function listRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/service-accounts',
    {
      config: { access: { action: 'vstorage:ListServiceAccounts' }, audit: 'ListServiceAccounts' },
      schema: {
        tags,
        summary: 'The service accounts of the account, by name',
        querystring: searchQuery,
        response: { 200: serviceAccountList, ...refusals },
      },
    },
    async (request) => {
      const accountId = accountOf(request);
      const search = (request.query.search ?? '').toLowerCase();
      const all = await listServiceAccounts(deps.identity, accountId);
      const found = all.filter(({ name }) => name.toLowerCase().includes(search));
      const page = paginate(found, ({ name }) => name.toLowerCase(), request.query);
      const owner = await ownerOf(deps, accountId);
      return { items: page.items.map((each) => serviceAccountView(each, owner)), nextCursor: page.nextCursor };
    },
  );
}

type Rights = Pick<CreateServiceAccountRequest, 'policies' | 'boundary' | 'trustedAccounts'>;

/** What a new one begins with needs the right to give it. */
function demandForNew(caller: Caller, { policies = [], boundary = null, trustedAccounts = [] }: Rights): void {
  if (policies.length > 0) demand(caller, 'vstorage:AttachServiceAccountPolicy', '*');
  if (boundary !== null) demand(caller, 'vstorage:SetServiceAccountBoundary', '*');
  if (trustedAccounts.length > 0) demand(caller, 'vstorage:TrustRootAccount', '*');
}

function createRoutes(api: Api, deps: ConsoleDeps): void {
  const response = { 201: createdServiceAccount, ...refusals };
  api.post(
    '/service-accounts',
    {
      config: { access: { action: 'vstorage:CreateServiceAccount' }, audit: 'CreateServiceAccount' },
      schema: {
        tags,
        summary: 'Make a service account; its secret is in this answer only',
        body: createServiceAccountRequest,
        response,
      },
    },
    async (request, reply) => {
      demandForNew(callerOf(request), request.body);
      const trustedAccounts = request.body.trustedAccounts.map((id) => id as AccountId);
      const wanted = { ...request.body, accountId: accountOf(request), trustedAccounts };
      const { serviceAccount, clientSecret } = await createServiceAccount(deps.identity, wanted);
      const clientId = serviceAccount.serviceAccountId;
      return await reply.code(201).send({ ...(await viewOf(deps, serviceAccount)), clientId, clientSecret });
    },
  );
  api.post(
    '/service-accounts/:id/secret',
    {
      config: { access: { action: 'vstorage:ResetServiceAccountSecret' }, audit: 'ResetServiceAccountSecret' },
      schema: {
        tags,
        summary: 'Another secret, in this answer only; the former one and all tokens are dead at once',
        params: idParams,
        response,
      },
    },
    async (request, reply) => {
      const { serviceAccount, clientSecret } = await resetClientSecret(
        deps.identity,
        accountOf(request),
        idOf(request),
      );
      const clientId = serviceAccount.serviceAccountId;
      return await reply.code(201).send({ ...(await viewOf(deps, serviceAccount)), clientId, clientSecret });
    },
  );
}

function oneRoutes(api: Api, deps: ConsoleDeps): void {
  const response = { 200: serviceAccountViewSchema, ...refusals };
  api.get(
    '/service-accounts/:id',
    {
      config: { access: { action: 'vstorage:GetServiceAccount' }, audit: 'GetServiceAccount' },
      schema: { tags, summary: 'One service account', params: idParams, response },
    },
    async (request) => {
      const found = await findServiceAccount(deps.identity, accountOf(request), request.params.id);
      if (found === undefined) throw noSuchHolder('service-account');
      return await viewOf(deps, found);
    },
  );
  api.patch(
    '/service-accounts/:id',
    {
      config: { access: { action: 'vstorage:UpdateServiceAccount' }, audit: 'UpdateServiceAccount' },
      schema: {
        tags,
        summary: 'Rename, describe, disable or enable it, or set how long its tokens live',
        params: idParams,
        body: updateServiceAccountRequest,
        response,
      },
    },
    async (request) =>
      await viewOf(deps, await updateServiceAccount(deps.identity, accountOf(request), idOf(request), request.body)),
  );
}

function rightsRoutes(api: Api, deps: ConsoleDeps): void {
  const response = { 200: serviceAccountViewSchema, ...refusals };
  api.put(
    '/service-accounts/:id/policies',
    {
      config: { access: { action: 'vstorage:AttachServiceAccountPolicy' }, audit: 'SetServiceAccountPolicies' },
      schema: { tags, summary: 'Attach exactly these policies', params: idParams, body: setPoliciesRequest, response },
    },
    async (request) => {
      const target = { kind: 'service-account', id: idOf(request) } as const;
      await setPolicies(deps.identity, accountOf(request), target, request.body.policies);
      const changed = await findServiceAccount(deps.identity, accountOf(request), request.params.id);
      if (changed === undefined) throw noSuchHolder('service-account');
      return await viewOf(deps, changed);
    },
  );
  api.put(
    '/service-accounts/:id/trusted-accounts',
    {
      config: { access: { action: 'vstorage:TrustRootAccount' }, audit: 'SetTrustedAccounts' },
      schema: {
        tags,
        summary: 'The other root accounts whose users may act as it, when their own policies let them',
        params: idParams,
        body: setTrustedAccountsRequest,
        response,
      },
    },
    async (request) => {
      const trustedAccounts = request.body.trustedAccounts.map((id) => id as AccountId);
      const change = { trustedAccounts };
      return await viewOf(deps, await updateServiceAccount(deps.identity, accountOf(request), idOf(request), change));
    },
  );
}

function deleteRoutes(api: Api, deps: ConsoleDeps): void {
  api.post(
    '/service-accounts/delete',
    {
      config: { access: 'signed-in', audit: 'DeleteServiceAccounts' },
      schema: {
        tags,
        summary: 'Delete one or more service accounts with their tokens and S3 keys; one result per id',
        body: deleteManyRequest,
        response: { 200: deleteManyResult, ...refusals },
      },
    },
    async (request) =>
      await deleteEach(request.body.ids, async (id) => {
        demand(callerOf(request), 'vstorage:DeleteServiceAccount', id);
        await deleteServiceAccount(deps.identity, accountOf(request), id as ServiceAccountId);
      }),
  );
  api.delete(
    '/service-accounts/:id',
    {
      config: { access: { action: 'vstorage:DeleteServiceAccount' }, audit: 'DeleteServiceAccount' },
      schema: {
        tags,
        summary: 'Delete a service account with its tokens and S3 keys',
        params: idParams,
        response: { 204: nothing, ...refusals },
      },
    },
    async (request, reply) => {
      await deleteServiceAccount(deps.identity, accountOf(request), idOf(request));
      return await reply.code(204).send(null);
    },
  );
}
