// Keys that may do less than their creator: what is outside of a restriction is refused, whoever else allows it.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { rawS3, type RawS3 } from '../support/raw-s3.ts';
import { createKey, openTarget } from './s3-target.ts';

const s3 = await openTarget(['--limit', 'keys-per-account=100']);
after(() => s3[Symbol.asyncDispose]());
const { server, raw } = s3;
const [photos, other] = [await s3.bucket(), await s3.bucket()];
for (const bucket of [photos, other]) {
  for (const name of ['in/a', 'in/b', 'out']) await raw({ method: 'PUT', path: `/${bucket}/${name}`, body: name });
}

type Made = { readonly id: string; readonly accessKey: string; readonly secretKey: string };

async function restricted(...options: string[]): Promise<Made & { readonly s3: RawS3 }> {
  assert.ok(server !== null);
  const made = (await createKey(server, options)) as Made;
  return { ...made, s3: rawS3({ ...s3, ...made }) };
}

const statuses = async (key: RawS3, ...requests: readonly (readonly [string, string])[]): Promise<number[]> => {
  const replies: number[] = [];
  for (const [method, url] of requests) {
    const [path = '', query = ''] = url.split('?');
    replies.push((await key({ method, path, ...(query === '' ? {} : { query }) })).status);
  }
  return replies;
};

test('a key for one bucket reaches that bucket only, and lists no other', { skip: server === null }, async () => {
  const key = await restricted('--bucket', photos);
  assert.deepEqual(
    await statuses(key.s3, ['GET', `/${photos}/out`], ['GET', `/${photos}`], ['GET', `/${photos}?location`]),
    [200, 200, 200],
  );
  assert.deepEqual(
    await statuses(
      key.s3,
      ['GET', `/${other}/out`],
      ['GET', `/${other}`],
      ['PUT', `/${other}/x`],
      ['DELETE', `/${other}`],
    ),
    [403, 403, 403, 403],
  );
  const { text } = await key.s3({ path: '/' });
  assert.ok(text.includes(photos) && !text.includes(other));
  const copied = await key.s3({
    method: 'PUT',
    path: `/${photos}/stolen`,
    headers: { 'x-amz-copy-source': `/${other}/out` },
  });
  assert.deepEqual([copied.status, copied.code], [403, 'AccessDenied']);
});

test('a key below a prefix reads, writes and lists there only', { skip: server === null }, async () => {
  const key = await restricted('--bucket', photos, '--prefix', 'in/');
  assert.deepEqual(
    await statuses(
      key.s3,
      ['GET', `/${photos}/in/a`],
      ['PUT', `/${photos}/in/new`],
      ['DELETE', `/${photos}/in/new`],
      ['GET', `/${photos}?list-type=2&prefix=in/`],
    ),
    [200, 200, 204, 200],
  );
  assert.deepEqual(
    await statuses(
      key.s3,
      ['GET', `/${photos}/out`],
      ['PUT', `/${photos}/new`],
      ['GET', `/${photos}?list-type=2`],
      ['GET', `/${photos}?list-type=2&prefix=i`],
      ['GET', `/${photos}?policy`],
      ['DELETE', `/${photos}`],
    ),
    [403, 403, 403, 403, 403, 403],
  );
});

test('each verb gives what it says and nothing else', { skip: server === null }, async () => {
  const asks: readonly (readonly [string, string])[] = [
    ['GET', `/${photos}/out`],
    ['GET', `/${photos}`],
    ['PUT', `/${photos}/written`],
    ['DELETE', `/${photos}/written`],
    ['PUT', `/${photos}?versioning`],
  ];
  const of = async (verb: string): Promise<number[]> => statuses((await restricted('--allow', verb)).s3, ...asks);
  assert.deepEqual(await of('read'), [200, 403, 403, 403, 403]);
  assert.deepEqual(await of('list'), [403, 200, 403, 403, 403]);
  assert.deepEqual(await of('write'), [403, 403, 200, 403, 403]);
  assert.deepEqual(await of('delete'), [403, 403, 403, 204, 403]);
});

test('several deletes in one request are asked for one by one', { skip: server === null }, async () => {
  const key = await restricted('--bucket', photos, '--prefix', 'in/', '--allow', 'delete');
  const names = ['in/b', 'out'].map((name) => `<Object><Key>${name}</Key></Object>`).join('');
  const { status, text } = await key.s3({
    method: 'POST',
    path: `/${photos}`,
    query: 'delete',
    body: `<Delete>${names}</Delete>`,
    checksum: 'CRC32',
  });
  assert.equal(status, 200);
  assert.match(text, /<Deleted><Key>in\/b<\/Key>/);
  assert.match(text, /<Error><Key>out<\/Key>.*AccessDenied/);
  assert.equal((await raw({ path: `/${photos}/out` })).status, 200);
});

test('a key works from its networks only', { skip: server === null }, async () => {
  const here = await restricted('--network', '127.0.0.0/8', '--network', '::1');
  const elsewhere = await restricted('--network', '192.0.2.0/24');
  assert.equal((await here.s3({ path: `/${photos}/out` })).status, 200);
  const refused = await elsewhere.s3({ path: `/${photos}/out` });
  assert.deepEqual([refused.status, refused.code], [403, 'AccessDenied']);
  assert.match(refused.text, /restriction of this S3 key/);
});

test('a bucket policy does not widen a restricted key', { skip: server === null }, async () => {
  const policy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: [`arn:aws:s3:::${other}/*`] }],
  };
  await raw({ method: 'DELETE', path: `/${other}`, query: 'publicAccessBlock' });
  await raw({ method: 'PUT', path: `/${other}`, query: 'policy', body: JSON.stringify(policy) });
  assert.equal((await raw({ path: `/${other}/out`, auth: 'anonymous' })).status, 200);
  const key = await restricted('--bucket', photos);
  assert.equal((await key.s3({ path: `/${other}/out` })).status, 403);
});

test('a changed restriction is in force at the next request, for presigned URLs too', {
  skip: server === null,
}, async () => {
  assert.ok(server !== null);
  const key = await restricted();
  const presigned = { path: `/${photos}/out`, auth: 'presigned' } as const;
  assert.equal((await key.s3(presigned)).status, 200);
  await server.cli(['s3-key', 'restrict', key.id, '--bucket', other]);
  for (let attempt = 0; attempt < 6; attempt++) assert.equal((await key.s3(presigned)).status, 403);
  await server.cli(['s3-key', 'restrict', key.id, '--none']);
  assert.equal((await key.s3(presigned)).status, 200);
});

test('a rotated key: both pairs work, then the new one alone', { skip: server === null }, async () => {
  assert.ok(server !== null);
  const old = await restricted();
  const made = (await server.cli(['s3-key', 'rotate', old.id, '--overlap', '2s'])) as Made;
  const rotatedAt = Date.now();
  const next = rawS3({ ...s3, ...made });
  const presigned = { path: `/${photos}/out`, auth: 'presigned' } as const;
  assert.deepEqual([(await old.s3(presigned)).status, (await next(presigned)).status], [200, 200]);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, rotatedAt + 2001 - Date.now())));
  const reply = await old.s3(presigned);
  assert.deepEqual([reply.status, reply.code, (await next(presigned)).status], [403, 'InvalidAccessKeyId', 200]);
});

test('the list shows when, for what and from where a key was last used', { skip: server === null }, async () => {
  assert.ok(server !== null);
  const key = await restricted();
  const began = Date.now();
  await key.s3({ path: `/${photos}/out` });
  const listed = (await server.cli(['s3-key', 'list', '--account', server.rootEmail])) as Record<string, unknown>[];
  const shown = listed.find(({ id }) => id === key.id) ?? {};
  assert.deepEqual([shown['lastUsedAction'], shown['lastUsedFrom']], ['s3:GetObject', '127.0.0.1']);
  assert.ok(Date.parse(String(shown['lastUsed'])) >= began);
});
