// Roles.
import { z } from 'zod';
import { createRole, deleteRole, listRoles, updateRole } from '../../identity/roles.ts';
import { mergeTags, withoutTags } from '../../identity/user-tags.ts';
import type { RoleRecord } from '../../metadata/tables/identities.ts';
import { roleArn } from '../arns.ts';
import { type CallScope, type DeclaredCall, declareCall } from '../call.ts';
import { askHolder, getHolder } from '../holders.ts';
import { page } from '../paging.ts';
import { boundaryXml, policyNamed } from '../policies.ts';
import { encodedDocument } from '../policy-text.ts';
import {
  arn,
  document,
  fromTags,
  paging,
  path,
  pathPrefix,
  shortName,
  tagKeys,
  tags,
  text,
  toTags,
  wholeNumber,
} from '../schemas.ts';
import { tagContext } from '../session.ts';
import type { XmlFields } from '../xml.ts';

const description = text(0, 1000);
const sessionSeconds = wholeNumber(3600, 43_200);

export const roleXml = (role: RoleRecord) => ({
  Path: role.path ?? '/',
  RoleName: role.name,
  RoleId: role.roleId,
  Arn: roleArn(role),
  CreateDate: new Date(role.createdAt),
  AssumeRolePolicyDocument: encodedDocument(role.trustPolicy),
  Description: role.description === '' ? undefined : role.description,
  MaxSessionDuration: role.maxSessionSeconds,
});

/** With what lists leave out. */
export async function wholeRoleXml(scope: CallScope, role: RoleRecord): Promise<XmlFields> {
  const { tags: has = [], lastUsedAt, boundary } = role;
  const region = scope.services.regionNames[0];
  return {
    ...roleXml(role),
    PermissionsBoundary: await boundaryXml(scope, boundary),
    Tags: has.length === 0 ? undefined : fromTags(has),
    RoleLastUsed: lastUsedAt === undefined ? {} : { LastUsedDate: new Date(lastUsedAt), Region: region },
  };
}

const ask = (action: string) => async (input: { readonly RoleName: string }, scope: CallScope) => [
  await askHolder('role', scope, input.RoleName, { action: `iam:${action}` }),
];

const createRoleCall = declareCall({
  service: 'iam',
  name: 'CreateRole',
  input: z.strictObject({
    RoleName: shortName,
    AssumeRolePolicyDocument: document,
    Path: path.optional(),
    Description: description.optional(),
    MaxSessionDuration: sessionSeconds.optional(),
    PermissionsBoundary: arn.optional(),
    Tags: tags.optional(),
  }),
  asks: ({ RoleName, Path, PermissionsBoundary, Tags }, { caller: { accountId } }) => {
    const resource = roleArn({ accountId, path: Path, name: RoleName });
    const boundary = PermissionsBoundary === undefined ? {} : { 'iam:permissionsboundary': PermissionsBoundary };
    const made = { action: 'iam:CreateRole', resource, context: { ...boundary, ...tagContext(toTags(Tags)) } };
    const tagged = { action: 'iam:TagRole', resource, context: tagContext(toTags(Tags)) };
    return (Tags ?? []).length === 0 ? [made] : [made, tagged];
  },
  run: async (wanted, scope) => {
    const { PermissionsBoundary } = wanted;
    const role = await createRole(scope.services, {
      accountId: scope.caller.accountId,
      name: wanted.RoleName,
      path: wanted.Path,
      description: wanted.Description,
      trustPolicy: wanted.AssumeRolePolicyDocument,
      maxSessionSeconds: wanted.MaxSessionDuration,
      tags: toTags(wanted.Tags),
      boundary: PermissionsBoundary === undefined ? undefined : await policyNamed(scope, PermissionsBoundary),
    });
    return { Role: await wholeRoleXml(scope, role) };
  },
});

const getRole = declareCall({
  service: 'iam',
  name: 'GetRole',
  input: z.strictObject({ RoleName: shortName }),
  asks: ask('GetRole'),
  run: async ({ RoleName }, scope) => ({
    Role: await wholeRoleXml(scope, (await getHolder('role', scope, RoleName)).record),
  }),
});

const listRolesCall = declareCall({
  service: 'iam',
  name: 'ListRoles',
  input: z.strictObject({ PathPrefix: pathPrefix.optional(), ...paging }),
  asks: ({ PathPrefix = '/' }, { caller: { accountId } }) => [
    { action: 'iam:ListRoles', resource: `arn:aws:iam::${accountId}:role${PathPrefix}` },
  ],
  run: async (input, { services, caller: { accountId } }) => {
    const roles = await listRoles(services, accountId);
    const below = roles.filter((role) => (role.path ?? '/').startsWith(input.PathPrefix ?? '/'));
    const { items, more } = page(below, ({ name }) => name, input);
    return { Roles: items.map(roleXml), ...more };
  },
});

const updateRoleCall = declareCall({
  service: 'iam',
  name: 'UpdateRole',
  input: z.strictObject({
    RoleName: shortName,
    Description: description.optional(),
    MaxSessionDuration: sessionSeconds.optional(),
  }),
  asks: ask('UpdateRole'),
  run: async ({ RoleName, Description, MaxSessionDuration }, scope) => {
    const { record } = await getHolder('role', scope, RoleName);
    const change = { description: Description, maxSessionSeconds: MaxSessionDuration };
    await updateRole(scope.services, record.accountId, record.roleId, change);
    return {};
  },
});

const updateRoleDescription = declareCall({
  service: 'iam',
  name: 'UpdateRoleDescription',
  input: z.strictObject({ RoleName: shortName, Description: description }),
  asks: ask('UpdateRoleDescription'),
  run: async ({ RoleName, Description }, scope) => {
    const { record } = await getHolder('role', scope, RoleName);
    const role = await updateRole(scope.services, record.accountId, record.roleId, { description: Description });
    return { Role: await wholeRoleXml(scope, role) };
  },
});

const updateAssumeRolePolicy = declareCall({
  service: 'iam',
  name: 'UpdateAssumeRolePolicy',
  input: z.strictObject({ RoleName: shortName, PolicyDocument: document }),
  asks: ask('UpdateAssumeRolePolicy'),
  run: async ({ RoleName, PolicyDocument }, scope) => {
    const { record } = await getHolder('role', scope, RoleName);
    await updateRole(scope.services, record.accountId, record.roleId, { trustPolicy: PolicyDocument });
    return null;
  },
});

const deleteRoleCall = declareCall({
  service: 'iam',
  name: 'DeleteRole',
  input: z.strictObject({ RoleName: shortName }),
  asks: ask('DeleteRole'),
  run: async ({ RoleName }, scope) => {
    const { record } = await getHolder('role', scope, RoleName);
    await deleteRole(scope.services, record.accountId, record.roleId, { refuseInUse: true });
    return null;
  },
});

const tagRole = declareCall({
  service: 'iam',
  name: 'TagRole',
  input: z.strictObject({ RoleName: shortName, Tags: tags }),
  asks: async ({ RoleName, Tags }, scope) => [
    await askHolder('role', scope, RoleName, { action: 'iam:TagRole', context: tagContext(toTags(Tags)) }),
  ],
  run: async ({ RoleName, Tags }, scope) => {
    const { record } = await getHolder('role', scope, RoleName);
    const change = ({ tags: has = [] }: RoleRecord) => ({ tags: mergeTags(has, toTags(Tags)) });
    await updateRole(scope.services, record.accountId, record.roleId, change);
    return null;
  },
});

const untagRole = declareCall({
  service: 'iam',
  name: 'UntagRole',
  input: z.strictObject({ RoleName: shortName, TagKeys: tagKeys }),
  asks: async ({ RoleName, TagKeys }, scope) => [
    await askHolder('role', scope, RoleName, { action: 'iam:UntagRole', context: { 'aws:tagkeys': TagKeys } }),
  ],
  run: async ({ RoleName, TagKeys }, scope) => {
    const { record } = await getHolder('role', scope, RoleName);
    const change = ({ tags: has = [] }: RoleRecord) => ({ tags: withoutTags(has, TagKeys) });
    await updateRole(scope.services, record.accountId, record.roleId, change);
    return null;
  },
});

const listRoleTags = declareCall({
  service: 'iam',
  name: 'ListRoleTags',
  input: z.strictObject({ RoleName: shortName, ...paging }),
  asks: ask('ListRoleTags'),
  run: async (input, scope) => {
    const { record } = await getHolder('role', scope, input.RoleName);
    const { items, more } = page(record.tags ?? [], ({ key }) => key, input);
    return { Tags: fromTags(items), ...more };
  },
});

export const roleCalls: readonly DeclaredCall[] = [
  createRoleCall,
  getRole,
  listRolesCall,
  updateRoleCall,
  updateRoleDescription,
  updateAssumeRolePolicy,
  deleteRoleCall,
  tagRole,
  untagRole,
  listRoleTags,
];
