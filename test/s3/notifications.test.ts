// Event notifications: what is taken and shown, and events on their way to a webhook and into report files.
import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import * as sdk from '@aws-sdk/client-s3';
import { startReceiver } from '../support/event-receiver.ts';
import { clientFor, createKey, openTarget, refusalOf } from './s3-target.ts';
import { createUserKey } from './user-key.ts';

const SECRET = 'a-secret-for-the-tests';
const ARN = 'arn:vstorage:webhook:::inbox';

const folder = await mkdtemp(join(tmpdir(), 'vstorage-events-'));
const secretFile = join(folder, 'secret');
await writeFile(secretFile, `${SECRET}\n`);
const receiver = await startReceiver();
const s3 = await openTarget([
  ...['--event-target', `inbox=${receiver.url}`, '--event-secret-file', `inbox=${secretFile}`],
  ...['--lifecycle-day', '1s'],
]);
after(async () => {
  await s3[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});
const { client, raw } = s3;

type Events = sdk.NotificationConfiguration;

const setEvents = (Bucket: string, NotificationConfiguration: Events) =>
  client.send(new sdk.PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));

const getEvents = async (Bucket: string): Promise<Events> => {
  const { $metadata: _, ...events } = await client.send(new sdk.GetBucketNotificationConfigurationCommand({ Bucket }));
  return events;
};

const queue = (events: string[], more: Partial<sdk.QueueConfiguration> = {}): sdk.QueueConfiguration => ({
  Id: 'rule',
  QueueArn: ARN,
  Events: events as sdk.Event[],
  ...more,
});

const eventsOf = (bucket: string, count: number) =>
  receiver
    .waitFor((records) => records.filter(({ s3: { bucket: from } }) => from.name === bucket).length >= count)
    .then((records) => records.filter(({ s3: { bucket: from } }) => from.name === bucket));

test('queues, topics and functions come back as they were set, and an empty configuration takes them away', async () => {
  const Bucket = await s3.bucket();
  const rules = (prefix: string, suffix: string) => ({
    Key: {
      FilterRules: [
        { Name: 'prefix' as const, Value: prefix },
        { Name: 'suffix' as const, Value: suffix },
      ],
    },
  });
  const events: Events = {
    QueueConfigurations: [queue(['s3:ObjectCreated:*'], { Id: 'queue', Filter: rules('a/', '.jpg') })],
    TopicConfigurations: [{ Id: 'topic', TopicArn: ARN, Events: ['s3:ObjectRemoved:Delete'] }],
    LambdaFunctionConfigurations: [
      { Id: 'function', LambdaFunctionArn: ARN, Events: ['s3:ObjectCreated:Put'], Filter: rules('b/', '') },
    ],
  };
  await setEvents(Bucket, events);
  // S3 shows the names so
  const shown = JSON.stringify(events).replaceAll('"prefix"', '"Prefix"').replaceAll('"suffix"', '"Suffix"');
  assert.deepEqual(await getEvents(Bucket), JSON.parse(shown));
  await setEvents(Bucket, {});
  assert.deepEqual(await getEvents(Bucket), {});
});

test('configurations that cannot work are refused', async () => {
  const Bucket = await s3.bucket();
  const refused: [Events, string][] = [
    [{ QueueConfigurations: [queue(['s3:Nonsense'])] }, 'InvalidArgument'],
    [
      { QueueConfigurations: [queue(['s3:ObjectCreated:*'], { QueueArn: 'arn:aws:sqs:us-east-1:1:q' })] },
      'InvalidArgument',
    ],
    [
      { QueueConfigurations: [queue(['s3:ObjectCreated:*'], { QueueArn: 'arn:vstorage:webhook:::other' })] },
      'InvalidArgument',
    ],
    [
      { QueueConfigurations: [queue(['s3:ObjectCreated:*'], { QueueArn: 'arn:vstorage:report:::no-such-bucket' })] },
      'InvalidArgument',
    ],
    [
      {
        QueueConfigurations: [queue(['s3:ObjectCreated:*'], { Id: 'a' }), queue(['s3:ObjectCreated:Put'], { Id: 'b' })],
      },
      'InvalidArgument',
    ],
    [{ QueueConfigurations: [queue(['s3:ObjectCreated:*']), queue(['s3:ObjectRemoved:*'])] }, 'InvalidArgument'],
    [{ EventBridgeConfiguration: {} }, 'NotImplemented'],
  ];
  for (const [events, code] of refused) {
    assert.equal((await refusalOf(setEvents(Bucket, events)))?.[1], code, JSON.stringify(events));
  }
  const reply = await raw({ method: 'PUT', path: `/${Bucket}`, query: 'notification', body: '<Nonsense/>' });
  assert.deepEqual([reply.status, reply.code], [400, 'MalformedXML']);
  assert.deepEqual(await getEvents(Bucket), {});
});

test('a first configuration sends a signed test event', async () => {
  const Bucket = await s3.bucket();
  await setEvents(Bucket, { QueueConfigurations: [queue(['s3:ObjectCreated:*'])] });
  const isTest = ({ body }: { body: string }): boolean => body.includes('s3:TestEvent') && body.includes(Bucket);
  const end = Date.now() + 10_000;
  while (!receiver.accepted().some(isTest) && Date.now() < end) await sleep(50);
  const message = receiver.accepted().find(isTest);
  assert.ok(message);
  const [, time, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(message.headers['x-vstorage-signature'])) ?? [];
  assert.equal(signature, createHmac('sha256', SECRET).update(`${time}.${message.body}`).digest('hex'));
});

test('every way to make, tag, hide and remove an object tells of it, in the form of S3', async () => {
  const Bucket = await s3.bucket();
  await setEvents(Bucket, {
    QueueConfigurations: [queue(['s3:ObjectCreated:*', 's3:ObjectRemoved:*', 's3:ObjectTagging:*'])],
  });
  const Key = 'a b/ü+c';
  const { ETag } = await client.send(new sdk.PutObjectCommand({ Bucket, Key, Body: 'hello' }));
  await client.send(
    new sdk.CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/${encodeURIComponent(Key)}` }),
  );
  const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand({ Bucket, Key: 'parts' }));
  const part = await client.send(
    new sdk.UploadPartCommand({ Bucket, Key: 'parts', UploadId, PartNumber: 1, Body: 'p' }),
  );
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: part.ETag }] };
  await client.send(new sdk.CompleteMultipartUploadCommand({ Bucket, Key: 'parts', UploadId, MultipartUpload }));
  const Tagging = { TagSet: [{ Key: 'k', Value: 'v' }] };
  await client.send(new sdk.PutObjectTaggingCommand({ Bucket, Key: 'copy', Tagging }));
  await client.send(new sdk.DeleteObjectTaggingCommand({ Bucket, Key: 'copy' }));
  await client.send(new sdk.DeleteObjectCommand({ Bucket, Key: 'copy' }));
  await client.send(
    new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'parts' }, { Key: 'missing' }] } }),
  );
  await client.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const { VersionId } = await client.send(new sdk.DeleteObjectCommand({ Bucket, Key }));
  await client.send(new sdk.DeleteObjectCommand({ Bucket, Key, VersionId }));
  const records = (await eventsOf(Bucket, 9)).toSorted((a, b) =>
    a.s3.object.sequencer < b.s3.object.sequencer ? -1 : 1,
  );
  assert.deepEqual(
    records.map(({ eventName, s3: { object } }) => `${eventName} ${object.key}`),
    [
      'ObjectCreated:Put a+b/%C3%BC%2Bc',
      'ObjectCreated:Copy copy',
      'ObjectCreated:CompleteMultipartUpload parts',
      'ObjectTagging:Put copy',
      'ObjectTagging:Delete copy',
      'ObjectRemoved:Delete copy',
      'ObjectRemoved:Delete parts',
      'ObjectRemoved:DeleteMarkerCreated a+b/%C3%BC%2Bc',
      'ObjectRemoved:Delete a+b/%C3%BC%2Bc',
    ],
  );
  const [first] = records;
  assert.ok(first);
  assert.deepEqual([first.s3.object.size, `"${first.s3.object.eTag}"`], [5, ETag]);
  assert.deepEqual(
    [first['eventSource'], first['eventVersion'], first['awsRegion'], first.s3.configurationId],
    ['aws:s3', '2.1', 'HAN02', 'rule'],
  );
  assert.equal(first.requestParameters.sourceIPAddress, '127.0.0.1');
  assert.equal(records[7]?.s3.object.versionId, VersionId);
});

test('prefix and suffix decide, and a refused write tells nothing', async () => {
  const Bucket = await s3.bucket();
  const FilterRules = [
    { Name: 'prefix' as const, Value: 'in/' },
    { Name: 'suffix' as const, Value: '.jpg' },
  ];
  await setEvents(Bucket, {
    QueueConfigurations: [queue(['s3:ObjectCreated:Put'], { Filter: { Key: { FilterRules } } })],
  });
  const put = (Key: string, more = {}) => client.send(new sdk.PutObjectCommand({ Bucket, Key, Body: 'x', ...more }));
  for (const Key of ['in/a.png', 'out/a.jpg']) await put(Key);
  assert.equal((await refusalOf(put('in/b.jpg', { IfMatch: '"other"' })))?.[0], 404);
  await put('in/a.jpg');
  assert.deepEqual(
    (await eventsOf(Bucket, 1)).map(({ s3: { object } }) => object.key),
    ['in/a.jpg'],
  );
});

test('a target that fails gets every event later, and never through a redirect', async () => {
  const Bucket = await s3.bucket();
  await setEvents(Bucket, { QueueConfigurations: [queue(['s3:ObjectCreated:*'])] });
  receiver.answer(500);
  const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
  await Promise.all(keys.map((Key) => client.send(new sdk.PutObjectCommand({ Bucket, Key, Body: 'x' }))));
  await sleep(1500);
  receiver.answer(307);
  await sleep(1500);
  assert.equal((await eventsOf(Bucket, 0)).length, 0);
  receiver.answer(200);
  const told = new Set((await eventsOf(Bucket, 20)).map(({ s3: { object } }) => object.key));
  assert.deepEqual([...told].toSorted(), keys.toSorted());
});

test('what lifecycle rules do is told as theirs', async () => {
  const Bucket = await s3.bucket();
  await client.send(new sdk.PutObjectCommand({ Bucket, Key: 'old', Body: 'x' }));
  await setEvents(Bucket, { QueueConfigurations: [queue(['s3:LifecycleExpiration:*'])] });
  const Rules: sdk.LifecycleRule[] = [{ ID: 'r', Filter: { Prefix: '' }, Status: 'Enabled', Expiration: { Days: 1 } }];
  await client.send(new sdk.PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
  const [event] = await eventsOf(Bucket, 1);
  assert.deepEqual(
    [event?.eventName, event?.userIdentity.principalId],
    ['LifecycleExpiration:Delete', 's3.amazonaws.com'],
  );
});

test('an ACL that changes and a restore that begins and ends are told, an ACL that stays is not', async () => {
  const Bucket = await s3.bucket();
  const OwnershipControls = { Rules: [{ ObjectOwnership: 'ObjectWriter' as const }] };
  await client.send(new sdk.PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
  const input = { Bucket, Key: 'cold', Body: 'x', StorageClass: 'DEEP_ARCHIVE' as const };
  const { ETag } = await client.send(new sdk.PutObjectCommand(input));
  await setEvents(Bucket, { QueueConfigurations: [queue(['s3:ObjectAcl:Put', 's3:ObjectRestore:*'])] });
  for (const ACL of ['aws-exec-read', 'aws-exec-read', 'private', 'private'] as const) {
    await client.send(new sdk.PutObjectAclCommand({ Bucket, Key: 'cold', ACL }));
  }
  await client.send(new sdk.RestoreObjectCommand({ Bucket, Key: 'cold', RestoreRequest: { Days: 1 } }));
  const records = (await eventsOf(Bucket, 5)).toSorted((a, b) =>
    a.s3.object.sequencer < b.s3.object.sequencer ? -1 : 1,
  );
  assert.deepEqual(
    records.map(({ eventName }) => eventName),
    ['ObjectAcl:Put', 'ObjectAcl:Put', 'ObjectRestore:Post', 'ObjectRestore:Completed', 'ObjectRestore:Delete'],
  );
  const ended = records.at(-1);
  assert.deepEqual(
    [ended?.userIdentity.principalId, `"${ended?.s3.object.eTag}"`, ended?.['eventVersion']],
    ['s3.amazonaws.com', ETag, '2.3'],
  );
});

test('who may not write to the report bucket cannot send reports there', async () => {
  const { server } = s3;
  if (server === null) return;
  const [Bucket, report] = [await s3.bucket(), await s3.bucket()];
  const statements = [
    { Effect: 'Allow', Action: 's3:*', Resource: '*' },
    { Effect: 'Deny', Action: 's3:PutObject', Resource: `arn:aws:s3:::${report}/*` },
  ];
  const other = clientFor(s3, await createUserKey(server, `user-${randomBytes(4).toString('hex')}`, statements));
  const QueueConfigurations = [queue(['s3:ObjectCreated:*'], { QueueArn: `arn:vstorage:report:::${report}` })];
  const set = (from: sdk.S3Client) =>
    from.send(
      new sdk.PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: { QueueConfigurations } }),
    );
  assert.equal((await refusalOf(set(other)))?.[1], 'InvalidArgument');
  await set(clientFor(s3, await createKey(server)));
});
