// What `aws s3api` is asked to set on a bucket, and what it must show afterwards.

export const BUCKET = 'configured';
/** where logs and reports of events go */
export const REPORTS = 'reports';

export type Json = Readonly<Record<string, unknown>>;

export type RoundTrip = {
  /** `put-bucket-NAME`, `get-bucket-NAME`, `delete-bucket-NAME`, unless `commands` says otherwise */
  readonly name: string;
  readonly commands?: { readonly put: string; readonly get: string; readonly remove?: string };
  readonly option: string;
  readonly value: Json | string;
  /** what reading it prints */
  readonly shown: Json;
  /** where S3 has no command that takes it away, this value does */
  readonly emptyValue?: string;
  readonly removed: { readonly refusal: string } | { readonly shown: Json };
};

const corsRule = { AllowedMethods: ['GET', 'PUT'], AllowedOrigins: ['https://example.com'], MaxAgeSeconds: 60 };
const tags = [{ Key: 'dự án', Value: 'ảnh' }];
const policy = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: `arn:aws:s3:::${BUCKET}/secret/*`,
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
};
const encryption = {
  Rules: [
    {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'backups' },
      BucketKeyEnabled: true,
    },
  ],
};
const lifecycleRule = {
  ID: 'all of it',
  Filter: { And: { Prefix: 'logs/', Tags: tags, ObjectSizeGreaterThan: 10 } },
  Status: 'Enabled',
  Expiration: { Days: 365 },
  Transitions: [{ Days: 30, StorageClass: 'STANDARD_IA' }],
  NoncurrentVersionExpiration: { NoncurrentDays: 7, NewerNoncurrentVersions: 2 },
};
const website = {
  IndexDocument: { Suffix: 'index.html' },
  ErrorDocument: { Key: 'error.html' },
  RoutingRules: [{ Condition: { KeyPrefixEquals: 'old/' }, Redirect: { ReplaceKeyPrefixWith: 'new/' } }],
};
const blocked = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};
const queue = {
  Id: 'reports',
  QueueArn: `arn:vstorage:report:::${REPORTS}`,
  Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:Delete'],
  Filter: { Key: { FilterRules: [{ Name: 'Prefix', Value: 'in/' }] } },
};
const loggingEnabled = { TargetBucket: REPORTS, TargetPrefix: 'access/' };

export const roundTrips: readonly RoundTrip[] = [
  {
    name: 'versioning',
    option: '--versioning-configuration',
    value: 'Status=Enabled',
    shown: { Status: 'Enabled' },
    emptyValue: 'Status=Suspended',
    removed: { shown: { Status: 'Suspended' } },
  },
  {
    name: 'policy',
    option: '--policy',
    value: policy,
    shown: { Policy: JSON.stringify(policy) },
    removed: { refusal: 'NoSuchBucketPolicy' },
  },
  {
    name: 'ownership-controls',
    option: '--ownership-controls',
    value: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
    shown: { OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } },
    removed: { refusal: 'OwnershipControlsNotFoundError' },
  },
  {
    name: 'public-access-block',
    commands: { put: 'put-public-access-block', get: 'get-public-access-block', remove: 'delete-public-access-block' },
    option: '--public-access-block-configuration',
    value: blocked,
    shown: { PublicAccessBlockConfiguration: blocked },
    removed: { refusal: 'NoSuchPublicAccessBlockConfiguration' },
  },
  {
    name: 'encryption',
    option: '--server-side-encryption-configuration',
    value: encryption,
    shown: { ServerSideEncryptionConfiguration: encryption },
    removed: {
      shown: {
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
        },
      },
    },
  },
  {
    name: 'lifecycle',
    commands: {
      put: 'put-bucket-lifecycle-configuration',
      get: 'get-bucket-lifecycle-configuration',
      remove: 'delete-bucket-lifecycle',
    },
    option: '--lifecycle-configuration',
    value: { Rules: [lifecycleRule] },
    shown: { Rules: [lifecycleRule] },
    removed: { refusal: 'NoSuchLifecycleConfiguration' },
  },
  {
    name: 'cors',
    option: '--cors-configuration',
    value: { CORSRules: [corsRule] },
    shown: { CORSRules: [corsRule] },
    removed: { refusal: 'NoSuchCORSConfiguration' },
  },
  {
    name: 'tagging',
    option: '--tagging',
    value: { TagSet: tags },
    shown: { TagSet: tags },
    removed: { refusal: 'NoSuchTagSet' },
  },
  {
    name: 'website',
    option: '--website-configuration',
    value: website,
    shown: website,
    removed: { refusal: 'NoSuchWebsiteConfiguration' },
  },
  {
    name: 'logging',
    option: '--bucket-logging-status',
    value: { LoggingEnabled: loggingEnabled },
    shown: { LoggingEnabled: loggingEnabled },
    emptyValue: '{}',
    removed: { shown: {} },
  },
  {
    name: 'notification',
    commands: { put: 'put-bucket-notification-configuration', get: 'get-bucket-notification-configuration' },
    option: '--notification-configuration',
    value: { QueueConfigurations: [queue] },
    shown: { QueueConfigurations: [queue] },
    emptyValue: '{}',
    removed: { shown: {} },
  },
];
