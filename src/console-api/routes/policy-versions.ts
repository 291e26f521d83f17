// Versions of a custom policy, who has it, and policies brought from elsewhere.
import type { FastifyRequest } from 'fastify';
import { attachPolicy, detachPolicy } from '../../identity/attachments.ts';
import { createPolicy, findPolicy, noSuchPolicy } from '../../identity/policies.ts';
import type { HolderRef } from '../../identity/policy-holders.ts';
import {
  MAX_VERSIONS,
  createPolicyVersion,
  deletePolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
} from '../../identity/policy-versions.ts';
import { importPolicy } from '../../policy/import-policy.ts';
import type { AccountId } from '../../shared/ids.ts';
import { nothing, refusals } from '../answers.ts';
import { callerOf, demand } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { type ManagementActionName, policyView as policyViewSchema } from '../contract.ts';
import {
  type ChangeUsageRequest,
  changeUsageRequest,
  createVersionRequest,
  importPolicyRequest,
  importedPolicy,
  policyParams,
  policyVersionList,
  policyVersionView as policyVersionViewSchema,
  setDefaultVersionRequest,
  versionParams,
} from '../contract/iam.ts';
import { policyVersionView } from '../views/iam-views.ts';
import { policyView } from '../views/policy-view.ts';
import { textOf } from './policy-text.ts';

const tags = ['Policies'];

const accountOf = (request: FastifyRequest): AccountId => callerOf(request).identity.accountId;

export function policyVersionRoutes(api: Api, deps: ConsoleDeps): void {
  versionListRoutes(api, deps);
  versionRoutes(api, deps);
}

function versionListRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/policies/:name/versions',
    {
      config: { access: { action: 'vstorage:GetPolicy' }, audit: 'ListPolicyVersions' },
      schema: {
        tags,
        summary: 'The versions of a policy with their documents, newest first',
        params: policyParams,
        response: { 200: policyVersionList, ...refusals },
      },
    },
    async (request) => {
      const versions = await listPolicyVersions(deps.identity, accountOf(request), request.params.name);
      return { items: versions.map(policyVersionView), limit: MAX_VERSIONS };
    },
  );
  api.post(
    '/policies/:name/versions',
    {
      config: { access: { action: 'vstorage:UpdatePolicy' }, audit: 'CreatePolicyVersion' },
      schema: {
        tags,
        summary: 'Write another version of a policy',
        params: policyParams,
        body: createVersionRequest,
        response: { 201: policyVersionViewSchema, ...refusals },
      },
    },
    async (request, reply) => {
      const { document, setAsDefault, replaceOldest } = request.body;
      const wanted = { name: request.params.name, document: textOf(document), setAsDefault, replaceOldest };
      const version = await createPolicyVersion(deps.identity, { accountId: accountOf(request), ...wanted });
      return await reply.code(201).send(policyVersionView(version));
    },
  );
}

function versionRoutes(api: Api, deps: ConsoleDeps): void {
  const done = { 204: nothing, ...refusals };
  api.put(
    '/policies/:name/default-version',
    {
      config: { access: { action: 'vstorage:UpdatePolicy' }, audit: 'SetDefaultPolicyVersion' },
      schema: {
        tags,
        summary: 'Let another version count, from the next request of whoever has the policy on',
        params: policyParams,
        body: setDefaultVersionRequest,
        response: done,
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      await setDefaultPolicyVersion(deps.identity, accountOf(request), name, request.body.version);
      return await reply.code(204).send(null);
    },
  );
  api.delete(
    '/policies/:name/versions/:version',
    {
      config: { access: { action: 'vstorage:UpdatePolicy' }, audit: 'DeletePolicyVersion' },
      schema: { tags, summary: 'Delete a version that is not the default', params: versionParams, response: done },
    },
    async (request, reply) => {
      const { name, version } = request.params;
      await deletePolicyVersion(deps.identity, accountOf(request), name, version);
      return await reply.code(204).send(null);
    },
  );
}

type Holder = NonNullable<ChangeUsageRequest['attach']>[number];

const attaching: Readonly<Record<Holder['type'], ManagementActionName>> = {
  user: 'vstorage:AttachPolicy',
  group: 'vstorage:AttachGroupPolicy',
  'service-account': 'vstorage:AttachServiceAccountPolicy',
  role: 'vstorage:AttachRolePolicy',
};

const refOf = ({ type: kind, id }: Holder): HolderRef => ({ kind, id }) as HolderRef;

export function policyUsageRoutes(api: Api, deps: ConsoleDeps): void {
  api.post(
    '/policies/:name/usage',
    {
      config: { access: 'signed-in', audit: 'ChangePolicyUsage' },
      schema: {
        tags,
        summary: 'Attach a policy to users, groups, service accounts and roles, and take it off others',
        params: policyParams,
        body: changeUsageRequest,
        response: { 200: policyViewSchema, ...refusals },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { accountId } = caller.identity;
      const { name } = request.params;
      const { attach, detach } = request.body;
      for (const holder of [...attach, ...detach]) demand(caller, attaching[holder.type], holder.id);
      for (const holder of attach) await attachPolicy(deps.identity, accountId, refOf(holder), name);
      for (const holder of detach) await detachPolicy(deps.identity, accountId, refOf(holder), name);
      const policy = await findPolicy(deps.identity, accountId, name);
      if (policy === undefined) throw noSuchPolicy(name);
      return policyView(policy);
    },
  );
}

export function policyImportRoutes(api: Api, deps: ConsoleDeps): void {
  api.post(
    '/policies/import',
    {
      config: { access: { action: 'vstorage:CreatePolicy' }, audit: 'ImportPolicy' },
      schema: {
        tags,
        summary:
          'Make a policy of one from the original product: its actions and resources are translated, and it is told what became of each',
        body: importPolicyRequest,
        response: { 200: importedPolicy, ...refusals },
      },
    },
    async (request) => {
      const { name, description, preview } = request.body;
      const accountId = accountOf(request);
      const { document, report } = importPolicy(textOf(request.body.document), accountId);
      const made = preview ? null : await createPolicy(deps.identity, { accountId, name, description, document });
      const items = report.map((each) => ({ ...each, becomes: [...each.becomes] }));
      return { policy: made === null ? null : policyView(made), document, report: items };
    },
  );
}
