// Policies: the managed ones, which nobody can change, and the account's own.
import { createPolicy, deletePolicy, findPolicy, listPolicies, type PolicyInfo } from '../../identity/policies.ts';
import { updatePolicy } from '../../identity/policy-versions.ts';
import { ProblemError } from '../../shared/errors.ts';
import { nothing, refusals } from '../answers.ts';
import { callerOf } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import {
  createPolicyRequest,
  pageQuery,
  policyList,
  policyParams,
  policyView as policyViewSchema,
  updatePolicyRequest,
} from '../contract.ts';
import { paginate } from '../paging.ts';
import { policySummary, policyView } from '../views/policy-view.ts';
import { textOf } from './policy-text.ts';

const tags = ['Policies'];

/** Managed ones first. */
const sortKey = ({ type, name }: PolicyInfo): string => `${type === 'managed' ? 0 : 1} ${name.toLowerCase()}`;

function policyListRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/policies',
    {
      config: { access: { action: 'vstorage:ListPolicies' }, audit: 'ListPolicies' },
      schema: {
        tags,
        summary: 'The policies that can be attached',
        querystring: pageQuery,
        response: { 200: policyList, ...refusals },
      },
    },
    async (request) => {
      const { accountId } = callerOf(request).identity;
      const page = paginate(await listPolicies(deps.identity, accountId), sortKey, request.query);
      return { items: page.items.map(policySummary), nextCursor: page.nextCursor };
    },
  );
  api.post(
    '/policies',
    {
      config: { access: { action: 'vstorage:CreatePolicy' }, audit: 'CreatePolicy' },
      schema: {
        tags,
        summary: 'Write a policy; errors in the document name line and column',
        body: createPolicyRequest,
        response: { 201: policyViewSchema, ...refusals },
      },
    },
    async (request, reply) => {
      const { accountId } = callerOf(request).identity;
      const { name, description, document } = request.body;
      const policy = await createPolicy(deps.identity, { accountId, name, description, document: textOf(document) });
      return await reply.code(201).send(policyView(policy));
    },
  );
}

export function policyRoutes(api: Api, deps: ConsoleDeps): void {
  policyListRoutes(api, deps);
  const response = { 200: policyViewSchema, ...refusals };
  api.get(
    '/policies/:name',
    {
      config: { access: { action: 'vstorage:GetPolicy' }, audit: 'GetPolicy' },
      schema: { tags, summary: 'One policy with its document', params: policyParams, response },
    },
    async (request) => {
      const { accountId } = callerOf(request).identity;
      const policy = await findPolicy(deps.identity, accountId, request.params.name);
      if (policy !== undefined) return policyView(policy);
      throw new ProblemError(404, 'no-such-policy', 'This account has no policy of this name.');
    },
  );
  api.put(
    '/policies/:name',
    {
      config: { access: { action: 'vstorage:UpdatePolicy' }, audit: 'UpdatePolicy' },
      schema: {
        tags,
        summary: 'Change a policy, as a new version, effective at the next request of whoever has it',
        params: policyParams,
        body: updatePolicyRequest,
        response,
      },
    },
    async (request) => {
      const { accountId } = callerOf(request).identity;
      const { description, document, replaceOldest } = request.body;
      const policy = await updatePolicy(deps.identity, {
        accountId,
        name: request.params.name,
        description,
        document: textOf(document),
        replaceOldest,
      });
      return policyView(policy);
    },
  );
  api.delete(
    '/policies/:name',
    {
      config: { access: { action: 'vstorage:DeletePolicy' }, audit: 'DeletePolicy' },
      schema: {
        tags,
        summary: 'Delete a policy that is attached to nobody',
        params: policyParams,
        response: { 204: nothing, ...refusals },
      },
    },
    async (request, reply) => {
      await deletePolicy(deps.identity, callerOf(request).identity.accountId, request.params.name);
      return await reply.code(204).send(null);
    },
  );
}
