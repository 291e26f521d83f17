// Server access logs: set, shown, and delivered as objects in S3's form.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import * as sdk from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { clientFor, openTarget, refusalOf } from './s3-target.ts';
import { createUserKey } from './user-key.ts';

const s3 = await openTarget(['--access-log-interval', '1s']);
after(() => s3[Symbol.asyncDispose]());
const { client, raw } = s3;

type Enabled = Partial<sdk.LoggingEnabled>;

const setLogging = (Bucket: string, LoggingEnabled?: Enabled, from = client) =>
  from.send(
    new sdk.PutBucketLoggingCommand({
      Bucket,
      BucketLoggingStatus: LoggingEnabled === undefined ? {} : { LoggingEnabled: LoggingEnabled as sdk.LoggingEnabled },
    }),
  );

const getLogging = async (Bucket: string): Promise<sdk.LoggingEnabled | undefined> =>
  (await client.send(new sdk.GetBucketLoggingCommand({ Bucket }))).LoggingEnabled;

type Log = { readonly keys: readonly string[]; readonly lines: readonly string[] };

async function readLog(Bucket: string): Promise<Log> {
  const { Contents = [] } = await client.send(new sdk.ListObjectsV2Command({ Bucket }));
  const keys = Contents.flatMap(({ Key }) => Key ?? []);
  const texts = await Promise.all(
    keys.map(async (Key) => (await client.send(new sdk.GetObjectCommand({ Bucket, Key }))).Body?.transformToString()),
  );
  return { keys, lines: texts.flatMap((text) => (text ?? '').split('\n')).filter((line) => line !== '') };
}

async function logUntil(Bucket: string, check: (log: Log) => boolean): Promise<Log> {
  const end = Date.now() + 20_000;
  for (;;) {
    const log = await readLog(Bucket);
    if (check(log)) return log;
    if (Date.now() > end) throw new Error(`the log has only\n${log.lines.join('\n')}`);
    await sleep(200);
  }
}

/** The fields of a line; what stands in brackets or quotes is one. */
const fieldsOf = (line: string): string[] =>
  [...line.matchAll(/\[([^\]]*)\]|"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');

test('logging comes back as it was set, and an empty status takes it away', async () => {
  const [Bucket, target] = [await s3.bucket(), await s3.bucket()];
  assert.equal(await getLogging(Bucket), undefined);
  await setLogging(Bucket, { TargetBucket: target, TargetPrefix: 'log/' });
  assert.deepEqual(await getLogging(Bucket), {
    TargetBucket: target,
    TargetPrefix: 'log/',
    TargetObjectKeyFormat: { SimplePrefix: {} },
  });
  const TargetObjectKeyFormat = { PartitionedPrefix: { PartitionDateSource: 'EventTime' as const } };
  await setLogging(Bucket, { TargetBucket: target, TargetPrefix: '', TargetObjectKeyFormat });
  assert.deepEqual(await getLogging(Bucket), { TargetBucket: target, TargetPrefix: '', TargetObjectKeyFormat });
  await setLogging(Bucket);
  assert.equal(await getLogging(Bucket), undefined);
});

test('a target that does not exist, or that the caller may not write to, is refused', async () => {
  const { server } = s3;
  const [Bucket, target] = [await s3.bucket(), await s3.bucket()];
  const missing = setLogging(Bucket, { TargetBucket: `${target}-missing`, TargetPrefix: '' });
  assert.deepEqual(await refusalOf(missing), [400, 'InvalidTargetBucketForLogging']);
  if (server === null) return;
  const statements = [
    { Effect: 'Allow', Action: 's3:*', Resource: '*' },
    { Effect: 'Deny', Action: 's3:PutObject', Resource: `arn:aws:s3:::${target}/*` },
  ];
  const user = clientFor(s3, await createUserKey(server, `user-${randomBytes(4).toString('hex')}`, statements));
  const refused = setLogging(Bucket, { TargetBucket: target, TargetPrefix: 'x' }, user);
  assert.deepEqual(await refusalOf(refused), [403, 'AccessDenied']);
  assert.equal(await getLogging(Bucket), undefined);
});

test('requests of a logged bucket stand in its log, one line each, with 26 fields and no signature', async () => {
  const [Bucket, target] = [await s3.bucket(), await s3.bucket()];
  await setLogging(Bucket, { TargetBucket: target, TargetPrefix: 'log/' });
  const Key = 'a "key"\nwith lines';
  await client.send(new sdk.PutObjectCommand({ Bucket, Key, Body: 'hello' }));
  await refusalOf(client.send(new sdk.GetObjectCommand({ Bucket, Key: 'missing' })));
  await client.send(new sdk.ListObjectsV2Command({ Bucket }));
  const url = await getSignedUrl(client, new sdk.GetObjectCommand({ Bucket, Key }));
  const { pathname, search } = new URL(url);
  const presigned = await raw({ path: pathname, query: search.slice(1), auth: 'anonymous' });
  assert.equal(presigned.status, 200);
  const signature = new URLSearchParams(search).get('X-Amz-Signature') ?? '';
  const { keys, lines } = await logUntil(target, (log) => log.lines.some((line) => line.includes('QueryString')));
  for (const key of keys) assert.match(key, /^log\/\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-[0-9A-F]{16}$/);
  const rows = lines.map(fieldsOf);
  for (const row of rows) assert.equal(row.length, 26, row.join(' | '));
  assert.ok(!lines.some((line) => line.includes(signature)));
  const find = (operation: string, key: string) => rows.find((row) => row[6] === operation && row[7] === key);
  const encoded = 'a%20%22key%22%0Awith%20lines';
  const put = find('REST.PUT.OBJECT', encoded);
  assert.ok(put);
  assert.deepEqual(
    [put[1], put[9], put[10], put[12], put[19], put[21]],
    [Bucket, '200', '-', '5', 'SigV4', 'AuthHeader'],
  );
  assert.match(put[2] ?? '', /^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
  assert.match(put[8] ?? '', /^PUT \/\S+ HTTP\/1\.1$/);
  assert.match(put[23] ?? '', /^TLSv1\.[23]$/);
  assert.equal(put[4], put[0]);
  assert.deepEqual(find('REST.GET.OBJECT', 'missing')?.slice(9, 11), ['404', 'NoSuchKey']);
  assert.ok(find('REST.GET.BUCKET', '-'));
  const get = rows.find((row) => row[21] === 'QueryString');
  assert.deepEqual(get?.slice(6, 8), ['REST.GET.OBJECT', encoded]);
  assert.equal(get?.[11], '5');
});

test('DeleteObjects is a line for the request and one for each of its keys', async () => {
  const [Bucket, target] = [await s3.bucket(), await s3.bucket()];
  await client.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  await setLogging(Bucket, { TargetBucket: target, TargetPrefix: '' });
  const { VersionId } = await client.send(new sdk.PutObjectCommand({ Bucket, Key: 'a b', Body: 'x' }));
  const Objects = [
    { Key: 'a b', VersionId },
    { Key: 'c', ETag: '"nothing there"' },
  ];
  const { Errors } = await client.send(new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  const { lines } = await logUntil(target, (log) => log.lines.some((line) => line.includes('MULTI_OBJECT_DELETE')));
  const rows = lines.map(fieldsOf);
  const request = rows.find((row) => row[6] === 'REST.POST.MULTI_OBJECT_DELETE');
  const entries = rows.filter((row) => row[6] === 'BATCH.DELETE.OBJECT');
  assert.deepEqual(
    entries.map((row) => [row.length, row[5], row[7], row[9], row[10], row[17]]),
    [
      [26, request?.[5], 'a%20b', '204', '-', VersionId],
      [26, request?.[5], 'c', '404', Errors?.[0]?.Code, '-'],
    ],
  );
});

test('target grants come back as they were set and stand on each log, where the target takes ACLs', async () => {
  const [Bucket, target] = [await s3.bucket(), await s3.bucket()];
  const group = { Type: 'Group' as const, URI: 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers' };
  const TargetGrants: sdk.TargetGrant[] = [{ Grantee: group, Permission: 'READ' }];
  const logging = { TargetBucket: target, TargetPrefix: '', TargetGrants };
  assert.deepEqual(await refusalOf(setLogging(Bucket, logging)), [400, 'AccessControlListNotSupported']);
  const OwnershipControls = { Rules: [{ ObjectOwnership: 'ObjectWriter' as const }] };
  await client.send(new sdk.PutBucketOwnershipControlsCommand({ Bucket: target, OwnershipControls }));
  const everyone = { ...group, URI: 'http://acs.amazonaws.com/groups/global/AllUsers' };
  const open = setLogging(Bucket, { ...logging, TargetGrants: [{ Grantee: everyone, Permission: 'READ' }] });
  assert.deepEqual(await refusalOf(open), [403, 'AccessDenied']);
  const odd = setLogging(Bucket, {
    ...logging,
    TargetGrants: [{ Grantee: group, Permission: 'READ_ACP' as 'READ' }],
  });
  assert.deepEqual(await refusalOf(odd), [400, 'MalformedXML']);
  await client.send(new sdk.DeletePublicAccessBlockCommand({ Bucket: target }));
  await setLogging(Bucket, logging);
  assert.deepEqual((await getLogging(Bucket))?.TargetGrants, TargetGrants);
  const { keys } = await logUntil(target, ({ lines }) => lines.length > 0);
  const { Grants } = await client.send(new sdk.GetObjectAclCommand({ Bucket: target, Key: keys[0] }));
  assert.deepEqual(
    Grants?.map(({ Permission, Grantee }) => [Permission, Grantee?.Type]),
    [
      ['READ', 'Group'],
      ['FULL_CONTROL', 'CanonicalUser'],
    ],
  );
});

test('the partitioned form has account, region, bucket and day in its keys', async () => {
  const [Bucket, target] = [await s3.bucket(), await s3.bucket()];
  const TargetObjectKeyFormat = { PartitionedPrefix: { PartitionDateSource: 'DeliveryTime' as const } };
  await setLogging(Bucket, { TargetBucket: target, TargetPrefix: 'p/', TargetObjectKeyFormat });
  await client.send(new sdk.PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
  const { keys } = await logUntil(target, ({ lines }) => lines.some((line) => line.includes('REST.PUT.OBJECT')));
  for (const key of keys) {
    assert.match(
      key,
      new RegExp(`^p/\\d{12}/HAN02/${Bucket}/(\\d{4})/(\\d\\d)/(\\d\\d)/\\1-\\2-\\3-\\d\\d-\\d\\d-\\d\\d-\\w+$`),
    );
  }
});
