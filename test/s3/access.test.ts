// What a key may do is what its creator may do, at the moment of the request.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type RawS3, rawS3 } from '../support/raw-s3.ts';
import { startServer } from '../support/start-server.ts';
import { createKey, openTarget } from './s3-target.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
// These tests need the operator's commands, so a server that TARGET names is of no use to them.
const server = s3.server ?? (await startServer());
const account = ['--account', server.rootEmail];
const bucket = await s3.bucket();

async function user(name: string, ...policies: string[]): Promise<RawS3> {
  await server.cli(['user', 'create', ...account, '--username', name]);
  for (const policy of policies) await attach(name, policy);
  return rawS3({ ...s3, ...(await createKey(server, ['--user', name])) });
}

const attach = (name: string, policy: string) =>
  server.cli(['policy', 'attach', ...account, '--user', name, '--policy', policy]);

async function policyFile(name: string, statements: readonly object[]): Promise<string> {
  const file = join(server.dataDir, `${name}.json`);
  await writeFile(file, JSON.stringify({ Version: '2012-10-17', Statement: statements }));
  return file;
}

before(async () => {
  for (const key of ['a', 'b']) await s3.raw({ method: 'PUT', path: `/${bucket}/${key}`, body: key });
});

test('a read-only user’s key reads and cannot write, until the policy says so', async () => {
  const reader = await user('reader', 'vStorageReadOnlyAccess');
  assert.equal((await reader({ path: `/${bucket}/a` })).text, 'a');
  assert.equal((await reader({ path: `/${bucket}` })).status, 200);
  const put = () => reader({ method: 'PUT', path: `/${bucket}/written`, body: 'x' });
  for (const reply of [await put(), await reader({ method: 'DELETE', path: `/${bucket}/a` })]) {
    assert.deepEqual([reply.status, reply.code], [403, 'AccessDenied']);
  }
  const copy = { method: 'PUT', path: `/${bucket}/c`, headers: { 'x-amz-copy-source': `${bucket}/a` } };
  assert.equal((await reader(copy)).status, 403);
  await attach('reader', 'vStorageFullAccess');
  assert.equal((await put()).status, 200);
});

test('without the right to list, a missing key is 403, with it 404', async () => {
  const allow = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource });
  const getOnly = await policyFile('get-only', [allow('s3:GetObject', `arn:aws:s3:::${bucket}/*`)]);
  const getter = await user('getter', getOnly);
  assert.equal((await getter({ path: `/${bucket}/a` })).status, 200);
  for (const method of ['GET', 'HEAD']) {
    assert.equal((await getter({ method, path: `/${bucket}/missing` })).status, 403);
  }
  await attach('getter', await policyFile('list', [allow('s3:ListBucket', `arn:aws:s3:::${bucket}`)]));
  assert.equal((await getter({ path: `/${bucket}/missing` })).code, 'NoSuchKey');
});

test('a copy needs the right to read its source and to write its target', async () => {
  const writeOnly = await policyFile('write-only', [
    { Effect: 'Allow', Action: 's3:PutObject', Resource: `arn:aws:s3:::${bucket}/*` },
  ]);
  const writer = await user('writer', writeOnly);
  assert.equal((await writer({ method: 'PUT', path: `/${bucket}/w`, body: 'w' })).status, 200);
  const copy = { method: 'PUT', path: `/${bucket}/w2`, headers: { 'x-amz-copy-source': `${bucket}/a` } };
  const refused = await writer(copy);
  assert.deepEqual([refused.status, refused.code], [403, 'AccessDenied']);
});

test('each key of a bulk delete needs its own right', async () => {
  const onlyB = await policyFile('only-b', [
    { Effect: 'Allow', Action: 's3:DeleteObject', Resource: `arn:aws:s3:::${bucket}/b` },
  ]);
  const deleter = await user('deleter', onlyB);
  const body = '<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object></Delete>';
  const reply = await deleter({ method: 'POST', path: `/${bucket}`, query: 'delete', body, checksum: 'CRC32' });
  assert.equal(reply.status, 200);
  assert.match(reply.text, /<Error><Key>a<\/Key><Code>AccessDenied<\/Code>/);
  assert.match(reply.text, /<Deleted><Key>b<\/Key><\/Deleted>/);
  assert.equal((await s3.raw({ path: `/${bucket}/a` })).status, 200);
});

test('a condition on a header holds for the header in the query of a presigned URL too', async () => {
  const noArchive = await policyFile('no-archive', [
    { Effect: 'Allow', Action: 's3:PutObject', Resource: `arn:aws:s3:::${bucket}/*` },
    {
      Effect: 'Deny',
      Action: 's3:PutObject',
      Resource: '*',
      Condition: { StringEquals: { 's3:x-amz-storage-class': 'DEEP_ARCHIVE' } },
    },
  ]);
  const thrifty = await user('thrifty', noArchive);
  const put = (query: string) => thrifty({ method: 'PUT', path: `/${bucket}/t`, body: 't', auth: 'presigned', query });
  assert.equal((await put('x-amz-storage-class=STANDARD')).status, 200);
  assert.equal((await put('x-amz-storage-class=DEEP_ARCHIVE')).status, 403);
});

test('a key reaches the buckets of its own project only', async () => {
  await server.cli(['project', 'create', ...account, '--name', 'other-project']);
  const other = rawS3({ ...s3, ...(await createKey(server, ['--project', 'other-project'])) });
  for (const path of [`/${bucket}`, `/${bucket}/a`]) {
    const reply = await other({ path });
    assert.deepEqual([reply.status, reply.code], [403, 'AccessDenied']);
  }
  assert.equal((await other({ path: '/' })).text.includes(bucket), false);
  const taken = await other({ method: 'PUT', path: `/${bucket}` });
  assert.deepEqual([taken.status, taken.code], [409, 'BucketAlreadyExists']);
});

test('a deleted key and a disabled user’s key are dead at the next request', async () => {
  const made = (await server.cli(['s3-key', 'create', ...account, '--project', 'default'])) as {
    id: string;
    accessKey: string;
    secretKey: string;
  };
  const doomed = rawS3({ ...s3, ...made });
  assert.equal((await doomed({ path: `/${bucket}` })).status, 200);
  await server.cli(['s3-key', 'delete', made.id, '--yes']);
  const reply = await doomed({ path: `/${bucket}` });
  assert.deepEqual([reply.status, reply.code], [403, 'InvalidAccessKeyId']);
});

test('a presigned URL dies with its key', async () => {
  const made = (await server.cli(['s3-key', 'create', ...account, '--project', 'default'])) as {
    id: string;
    accessKey: string;
    secretKey: string;
  };
  const doomed = rawS3({ ...s3, ...made });
  const presigned = { path: `/${bucket}/a`, auth: 'presigned' } as const;
  assert.equal((await doomed(presigned)).status, 200);
  await server.cli(['s3-key', 'delete', made.id, '--yes']);
  assert.equal((await doomed(presigned)).code, 'InvalidAccessKeyId');
});
