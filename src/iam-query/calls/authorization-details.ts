// All users, groups, roles and policies with everything that decides about them.
import { z } from 'zod';
import { readGroups } from '../../identity/group-membership.ts';
import { listGroups } from '../../identity/groups.ts';
import { type PolicyInfo, listPolicies } from '../../identity/policies.ts';
import { listPolicyVersions } from '../../identity/policy-versions.ts';
import { listRoles } from '../../identity/roles.ts';
import { readRecords } from '../../identity/read-records.ts';
import {
  type GroupRecord,
  type InlinePolicy,
  type RoleRecord,
  type UserRecord,
  userRange,
} from '../../metadata/tables/identities.ts';
import { type CallScope, declareCall } from '../call.ts';
import { page } from '../paging.ts';
import { attachedPolicies } from '../policies.ts';
import { encodedDocument } from '../policy-text.ts';
import { list, paging } from '../schemas.ts';
import type { XmlFields, XmlValue } from '../xml.ts';
import { groupXml } from './groups.ts';
import { policyXml } from './policies.ts';
import { versionXml } from './policy-versions.ts';
import { wholeRoleXml } from './roles.ts';
import { wholeUserXml } from './users.ts';

type Entity =
  | { readonly kind: 'User'; readonly name: string; readonly record: UserRecord }
  | { readonly kind: 'Group'; readonly name: string; readonly record: GroupRecord }
  | { readonly kind: 'Role'; readonly name: string; readonly record: RoleRecord }
  | { readonly kind: 'LocalManagedPolicy' | 'AWSManagedPolicy'; readonly name: string; readonly record: PolicyInfo };

const kinds = ['User', 'Group', 'Role', 'LocalManagedPolicy', 'AWSManagedPolicy'] as const;

export const getAccountAuthorizationDetails = declareCall({
  service: 'iam',
  name: 'GetAccountAuthorizationDetails',
  input: z.strictObject({ Filter: list(z.enum(kinds), kinds.length).optional(), ...paging }),
  asks: () => [{ action: 'iam:GetAccountAuthorizationDetails', resource: '*' }],
  run: async (input, scope) => {
    const { Filter = [] } = input;
    const entities = (await readAll(scope)).filter(({ kind }) => Filter.length === 0 || Filter.includes(kind));
    const { items, more } = page(entities, ({ kind, name }) => `${kinds.indexOf(kind)}/${name}`, input);
    return {
      UserDetailList: await details(items, 'User', ({ record }) => userDetail(scope, record)),
      GroupDetailList: await details(items, 'Group', ({ record }) => groupDetail(scope, record)),
      RoleDetailList: await details(items, 'Role', ({ record }) => roleDetail(scope, record)),
      Policies: [
        ...(await details(items, 'LocalManagedPolicy', ({ record }) => policyDetail(scope, record))),
        ...(await details(items, 'AWSManagedPolicy', ({ record }) => policyDetail(scope, record))),
      ],
      ...more,
    };
  },
});

async function readAll({ services, caller }: CallScope): Promise<Entity[]> {
  const { accountId } = caller;
  const users = await services.store.read((snapshot) => readRecords<UserRecord>(snapshot, userRange(accountId)));
  const policies = await listPolicies(services, accountId);
  return [
    ...users.map((record): Entity => ({ kind: 'User', name: record.username, record })),
    ...(await listGroups(services, accountId)).map((record): Entity => ({ kind: 'Group', name: record.name, record })),
    ...(await listRoles(services, accountId)).map((record): Entity => ({ kind: 'Role', name: record.name, record })),
    ...policies.map((record): Entity => {
      const kind = record.type === 'custom' ? 'LocalManagedPolicy' : 'AWSManagedPolicy';
      return { kind, name: record.name, record };
    }),
  ];
}

type Of<K extends Entity['kind']> = Extract<Entity, { readonly kind: K }>;

function details<K extends Entity['kind']>(
  items: readonly Entity[],
  kind: K,
  detail: (entity: Of<K>) => Promise<XmlFields>,
): Promise<XmlFields[]> {
  const isOf = (entity: Entity): entity is Of<K> => entity.kind === kind;
  return Promise.all(items.filter(isOf).map(detail));
}

async function attachedXml(scope: CallScope, names: readonly string[]): Promise<XmlValue> {
  const found = await attachedPolicies(scope, names);
  return found.map(({ PolicyName, PolicyArn }) => ({ PolicyName, PolicyArn }));
}

const inlineXml = (policies: readonly InlinePolicy[] | undefined): XmlValue =>
  (policies ?? []).map(({ name, document }) => ({ PolicyName: name, PolicyDocument: encodedDocument(document) }));

async function userDetail(scope: CallScope, user: UserRecord): Promise<XmlFields> {
  const { accountId } = user;
  const groups = await scope.services.store.read((snapshot) => readGroups(snapshot, accountId, user));
  return {
    ...(await wholeUserXml(scope, user)),
    UserPolicyList: inlineXml(user.inlinePolicies),
    GroupList: groups.map(({ name }) => name),
    AttachedManagedPolicies: await attachedXml(scope, user.policies),
  };
}

const groupDetail = async (scope: CallScope, group: GroupRecord): Promise<XmlFields> => ({
  ...groupXml(group),
  GroupPolicyList: inlineXml(group.inlinePolicies),
  AttachedManagedPolicies: await attachedXml(scope, group.policies),
});

const roleDetail = async (scope: CallScope, role: RoleRecord): Promise<XmlFields> => ({
  ...(await wholeRoleXml(scope, role)),
  InstanceProfileList: [],
  RolePolicyList: inlineXml(role.inlinePolicies),
  AttachedManagedPolicies: await attachedXml(scope, role.policies),
});

async function policyDetail({ services, caller }: CallScope, policy: PolicyInfo): Promise<XmlFields> {
  const versions = await listPolicyVersions(services, caller.accountId, policy.name);
  return {
    ...policyXml(policy, caller.accountId),
    PolicyVersionList: versions.map((version) => ({
      Document: encodedDocument(version.document),
      ...versionXml(version),
    })),
  };
}
