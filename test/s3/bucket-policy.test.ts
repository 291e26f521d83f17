// Bucket policies over HTTPS: who they let in and keep out, across two accounts, IAM users and strangers.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { RawRequest, RawS3 } from '../support/raw-s3.ts';
import { openTwoAccounts } from './two-accounts.ts';

const world = await openTwoAccounts();
after(() => world[Symbol.asyncDispose]());
const { owner, other, stranger, user, putPolicy } = world;

const arns = (bucket: string): string[] => [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
const allow = (bucket: string, AWS: string, Action: string | string[], more: object = {}): object => ({
  Effect: 'Allow',
  Principal: { AWS },
  Action,
  Resource: arns(bucket),
  ...more,
});
const deny = (bucket: string, Action: string | string[], Condition?: object): object => ({
  Effect: 'Deny',
  Principal: '*',
  Action,
  Resource: arns(bucket),
  ...(Condition === undefined ? {} : { Condition }),
});
const full = { Effect: 'Allow', Action: 's3:*', Resource: '*' };

async function bucketWith(objects: Readonly<Record<string, string>>, kind: 'closed' | 'open' = 'closed') {
  const bucket = await world.bucket(kind);
  for (const [key, body] of Object.entries(objects)) {
    await owner.root({ method: 'PUT', path: `/${bucket}/${key}`, body });
  }
  return bucket;
}

const status = async (as: RawS3, request: RawRequest): Promise<number> => (await as(request)).status;

test('a policy comes back as it was sent, has a status, and goes', async () => {
  const bucket = await world.bucket();
  const policy = (method: string, body?: string) =>
    owner.root({ method, path: `/${bucket}`, query: 'policy', ...(body === undefined ? {} : { body }) });
  assert.deepEqual([(await policy('GET')).status, (await policy('GET')).code], [404, 'NoSuchBucketPolicy']);
  const document = JSON.stringify({ Statement: [allow(bucket, other.accountId, 's3:GetObject')] }, null, 3);
  assert.equal((await policy('PUT', document)).status, 204);
  const reply = await policy('GET');
  assert.deepEqual([reply.text, reply.headers['content-type']], [document, 'application/json']);
  const shown = await owner.root({ path: `/${bucket}`, query: 'policyStatus' });
  assert.equal(shown.field('IsPublic'), 'false');
  assert.equal((await policy('DELETE')).status, 204);
  assert.equal((await policy('DELETE')).status, 204);
  assert.equal((await owner.root({ path: `/${bucket}`, query: 'policyStatus' })).code, 'NoSuchBucketPolicy');
});

test('a policy that cannot be used is refused with S3’s sentence and a detail of what to write', async () => {
  const bucket = await world.bucket();
  const reply = await putPolicy(bucket, [allow('another-bucket', other.accountId, 's3:GetObject')]);
  assert.deepEqual([reply.status, reply.code, reply.message], [400, 'MalformedPolicy', 'Policy has invalid resource']);
  assert.match(reply.field('Detail') ?? '', new RegExp(`arn:aws:s3:::${bucket}`));
});

test('a policy that names nobody there is refused: a Deny would deny nobody', async () => {
  const bucket = await world.bucket();
  for (const nobody of ['999999999999', `arn:aws:iam::${owner.accountId}:user/nobody`]) {
    const reply = await putPolicy(bucket, [{ ...deny(bucket, 's3:*'), Principal: { AWS: nobody } }]);
    assert.deepEqual([reply.code, reply.message], ['MalformedPolicy', 'Invalid principal in policy']);
    assert.equal(reply.field('Detail'), `"AWS" : "${nobody}"`);
  }
});

test('another account’s root key reaches what the policy grants its account, and nothing else', async () => {
  const bucket = await bucketWith({ a: 'a' });
  const get: RawRequest = { path: `/${bucket}/a` };
  assert.equal(await status(other.root, get), 403);
  await putPolicy(bucket, [allow(bucket, `arn:aws:iam::${other.accountId}:root`, ['s3:GetObject', 's3:ListBucket'])]);
  assert.equal((await other.root(get)).text, 'a');
  assert.equal(await status(other.root, { path: `/${bucket}` }), 200);
  assert.equal(await status(other.root, { method: 'PUT', path: `/${bucket}/b`, body: 'b' }), 403);
  assert.equal(await status(stranger, get), 403);
  assert.equal((await other.root({ path: '/' })).text.includes(bucket), false);
});

test('another account’s IAM user needs the owner’s grant and its own account’s', async () => {
  const bucket = await bucketWith({ a: 'a' });
  const without = await user(other, 'other-without');
  const having = await user(other, 'other-having', [full]);
  const get: RawRequest = { path: `/${bucket}/a` };
  for (const named of [other.accountId, `arn:aws:iam::${other.accountId}:user/other-having`]) {
    await putPolicy(bucket, [allow(bucket, named, 's3:GetObject')]);
    assert.deepEqual([await status(having, get), await status(without, get)], [200, 403], named);
  }
});

test('an IAM user of the account itself needs no policy of its own once the bucket’s names it', async () => {
  const bucket = await bucketWith({ a: 'a' });
  const annie = await user(owner, 'annie');
  const get: RawRequest = { path: `/${bucket}/a` };
  await putPolicy(bucket, [allow(bucket, owner.accountId, 's3:GetObject')]);
  assert.equal(await status(annie, get), 403, 'a grant to the account is its root’s to hand on');
  const localPart = owner.email.split('@')[0] ?? '';
  for (const named of [
    `arn:aws:iam::${owner.accountId}:user/annie`,
    `arn:aws:iam:::user/${localPart}-${owner.accountId}:iam-annie`,
  ]) {
    assert.equal((await putPolicy(bucket, [allow(bucket, named, 's3:GetObject')])).status, 204, named);
    assert.equal(await status(annie, get), 200, named);
    assert.equal(await status(annie, { method: 'DELETE', path: `/${bucket}/a` }), 403);
  }
});

test('whoever takes a deleted user’s name over does not inherit its grants', async () => {
  const bucket = await bucketWith({ a: 'a' });
  const server = world.s3.server;
  assert.ok(server);
  const first = await user(owner, 'heiress');
  await putPolicy(bucket, [allow(bucket, `arn:aws:iam::${owner.accountId}:user/heiress`, 's3:GetObject')]);
  assert.equal(await status(first, { path: `/${bucket}/a` }), 200);
  await server.cli(['user', 'delete', 'heiress', '--account', owner.email, '--yes']);
  const second = await user(owner, 'heiress');
  assert.equal(await status(second, { path: `/${bucket}/a` }), 403);
});

// checklist 49
test('an explicit deny binds the owner too, who can always read, replace and delete the policy', async () => {
  const bucket = await bucketWith({ a: 'a' });
  const admin = await user(owner, 'admin', [full]);
  assert.equal((await putPolicy(bucket, [deny(bucket, 's3:*')])).status, 204);
  const refused = await owner.root({ path: `/${bucket}/a` });
  assert.deepEqual([refused.status, refused.code], [403, 'AccessDenied']);
  assert.match(refused.message ?? '', /explicit deny in a resource-based policy/);
  for (const method of ['GET', 'DELETE']) {
    assert.equal(await status(admin, { method, path: `/${bucket}`, query: 'policy' }), 403);
  }
  assert.equal(await status(owner.root, { path: `/${bucket}`, query: 'policy' }), 200);
  assert.equal((await putPolicy(bucket, [deny(bucket, 's3:DeleteObject')])).status, 204);
  assert.equal(await status(owner.root, { path: `/${bucket}/a` }), 200);
  assert.equal(await status(owner.root, { method: 'DELETE', path: `/${bucket}/a` }), 403);
  assert.equal(await status(owner.root, { method: 'DELETE', path: `/${bucket}`, query: 'policy' }), 204);
});

test('the policy of a bucket is its own account’s business, whatever it grants', async () => {
  const bucket = await world.bucket();
  await putPolicy(bucket, [allow(bucket, other.accountId, 's3:*')]);
  for (const method of ['GET', 'DELETE']) {
    const reply = await other.root({ method, path: `/${bucket}`, query: 'policy' });
    assert.deepEqual([reply.status, reply.code], [405, 'MethodNotAllowed']);
  }
  assert.equal((await putPolicy(bucket, [], other.root)).status, 405);
});

// checklist 49
test('conditions speak of the address, the connection and the request', async () => {
  const bucket = await bucketWith({ 'home/a': 'a', b: 'b' });
  const asks = async (Condition: object, request: RawRequest, Action = 's3:GetObject'): Promise<number> => {
    const reply = await putPolicy(bucket, [allow(bucket, other.accountId, Action, { Condition })]);
    assert.equal(reply.status, 204, reply.text);
    return status(other.root, request);
  };
  const get: RawRequest = { path: `/${bucket}/b` };
  const list = (query: string): RawRequest => ({ path: `/${bucket}`, query });
  assert.equal(await asks({ IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, get), 200);
  assert.equal(await asks({ IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }, get), 403);
  assert.equal(await asks({ Bool: { 'aws:SecureTransport': 'true' } }, get), 200);
  assert.equal(await asks({ Bool: { 'aws:SecureTransport': 'false' } }, get), 403);
  const prefix = { StringLike: { 's3:prefix': 'home/*' } };
  assert.equal(await asks(prefix, list('prefix=home%2Fa'), 's3:ListBucket'), 200);
  assert.equal(await asks(prefix, list('prefix=b'), 's3:ListBucket'), 403);
  assert.equal(await asks(prefix, list(''), 's3:ListBucket'), 403);
  const few = { NumericLessThanEquals: { 's3:max-keys': '10' } };
  assert.equal(await asks(few, list('max-keys=10'), 's3:ListBucket'), 200);
  assert.equal(await asks(few, list('max-keys=11'), 's3:ListBucket'), 403);
  const referer = { StringLike: { 'aws:Referer': 'https://example.com/*' } };
  assert.equal(await asks(referer, { ...get, headers: { referer: 'https://example.com/page' } }), 200);
  assert.equal(await asks(referer, get), 403);
  const version = { StringEquals: { 's3:signatureversion': 'AWS4-HMAC-SHA256', 's3:authType': 'REST-QUERY-STRING' } };
  assert.equal(await asks(version, { ...get, auth: 'presigned' }), 200);
  assert.equal(await asks(version, get), 403);
});

test('conditions on what a write carries hold for headers and for the query of a presigned URL', async () => {
  const bucket = await bucketWith({ 'public/a': 'a', 'private/a': 'a' }, 'open');
  const copies = { StringLike: { 's3:x-amz-copy-source': `${bucket}/public/*` } };
  await putPolicy(bucket, [
    allow(bucket, other.accountId, ['s3:GetObject', 's3:PutObjectAcl']),
    allow(bucket, other.accountId, 's3:PutObject', { Condition: copies }),
  ]);
  const copy = (source: string): RawRequest => ({
    method: 'PUT',
    path: `/${bucket}/copy`,
    headers: { 'x-amz-copy-source': source },
  });
  for (const source of [`${bucket}/public/a`, `/${bucket}/public%2Fa`]) {
    assert.equal(await status(other.root, copy(source)), 200, source);
  }
  assert.equal(await status(other.root, copy(`${bucket}/private/a`)), 403);
  assert.equal(await status(other.root, { method: 'PUT', path: `/${bucket}/plain`, body: 'x' }), 403);
  await putPolicy(bucket, [
    allow(bucket, other.accountId, ['s3:PutObject', 's3:PutObjectAcl']),
    deny(bucket, 's3:PutObject', { StringLike: { 's3:x-amz-acl': 'public*' } }),
  ]);
  const put: RawRequest = { method: 'PUT', path: `/${bucket}/put`, body: 'x' };
  assert.equal(await status(other.root, put), 200);
  assert.equal(await status(other.root, { ...put, headers: { 'x-amz-acl': 'public-read' } }), 403);
  const hoisted: RawRequest = { ...put, auth: 'presigned', query: { 'x-amz-acl': 'public-read' } };
  assert.equal(await status(other.root, hoisted), 403);
});

// checklist 49
test('conditions on tags look at the object’s for reading, at the request’s for writing', async () => {
  const bucket = await bucketWith({});
  for (const level of ['public', 'secret']) {
    const headers = { 'x-amz-tagging': `level=${level}` };
    assert.equal(await status(owner.root, { method: 'PUT', path: `/${bucket}/${level}`, body: level, headers }), 200);
  }
  await putPolicy(bucket, [
    allow(bucket, other.accountId, 's3:GetObject', {
      Condition: { StringEquals: { 's3:ExistingObjectTag/level': 'public' } },
    }),
    allow(bucket, other.accountId, ['s3:PutObject', 's3:PutObjectTagging'], {
      Condition: { StringEquals: { 's3:RequestObjectTag/level': 'public' } },
    }),
  ]);
  assert.equal(await status(other.root, { path: `/${bucket}/public` }), 200);
  assert.equal(await status(other.root, { path: `/${bucket}/secret` }), 403);
  const put = (tags: string): RawRequest => ({
    method: 'PUT',
    path: `/${bucket}/new`,
    body: 'x',
    headers: { 'x-amz-tagging': tags },
  });
  assert.equal(await status(other.root, put('level=public')), 200);
  assert.equal(await status(other.root, put('level=secret')), 403);
  const tag = (value: string): RawRequest => ({
    method: 'PUT',
    path: `/${bucket}/public`,
    query: 'tagging',
    body: `<Tagging><TagSet><Tag><Key>level</Key><Value>${value}</Value></Tag></TagSet></Tagging>`,
    checksum: 'CRC32',
  });
  assert.equal(await status(other.root, tag('public')), 200);
  assert.equal(await status(other.root, tag('secret')), 403);
});

// checklist 47
test('who may list is told that a key is missing, who may not is not', async () => {
  const bucket = await bucketWith({ a: 'a' });
  await putPolicy(bucket, [allow(bucket, other.accountId, 's3:GetObject')]);
  for (const method of ['GET', 'HEAD']) {
    assert.equal(await status(other.root, { method, path: `/${bucket}/missing` }), 403);
  }
  const Condition = { StringLike: { 's3:prefix': 'shown/*' } };
  await putPolicy(bucket, [allow(bucket, other.accountId, 's3:ListBucket', { Condition })]);
  assert.equal((await other.root({ path: `/${bucket}/shown/missing` })).code, 'NoSuchKey');
  assert.equal(await status(other.root, { method: 'HEAD', path: `/${bucket}/shown/missing` }), 404);
  assert.equal(await status(other.root, { path: `/${bucket}/hidden/missing` }), 403);
  assert.equal(await status(other.root, { path: `/${bucket}/a` }), 403);
});

// checklist 48
test('a request for the bucket of an expected owner fails when somebody else owns it', async () => {
  const bucket = await bucketWith({ a: 'a' });
  const expecting = (accountId: string, more: object = {}): RawRequest => ({
    path: `/${bucket}/a`,
    headers: { 'x-amz-expected-bucket-owner': accountId },
    ...more,
  });
  assert.equal(await status(owner.root, expecting(owner.accountId)), 200);
  assert.equal((await owner.root(expecting(other.accountId))).code, 'AccessDenied');
  assert.equal((await owner.root(expecting('me'))).code, 'InvalidBucketOwnerAWSAccountID');
  const copy = (accountId: string): RawRequest => ({
    method: 'PUT',
    path: `/${bucket}/b`,
    headers: { 'x-amz-copy-source': `${bucket}/a`, 'x-amz-source-expected-bucket-owner': accountId },
  });
  assert.equal(await status(owner.root, copy(owner.accountId)), 200);
  assert.equal(await status(owner.root, copy(other.accountId)), 403);
});

// checklist 60
test('patterns cross slashes and mind the case of keys, not that of actions', async () => {
  const bucket = await bucketWith({ 'a/b/c': '1', 'A/b/c': '2' });
  const Resource = `arn:aws:s3:::${bucket}/a*c`;
  await putPolicy(bucket, [{ ...allow(bucket, other.accountId, 'S3:getOBJECT'), Resource }]);
  assert.equal(await status(other.root, { path: `/${bucket}/a/b/c` }), 200);
  assert.equal(await status(other.root, { path: `/${bucket}/A/b/c` }), 403);
  await putPolicy(bucket, [
    { ...allow(bucket, other.accountId, 's3:GetObject'), Resource: `arn:aws:s3:::${bucket}/?/b/c` },
  ]);
  assert.equal(await status(other.root, { path: `/${bucket}/A/b/c` }), 200);
  await putPolicy(bucket, [
    { ...allow(bucket, other.accountId, 's3:GetObject'), Resource: `arn:aws:s3:::${bucket}/\${aws:username}/*` },
  ]);
  assert.equal(await status(other.root, { path: `/${bucket}/a/b/c` }), 403, 'a root key has no user name');
});

test('a policy set while a body is under way is asked again before the object is there', async () => {
  const bucket = await world.bucket();
  await putPolicy(bucket, [allow(bucket, other.accountId, 's3:PutObject')]);
  let goOn = (): void => {};
  const shut = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(64);
    await shut;
    yield Buffer.alloc(64);
  }
  const slow = other.root({
    method: 'PUT',
    path: `/${bucket}/slow`,
    payload: 'unsigned',
    stream: { sizeBytes: 128, chunks: chunks() },
    expectContinue: true,
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  await owner.root({ method: 'DELETE', path: `/${bucket}`, query: 'policy' });
  goOn();
  const reply = await slow;
  assert.deepEqual([reply.status, reply.code, reply.continued], [403, 'AccessDenied', true]);
  assert.equal(await status(owner.root, { path: `/${bucket}/slow` }), 404);
});
