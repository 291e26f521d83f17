// Policies: the managed ones, which nobody can change, and the account's own.
import { createPolicy, deletePolicy, findPolicy, listPolicies, updatePolicy } from '../../identity/policies.ts';
import { listUsers } from '../../identity/users.ts';
import { findManagedPolicy, managedPolicies } from '../../policy/managed.ts';
import { ProblemError } from '../../shared/errors.ts';
import type { AccountId } from '../../shared/ids.ts';
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
import { type AnyPolicy, policySummary, policyView } from '../views/policy-view.ts';

const tags = ['Policies'];

const textOf = (document: string | Record<string, unknown>): string =>
  typeof document === 'string' ? document : JSON.stringify(document, null, 2);

async function policyOf(deps: ConsoleDeps, accountId: AccountId, name: string): Promise<AnyPolicy> {
  const managed = findManagedPolicy(name);
  if (managed !== undefined) return { type: 'managed', policy: managed };
  const policy = await findPolicy(deps.identity, accountId, name);
  if (policy !== undefined) return { type: 'custom', policy };
  throw new ProblemError(404, 'no-such-policy', 'This account has no policy of this name.');
}

/** Managed ones first. */
const sortKey = ({ type, policy }: AnyPolicy): string => `${type === 'managed' ? 0 : 1} ${policy.name.toLowerCase()}`;

function policyListRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/policies',
    {
      config: { access: { action: 'vstorage:ListPolicies' } },
      schema: {
        tags,
        summary: 'The policies that can be attached',
        querystring: pageQuery,
        response: { 200: policyList, ...refusals },
      },
    },
    async (request) => {
      const { accountId } = callerOf(request).identity;
      const custom = await listPolicies(deps.identity, accountId);
      const all: AnyPolicy[] = [
        ...managedPolicies.map((policy) => ({ type: 'managed', policy }) as const),
        ...custom.map((policy) => ({ type: 'custom', policy }) as const),
      ];
      const users = await listUsers(deps.identity, accountId);
      const page = paginate(all, sortKey, request.query);
      return { items: page.items.map((policy) => policySummary(policy, users)), nextCursor: page.nextCursor };
    },
  );
  api.post(
    '/policies',
    {
      config: { access: { action: 'vstorage:CreatePolicy' } },
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
      return await reply.code(201).send(policyView({ type: 'custom', policy }, []));
    },
  );
}

export function policyRoutes(api: Api, deps: ConsoleDeps): void {
  policyListRoutes(api, deps);
  const response = { 200: policyViewSchema, ...refusals };
  api.get(
    '/policies/:name',
    {
      config: { access: { action: 'vstorage:GetPolicy' } },
      schema: { tags, summary: 'One policy with its document', params: policyParams, response },
    },
    async (request) => {
      const { accountId } = callerOf(request).identity;
      const policy = await policyOf(deps, accountId, request.params.name);
      return policyView(policy, await listUsers(deps.identity, accountId));
    },
  );
  api.put(
    '/policies/:name',
    {
      config: { access: { action: 'vstorage:UpdatePolicy' } },
      schema: {
        tags,
        summary: 'Change a policy, effective at the next request of whoever has it',
        params: policyParams,
        body: updatePolicyRequest,
        response,
      },
    },
    async (request) => {
      const { accountId } = callerOf(request).identity;
      const { description, document } = request.body;
      const policy = await updatePolicy(deps.identity, {
        accountId,
        name: request.params.name,
        document: textOf(document),
        ...(description === undefined ? {} : { description }),
      });
      return policyView({ type: 'custom', policy }, await listUsers(deps.identity, accountId));
    },
  );
  api.delete(
    '/policies/:name',
    {
      config: { access: { action: 'vstorage:DeletePolicy' } },
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
