// The configurations of a bucket over the API: the documents of AWS's own tools, with S3's checks and S3's actions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPolicy } from '../../src/identity/policies.ts';
import { configurationsOf } from '../../src/storage/bucket-configurations.ts';
import { findBucket } from '../../src/storage/buckets.ts';
import type { BucketName, Region } from '../../src/shared/ids.ts';
import { refused } from './browser.ts';
import { type ConsoleFixture, startConsole } from './console-fixture.ts';
import { makeBucket } from './objects-of.ts';

async function stored({ deps }: ConsoleFixture, name: string) {
  const storage = { ...deps.storage, region: 'HAN02' as Region };
  const bucket = await findBucket(storage, name as BucketName);
  assert.ok(bucket);
  return configurationsOf(storage, bucket);
}

const lifecycle = {
  Rules: [
    {
      ID: 'old logs',
      Status: 'Enabled',
      Filter: { And: { Prefix: 'logs/', Tags: [{ Key: 'keep', Value: 'no' }], ObjectSizeGreaterThan: 1000 } },
      Expiration: { Days: 365 },
      Transitions: [
        { Days: 30, StorageClass: 'STANDARD_IA' },
        { Days: 90, StorageClass: 'DEEP_ARCHIVE' },
      ],
      NoncurrentVersionExpiration: { NoncurrentDays: 7, NewerNoncurrentVersions: 2 },
      NoncurrentVersionTransitions: [{ NoncurrentDays: 3, StorageClass: 'STANDARD_IA' }],
    },
    {
      ID: 'uploads',
      Status: 'Disabled',
      Filter: { Prefix: '' },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
    },
  ],
  TransitionDefaultMinimumObjectSize: 'varies_by_storage_class',
};

const documents = {
  versioning: { Status: 'Suspended' },
  'public-access-block': {
    BlockPublicAcls: true,
    IgnorePublicAcls: false,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: false,
  },
  ownership: { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' }] },
  encryption: {
    Rules: [
      {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
        BucketKeyEnabled: true,
        BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
      },
    ],
  },
  cors: {
    CORSRules: [
      {
        ID: 'site',
        AllowedMethods: ['GET', 'PUT'],
        AllowedOrigins: ['https://*.example.com'],
        AllowedHeaders: ['*'],
        ExposeHeaders: ['ETag'],
        MaxAgeSeconds: 600,
      },
    ],
  },
  website: {
    IndexDocument: { Suffix: 'index.html' },
    ErrorDocument: { Key: 'error.html' },
    RoutingRules: [
      {
        Condition: { KeyPrefixEquals: 'old/', HttpErrorCodeReturnedEquals: '404' },
        Redirect: { Protocol: 'https', HostName: 'example.com', ReplaceKeyPrefixWith: 'new/', HttpRedirectCode: '302' },
      },
    ],
  },
  lifecycle,
  tagging: { TagSet: [{ Key: 'team', Value: 'photos' }] },
  logging: {
    LoggingEnabled: {
      TargetBucket: 'settings-logs',
      TargetPrefix: 'log/',
      TargetObjectKeyFormat: { PartitionedPrefix: { PartitionDateSource: 'EventTime' } },
    },
  },
  notification: {
    TopicConfigurations: [
      {
        Id: 'uploads',
        Events: ['s3:ObjectCreated:*'],
        Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'in/' }] } },
        TopicArn: 'arn:vstorage:webhook:::alerts',
      },
    ],
    QueueConfigurations: [
      { Id: 'gone', Events: ['s3:ObjectRemoved:Delete'], QueueArn: 'arn:vstorage:report:::settings-logs/dated' },
    ],
  },
};

test('every configuration is shown as it was set, and an empty document takes it away', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const bucket = await makeBucket(fixture, root, 'settings');
  await makeBucket(fixture, root, 'settings-logs');
  for (const [path, document] of Object.entries(documents)) {
    assert.deepEqual(await root.change('PUT', `${bucket}/${path}`, document, 200), document, path);
    assert.deepEqual(await root.get(`${bucket}/${path}`), document, path);
  }
  const empty = {
    cors: { CORSRules: [] },
    website: {},
    lifecycle: { Rules: [] },
    tagging: { TagSet: [] },
    logging: {},
    notification: {},
    ownership: { Rules: [] },
  };
  for (const [path, document] of Object.entries(empty)) {
    assert.deepEqual(await root.change('PUT', `${bucket}/${path}`, document, 200), document, path);
  }
  const left = await stored(fixture, 'settings');
  assert.deepEqual(Object.keys(left).sort(), ['encryption', 'ownership', 'publicAccessBlock']);
  const encryption = {
    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
  };
  assert.deepEqual(await root.change('PUT', `${bucket}/encryption`, { Rules: [] }, 200), encryption);
});

test('what S3 refuses is refused with the same words, and changes nothing', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const bucket = await makeBucket(fixture, root, 'refusals');
  const cases: readonly (readonly [path: string, document: object, code: string, detail: RegExp])[] = [
    ['versioning', {}, 'illegal-versioning-configuration-exception', /Status/],
    ['cors', { CORSRules: [{ AllowedMethods: ['get'], AllowedOrigins: ['*'] }] }, 'invalid-request', /method is get/],
    ['cors', { CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*.*'] }] }, 'invalid-request', /one wildcard/],
    ['cors', { CORSRules: [{ AllowedMethods: [], AllowedOrigins: ['*'] }] }, 'invalid-request', /AllowedMethods/],
    ['website', { IndexDocument: { Suffix: 'a/b' } }, 'invalid-argument', /not well formed/],
    ['lifecycle', { Rules: [{ Status: 'Enabled', Filter: { Prefix: '' } }] }, 'invalid-request', /At least one action/],
    ['tagging', { TagSet: [{ Key: 'aws:x', Value: '' }] }, 'invalid-tag', /System tags/],
    [
      'logging',
      { LoggingEnabled: { TargetBucket: 'nowhere', TargetPrefix: '' } },
      'invalid-target-bucket-for-logging',
      /does not exist/,
    ],
    [
      'notification',
      { TopicConfigurations: [{ Events: ['s3:Nothing'], TopicArn: 'x' }] },
      'invalid-argument',
      /not supported/,
    ],
    [
      'notification',
      { TopicConfigurations: [{ Events: ['s3:ObjectCreated:*'], TopicArn: 'arn:vstorage:webhook:::none' }] },
      'invalid-argument',
      /destination/,
    ],
    ['object-lock', { ObjectLockEnabled: 'Enabled' }, 'invalid-bucket-state', /Versioning/],
    [
      'acl',
      { Grants: [{ Grantee: { Type: 'Group', URI: 'x' }, Permission: 'READ' }] },
      'access-control-list-not-supported',
      /ACL/,
    ],
    [
      'encryption',
      { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256', KMSMasterKeyID: 'k' } }] },
      'invalid-argument',
      /not applicable/,
    ],
    ['public-access-block', { BlockPublicAcls: true }, 'invalid-request', /IgnorePublicAcls/],
  ];
  const before = await stored(fixture, 'refusals');
  for (const [path, document, code, detail] of cases) {
    const answer = await root.send('PUT', `${bucket}/${path}`, document);
    const problem = refused(answer, answer.status, code);
    assert.ok(answer.status >= 400 && answer.status < 500, path);
    assert.match(problem.detail, detail, path);
  }
  assert.deepEqual(await stored(fixture, 'refusals'), before);
});

test('a bucket with object lock keeps its versions, and new objects for as long as was set', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const bucket = await makeBucket(fixture, root, 'locked', { objectLock: true });
  assert.deepEqual(await root.get(`${bucket}/object-lock`), { ObjectLockEnabled: 'Enabled' });
  const set = { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 30 } } };
  assert.deepEqual(await root.change('PUT', `${bucket}/object-lock`, set, 200), set);
  refused(await root.send('PUT', `${bucket}/versioning`, { Status: 'Suspended' }), 409, 'invalid-bucket-state');
  const none = { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 0 } } };
  refused(await root.send('PUT', `${bucket}/object-lock`, none), 400, 'invalid-argument');
  assert.deepEqual(await root.get(`${bucket}/object-lock`), set);
});

test('grants go to accounts by id or e-mail and to groups, as far as nothing blocks the public', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const bucket = await makeBucket(fixture, root, 'granted', { ownership: 'ObjectWriter' });
  const everybody = {
    Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' },
    Permission: 'READ',
  };
  refused(await root.send('PUT', `${bucket}/acl`, { Grants: [everybody] }), 403, 'access-denied');
  const { Owner } = await root.get<{ Owner: { ID: string; DisplayName: string } }>(`${bucket}/acl`);
  const own = { Grantee: { Type: 'CanonicalUser', ...Owner }, Permission: 'FULL_CONTROL' };
  const byMail = { Grantee: { Type: 'AmazonCustomerByEmail', EmailAddress: 'owner@example.com' }, Permission: 'READ' };
  const set = await root.change<{ Grants: object[] }>('PUT', `${bucket}/acl`, { Grants: [own, byMail] }, 200);
  assert.deepEqual(set.Grants, [own, { ...own, Permission: 'READ' }]);
  const open = {
    BlockPublicAcls: false,
    IgnorePublicAcls: false,
    BlockPublicPolicy: false,
    RestrictPublicBuckets: false,
  };
  await root.change('PUT', `${bucket}/public-access-block`, open, 200);
  await root.change('PUT', `${bucket}/acl`, { Owner, Grants: [own, everybody] }, 200);
  refused(
    await root.send('PUT', `${bucket}/ownership`, { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] }),
    400,
    'invalid-bucket-acl-with-object-ownership',
  );
});

test('who may what is asked by the actions of S3', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const bucket = await makeBucket(fixture, root, 'asked');
  const { accountId, deps } = fixture;
  const statement = {
    Effect: 'Allow',
    Action: ['s3:GetBucketCORS', 's3:PutBucketTagging'],
    Resource: 'arn:aws:s3:::asked',
  };
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await createPolicy(deps.identity, { accountId, name: 'Some', description: '', document });
  const user = await fixture.user('someone', ['Some']);
  assert.deepEqual(await user.get(`${bucket}/cors`), { CORSRules: [] });
  refused(await user.send('PUT', `${bucket}/cors`, { CORSRules: [] }), 403, 'access-denied');
  refused(await user.send('GET', `${bucket}/lifecycle`), 403, 'access-denied');
  refused(await user.send('PUT', `${bucket}/versioning`, { Status: 'Enabled' }), 403, 'access-denied');
});
