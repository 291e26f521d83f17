// A bucket's policy, who can reach the bucket, and what follows from its other settings.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  BucketPolicyCheck,
  BucketReach,
  FailedEvents,
  Reacher,
} from '../../src/console-api/contract/bucket-access.ts';
import type { LifecyclePreview } from '../../src/console-api/contract/bucket-lifecycle.ts';
import type { StorageOptions } from '../../src/console-api/contract/buckets.ts';
import { deliverDue } from '../../src/events/deliver.ts';
import { refused } from './browser.ts';
import { startConsole } from './console-fixture.ts';
import { makeBucket, put } from './objects-of.ts';

const policyOf = (...statements: object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2);
const everybodyReads = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::shown/*' };

const open = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};

test('a policy is kept as it was written, refused with its line, and taken away', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const bucket = await makeBucket(fixture, root, 'shown');
  const document = policyOf(everybodyReads);
  refused(await root.send('PUT', `${bucket}/policy`, { document }), 403, 'access-denied');
  await root.change('PUT', `${bucket}/public-access-block`, open, 200);
  assert.deepEqual(await root.change('PUT', `${bucket}/policy`, { document }, 200), { document, isPublic: true });
  assert.deepEqual(await root.get(`${bucket}/policy`), { document, isPublic: true });
  const wrong = document.replace('s3:GetObject', 's3:FetchObject');
  const problem = refused(await root.send('PUT', `${bucket}/policy`, { document: wrong }), 400, 'malformed-policy');
  assert.match(problem.detail, /FetchObject/);
  const nobody = policyOf({ ...everybodyReads, Principal: { AWS: `arn:aws:iam::${fixture.accountId}:user/ghost` } });
  refused(await root.send('PUT', `${bucket}/policy`, { document: nobody }), 400, 'unknown-principal');
  await root.change('DELETE', `${bucket}/policy`, undefined, 204);
  assert.deepEqual(await root.get(`${bucket}/policy`), { document: null, isPublic: false });
});

test('a check says what would come of a policy and changes nothing', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const bucket = await makeBucket(fixture, root, 'shown');
  const check = (document: string): Promise<BucketPolicyCheck> =>
    root.change('POST', `${bucket}/policy/check`, { document }, 200);
  const broken = await check('{\n  "Version": "2012-10-17",\n  "Statement": [}');
  assert.equal(broken.problem?.line, 3);
  assert.match((await check(policyOf(everybodyReads))).problem?.message ?? '', /BlockPublicPolicy/);
  const nothing = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: ['arn:aws:s3:::shown', 'arn:aws:s3:::shown/*'],
  };
  const locks = await check(policyOf(nothing));
  assert.equal(locks.problem, null);
  assert.deepEqual(locks.locksOut, ['s3:ListBucket', 's3:GetObject', 's3:PutObject', 's3:DeleteObject']);
  assert.deepEqual(await root.get(`${bucket}/policy`), { document: null, isPublic: false });
});

const allowedTo = (reacher: Reacher | undefined): string =>
  Object.entries(reacher?.rights ?? {})
    .flatMap(([right, { allowed }]) => (allowed ? [right] : []))
    .join(' ');

test('who can reach a bucket is answered from policy, ACL, block, users and keys', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const bucket = await makeBucket(fixture, root, 'shown');
  const reader = await fixture.user('reader', ['vStorageReadOnlyAccess']);
  await fixture.user('stranger');
  const key = await root.change<{ accessKey: string }>('POST', `projects/${fixture.projectId}/s3-keys`, {}, 201);
  const reach = async (): Promise<(type: Reacher['type'], name?: string) => string> => {
    const { items } = await root.get<BucketReach>(`${bucket}/reach`);
    return (type, name = '') => allowedTo(items.find((one) => one.type === type && one.name === name));
  };
  const before = await reach();
  assert.equal(before('anonymous'), '');
  assert.equal(before('root'), 'list read write delete manage');
  assert.equal(before('s3-key', key.accessKey), 'list read write delete manage');
  assert.equal(before('user', 'reader'), 'list read');
  assert.equal(before('user', 'stranger'), '');
  await root.change('PUT', `${bucket}/public-access-block`, open, 200);
  const stranger = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${fixture.accountId}:user/stranger` },
    Action: 's3:PutObject',
    Resource: 'arn:aws:s3:::shown/*',
  };
  await root.change('PUT', `${bucket}/policy`, { document: policyOf(everybodyReads, stranger) }, 200);
  const after = await reach();
  assert.equal(after('anonymous'), 'read');
  assert.equal(after('any-account'), 'read');
  assert.equal(after('user', 'stranger'), 'read write');
  refused(await (await fixture.user('outsider')).send('GET', `${bucket}/reach`), 403, 'access-denied');
  const { items } = await reader.get<BucketReach>(`${bucket}/reach`);
  assert.ok(items.every(({ rights }) => Object.values(rights).every(({ reason }) => reason !== '')));
});

test('lifecycle rules are told day by day before they are saved', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const bucket = await makeBucket(fixture, root, 'aging', { versioning: true });
  const rule = {
    ID: 'age',
    Status: 'Enabled',
    Filter: { Prefix: '' },
    Transitions: [{ Days: 30, StorageClass: 'STANDARD_IA' }],
    Expiration: { Days: 365 },
    NoncurrentVersionExpiration: { NoncurrentDays: 7, NewerNoncurrentVersions: 2 },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 },
  };
  const { rules } = await root.change<LifecyclePreview>('POST', `${bucket}/lifecycle/preview`, { Rules: [rule] }, 200);
  assert.deepEqual(rules, [
    {
      id: 'age',
      enabled: true,
      current: [
        { day: 30, what: 'move', storageClass: 'STANDARD_IA', keep: null },
        { day: 365, what: 'expire', storageClass: null, keep: null },
      ],
      noncurrent: [{ day: 7, what: 'delete', storageClass: null, keep: 2 }],
      uploads: [{ day: 3, what: 'abort', storageClass: null, keep: null }],
      dates: [],
    },
  ]);
  const wrong = { ...rule, Expiration: { Days: 10 } };
  const answer = await root.send('POST', `${bucket}/lifecycle/preview`, { Rules: [wrong] });
  assert.match(refused(answer, 400, 'invalid-argument').detail, /must be greater/);
});

test('events that a target did not take are listed with its answer', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const bucket = await makeBucket(fixture, root, 'told');
  const rule = { Id: 'all', Events: ['s3:ObjectCreated:*'], TopicArn: 'arn:vstorage:webhook:::alerts' };
  await root.change('PUT', `${bucket}/notification`, { TopicConfigurations: [rule] }, 200);
  await put(root, bucket, 'a b.txt', 'x');
  await deliverDue({
    store: fixture.deps.storage.store,
    clock: fixture.deps.storage.clock,
    findTarget: () => ({
      batchSize: 10,
      concurrency: 1,
      gatherMs: 0,
      deliver: async () => {
        throw new Error('the webhook answered 500');
      },
    }),
  });
  const { items } = await root.get<FailedEvents>(`${bucket}/notification/failures`);
  assert.deepEqual(
    items
      .map(({ arn, attempts, gaveUp, eventName, key, error }) => [arn, attempts, gaveUp, eventName, key, error])
      .toSorted((one, other) => String(one).localeCompare(String(other))),
    [
      [rule.TopicArn, 1, false, 'ObjectCreated:Put', 'a b.txt', 'the webhook answered 500'],
      [rule.TopicArn, 1, false, 's3:TestEvent', null, 'the webhook answered 500'],
    ],
  );
  const options = await root.get<StorageOptions>(`projects/${fixture.projectId}/storage-options`);
  assert.deepEqual([options.webhooks, options.websiteHosts], [['alerts'], ['web.localhost:9000']]);
});
