// What clients probe before they do anything: configurations that were never set, and operations that are not there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as sdk from '@aws-sdk/client-s3';
import { operations } from '../../src/s3/operations/table.ts';
import { openTarget } from './s3-target.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const { client, raw } = s3;
const Bucket = await s3.bucket();

before(async () => {
  await client.send(new sdk.PutObjectCommand({ Bucket, Key: 'kept', Body: 'kept' }));
});

test('reading a bucket configuration that was never set answers as AWS does', async () => {
  const missing: Record<string, string> = {
    cors: 'NoSuchCORSConfiguration',
    lifecycle: 'NoSuchLifecycleConfiguration',
    'object-lock': 'ObjectLockConfigurationNotFoundError',
    policy: 'NoSuchBucketPolicy',
    policyStatus: 'NoSuchBucketPolicy',
    replication: 'ReplicationConfigurationNotFoundError',
    tagging: 'NoSuchTagSet',
    website: 'NoSuchWebsiteConfiguration',
  };
  for (const [query, code] of Object.entries(missing)) {
    const reply = await raw({ path: `/${Bucket}`, query });
    assert.deepEqual([reply.status, reply.code], [404, code], query);
  }
});

test('empty configurations and defaults are understood by the SDK', async () => {
  const acl = await client.send(new sdk.GetBucketAclCommand({ Bucket }));
  assert.deepEqual(
    acl.Grants?.map(({ Permission, Grantee }) => [Permission, Grantee?.ID, Grantee?.Type]),
    [['FULL_CONTROL', acl.Owner?.ID, 'CanonicalUser']],
  );
  assert.equal((await client.send(new sdk.GetBucketVersioningCommand({ Bucket }))).Status, undefined);
  assert.equal((await client.send(new sdk.GetBucketRequestPaymentCommand({ Bucket }))).Payer, 'BucketOwner');
  assert.equal((await client.send(new sdk.GetBucketLoggingCommand({ Bucket }))).LoggingEnabled, undefined);
  assert.equal((await client.send(new sdk.GetBucketAccelerateConfigurationCommand({ Bucket }))).Status, undefined);
  const ownership = await client.send(new sdk.GetBucketOwnershipControlsCommand({ Bucket }));
  assert.equal(ownership.OwnershipControls?.Rules?.[0]?.ObjectOwnership, 'BucketOwnerEnforced');
  const access = await client.send(new sdk.GetPublicAccessBlockCommand({ Bucket }));
  assert.equal(access.PublicAccessBlockConfiguration?.RestrictPublicBuckets, true);
  const notification = await client.send(new sdk.GetBucketNotificationConfigurationCommand({ Bucket }));
  assert.equal(notification.QueueConfigurations, undefined);
});

test('an object has its owner’s ACL, no tags and no lock; a missing one is NoSuchKey', async () => {
  const acl = await client.send(new sdk.GetObjectAclCommand({ Bucket, Key: 'kept' }));
  assert.equal(acl.Grants?.[0]?.Permission, 'FULL_CONTROL');
  assert.deepEqual((await client.send(new sdk.GetObjectTaggingCommand({ Bucket, Key: 'kept' }))).TagSet, []);
  for (const query of ['retention', 'legal-hold']) {
    const reply = await raw({ path: `/${Bucket}/kept`, query });
    assert.deepEqual([reply.status, reply.code], [400, 'InvalidRequest'], query);
  }
  for (const query of ['acl', 'tagging']) {
    assert.equal((await raw({ path: `/${Bucket}/missing`, query })).code, 'NoSuchKey', query);
  }
});

const IMPLEMENTED = new Set(operations.flatMap(({ name, implemented }) => (implemented === 'no' ? [] : [name])));
/** of directory buckets and access points: other endpoints, which no client sends here */
const ELSEWHERE = new Set(['CreateSession', 'ListDirectoryBuckets', 'WriteGetObjectResponse', 'SelectObjectContent']);

/** Enough of everything for any command to be sent. */
const INPUT = {
  Bucket,
  Key: 'kept',
  Id: 'id',
  AnnotationName: 'name',
  RenameSource: 'x',
  ObjectAttributes: ['ETag'],
  Tagging: { TagSet: [] },
  VersioningConfiguration: { Status: 'Enabled' },
};

test('every other operation of the SDK is 501 NotImplemented by its own name, and changes nothing', async () => {
  const commands = Object.entries(sdk).filter(([name]) => /^[A-Z].+Command$/.test(name));
  assert.ok(commands.length > 100);
  for (const [exported, Command] of commands) {
    const name = exported.slice(0, -'Command'.length);
    if (IMPLEMENTED.has(name) || ELSEWHERE.has(name)) continue;
    const command = new (Command as new (input: unknown) => sdk.PutObjectCommand)({ ...INPUT });
    const refusal = await client.send(command).then(
      () => 'accepted',
      (error: unknown) => (error instanceof sdk.S3ServiceException ? `${error.name}: ${error.message}` : String(error)),
    );
    assert.equal(refusal, `NotImplemented: ${name} is not implemented.`);
  }
  assert.equal((await raw({ path: `/${Bucket}/kept` })).text, 'kept');
});

test('calls that AWS answers at other endpoints are 501 by their own names', async () => {
  for (const [name, request] of [
    ['ListDirectoryBuckets', { path: '/', query: 'x-id=ListDirectoryBuckets', credentials: { service: 's3express' } }],
    ['WriteGetObjectResponse', { method: 'POST', path: '/WriteGetObjectResponse', body: 'x' }],
  ] as const) {
    const reply = await raw(request);
    assert.deepEqual([reply.status, reply.code, reply.field('Operation')], [501, 'NotImplemented', name]);
  }
});

test('an unknown sub-resource is 501 and never the plain operation', async () => {
  for (const [method, path, query] of [
    ['DELETE', `/${Bucket}/kept`, 'future'],
    ['DELETE', `/${Bucket}`, 'future'],
    ['PUT', `/${Bucket}/kept`, 'future'],
    ['DELETE', `/${Bucket}/kept`, 'uploads'],
  ] as const) {
    const reply = await raw({ method, path, query, body: 'x' });
    assert.deepEqual([reply.status, reply.code], [501, 'NotImplemented'], `${method} ${query}`);
  }
  assert.equal((await raw({ path: `/${Bucket}/kept` })).text, 'kept');
});

test('a method that S3 does not have is 405', async () => {
  const patch = await raw({ method: 'PATCH', path: `/${Bucket}/kept` });
  assert.deepEqual([patch.status, patch.code], [405, 'MethodNotAllowed']);
});
