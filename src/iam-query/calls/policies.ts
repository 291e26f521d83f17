// Policies of their own, and their versions.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  type PolicyInfo,
  createPolicy,
  deletePolicy,
  describePolicy,
  findPolicy,
  listPolicies,
} from '../../identity/policies.ts';
import { listPolicyVersions } from '../../identity/policy-versions.ts';
import { mergeTags, withoutTags } from '../../identity/user-tags.ts';
import type { AccountId } from '../../shared/ids.ts';
import { policyArn } from '../arns.ts';
import { type CallScope, type DeclaredCall, declareCall } from '../call.ts';
import { noSuchEntity, QueryError } from '../errors.ts';
import { page } from '../paging.ts';
import { policyNamed } from '../policies.ts';
import { checkManagedSize } from '../policy-text.ts';
import {
  arn,
  document,
  flag,
  fromTags,
  longName,
  paging,
  path,
  pathPrefix,
  tagKeys,
  tags,
  text,
  toTags,
} from '../schemas.ts';
import { tagContext } from '../session.ts';

/** They have no ids of their own here: one that stays while the policy of this name does. */
export function policyIdOf({ type, name, createdAt }: PolicyInfo, accountId: AccountId): string {
  const of = type === 'managed' ? `aws/${name}` : `${accountId}/${name.toLowerCase()}/${createdAt}`;
  return `ANPA${createHash('sha256').update(of).digest('hex').toUpperCase().slice(0, 17)}`;
}

/** Of policies that come with the server: there is no day they were made. */
const LONG_AGO = new Date('2026-01-01T00:00:00Z');

export const policyXml = (policy: PolicyInfo, accountId: AccountId) => ({
  PolicyName: policy.name,
  PolicyId: policyIdOf(policy, accountId),
  Arn: policyArn({ accountId, path: policy.path, name: policy.name }),
  Path: policy.path,
  DefaultVersionId: `v${policy.defaultVersion}`,
  AttachmentCount: policy.attachedTo.length,
  PermissionsBoundaryUsageCount: policy.boundaryOf.length,
  IsAttachable: true,
  CreateDate: policy.createdAt === null ? LONG_AGO : new Date(policy.createdAt),
  UpdateDate: policy.updatedAt === null ? LONG_AGO : new Date(policy.updatedAt),
});

export const wholePolicyXml = (policy: PolicyInfo, accountId: AccountId) => ({
  ...policyXml(policy, accountId),
  Description: policy.description === '' ? undefined : policy.description,
  Tags: policy.tags.length === 0 ? undefined : fromTags(policy.tags),
});

/** What management calls it: by name. */
export const managedPolicyId = ({ caller }: CallScope, policyArnAsked: string): string =>
  `vstorage::${caller.accountId}:policy/${policyArnAsked.slice(policyArnAsked.lastIndexOf('/') + 1)}`;

const ask = (action: string) => (input: { readonly PolicyArn: string }, scope: CallScope) => [
  { action: `iam:${action}`, resource: input.PolicyArn, managed: managedPolicyId(scope, input.PolicyArn) },
];

/** Errors: NoSuchEntity. */
async function getPolicyInfo(scope: CallScope, policyArnAsked: string): Promise<PolicyInfo> {
  const name = await policyNamed(scope, policyArnAsked);
  const policy = await findPolicy(scope.services, scope.caller.accountId, name);
  if (policy === undefined) throw noSuchEntity(`Policy ${policyArnAsked} was not found.`);
  return policy;
}

/** One that comes with the server cannot be changed. Errors: NoSuchEntity, AccessDenied. */
export async function ownPolicyName(scope: CallScope, policyArnAsked: string): Promise<string> {
  const name = await policyNamed(scope, policyArnAsked);
  if (!policyArnAsked.startsWith('arn:aws:iam::aws:')) return name;
  throw new QueryError('AccessDenied', `${policyArnAsked} comes with the server and cannot be changed.`);
}

const createPolicyCall = declareCall({
  service: 'iam',
  name: 'CreatePolicy',
  input: z.strictObject({
    PolicyName: longName,
    PolicyDocument: document,
    Path: path.optional(),
    Description: text(0, 1000).optional(),
    Tags: tags.optional(),
  }),
  asks: ({ PolicyName, Path, Tags }, scope) => {
    const { accountId } = scope.caller;
    const resource = policyArn({ accountId, path: Path, name: PolicyName });
    const made = { resource, managed: managedPolicyId(scope, resource), context: tagContext(toTags(Tags)) };
    const asks = [{ action: 'iam:CreatePolicy', ...made }];
    return (Tags ?? []).length === 0 ? asks : [...asks, { action: 'iam:TagPolicy', ...made }];
  },
  run: async ({ PolicyName, PolicyDocument, Path = '/', Description = '', Tags }, { services, caller }) => {
    checkManagedSize(PolicyDocument);
    const { accountId } = caller;
    const facts = { name: PolicyName, path: Path, description: Description, document: PolicyDocument };
    const policy = await createPolicy(services, { accountId, ...facts, tags: toTags(Tags) });
    return { Policy: wholePolicyXml(policy, accountId) };
  },
});

const getPolicy = declareCall({
  service: 'iam',
  name: 'GetPolicy',
  input: z.strictObject({ PolicyArn: arn }),
  asks: ask('GetPolicy'),
  run: async ({ PolicyArn }, scope) => ({
    Policy: wholePolicyXml(await getPolicyInfo(scope, PolicyArn), scope.caller.accountId),
  }),
});

const listPoliciesCall = declareCall({
  service: 'iam',
  name: 'ListPolicies',
  input: z.strictObject({
    Scope: z.enum(['All', 'AWS', 'Local']).optional(),
    OnlyAttached: flag.optional(),
    PathPrefix: pathPrefix.optional(),
    PolicyUsageFilter: z.enum(['PermissionsPolicy', 'PermissionsBoundary']).optional(),
    ...paging,
  }),
  asks: (_, { caller: { accountId } }) => [
    { action: 'iam:ListPolicies', resource: `arn:aws:iam::${accountId}:policy/` },
  ],
  run: async (input, { services, caller: { accountId } }) => {
    const { Scope = 'All', OnlyAttached = false, PathPrefix = '/', PolicyUsageFilter = null } = input;
    const wanted = (await listPolicies(services, accountId)).filter(
      ({ type, path: at, attachedTo, boundaryOf }) =>
        (Scope === 'All' || (Scope === 'AWS') === (type === 'managed')) &&
        (!OnlyAttached || attachedTo.length > 0) &&
        (PolicyUsageFilter !== 'PermissionsBoundary' || boundaryOf.length > 0) &&
        (PolicyUsageFilter !== 'PermissionsPolicy' || attachedTo.length > 0) &&
        at.startsWith(PathPrefix),
    );
    const { items, more } = page(wanted, ({ name }) => name, input);
    return { Policies: items.map((policy) => policyXml(policy, accountId)), ...more };
  },
});

const deletePolicyCall = declareCall({
  service: 'iam',
  name: 'DeletePolicy',
  input: z.strictObject({ PolicyArn: arn }),
  asks: ask('DeletePolicy'),
  run: async ({ PolicyArn }, scope) => {
    const { accountId } = scope.caller;
    const name = await ownPolicyName(scope, PolicyArn);
    const versions = await listPolicyVersions(scope.services, accountId, name);
    if (versions.length > 1) {
      const message =
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.";
      throw new QueryError('DeleteConflict', message);
    }
    await deletePolicy(scope.services, accountId, name);
    return null;
  },
});

const listEntitiesForPolicy = declareCall({
  service: 'iam',
  name: 'ListEntitiesForPolicy',
  input: z.strictObject({
    PolicyArn: arn,
    EntityFilter: z.enum(['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy']).optional(),
    PathPrefix: pathPrefix.optional(),
    PolicyUsageFilter: z.enum(['PermissionsPolicy', 'PermissionsBoundary']).optional(),
    ...paging,
  }),
  asks: ask('ListEntitiesForPolicy'),
  run: async (input, scope) => {
    const { attachedTo, boundaryOf } = await getPolicyInfo(scope, input.PolicyArn);
    const bounded = input.PolicyUsageFilter === 'PermissionsBoundary';
    const holders = (bounded ? boundaryOf : attachedTo).filter(
      ({ kind }) => input.EntityFilter === undefined || kind === input.EntityFilter.toLowerCase(),
    );
    const { items, more } = page(holders, ({ kind, name }) => `${kind}/${name}`, input);
    const of = (kind: string) => items.filter((holder) => holder.kind === kind);
    return {
      PolicyGroups: of('group').map(({ name, id }) => ({ GroupName: name, GroupId: id })),
      PolicyUsers: of('user').map(({ name, id }) => ({ UserName: name, UserId: id })),
      PolicyRoles: of('role').map(({ name, id }) => ({ RoleName: name, RoleId: id })),
      ...more,
    };
  },
});

const tagPolicy = declareCall({
  service: 'iam',
  name: 'TagPolicy',
  input: z.strictObject({ PolicyArn: arn, Tags: tags }),
  asks: ask('TagPolicy'),
  run: async ({ PolicyArn, Tags }, scope) => {
    const name = await ownPolicyName(scope, PolicyArn);
    const { tags: has } = await getPolicyInfo(scope, PolicyArn);
    await describePolicy(scope.services, scope.caller.accountId, name, { tags: mergeTags(has, toTags(Tags)) });
    return null;
  },
});

const untagPolicy = declareCall({
  service: 'iam',
  name: 'UntagPolicy',
  input: z.strictObject({ PolicyArn: arn, TagKeys: tagKeys }),
  asks: ask('UntagPolicy'),
  run: async ({ PolicyArn, TagKeys }, scope) => {
    const name = await ownPolicyName(scope, PolicyArn);
    const { tags: has } = await getPolicyInfo(scope, PolicyArn);
    await describePolicy(scope.services, scope.caller.accountId, name, { tags: withoutTags(has, TagKeys) });
    return null;
  },
});

const listPolicyTags = declareCall({
  service: 'iam',
  name: 'ListPolicyTags',
  input: z.strictObject({ PolicyArn: arn, ...paging }),
  asks: ask('ListPolicyTags'),
  run: async (input, scope) => {
    const { tags: has } = await getPolicyInfo(scope, input.PolicyArn);
    const { items, more } = page(has, ({ key }) => key, input);
    return { Tags: fromTags(items), ...more };
  },
});

export const policyCalls: readonly DeclaredCall[] = [
  createPolicyCall,
  getPolicy,
  listPoliciesCall,
  deletePolicyCall,
  listEntitiesForPolicy,
  tagPolicy,
  untagPolicy,
  listPolicyTags,
];
