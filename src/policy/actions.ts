// Every action a policy can speak of: what the S3 API asks for (names as AWS's) and what management asks for.
// docs/iam-actions.md is generated from this list (scripts/generate-iam-actions.ts).
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
import { compilePattern } from './match.ts';

export type AccessLevel = 'List' | 'Read' | 'Write' | 'Tagging' | 'Permissions';
/** What the question's resource is; `account` asks about `*`. */
export type ActionResource =
  | 'account'
  | 'bucket'
  | 'object'
  | 'project'
  | 'user'
  | 'group'
  | 'service-account'
  | 'role'
  | 'policy';
export type Action = {
  readonly name: string;
  readonly level: AccessLevel;
  readonly resource: ActionResource;
  readonly about: string;
};

const row = (level: AccessLevel, resource: ActionResource, prefix: string) => {
  return (name: string, about: string): Action => ({ name: `${prefix}:${name}`, level, resource, about });
};
const bucketRead = row('Read', 'bucket', 's3');
const bucketWrite = row('Write', 'bucket', 's3');
const bucketPermissions = row('Permissions', 'bucket', 's3');
const objectRead = row('Read', 'object', 's3');
const objectWrite = row('Write', 'object', 's3');
const objectTagging = row('Tagging', 'object', 's3');
const objectPermissions = row('Permissions', 'object', 's3');

export const s3Actions: readonly Action[] = [
  row('List', 'account', 's3')('ListAllMyBuckets', 'List the buckets of the key’s project (ListBuckets)'),
  row('List', 'bucket', 's3')('ListBucket', 'List objects, and see whether a bucket or a missing key exists'),
  row('List', 'bucket', 's3')('ListBucketVersions', 'List versions and delete markers'),
  row('List', 'bucket', 's3')('ListBucketMultipartUploads', 'List uploads in progress'),
  row('List', 'object', 's3')('ListMultipartUploadParts', 'List the parts of an upload'),
  bucketRead('GetAccelerateConfiguration', 'Read the acceleration state'),
  bucketRead('GetAnalyticsConfiguration', 'Read an analytics configuration'),
  bucketRead('GetBucketAcl', 'Read the bucket’s ACL'),
  bucketRead('GetBucketCORS', 'Read the CORS rules'),
  bucketRead('GetBucketLocation', 'Read the bucket’s region'),
  bucketRead('GetBucketLogging', 'Read the access logging settings'),
  bucketRead('GetBucketNotification', 'Read the event notifications'),
  bucketRead('GetBucketObjectLockConfiguration', 'Read the object lock settings'),
  bucketRead('GetBucketOwnershipControls', 'Read the object ownership setting'),
  bucketRead('GetBucketPolicy', 'Read the bucket policy'),
  bucketRead('GetBucketPolicyStatus', 'Read whether the bucket policy makes it public'),
  bucketRead('GetBucketPublicAccessBlock', 'Read the public access block'),
  bucketRead('GetBucketRequestPayment', 'Read who pays for requests'),
  bucketRead('GetBucketTagging', 'Read the bucket’s tags'),
  bucketRead('GetBucketVersioning', 'Read the versioning state'),
  bucketRead('GetBucketWebsite', 'Read the website settings'),
  bucketRead('GetEncryptionConfiguration', 'Read the default encryption'),
  bucketRead('GetIntelligentTieringConfiguration', 'Read a tiering configuration'),
  bucketRead('GetInventoryConfiguration', 'Read an inventory configuration'),
  bucketRead('GetLifecycleConfiguration', 'Read the lifecycle rules'),
  bucketRead('GetMetricsConfiguration', 'Read a metrics configuration'),
  bucketRead('GetReplicationConfiguration', 'Read the replication rules'),
  objectRead('GetObject', 'Read an object or its headers; the source of a copy'),
  objectRead('GetObjectAcl', 'Read an object’s ACL'),
  objectRead('GetObjectAttributes', 'Read an object’s attributes'),
  objectRead('GetObjectLegalHold', 'Read an object’s legal hold'),
  objectRead('GetObjectRetention', 'Read an object’s retention'),
  objectRead('GetObjectTagging', 'Read an object’s tags'),
  objectRead('GetObjectVersion', 'Read a given version'),
  objectRead('GetObjectVersionAcl', 'Read the ACL of a version'),
  objectRead('GetObjectVersionAttributes', 'Read the attributes of a version'),
  objectRead('GetObjectVersionTagging', 'Read the tags of a version'),
  bucketWrite('CreateBucket', 'Make a bucket in the key’s project'),
  bucketWrite('DeleteBucket', 'Delete an empty bucket'),
  bucketWrite('DeleteBucketWebsite', 'Remove the website settings'),
  bucketWrite('PutAccelerateConfiguration', 'Set the acceleration state'),
  bucketWrite('PutAnalyticsConfiguration', 'Set an analytics configuration'),
  bucketWrite('PutBucketCORS', 'Set or remove the CORS rules'),
  bucketWrite('PutBucketLogging', 'Set access logging'),
  bucketWrite('PutBucketNotification', 'Set event notifications'),
  bucketWrite('PutBucketObjectLockConfiguration', 'Set object lock'),
  bucketWrite('PutBucketRequestPayment', 'Set who pays for requests'),
  row('Tagging', 'bucket', 's3')('PutBucketTagging', 'Set or remove the bucket’s tags'),
  bucketWrite('PutBucketVersioning', 'Set versioning'),
  bucketWrite('PutBucketWebsite', 'Set the website settings'),
  bucketWrite('PutEncryptionConfiguration', 'Set or remove the default encryption'),
  bucketWrite('PutIntelligentTieringConfiguration', 'Set a tiering configuration'),
  bucketWrite('PutInventoryConfiguration', 'Set an inventory configuration'),
  bucketWrite('PutLifecycleConfiguration', 'Set or remove the lifecycle rules'),
  bucketWrite('PutMetricsConfiguration', 'Set a metrics configuration'),
  bucketWrite('PutReplicationConfiguration', 'Set the replication rules'),
  bucketPermissions('DeleteBucketPolicy', 'Remove the bucket policy'),
  bucketPermissions('PutBucketAcl', 'Set the bucket’s ACL'),
  bucketPermissions('PutBucketOwnershipControls', 'Set or remove the object ownership setting'),
  bucketPermissions('PutBucketPolicy', 'Set the bucket policy'),
  bucketPermissions('PutBucketPublicAccessBlock', 'Set or remove the public access block'),
  objectWrite('AbortMultipartUpload', 'Abort an upload'),
  objectWrite('DeleteObject', 'Delete an object'),
  objectWrite('DeleteObjectVersion', 'Delete a given version'),
  objectWrite('PutObject', 'Write an object: put, copy to, post, and every step of a multipart upload'),
  objectWrite('PutObjectLegalHold', 'Set or release a legal hold'),
  objectWrite('PutObjectRetention', 'Set a retention'),
  objectWrite('RestoreObject', 'Bring an archived object back'),
  objectTagging('DeleteObjectTagging', 'Remove an object’s tags'),
  objectTagging('DeleteObjectVersionTagging', 'Remove the tags of a version'),
  objectTagging('PutObjectTagging', 'Set an object’s tags'),
  objectTagging('PutObjectVersionTagging', 'Set the tags of a version'),
  objectPermissions('BypassGovernanceRetention', 'Delete or shorten what GOVERNANCE retention keeps'),
  objectPermissions('PutObjectAcl', 'Set an object’s ACL'),
  objectPermissions('PutObjectVersionAcl', 'Set the ACL of a version'),
];

const manage = (level: AccessLevel, resource: ActionResource) => row(level, resource, 'vstorage');

export const managementActions: readonly Action[] = [
  manage('List', 'account')('ListProjects', 'See the names of the projects'),
  manage('Read', 'project')('GetProject', 'See a project’s quota, usage, reports and history'),
  manage('Write', 'account')('CreateProject', 'Make a project'),
  manage('Write', 'project')('ResizeProject', 'Change a project’s quota, usage alert, auto-scale and period'),
  manage('Write', 'project')('DeleteProject', 'Move a project to the trash'),
  manage('Write', 'project')('RestoreProject', 'Take a project out of the trash'),
  manage('List', 'project')('ListOwnS3Key', 'See one’s own S3 keys'),
  manage('Write', 'project')('CreateOwnS3Key', 'Make S3 keys with one’s own rights'),
  manage('Write', 'project')(
    'UpdateOwnS3Key',
    'Describe, disable, enable, expire, limit one’s own S3 keys; with CreateOwnS3Key rotate them',
  ),
  manage('Write', 'project')('DeleteOwnS3Key', 'Delete one’s own S3 keys'),
  manage('List', 'project')('ListS3Key', 'See everybody’s S3 keys'),
  manage('Write', 'project')('CreateS3Key', 'Make S3 keys for others'),
  manage('Write', 'project')(
    'UpdateS3Key',
    'Describe, disable, enable, expire, limit everybody’s S3 keys; with CreateS3Key rotate those of IAM users',
  ),
  manage('Write', 'project')('DeleteS3Key', 'Delete everybody’s S3 keys'),
  manage('List', 'account')('ListUsers', 'See the IAM users'),
  manage('Read', 'user')('GetUser', 'See an IAM user'),
  manage('Write', 'account')('CreateUser', 'Make IAM users'),
  manage('Write', 'user')('UpdateUser', 'Disable, enable and rename an IAM user, set its password'),
  manage('Write', 'user')('DeleteUser', 'Delete an IAM user and its S3 keys'),
  manage('Tagging', 'user')('TagUser', 'Set the tags of an IAM user'),
  manage('Permissions', 'user')('SetUserBoundary', 'Set or remove the permissions boundary of an IAM user'),
  manage('List', 'account')('ListGroups', 'See the groups'),
  manage('Read', 'group')('GetGroup', 'See a group and its members'),
  manage('Write', 'account')('CreateGroup', 'Make a group'),
  manage('Write', 'group')('UpdateGroup', 'Rename and describe a group'),
  manage('Write', 'group')('DeleteGroup', 'Delete a group; its members stay'),
  manage('Permissions', 'group')('ChangeGroupMembers', 'Add IAM users to a group and take them out'),
  manage('Permissions', 'group')(
    'AttachGroupPolicy',
    'Attach policies to a group, write its inline ones, take them off',
  ),
  manage('List', 'account')('ListServiceAccounts', 'See the service accounts'),
  manage('Read', 'service-account')('GetServiceAccount', 'See a service account'),
  manage('Write', 'account')('CreateServiceAccount', 'Make a service account: whoever does has its secret'),
  manage('Write', 'service-account')(
    'UpdateServiceAccount',
    'Describe, disable and enable a service account, set how long its tokens live',
  ),
  manage('Write', 'service-account')('DeleteServiceAccount', 'Delete a service account with its tokens and S3 keys'),
  manage('Permissions', 'service-account')(
    'ResetServiceAccountSecret',
    'Give a service account another secret: whoever does has it',
  ),
  manage('Permissions', 'service-account')(
    'TrustRootAccount',
    'Set which other root accounts a service account trusts',
  ),
  manage('Permissions', 'service-account')(
    'AttachServiceAccountPolicy',
    'Attach policies to a service account, write its inline ones, take them off',
  ),
  manage('Permissions', 'service-account')(
    'SetServiceAccountBoundary',
    'Set or remove the permissions boundary of a service account',
  ),
  manage('Permissions', 'service-account')(
    'AttachS3Key',
    'Make and rotate S3 keys of a service account, attach keys to it and detach them',
  ),
  manage('Permissions', 'service-account')('ImpersonateServiceAccount', 'Act as a service account'),
  manage('List', 'account')('ListRoles', 'See the roles'),
  manage('Read', 'role')('GetRole', 'See a role and who may take it on'),
  manage('Permissions', 'account')('CreateRole', 'Make a role and say who may take it on'),
  manage('Permissions', 'role')('UpdateRole', 'Describe and tag a role, say who may take it on and for how long'),
  manage('Write', 'role')('DeleteRole', 'Delete a role; its sessions end'),
  manage('Permissions', 'role')('AttachRolePolicy', 'Attach policies to a role, write its inline ones, take them off'),
  manage('Permissions', 'role')('SetRoleBoundary', 'Set or remove the permissions boundary of a role'),
  manage('List', 'account')('ListPolicies', 'See the policies'),
  manage('Read', 'policy')('GetPolicy', 'Read a policy'),
  manage('Permissions', 'policy')('CreatePolicy', 'Write a policy'),
  manage('Permissions', 'policy')('UpdatePolicy', 'Change a policy'),
  manage('Permissions', 'policy')('DeletePolicy', 'Delete a policy'),
  manage('Permissions', 'user')('AttachPolicy', 'Attach policies to an IAM user, write its inline ones, take them off'),
  manage('Read', 'account')('GetSignInSettings', 'See the rules for passwords, lock-out and idle time'),
  manage('Permissions', 'account')('UpdateSignInSettings', 'Change the rules for passwords, lock-out and idle time'),
  manage('List', 'account')('ListIdentityProviders', 'See the identity providers and their group mappings'),
  manage('Permissions', 'account')('CreateIdentityProvider', 'Add an identity provider; with AttachPolicy map groups'),
  manage('Permissions', 'account')(
    'UpdateIdentityProvider',
    'Change an identity provider; with AttachPolicy map groups',
  ),
  manage('Permissions', 'account')('DeleteIdentityProvider', 'Remove an identity provider'),
  manage('List', 'account')('ListAuditRecords', 'Search and export the audit trail'),
  manage('Read', 'account')('ExplainRefusal', 'See why a request of anybody in the account was refused'),
  manage('Read', 'project')('GetBucketAudit', 'See which requests for objects are recorded'),
  manage('Write', 'project')('UpdateBucketAudit', 'Choose which requests for objects are recorded'),
];

/** Allowed to everybody unless a policy denies it. */
export const defaultActions: ReadonlySet<string> = new Set([
  'vstorage:ListProjects',
  'vstorage:ListOwnS3Key',
  'vstorage:CreateOwnS3Key',
  'vstorage:UpdateOwnS3Key',
  'vstorage:DeleteOwnS3Key',
]);

const managementNames = managementActions.map((action) => action.name.toLowerCase());

/**
 * Why an action element cannot be used, or null. Other products' actions and S3 actions newer than this list are
 * taken (they match nothing here); a misspelt management action is refused, for no policy from elsewhere has one.
 */
export function actionFault(text: string): string | null {
  if (text === '*') return null;
  if (text.length > 128 || !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(text)) {
    return `${JSON.stringify(text)} is not an action; write "*", "s3:GetObject", "s3:Get*" or "vstorage:ListProjects"`;
  }
  if (!/^vstorage:/i.test(text)) return null;
  const matches = compilePattern(text, { wildcards: true, variables: false, foldCase: true });
  if (managementNames.some((name) => matches(name, new Map()))) return null;
  return `${JSON.stringify(text)} matches no management action; docs/iam-actions.md lists them`;
}
