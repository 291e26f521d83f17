// Lifecycle rules over HTTPS: what is taken and shown, what the headers say, and the job at work with short days.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import * as sdk from '@aws-sdk/client-s3';
import { openTarget, refusalOf } from './s3-target.ts';

const DAY_MS = 2_000;
const s3 = await openTarget(['--lifecycle-day', '2s', '--storage-class', 'COLD=files:']);
after(() => s3[Symbol.asyncDispose]());
const { client, raw } = s3;

const setRules = (Bucket: string, ...Rules: sdk.LifecycleRule[]) =>
  client.send(new sdk.PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));

const getRules = async (Bucket: string) =>
  (await client.send(new sdk.GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules;

async function until(what: string, check: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`${what} did not happen`);
    await sleep(200);
  }
}

const keysIn = async (Bucket: string): Promise<(string | undefined)[]> =>
  ((await client.send(new sdk.ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key);

// checklist 44
test('every kind of rule comes back as it was set', async () => {
  const Bucket = await s3.bucket();
  const rules: sdk.LifecycleRule[] = [
    { ID: 'of old', Prefix: 'old/', Status: 'Enabled', Expiration: { Days: 31 } },
    {
      ID: 'all',
      Filter: { Prefix: '' },
      Status: 'Disabled',
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    },
    { ID: 'date', Filter: { Prefix: 'd' }, Status: 'Enabled', Expiration: { Date: new Date('2030-01-01T00:00:00Z') } },
    { ID: 'tag', Filter: { Tag: { Key: 'k', Value: 'v' } }, Status: 'Enabled', Expiration: { Days: 1 } },
    {
      ID: 'and',
      Filter: {
        And: {
          Prefix: 'a/',
          Tags: [
            { Key: 'k', Value: 'v' },
            { Key: 'l', Value: '' },
          ],
          ObjectSizeGreaterThan: 10,
          ObjectSizeLessThan: 1000,
        },
      },
      Status: 'Enabled',
      Transitions: [
        { Days: 30, StorageClass: 'STANDARD_IA' },
        { Days: 60, StorageClass: 'DEEP_ARCHIVE' },
      ],
      Expiration: { Days: 90 },
      NoncurrentVersionTransitions: [
        { NoncurrentDays: 5, NewerNoncurrentVersions: 2, StorageClass: 'COLD' as sdk.TransitionStorageClass },
      ],
      NoncurrentVersionExpiration: { NoncurrentDays: 10, NewerNoncurrentVersions: 3 },
    },
    { ID: 'markers', Filter: { Prefix: 'm/' }, Status: 'Enabled', Expiration: { ExpiredObjectDeleteMarker: true } },
    { ID: 'size', Filter: { ObjectSizeGreaterThan: 0 }, Status: 'Enabled', Expiration: { Days: 1 } },
  ];
  await setRules(Bucket, ...rules);
  assert.deepEqual(await getRules(Bucket), rules);
});

test('a rule without an id gets one', async () => {
  const Bucket = await s3.bucket();
  await setRules(Bucket, { Filter: { Prefix: 'x' }, Status: 'Enabled', Expiration: { Days: 1 } });
  assert.match((await getRules(Bucket))?.[0]?.ID ?? '', /^\S{20,}$/);
});

test('deleting the rules is 204, also when there are none', async () => {
  const Bucket = await s3.bucket();
  for (let times = 0; times < 2; times++) {
    const { $metadata } = await client.send(new sdk.DeleteBucketLifecycleCommand({ Bucket }));
    assert.equal($metadata.httpStatusCode, 204);
    assert.deepEqual(await refusalOf(getRules(Bucket)), [404, 'NoSuchLifecycleConfiguration']);
    await setRules(Bucket, { Filter: { Prefix: 'x' }, Status: 'Enabled', Expiration: { Days: 1 } });
    await client.send(new sdk.DeleteBucketLifecycleCommand({ Bucket }));
  }
});

const rule = (inner: string, scope = '<Filter><Prefix>a</Prefix></Filter>', status = 'Enabled'): string =>
  `<Rule>${scope}<Status>${status}</Status>${inner}</Rule>`;
const expireIn = (days: string): string => `<Expiration><Days>${days}</Days></Expiration>`;
const moveTo = (name: string, days = 1): string =>
  `<Transition><Days>${days}</Days><StorageClass>${name}</StorageClass></Transition>`;

// checklist 44
test('rules that S3 refuses are refused with its codes', async () => {
  const Bucket = await s3.bucket();
  const id = (text: string): string => `<ID>${text}</ID>`;
  const tag = '<Tag><Key>k</Key><Value>v</Value></Tag>';
  const table: [string, string][] = [
    ['', 'MalformedXML'],
    [rule(''), 'InvalidRequest'],
    [rule(expireIn('1'), ''), 'MalformedXML'],
    [rule(expireIn('1'), '<Prefix>a</Prefix><Filter/>'), 'MalformedXML'],
    [rule(expireIn('1'), `<Filter><Prefix>a</Prefix>${tag}</Filter>`), 'MalformedXML'],
    [rule(expireIn('1'), `<Filter><And>${tag}</And></Filter>`), 'MalformedXML'],
    [rule(expireIn('1'), '<Filter><Nonsense>a</Nonsense></Filter>'), 'MalformedXML'],
    [rule(expireIn('1'), undefined, 'enabled'), 'MalformedXML'],
    [rule(expireIn('0')), 'InvalidArgument'],
    [rule(expireIn('-1')), 'InvalidArgument'],
    [rule(expireIn('x')), 'MalformedXML'],
    [rule('<Expiration><Date>2030-01-01T01:00:00Z</Date></Expiration>'), 'InvalidArgument'],
    [rule('<Expiration><Date>20300101</Date></Expiration>'), 'MalformedXML'],
    [
      rule('<Expiration><Days>1</Days><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>'),
      'MalformedXML',
    ],
    [rule(id('x'.repeat(256)) + expireIn('1')), 'InvalidArgument'],
    [rule(id('x') + expireIn('1')) + rule(id('x') + expireIn('2')), 'InvalidArgument'],
    [rule(expireIn('5') + moveTo('STANDARD_IA', 5)), 'InvalidArgument'],
    [rule(moveTo('DEEP_ARCHIVE', 5) + moveTo('STANDARD_IA', 6)), 'InvalidArgument'],
    [rule(moveTo('STANDARD_IA', 5) + moveTo('STANDARD_IA', 6)), 'InvalidRequest'],
    [rule(moveTo('STANDARD')), 'MalformedXML'],
    [rule(moveTo('GLACIER_IR')), 'MalformedXML'],
    [rule(`${moveTo('STANDARD_IA')}<Expiration><Date>2030-01-01T00:00:00Z</Date></Expiration>`), 'InvalidRequest'],
    [
      rule(
        '<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>',
        `<Filter>${tag}</Filter>`,
      ),
      'InvalidRequest',
    ],
    [
      rule(
        '<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays><NewerNoncurrentVersions>101</NewerNoncurrentVersions></NoncurrentVersionExpiration>',
      ),
      'InvalidArgument',
    ],
    [Array.from({ length: 1001 }, () => rule(expireIn('1'))).join(''), 'MalformedXML'],
  ];
  for (const [rules, code] of table) {
    const body = `<LifecycleConfiguration>${rules}</LifecycleConfiguration>`;
    const reply = await raw({ method: 'PUT', path: `/${Bucket}`, query: 'lifecycle', body });
    assert.deepEqual([reply.status, reply.code], [400, code], rules.slice(0, 200));
  }
  assert.deepEqual(await refusalOf(getRules(Bucket)), [404, 'NoSuchLifecycleConfiguration']);
  const most = Array.from({ length: 1000 }, () => rule(expireIn('1'))).join('');
  const body = `<LifecycleConfiguration>${most}</LifecycleConfiguration>`;
  assert.equal((await raw({ method: 'PUT', path: `/${Bucket}`, query: 'lifecycle', body })).status, 200);
});

// checklist 44
test('writes and reads say when an object expires, at midnight UTC, and by which rule', async () => {
  const Bucket = await s3.bucket();
  await setRules(Bucket, {
    ID: 'in ten days',
    Filter: { Prefix: 'logs/' },
    Status: 'Enabled',
    Expiration: { Days: 10 },
  });
  const put = await client.send(new sdk.PutObjectCommand({ Bucket, Key: 'logs/a', Body: 'x' }));
  const expected = /^expiry-date="(\w{3}, \d\d \w{3} \d{4} 00:00:00 GMT)", rule-id="in%20ten%20days"$/;
  const [, date = ''] = expected.exec(put.Expiration ?? '') ?? [];
  const days = (Date.parse(date) - Date.now()) / 86_400_000;
  assert.ok(days > 9.99 && days <= 11, String(put.Expiration));
  const head = await client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'logs/a' }));
  assert.equal(head.Expiration, put.Expiration);
  const get = await client.send(new sdk.GetObjectCommand({ Bucket, Key: 'logs/a' }));
  assert.equal(get.Expiration, put.Expiration);
  const copy = await client.send(new sdk.CopyObjectCommand({ Bucket, Key: 'logs/b', CopySource: `${Bucket}/logs/a` }));
  assert.equal(copy.Expiration, put.Expiration);
  const other = await client.send(new sdk.PutObjectCommand({ Bucket, Key: 'other', Body: 'x' }));
  assert.equal(other.Expiration, undefined);
});

test('beginning an upload says when and by which rule it is aborted', async () => {
  const Bucket = await s3.bucket();
  await setRules(Bucket, {
    ID: 'abort',
    Filter: { Prefix: '' },
    Status: 'Enabled',
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 },
  });
  const { AbortDate, AbortRuleId } = await client.send(new sdk.CreateMultipartUploadCommand({ Bucket, Key: 'a' }));
  assert.equal(AbortRuleId, 'abort');
  assert.equal((AbortDate?.getTime() ?? 1) % 86_400_000, 0);
});

test('with short days objects expire, move, and uploads are aborted', async () => {
  const Bucket = await s3.bucket();
  const body = Buffer.alloc(300_000, 'x');
  for (const Key of ['gone/a', 'kept/a', 'cold/a']) {
    await client.send(new sdk.PutObjectCommand({ Bucket, Key, Body: body }));
  }
  await client.send(new sdk.CreateMultipartUploadCommand({ Bucket, Key: 'gone/upload' }));
  await setRules(
    Bucket,
    {
      ID: 'gone',
      Filter: { Prefix: 'gone/' },
      Status: 'Enabled',
      Expiration: { Days: 1 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    },
    {
      ID: 'cold',
      Filter: { Prefix: 'cold/' },
      Status: 'Enabled',
      Transitions: [{ Days: 1, StorageClass: 'COLD' as sdk.TransitionStorageClass }],
    },
  );
  const startedAt = Date.now();
  await until('the expiry', async () => !(await keysIn(Bucket)).includes('gone/a'));
  assert.ok(Date.now() - startedAt < 5 * DAY_MS);
  await until('the abort', async () => {
    const { Uploads } = await client.send(new sdk.ListMultipartUploadsCommand({ Bucket }));
    return (Uploads ?? []).length === 0;
  });
  await until('the transition', async () => {
    const { StorageClass } = await client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'cold/a' }));
    return (StorageClass as string | undefined) === 'COLD';
  });
  const moved = await client.send(new sdk.GetObjectCommand({ Bucket, Key: 'cold/a' }));
  assert.deepEqual(Buffer.from((await moved.Body?.transformToByteArray()) ?? []), body);
  assert.deepEqual(await keysIn(Bucket), ['cold/a', 'kept/a']);
});

test('a storage class the server was not given is refused by name', async () => {
  const Bucket = await s3.bucket();
  const put = (StorageClass: string) =>
    client.send(
      new sdk.PutObjectCommand({ Bucket, Key: 'a', StorageClass: StorageClass as sdk.StorageClass, Body: 'x' }),
    );
  assert.deepEqual(await refusalOf(put('GLACIER')), [400, 'InvalidStorageClass']);
  await put('COLD');
  const { Contents } = await client.send(new sdk.ListObjectsV2Command({ Bucket }));
  assert.equal(Contents?.[0]?.StorageClass, 'COLD');
});

test('an archived object is read only while it is restored', async () => {
  const Bucket = await s3.bucket();
  const Key = 'archived';
  await client.send(new sdk.PutObjectCommand({ Bucket, Key, Body: 'cold bytes', StorageClass: 'DEEP_ARCHIVE' }));
  const get = () => client.send(new sdk.GetObjectCommand({ Bucket, Key }));
  const copy = () => client.send(new sdk.CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/${Key}` }));
  const restore = (Days: number) =>
    client.send(new sdk.RestoreObjectCommand({ Bucket, Key, RestoreRequest: { Days } }));
  assert.deepEqual(await refusalOf(get()), [403, 'InvalidObjectState']);
  assert.deepEqual(await refusalOf(copy()), [403, 'InvalidObjectState']);
  const before = await client.send(new sdk.HeadObjectCommand({ Bucket, Key }));
  assert.deepEqual([before.StorageClass, before.Restore], ['DEEP_ARCHIVE', undefined]);
  assert.deepEqual(await refusalOf(restore(0)), [400, 'InvalidArgument']);
  assert.equal((await restore(1)).$metadata.httpStatusCode, 202);
  assert.equal((await restore(1)).$metadata.httpStatusCode, 200);
  const head = await client.send(new sdk.HeadObjectCommand({ Bucket, Key }));
  assert.match(head.Restore ?? '', /^ongoing-request="false", expiry-date="\w{3}, .* GMT"$/);
  assert.equal(await (await get()).Body?.transformToString(), 'cold bytes');
  await copy();
  await until('the end of the restore', async () => (await refusalOf(get()))?.[1] === 'InvalidObjectState');
  assert.equal((await client.send(new sdk.HeadObjectCommand({ Bucket, Key }))).Restore, undefined);
});

test('what is not archived cannot be restored', async () => {
  const Bucket = await s3.bucket();
  await client.send(new sdk.PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
  const restore = client.send(new sdk.RestoreObjectCommand({ Bucket, Key: 'a', RestoreRequest: { Days: 1 } }));
  assert.deepEqual(await refusalOf(restore), [403, 'InvalidObjectState']);
});
