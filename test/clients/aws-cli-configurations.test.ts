// Every configuration of buckets and objects through `aws s3api`: set, read, and taken away where S3 can.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { type AwsCliSession, openAwsCliSession } from './aws-cli-run.ts';
import { BUCKET, type Json, REPORTS, type RoundTrip, roundTrips } from './aws-cli-round-trips.ts';
import { setUpClient } from './client-driver.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** `s3api` on a bucket: what it prints as JSON, `{}` when it prints nothing. */
type S3Api = {
  readonly call: (command: string, ...args: string[]) => Promise<Json>;
  /** the error code it was refused with */
  readonly refusal: (command: string, ...args: string[]) => Promise<string | undefined>;
};

function s3api({ attempt }: AwsCliSession, bucket: string): S3Api {
  const run = async (command: string, args: readonly string[]) =>
    await attempt('s3api', command, '--bucket', bucket, '--output', 'json', ...args);
  return {
    call: async (command, ...args) => {
      const { code, stdout, stderr } = await run(command, args);
      assert.equal(code, 0, `${command} ${args.join(' ')}: ${stderr}`);
      return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Json);
    },
    refusal: async (command, ...args) => {
      const { code, stderr } = await run(command, args);
      return code === 0 ? undefined : /An error occurred \((\w+)\)/.exec(stderr)?.[1];
    },
  };
}

test('aws s3api sets, shows and takes away every configuration', { timeout: 300_000 }, async (t) => {
  const setUp = await setUpClient(t, ['--kms-key', 'backups']);
  await using cli = await openAwsCliSession(setUp);
  const body = join(setUp.folder, 'body');
  await writeFile(body, 'a body');
  const s3 = s3api(cli, BUCKET);
  for (const bucket of [BUCKET, REPORTS]) await s3api(cli, bucket).call('create-bucket');

  await t.test('policy status and ACLs of a bucket opened to the public', async () => {
    await openToPublic(s3, body);
  });
  for (const trip of roundTrips) await t.test(trip.name, async () => await roundTrip(s3, trip));
  await t.test('tags of an object', async () => {
    await s3.call('put-object', '--key', 'tagged', '--body', body, '--tagging', 'a=b');
    await s3.call('put-object-tagging', '--key', 'tagged', '--tagging', 'TagSet=[{Key=màu,Value=đỏ}]');
    const { TagSet } = await s3.call('get-object-tagging', '--key', 'tagged');
    assert.deepEqual(TagSet, [{ Key: 'màu', Value: 'đỏ' }]);
    await s3.call('delete-object-tagging', '--key', 'tagged');
    assert.deepEqual((await s3.call('get-object-tagging', '--key', 'tagged'))['TagSet'], []);
  });
  await t.test('checksums and encryption of an object, and its attributes', async () => {
    await describeObject(s3, body);
  });
  await t.test('restoring an archived object', async () => await restoreArchived(s3, body));
  await t.test('object lock: the default of a bucket, retention, bypass and legal hold', async () => {
    const locked = s3api(cli, 'locked');
    await locked.call('create-bucket', '--object-lock-enabled-for-bucket');
    await lockObjects(locked, body);
  });
});

async function roundTrip({ call, refusal }: S3Api, trip: RoundTrip): Promise<void> {
  const { name, option, value, emptyValue, removed } = trip;
  const commands = trip.commands ?? { put: `put-bucket-${name}`, get: `get-bucket-${name}` };
  await call(commands.put, option, typeof value === 'string' ? value : JSON.stringify(value));
  assert.deepEqual(await call(commands.get), trip.shown);
  if (emptyValue !== undefined) await call(commands.put, option, emptyValue);
  else await call(trip.commands?.remove ?? `delete-bucket-${name}`);
  if ('refusal' in removed) assert.equal(await refusal(commands.get), removed.refusal);
  else assert.deepEqual(await call(commands.get), removed.shown);
}

async function openToPublic({ call, refusal }: S3Api, body: string): Promise<void> {
  const everyone = { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' };
  assert.equal(await refusal('put-bucket-acl', '--acl', 'public-read'), 'AccessControlListNotSupported');
  await call('put-bucket-ownership-controls', '--ownership-controls', 'Rules=[{ObjectOwnership=BucketOwnerPreferred}]');
  await call('delete-public-access-block');
  await call('put-bucket-acl', '--acl', 'public-read');
  const ofBucket = (await call('get-bucket-acl'))['Grants'] as Json[];
  assert.ok(ofBucket.some(({ Grantee, Permission }) => isDeepStrictEqual(Grantee, everyone) && Permission === 'READ'));
  await call('put-object', '--key', 'open', '--body', body, '--acl', 'public-read');
  await call('put-object-acl', '--key', 'open', '--grant-read-acp', `uri=${everyone.URI}`);
  const ofObject = (await call('get-object-acl', '--key', 'open'))['Grants'] as Json[];
  assert.deepEqual(ofObject, [{ Grantee: everyone, Permission: 'READ_ACP' }]);
  await call('put-bucket-acl', '--acl', 'private');

  const allow = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${BUCKET}/*` };
  await call('put-bucket-policy', '--policy', JSON.stringify({ Version: '2012-10-17', Statement: allow }));
  assert.deepEqual(await call('get-bucket-policy-status'), { PolicyStatus: { IsPublic: true } });
  await call('delete-bucket-policy');
  assert.equal(await refusal('get-bucket-policy-status'), 'NoSuchBucketPolicy');
}

async function describeObject({ call }: S3Api, body: string): Promise<void> {
  const sha256 = createHash('sha256').update('a body').digest('base64');
  const kms = ['--server-side-encryption', 'aws:kms', '--ssekms-key-id', 'backups'];
  const put = await call('put-object', '--key', 'k', '--body', body, '--checksum-algorithm', 'SHA256', ...kms);
  assert.deepEqual([put['ChecksumSHA256'], put['ServerSideEncryption']], [sha256, 'aws:kms']);
  const head = await call('head-object', '--key', 'k', '--checksum-mode', 'ENABLED');
  assert.deepEqual([head['ChecksumSHA256'], head['SSEKMSKeyId']], [sha256, 'backups']);
  const wanted = ['ETag', 'Checksum', 'StorageClass', 'ObjectSize'];
  const {
    LastModified: _,
    VersionId: __,
    ...shown
  } = await call('get-object-attributes', ...['--key', 'k', '--object-attributes', ...wanted]);
  assert.deepEqual(shown, {
    ETag: String(put['ETag']).replaceAll('"', ''),
    Checksum: { ChecksumSHA256: sha256 },
    StorageClass: 'STANDARD',
    ObjectSize: 6,
  });
}

async function restoreArchived({ call, refusal }: S3Api, body: string): Promise<void> {
  await call('put-object', '--key', 'cold', '--body', body, '--storage-class', 'DEEP_ARCHIVE');
  const get = ['get-object', '--key', 'cold', `${body}.restored`] as const;
  assert.equal(await refusal(...get), 'InvalidObjectState');
  await call('restore-object', '--key', 'cold', '--restore-request', 'Days=1');
  assert.match(
    String((await call('head-object', '--key', 'cold'))['Restore']),
    /^ongoing-request="false", expiry-date=/,
  );
  await call(...get);
  assert.equal(await readFile(`${body}.restored`, 'utf8'), 'a body');
}

async function lockObjects({ call, refusal }: S3Api, body: string): Promise<void> {
  const byDefault = { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 2 } } };
  await call('put-object-lock-configuration', '--object-lock-configuration', JSON.stringify(byDefault));
  assert.deepEqual(await call('get-object-lock-configuration'), { ObjectLockConfiguration: byDefault });
  const { VersionId } = await call('put-object', '--key', 'k', '--body', body);
  const version = ['--key', 'k', '--version-id', String(VersionId)];
  const { Retention } = await call('get-object-retention', ...version);
  assert.equal((Retention as Json)['Mode'], 'GOVERNANCE');
  assert.equal(await refusal('delete-object', ...version), 'AccessDenied');

  const RetainUntilDate = new Date(Date.now() + DAY_MS).toISOString();
  const sooner = ['--retention', JSON.stringify({ Mode: 'GOVERNANCE', RetainUntilDate })];
  assert.equal(await refusal('put-object-retention', ...version, ...sooner), 'AccessDenied');
  await call('put-object-retention', ...version, ...sooner, '--bypass-governance-retention');
  await call('put-object-legal-hold', ...version, '--legal-hold', 'Status=ON');
  assert.deepEqual(await call('get-object-legal-hold', ...version), { LegalHold: { Status: 'ON' } });
  assert.equal(await refusal('delete-object', ...version, '--bypass-governance-retention'), 'AccessDenied');
  await call('put-object-legal-hold', ...version, '--legal-hold', 'Status=OFF');
  await call('delete-object', ...version, '--bypass-governance-retention');
  assert.equal(await refusal('get-object-retention', ...version), 'NoSuchVersion');
}
