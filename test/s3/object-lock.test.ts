// Object lock over the wire. Checklist 41, 42, 43.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import * as sdk from '@aws-sdk/client-s3';
import { clientFor, openTarget, refusalOf } from './s3-target.ts';
import { createUserKey } from './user-key.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const { client, raw } = s3;

const DAY_MS = 24 * 60 * 60 * 1000;
const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS);
const denied = [403, 'AccessDenied'];

async function lockBucket(): Promise<string> {
  const Bucket = `locked-${randomBytes(8).toString('hex')}`;
  await client.send(new sdk.CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  return Bucket;
}

type Rule = sdk.DefaultRetention;
const setRule = (Bucket: string, DefaultRetention?: Rule) =>
  client.send(
    new sdk.PutObjectLockConfigurationCommand({
      Bucket,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        ...(DefaultRetention === undefined ? {} : { Rule: { DefaultRetention } }),
      },
    }),
  );

async function put(Bucket: string, more: Partial<sdk.PutObjectCommandInput> = {}): Promise<string> {
  const { VersionId } = await client.send(new sdk.PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ...more }));
  return VersionId ?? '';
}

const retain = (Bucket: string, VersionId: string, Retention: sdk.ObjectLockRetention, bypass = false) =>
  client.send(
    new sdk.PutObjectRetentionCommand({
      Bucket,
      Key: 'k',
      VersionId,
      Retention,
      ...(bypass ? { BypassGovernanceRetention: true } : {}),
    }),
  );
const hold = (Bucket: string, VersionId: string, Status: 'ON' | 'OFF') =>
  client.send(new sdk.PutObjectLegalHoldCommand({ Bucket, Key: 'k', VersionId, LegalHold: { Status } }));
const remove = (Bucket: string, VersionId: string, bypass = false, by = client) =>
  by.send(
    new sdk.DeleteObjectCommand({
      Bucket,
      Key: 'k',
      VersionId,
      ...(bypass ? { BypassGovernanceRetention: true } : {}),
    }),
  );

// checklist 41
test('a bucket made with object lock has versioning, which cannot be suspended', async () => {
  const Bucket = await lockBucket();
  assert.equal((await client.send(new sdk.GetBucketVersioningCommand({ Bucket }))).Status, 'Enabled');
  const { ObjectLockConfiguration } = await client.send(new sdk.GetObjectLockConfigurationCommand({ Bucket }));
  assert.deepEqual(ObjectLockConfiguration, { ObjectLockEnabled: 'Enabled' });
  const VersioningConfiguration = { Status: 'Suspended' } as const;
  const suspend = client.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  assert.deepEqual(await refusalOf(suspend), [409, 'InvalidBucketState']);
});

// checklist 41
test('object lock can be turned on later, once versioning is enabled', async () => {
  const Bucket = await s3.bucket();
  assert.deepEqual(await refusalOf(client.send(new sdk.GetObjectLockConfigurationCommand({ Bucket }))), [
    404,
    'ObjectLockConfigurationNotFoundError',
  ]);
  assert.deepEqual(await refusalOf(setRule(Bucket)), [409, 'InvalidBucketState']);
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await client.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  await setRule(Bucket, { Mode: 'GOVERNANCE', Years: 1 });
  const { ObjectLockConfiguration } = await client.send(new sdk.GetObjectLockConfigurationCommand({ Bucket }));
  assert.deepEqual(ObjectLockConfiguration?.Rule?.DefaultRetention, { Mode: 'GOVERNANCE', Years: 1 });
});

test('a default retention that makes no sense is refused as AWS refuses it', async () => {
  const Bucket = await lockBucket();
  const refused = (rule: object) => refusalOf(setRule(Bucket, rule));
  for (const rule of [{ Mode: 'GOVERNANCE' }, { Mode: 'GOVERNANCE', Days: 1, Years: 1 }, { Mode: 'OTHER', Days: 1 }]) {
    assert.deepEqual(await refused(rule), [400, 'MalformedXML'], JSON.stringify(rule));
  }
  for (const period of [{ Days: 0 }, { Days: -1 }, { Days: 36_501 }, { Years: 101 }]) {
    assert.deepEqual(await refused({ Mode: 'COMPLIANCE', ...period }), [400, 'InvalidArgument']);
  }
});

test('new objects get the default retention, unless they bring their own', async () => {
  const Bucket = await lockBucket();
  await setRule(Bucket, { Mode: 'GOVERNANCE', Days: 2 });
  const head = async (VersionId: string) => client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'k', VersionId }));
  const byDefault = await head(await put(Bucket));
  assert.equal(byDefault.ObjectLockMode, 'GOVERNANCE');
  const until = byDefault.ObjectLockRetainUntilDate?.getTime() ?? 0;
  assert.ok(Math.abs(until - inDays(2).getTime()) < 60_000);
  const date = inDays(9);
  const own = await head(
    await put(Bucket, {
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: date,
      ObjectLockLegalHoldStatus: 'ON',
    }),
  );
  assert.equal(own.ObjectLockMode, 'COMPLIANCE');
  assert.equal(own.ObjectLockLegalHoldStatus, 'ON');
  assert.equal(own.ObjectLockRetainUntilDate?.getTime(), date.getTime());
  const upload = await client.send(new sdk.CreateMultipartUploadCommand({ Bucket, Key: 'k' }));
  const { UploadId } = upload;
  const part = await client.send(new sdk.UploadPartCommand({ Bucket, Key: 'k', UploadId, PartNumber: 1, Body: 'x' }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 }] };
  const done = await client.send(
    new sdk.CompleteMultipartUploadCommand({ Bucket, Key: 'k', UploadId, MultipartUpload }),
  );
  assert.equal((await head(done.VersionId ?? '')).ObjectLockMode, 'GOVERNANCE');
  const copy = await client.send(
    new sdk.CopyObjectCommand({
      Bucket,
      Key: 'k',
      CopySource: `${Bucket}/k?versionId=${done.VersionId}`,
      ObjectLockLegalHoldStatus: 'ON',
    }),
  );
  assert.deepEqual((await head(copy.VersionId ?? '')).ObjectLockLegalHoldStatus, 'ON');
});

// checklist 42
test('a locked version takes new versions and delete markers, and stays', async () => {
  const Bucket = await lockBucket();
  const locked = await put(Bucket, { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: inDays(1) });
  await put(Bucket);
  const { DeleteMarker } = await client.send(new sdk.DeleteObjectCommand({ Bucket, Key: 'k' }));
  assert.equal(DeleteMarker, true);
  assert.deepEqual(await refusalOf(remove(Bucket, locked)), denied);
  assert.deepEqual(await refusalOf(remove(Bucket, locked, true)), denied);
  const Objects = [{ Key: 'k', VersionId: locked }];
  const { Errors } = await client.send(
    new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects }, BypassGovernanceRetention: true }),
  );
  assert.equal(Errors?.[0]?.Code, 'AccessDenied');
  assert.equal((await client.send(new sdk.GetObjectCommand({ Bucket, Key: 'k', VersionId: locked }))).ContentLength, 1);
});

// checklist 42
test('COMPLIANCE only extends, for whoever asks', async () => {
  const Bucket = await lockBucket();
  const version = await put(Bucket);
  await retain(Bucket, version, { Mode: 'COMPLIANCE', RetainUntilDate: inDays(2) });
  const refused = (retention: sdk.ObjectLockRetention) => refusalOf(retain(Bucket, version, retention, true));
  assert.deepEqual(await refused({ Mode: 'COMPLIANCE', RetainUntilDate: inDays(1) }), denied);
  assert.deepEqual(await refused({ Mode: 'GOVERNANCE', RetainUntilDate: inDays(3) }), denied);
  assert.deepEqual(await refused({}), denied);
  assert.equal(await refused({ Mode: 'COMPLIANCE', RetainUntilDate: inDays(3) }), undefined);
});

// checklist 42
test('GOVERNANCE yields to the header with the permission, and to neither alone', async (context) => {
  const Bucket = await lockBucket();
  const version = await put(Bucket);
  await retain(Bucket, version, { Mode: 'GOVERNANCE', RetainUntilDate: inDays(2) });
  assert.deepEqual(await refusalOf(remove(Bucket, version)), denied);
  const shorter = { Mode: 'GOVERNANCE', RetainUntilDate: inDays(1) } as const;
  assert.deepEqual(await refusalOf(retain(Bucket, version, shorter)), denied);
  const { server } = s3;
  if (server === null) return context.skip('needs the operator’s commands');
  const statement = { Effect: 'Allow', Action: ['s3:DeleteObjectVersion', 's3:Get*'], Resource: 'arn:aws:s3:::*' };
  const deleter = clientFor(s3, await createUserKey(server, 'deleter', [statement]));
  assert.deepEqual(await refusalOf(remove(Bucket, version, true, deleter)), denied);
  deleter.destroy();
  await retain(Bucket, version, shorter, true);
  await retain(Bucket, version, {}, true);
  const refused = await refusalOf(
    client.send(new sdk.GetObjectRetentionCommand({ Bucket, Key: 'k', VersionId: version })),
  );
  assert.deepEqual(refused, [404, 'NoSuchObjectLockConfiguration']);
  await retain(Bucket, version, shorter);
  assert.equal((await remove(Bucket, version, true)).VersionId, version);
});

// checklist 42
test('DeleteObjects overrides GOVERNANCE for the keys whose permission says so, and for no others', async (context) => {
  const { server } = s3;
  if (server === null) return context.skip('needs the operator’s commands');
  const Bucket = await lockBucket();
  const lock = { ObjectLockMode: 'GOVERNANCE' as const, ObjectLockRetainUntilDate: inDays(2) };
  const Objects: sdk.ObjectIdentifier[] = [];
  for (const Key of ['open/a', 'closed/b', 'open/c']) {
    const { VersionId } = await client.send(new sdk.PutObjectCommand({ Bucket, Key, Body: 'x', ...lock }));
    Objects.push({ Key, VersionId });
  }
  const deleter = clientFor(
    s3,
    await createUserKey(server, 'partly-bypassing', [
      { Effect: 'Allow', Action: 's3:DeleteObjectVersion', Resource: 'arn:aws:s3:::*' },
      { Effect: 'Allow', Action: 's3:BypassGovernanceRetention', Resource: `arn:aws:s3:::${Bucket}/open/*` },
    ]),
  );
  const removeAll = (BypassGovernanceRetention: boolean) =>
    deleter.send(new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects }, BypassGovernanceRetention }));
  assert.equal((await removeAll(false)).Errors?.length, 3);
  const { Deleted, Errors } = await removeAll(true);
  deleter.destroy();
  assert.deepEqual(
    Deleted?.map(({ Key }) => Key),
    ['open/a', 'open/c'],
  );
  assert.deepEqual(
    Errors?.map(({ Key, Code }) => [Key, Code]),
    [['closed/b', 'AccessDenied']],
  );
});

test('a legal hold holds until it is lifted', async () => {
  const Bucket = await lockBucket();
  const version = await put(Bucket);
  await hold(Bucket, version, 'ON');
  const shown = await client.send(new sdk.GetObjectLegalHoldCommand({ Bucket, Key: 'k', VersionId: version }));
  assert.equal(shown.LegalHold?.Status, 'ON');
  assert.deepEqual(await refusalOf(remove(Bucket, version, true)), denied);
  await hold(Bucket, version, 'OFF');
  assert.equal((await remove(Bucket, version)).VersionId, version);
});

// checklist 42
test('a retention that ends in the past, or is not one, is refused', async () => {
  const Bucket = await lockBucket();
  const version = await put(Bucket);
  const past = { Mode: 'GOVERNANCE', RetainUntilDate: inDays(-1) } as const;
  assert.deepEqual(await refusalOf(retain(Bucket, version, past)), [400, 'InvalidArgument']);
  const headers = { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: inDays(-1) } as const;
  assert.deepEqual(await refusalOf(put(Bucket, headers)), [400, 'InvalidArgument']);
  assert.deepEqual(await refusalOf(put(Bucket, { ObjectLockMode: 'GOVERNANCE' })), [400, 'InvalidArgument']);
  const odd = { Mode: 'SOME' as 'GOVERNANCE', RetainUntilDate: inDays(1) };
  assert.deepEqual(await refusalOf(retain(Bucket, version, odd)), [400, 'MalformedXML']);
});

test('locks are refused in a bucket without object lock', async () => {
  const Bucket = await s3.bucket();
  const version = await put(Bucket);
  const refusal = [400, 'InvalidRequest'];
  const retention = { Mode: 'GOVERNANCE', RetainUntilDate: inDays(1) } as const;
  assert.deepEqual(await refusalOf(retain(Bucket, 'null', retention)), refusal);
  assert.deepEqual(await refusalOf(hold(Bucket, 'null', 'ON')), refusal);
  const locked = { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: inDays(1) } as const;
  assert.deepEqual(await refusalOf(put(Bucket, locked)), refusal);
  const upload = new sdk.CreateMultipartUploadCommand({ Bucket, Key: 'k', ObjectLockLegalHoldStatus: 'ON' });
  assert.deepEqual(await refusalOf(client.send(upload)), refusal);
  assert.equal(version, '');
});

// checklist 43
test('what locks must come with a Content-MD5 or a checksum', async () => {
  const Bucket = await lockBucket();
  await put(Bucket);
  const configuration =
    '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>';
  for (const [path, query, body] of [
    [`/${Bucket}`, 'object-lock', configuration],
    [`/${Bucket}/k`, 'legal-hold', '<LegalHold><Status>ON</Status></LegalHold>'],
    [`/${Bucket}/k`, 'retention', '<Retention/>'],
  ] as const) {
    const reply = await raw({ method: 'PUT', path, query, body });
    assert.deepEqual([reply.status, reply.code], [400, 'InvalidRequest'], query);
  }
  const headers = { 'x-amz-object-lock-legal-hold': 'OFF' };
  const reply = await raw({ method: 'PUT', path: `/${Bucket}/new`, headers, body: 'x' });
  assert.deepEqual([reply.status, reply.code], [400, 'InvalidRequest']);
  await setRule(Bucket, { Mode: 'GOVERNANCE', Days: 1 });
  assert.equal((await raw({ method: 'PUT', path: `/${Bucket}/new`, body: 'x' })).status, 400);
});
