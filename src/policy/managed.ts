// Policies every account has and nobody can change: those of the original product by their names, and AWS's own that
// people and tools attach out of habit.
import type { Policy } from './policy.ts';
import { parsePolicy } from './parse.ts';

export type ManagedPolicy = {
  readonly name: string;
  readonly description: string;
  readonly document: string;
  readonly policy: Policy;
};

function managed(name: string, description: string, actions: readonly string[]): ManagedPolicy {
  const statement = { Effect: 'Allow', Action: actions, Resource: '*' };
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, null, 2);
  return { name, description, document, policy: parsePolicy(document, name) };
}

const projectsRead = ['vstorage:ListProjects', 'vstorage:GetProject'];
const projectsWrite = [
  'vstorage:CreateProject',
  'vstorage:ResizeProject',
  'vstorage:DeleteProject',
  'vstorage:RestoreProject',
];
const s3Read = ['s3:Get*', 's3:List*'];

/** What s3cmd, rclone and the like need to move data; no settings, no policies, no ACLs. */
const toolsRead = [
  's3:ListAllMyBuckets',
  's3:ListBucket',
  's3:ListBucketVersions',
  's3:GetBucketLocation',
  's3:GetBucketVersioning',
  's3:GetObject',
  's3:GetObjectVersion',
  's3:GetObjectAttributes',
  's3:GetObjectVersionAttributes',
  's3:GetObjectTagging',
  's3:GetObjectVersionTagging',
];
const toolsWrite = [
  's3:CreateBucket',
  's3:DeleteBucket',
  's3:PutObject',
  's3:PutObjectTagging',
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:RestoreObject',
  's3:AbortMultipartUpload',
  's3:ListBucketMultipartUploads',
  's3:ListMultipartUploadParts',
];

const iamNouns = [
  '*User*',
  '*Group*',
  '*ServiceAccount*',
  '*Role*',
  '*Polic*',
  '*Boundary',
  '*IdentityProvider*',
  '*SignInSettings',
];
const iamRead = [
  'vstorage:GetUser',
  'vstorage:ListUsers',
  'vstorage:GetGroup',
  'vstorage:ListGroups',
  'vstorage:GetServiceAccount',
  'vstorage:ListServiceAccounts',
  'vstorage:GetRole',
  'vstorage:ListRoles',
  'vstorage:GetPolicy',
  'vstorage:ListPolicies',
  'vstorage:ListIdentityProviders',
  'vstorage:GetSignInSettings',
];

const ofOriginal: readonly ManagedPolicy[] = [
  managed('vStorageFullAccess', 'Everything on the S3, IAM and STS APIs and in the console', [
    's3:*',
    'vstorage:*',
    'iam:*',
    'sts:*',
  ]),
  managed('vStorageNormalAccess', 'Buckets, objects, projects and S3 keys; not users, policies or the audit trail', [
    's3:*',
    ...projectsRead,
    ...projectsWrite,
    'vstorage:*S3Key',
  ]),
  managed('vStorageReadOnlyAccess', 'Read objects and settings, see projects, users and keys; change nothing', [
    ...s3Read,
    'vstorage:Get*',
    'vstorage:List*',
  ]),
  managed('vStorageIAMUserFullAccess', 'For people: buckets and objects in the console, their own S3 keys', [
    's3:*',
    ...projectsRead,
    'vstorage:*OwnS3Key',
  ]),
  managed('vStorageIAMUserReadOnlyAccess', 'For people: look at buckets and objects in the console', [
    ...s3Read,
    ...projectsRead,
    'vstorage:ListOwnS3Key',
  ]),
  managed('vStorageAPIFullAccess', 'For service accounts: projects, S3 keys, buckets and objects through the APIs', [
    's3:*',
    ...projectsRead,
    ...projectsWrite,
    'vstorage:*S3Key',
  ]),
  managed('vStorageAPIReadOnlyAccess', 'For service accounts: read through the APIs, change nothing', [
    ...s3Read,
    ...projectsRead,
    'vstorage:ListS3Key',
    'vstorage:ListOwnS3Key',
  ]),
  managed('vStorageClientToolFullAccess', 'For S3 tools: make and empty buckets, read, write and delete objects', [
    ...toolsRead,
    ...toolsWrite,
  ]),
  managed('vStorageClientToolReadOnlyAccess', 'For S3 tools: list buckets, read objects', toolsRead),
];

/** AWS's, with what of them means something here. */
const ofAws: readonly ManagedPolicy[] = [
  managed('IAMFullAccess', 'Users, groups, service accounts, roles and policies', [
    'iam:*',
    'sts:*',
    ...iamNouns.map((noun) => `vstorage:${noun}`),
  ]),
  managed('IAMReadOnlyAccess', 'See users, groups, service accounts, roles and policies', [
    'iam:Get*',
    'iam:List*',
    'iam:GenerateCredentialReport',
    'iam:Simulate*',
    ...iamRead,
  ]),
  managed('AdministratorAccess', 'Everything', ['*']),
  managed('AmazonS3FullAccess', 'Everything on the S3 API', ['s3:*']),
  managed('AmazonS3ReadOnlyAccess', 'Read everything on the S3 API', s3Read),
];

export const managedPolicies: readonly ManagedPolicy[] = [...ofOriginal, ...ofAws];

const byName = new Map(managedPolicies.map((policy) => [policy.name.toLowerCase(), policy]));

/** Names are compared without regard to case. */
export const findManagedPolicy = (name: string): ManagedPolicy | undefined => byName.get(name.toLowerCase());
