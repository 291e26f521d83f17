// What S3 requests leave in the audit trail.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditRecord } from '../../src/audit/entry.ts';
import { operations } from '../../src/s3/operations/table.ts';
import { requestFor } from '../support/operation-request.ts';
import type { RawReply, RawRequest } from '../support/raw-s3.ts';
import { rawS3 } from '../support/raw-s3.ts';
import { openTwoAccounts, type TwoAccounts } from './two-accounts.ts';

let accounts: TwoAccounts;
before(async () => {
  accounts = await openTwoAccounts();
});
after(() => accounts[Symbol.asyncDispose]());

const cli = async (...args: string[]): Promise<unknown> => accounts.s3.server?.cli(args);

async function auditedBucket(set: 'none' | 'write' | 'all'): Promise<string> {
  const bucket = await accounts.bucket();
  await cli('audit', 'data-access', '--bucket', bucket, '--set', set);
  return bucket;
}

/** After the second in which a worker keeps what nobody waits for. */
async function records(...filter: string[]): Promise<AuditRecord[]> {
  await sleep(1_800);
  const { items } = (await cli('audit', 'list', '--count', '1000', ...filter)) as { items: AuditRecord[] };
  return items;
}

const form = (bucket: string): RawRequest => ({
  method: 'POST',
  path: `/${bucket}`,
  auth: 'anonymous',
  headers: { 'content-type': 'multipart/form-data; boundary=b' },
  body:
    ['key', 'file'].map((name) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\nx\r\n`).join('') +
    '--b--\r\n',
});

const idOf = (reply: RawReply): string => String(reply.headers['x-amz-request-id']);

test('every operation of the table leaves exactly one record under its own name', async () => {
  const bucket = await auditedBucket('all');
  const { owner } = accounts;
  await owner.root({ method: 'PUT', path: `/${bucket}/key`, body: 'x' });
  const sent = new Map<string, string>();
  // the bucket goes last
  const inOrder = operations.toSorted((a, b) => Number(a.name === 'DeleteBucket') - Number(b.name === 'DeleteBucket'));
  for (const operation of inOrder) {
    const plain = operation.target === 'service' ? { path: '/' } : requestFor(operation, bucket);
    const request = operation.form === true ? form(bucket) : plain;
    for (const send of [accounts.stranger, owner.root]) sent.set(idOf(await send(request)), operation.name);
  }
  const found = Map.groupBy(
    await records('--from', new Date(Date.now() - 600_000).toISOString()),
    ({ requestId }) => requestId,
  );
  const wrong = [...sent].filter(([id, name]) => {
    const [record, ...more] = found.get(id) ?? [];
    // what is about objects ends with the bucket that asked for its records
    return more.length > 0 || record?.operation !== name;
  });
  assert.deepEqual(wrong, []);
});

test('a change of a bucket is in the trail before it is acknowledged', async () => {
  const bucket = await accounts.bucket();
  const reply = await accounts.owner.root({
    method: 'PUT',
    path: `/${bucket}`,
    query: 'versioning',
    body: '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
  });
  assert.equal(reply.status, 200);
  const { items } = (await cli('audit', 'list', '--request-id', idOf(reply))) as { items: AuditRecord[] };
  const [record] = items;
  assert.equal(record?.operation, 'PutBucketVersioning');
  assert.equal(record.action, 's3:PutBucketVersioning');
  assert.equal(record.resource, `arn:aws:s3:::${bucket}`);
  assert.deepEqual([record.category, record.access, record.outcome], ['management', 'write', 'success']);
  assert.deepEqual([record.who.type, record.who.accessKey], ['root', accounts.owner.key.accessKey]);
  assert.match(record.address, /127\.0\.0\.1|::1/);
});

test('requests for objects are recorded where the bucket asks for it, reads only where it asks for all', async () => {
  const [none, write, all] = [await auditedBucket('none'), await auditedBucket('write'), await auditedBucket('all')];
  const sent = new Map<string, string>();
  for (const [name, bucket] of Object.entries({ none, write, all })) {
    const put = await accounts.owner.root({ method: 'PUT', path: `/${bucket}/photo.jpg`, body: 'x' });
    const get = await accounts.owner.root({ path: `/${bucket}/photo.jpg` });
    sent.set(idOf(put), `${name} PutObject`).set(idOf(get), `${name} GetObject`);
  }
  const found = await records('--category', 'data', '--outcome', 'success');
  const named = found.flatMap(({ requestId }) => sent.get(requestId) ?? []);
  assert.deepEqual(named.toSorted(), ['all GetObject', 'all PutObject', 'write PutObject']);
  const [one] = await records('--resource', `${all}/photo*`, '--operation', 'GetObject');
  assert.equal(one?.resource, `arn:aws:s3:::${all}/photo.jpg`);
});

test('refusals are recorded: whose key it was, or that it was nobody’s', async () => {
  const bucket = await auditedBucket('all');
  const { owner, stranger, s3 } = accounts;
  const request = { path: `/${bucket}/key` };
  const wrongSecret = await rawS3({ ...s3, ...owner.key, secretKey: 'x'.repeat(40) })(request);
  const unknownKey = await rawS3({ ...s3, accessKey: 'AKIAUNKNOWNKEY', secretKey: 'x'.repeat(40) })(request);
  const anonymous = await stranger(request);
  const other = await accounts.other.root(request);
  const found = Map.groupBy(await records('--bucket', bucket, '--outcome', 'denied'), ({ requestId }) => requestId);
  const recordOf = (reply: RawReply): AuditRecord => {
    const [record] = found.get(idOf(reply)) ?? [];
    assert.ok(record !== undefined, `${reply.code}`);
    return record;
  };
  const byWrongSecret = recordOf(wrongSecret);
  assert.equal(byWrongSecret.code, 'SignatureDoesNotMatch');
  assert.deepEqual([byWrongSecret.who.type, byWrongSecret.who.accessKey], ['unknown', owner.key.accessKey]);
  assert.equal(recordOf(unknownKey).who.accessKey, 'AKIA…');
  assert.equal(recordOf(anonymous).who.type, 'anonymous');
  assert.equal(recordOf(other).accounts.length, 2, 'of both accounts');
});

test('a presigned URL leaves neither its signature nor its query in the trail', async () => {
  const bucket = await auditedBucket('all');
  await accounts.owner.root({ method: 'PUT', path: `/${bucket}/key`, body: 'x' });
  let signature = '';
  const reply = await accounts.owner.root({
    path: `/${bucket}/key`,
    auth: 'presigned',
    tamper: {
      signature: (text) => {
        signature = text;
        return text;
      },
    },
  });
  assert.equal(reply.status, 200);
  const [record] = await records('--request-id', idOf(reply));
  assert.ok(record !== undefined && signature.length === 64);
  assert.doesNotMatch(JSON.stringify(record), new RegExp(`${signature}|X-Amz-`));
});

test('one record of DeleteObjects names every key', async () => {
  const bucket = await auditedBucket('write');
  const body = '<Delete><Object><Key>a/1</Key></Object><Object><Key>b/2</Key></Object></Delete>';
  const reply = await accounts.owner.root({
    method: 'POST',
    path: `/${bucket}`,
    query: 'delete',
    body,
    checksum: 'CRC32',
  });
  assert.equal(reply.status, 200);
  const [byKey] = await records('--resource', `${bucket}/b/2`);
  assert.equal(byKey?.requestId, idOf(reply));
});
