// What the IAM and STS Query APIs ask for: an action of the call's own name, as AWS names them, and the management action
// that covers the same (`manages`): a call is allowed by either and refused by a Deny of either, so that nobody goes round
// the one by the other API. docs/iam-actions.md is generated from this list too.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
import type { AccessLevel } from './actions.ts';

/** `any` asks about `*`. */
export type IamResource = 'any' | 'user' | 'group' | 'policy' | 'role' | 'oidc-provider' | 'federated-user';

export type IamAction = {
  /** `iam:CreateUser` */
  readonly name: string;
  readonly level: AccessLevel;
  readonly resource: IamResource;
  readonly about: string;
  /** without its prefix; null: nothing of management does this */
  readonly manages: string | null;
};

type Row = readonly [name: string, level: AccessLevel, about: string, manages?: string];

const rows = (resource: IamResource, prefix: 'iam' | 'sts', list: readonly Row[]): readonly IamAction[] =>
  list.map(([name, level, about, manages]) => ({
    name: `${prefix}:${name}`,
    level,
    resource,
    about,
    manages: manages === undefined ? null : `vstorage:${manages}`,
  }));

const users: readonly Row[] = [
  ['CreateUser', 'Write', 'Make an IAM user', 'CreateUser'],
  ['GetUser', 'Read', 'See an IAM user', 'GetUser'],
  ['UpdateUser', 'Write', 'Change the name and path of an IAM user', 'UpdateUser'],
  ['DeleteUser', 'Write', 'Delete an IAM user that has nothing left', 'DeleteUser'],
  ['TagUser', 'Tagging', 'Tag an IAM user', 'TagUser'],
  ['UntagUser', 'Tagging', 'Take tags off an IAM user', 'TagUser'],
  ['ListUserTags', 'List', 'See the tags of an IAM user', 'GetUser'],
  ['CreateLoginProfile', 'Write', 'Give an IAM user a password', 'UpdateUser'],
  ['GetLoginProfile', 'Read', 'See whether an IAM user has a password', 'GetUser'],
  ['UpdateLoginProfile', 'Write', 'Change the password of an IAM user', 'UpdateUser'],
  ['DeleteLoginProfile', 'Write', 'Take the password from an IAM user', 'UpdateUser'],
  ['PutUserPolicy', 'Permissions', 'Write an inline policy of an IAM user', 'AttachPolicy'],
  ['GetUserPolicy', 'Read', 'Read an inline policy of an IAM user', 'GetUser'],
  ['ListUserPolicies', 'List', 'See the names of an IAM user’s inline policies', 'GetUser'],
  ['DeleteUserPolicy', 'Permissions', 'Delete an inline policy of an IAM user', 'AttachPolicy'],
  ['AttachUserPolicy', 'Permissions', 'Attach a policy to an IAM user', 'AttachPolicy'],
  ['DetachUserPolicy', 'Permissions', 'Take a policy off an IAM user', 'AttachPolicy'],
  ['ListAttachedUserPolicies', 'List', 'See the policies attached to an IAM user', 'GetUser'],
  ['ListGroupsForUser', 'List', 'See the groups of an IAM user', 'GetUser'],
  ['PutUserPermissionsBoundary', 'Permissions', 'Bound what an IAM user may do', 'SetUserBoundary'],
  ['DeleteUserPermissionsBoundary', 'Permissions', 'Take the boundary off an IAM user', 'SetUserBoundary'],
  ['CreateAccessKey', 'Write', 'Make an access key of an IAM user'],
  ['ListAccessKeys', 'List', 'See the access keys of an IAM user'],
  ['UpdateAccessKey', 'Write', 'Activate and deactivate an access key'],
  ['DeleteAccessKey', 'Write', 'Delete an access key'],
  ['GetAccessKeyLastUsed', 'Read', 'See when an access key was last used'],
  ['ListMFADevices', 'List', 'See the devices of an IAM user'],
  ['ListSSHPublicKeys', 'List', 'See the SSH keys of an IAM user: there are none'],
  ['ListSigningCertificates', 'List', 'See the certificates of an IAM user: there are none'],
  ['ListServiceSpecificCredentials', 'List', 'See other credentials of an IAM user: there are none'],
];

const groups: readonly Row[] = [
  ['CreateGroup', 'Write', 'Make a group', 'CreateGroup'],
  ['GetGroup', 'Read', 'See a group and who is in it', 'GetGroup'],
  ['UpdateGroup', 'Write', 'Change the name and path of a group', 'UpdateGroup'],
  ['DeleteGroup', 'Write', 'Delete a group that has nothing left', 'DeleteGroup'],
  ['AddUserToGroup', 'Write', 'Put an IAM user into a group', 'ChangeGroupMembers'],
  ['RemoveUserFromGroup', 'Write', 'Take an IAM user out of a group', 'ChangeGroupMembers'],
  ['PutGroupPolicy', 'Permissions', 'Write an inline policy of a group', 'AttachGroupPolicy'],
  ['GetGroupPolicy', 'Read', 'Read an inline policy of a group', 'GetGroup'],
  ['ListGroupPolicies', 'List', 'See the names of a group’s inline policies', 'GetGroup'],
  ['DeleteGroupPolicy', 'Permissions', 'Delete an inline policy of a group', 'AttachGroupPolicy'],
  ['AttachGroupPolicy', 'Permissions', 'Attach a policy to a group', 'AttachGroupPolicy'],
  ['DetachGroupPolicy', 'Permissions', 'Take a policy off a group', 'AttachGroupPolicy'],
  ['ListAttachedGroupPolicies', 'List', 'See the policies attached to a group', 'GetGroup'],
];

const policies: readonly Row[] = [
  ['CreatePolicy', 'Permissions', 'Write a policy', 'CreatePolicy'],
  ['GetPolicy', 'Read', 'See a policy', 'GetPolicy'],
  ['DeletePolicy', 'Permissions', 'Delete a policy that is attached to nobody', 'DeletePolicy'],
  ['CreatePolicyVersion', 'Permissions', 'Write a version of a policy', 'UpdatePolicy'],
  ['GetPolicyVersion', 'Read', 'Read a version of a policy', 'GetPolicy'],
  ['ListPolicyVersions', 'List', 'See the versions of a policy', 'GetPolicy'],
  ['SetDefaultPolicyVersion', 'Permissions', 'Choose the version of a policy that counts', 'UpdatePolicy'],
  ['DeletePolicyVersion', 'Permissions', 'Delete a version of a policy', 'UpdatePolicy'],
  ['ListEntitiesForPolicy', 'List', 'See whom a policy is attached to', 'GetPolicy'],
  ['TagPolicy', 'Tagging', 'Tag a policy', 'UpdatePolicy'],
  ['UntagPolicy', 'Tagging', 'Take tags off a policy', 'UpdatePolicy'],
  ['ListPolicyTags', 'List', 'See the tags of a policy', 'GetPolicy'],
];

const roles: readonly Row[] = [
  ['CreateRole', 'Write', 'Make a role', 'CreateRole'],
  ['GetRole', 'Read', 'See a role', 'GetRole'],
  ['UpdateRole', 'Write', 'Change the description and longest session of a role', 'UpdateRole'],
  ['UpdateRoleDescription', 'Write', 'Change the description of a role', 'UpdateRole'],
  ['UpdateAssumeRolePolicy', 'Permissions', 'Say who may take a role on', 'UpdateRole'],
  ['DeleteRole', 'Write', 'Delete a role that has nothing left', 'DeleteRole'],
  ['TagRole', 'Tagging', 'Tag a role', 'UpdateRole'],
  ['UntagRole', 'Tagging', 'Take tags off a role', 'UpdateRole'],
  ['ListRoleTags', 'List', 'See the tags of a role', 'GetRole'],
  ['PutRolePolicy', 'Permissions', 'Write an inline policy of a role', 'AttachRolePolicy'],
  ['GetRolePolicy', 'Read', 'Read an inline policy of a role', 'GetRole'],
  ['ListRolePolicies', 'List', 'See the names of a role’s inline policies', 'GetRole'],
  ['DeleteRolePolicy', 'Permissions', 'Delete an inline policy of a role', 'AttachRolePolicy'],
  ['AttachRolePolicy', 'Permissions', 'Attach a policy to a role', 'AttachRolePolicy'],
  ['DetachRolePolicy', 'Permissions', 'Take a policy off a role', 'AttachRolePolicy'],
  ['ListAttachedRolePolicies', 'List', 'See the policies attached to a role', 'GetRole'],
  ['PutRolePermissionsBoundary', 'Permissions', 'Bound what a role may do', 'SetRoleBoundary'],
  ['DeleteRolePermissionsBoundary', 'Permissions', 'Take the boundary off a role', 'SetRoleBoundary'],
  ['ListInstanceProfilesForRole', 'List', 'See the instance profiles of a role: there are none'],
];

const providers: readonly Row[] = [
  ['CreateOpenIDConnectProvider', 'Write', 'Trust an identity provider', 'CreateIdentityProvider'],
  ['GetOpenIDConnectProvider', 'Read', 'See an identity provider', 'ListIdentityProviders'],
  ['DeleteOpenIDConnectProvider', 'Write', 'Trust an identity provider no more', 'DeleteIdentityProvider'],
  [
    'AddClientIDToOpenIDConnectProvider',
    'Write',
    'Take tokens for a further client of a provider',
    'UpdateIdentityProvider',
  ],
  [
    'RemoveClientIDFromOpenIDConnectProvider',
    'Write',
    'Take no more tokens for a client of a provider',
    'UpdateIdentityProvider',
  ],
  ['UpdateOpenIDConnectProviderThumbprint', 'Write', 'Change the thumbprints of a provider', 'UpdateIdentityProvider'],
  ['TagOpenIDConnectProvider', 'Tagging', 'Tag an identity provider', 'UpdateIdentityProvider'],
  ['UntagOpenIDConnectProvider', 'Tagging', 'Take tags off an identity provider', 'UpdateIdentityProvider'],
  ['ListOpenIDConnectProviderTags', 'List', 'See the tags of an identity provider', 'ListIdentityProviders'],
];

const wholeAccount: readonly Row[] = [
  ['ListUsers', 'List', 'See the IAM users', 'ListUsers'],
  ['ListGroups', 'List', 'See the groups', 'ListGroups'],
  ['ListPolicies', 'List', 'See the policies', 'ListPolicies'],
  ['ListRoles', 'List', 'See the roles', 'ListRoles'],
  ['ListOpenIDConnectProviders', 'List', 'See the identity providers', 'ListIdentityProviders'],
  ['ListVirtualMFADevices', 'List', 'See the devices of the account'],
  ['ListAccountAliases', 'List', 'See the aliases of the account: there are none'],
  ['GetAccountSummary', 'List', 'See how many users, groups, roles and policies there are'],
  ['GetAccountAuthorizationDetails', 'Read', 'See all users, groups, roles and policies at once'],
  ['GetAccountPasswordPolicy', 'Read', 'See the rules for passwords', 'GetSignInSettings'],
  ['UpdateAccountPasswordPolicy', 'Write', 'Set the rules for passwords', 'UpdateSignInSettings'],
  ['DeleteAccountPasswordPolicy', 'Write', 'Go back to the usual rules for passwords', 'UpdateSignInSettings'],
  ['GenerateCredentialReport', 'Read', 'Make the credential report'],
  ['GetCredentialReport', 'Read', 'Read the credential report'],
  ['SimulateCustomPolicy', 'Read', 'Try policies that nobody has'],
  ['SimulatePrincipalPolicy', 'Read', 'Ask what an identity may do'],
  ['GetContextKeysForCustomPolicy', 'Read', 'See the condition keys in policies that nobody has'],
  ['GetContextKeysForPrincipalPolicy', 'Read', 'See the condition keys in an identity’s policies'],
];

const stsRoles: readonly Row[] = [
  ['AssumeRole', 'Write', 'Take a role on'],
  ['AssumeRoleWithWebIdentity', 'Write', 'Take a role on with a token of an identity provider (trust policies)'],
  ['TagSession', 'Tagging', 'Give tags to a session'],
  ['SetSourceIdentity', 'Write', 'Name the person behind a session'],
];

export const iamActions: readonly IamAction[] = [
  ...rows('user', 'iam', users),
  ...rows('group', 'iam', groups),
  ...rows('policy', 'iam', policies),
  ...rows('role', 'iam', roles),
  ...rows('oidc-provider', 'iam', providers),
  ...rows('any', 'iam', wholeAccount),
];

export const stsActions: readonly IamAction[] = [
  ...rows('role', 'sts', stsRoles),
  ...rows('federated-user', 'sts', [
    ['GetFederationToken', 'Read', 'Give part of one’s own rights to somebody for a time'],
  ]),
  ...rows('any', 'sts', [
    ['GetSessionToken', 'Read', 'Make temporary credentials of one’s own (needs no permission)'],
    ['GetCallerIdentity', 'Read', 'See who one is (needs no permission)'],
    ['GetAccessKeyInfo', 'Read', 'See which account an access key belongs to'],
  ]),
];

const byName = new Map([...iamActions, ...stsActions].map((action) => [action.name, action]));

export const findIamAction = (name: string): IamAction | undefined => byName.get(name);
