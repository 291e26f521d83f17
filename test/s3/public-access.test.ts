// The public access block, the defaults of new buckets, and servers with the defaults of before 2023.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { readFile } from 'node:fs/promises';
import { type RawRequest, type RawS3, rawS3 } from '../support/raw-s3.ts';
import { startServer } from '../support/start-server.ts';
import { createKey } from './s3-target.ts';
import { blockXml, openTwoAccounts } from './two-accounts.ts';

const world = await openTwoAccounts();
after(() => world[Symbol.asyncDispose]());
const { owner, other, stranger, putPolicy } = world;

const status = async (as: RawS3, request: RawRequest): Promise<number> => (await as(request)).status;
const everybodyReads = (bucket: string): object => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: `arn:aws:s3:::${bucket}/*`,
});
const setBlock = (bucket: string, ...flags: readonly string[]) =>
  owner.root({
    method: 'PUT',
    path: `/${bucket}`,
    query: 'publicAccessBlock',
    body: `<PublicAccessBlockConfiguration>${flags.map((flag) => `<${flag}>true</${flag}>`).join('')}</PublicAccessBlockConfiguration>`,
  });

// checklist 50
test('a new bucket blocks public access in all four ways', async () => {
  const bucket = await world.bucket();
  const reply = await owner.root({ path: `/${bucket}`, query: 'publicAccessBlock' });
  assert.ok(reply.text.includes(blockXml(true).replace(/<\/?PublicAccessBlockConfiguration>/g, '')), reply.text);
  const policy = await putPolicy(bucket, [everybodyReads(bucket)]);
  assert.deepEqual([policy.status, policy.code], [403, 'AccessDenied']);
  assert.match(policy.message ?? '', /BlockPublicPolicy/);
});

test('the block is set, shown and taken away, which is not the same as never set', async () => {
  const bucket = await world.bucket();
  assert.equal((await setBlock(bucket, 'IgnorePublicAcls')).status, 200);
  const shown = await owner.root({ path: `/${bucket}`, query: 'publicAccessBlock' });
  const flags = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'];
  assert.deepEqual(flags.map(shown.field), ['false', 'true', 'false', 'false']);
  const take = () => owner.root({ method: 'DELETE', path: `/${bucket}`, query: 'publicAccessBlock' });
  assert.deepEqual([(await take()).status, (await take()).status], [204, 204]);
  const gone = await owner.root({ path: `/${bucket}`, query: 'publicAccessBlock' });
  assert.deepEqual([gone.status, gone.code], [404, 'NoSuchPublicAccessBlockConfiguration']);
  const broken = await owner.root({ method: 'PUT', path: `/${bucket}`, query: 'publicAccessBlock', body: '<x/>' });
  assert.equal(broken.code, 'MalformedXML');
});

test('BlockPublicAcls refuses public ACLs and leaves private ones', async () => {
  const bucket = await world.bucket('open');
  await setBlock(bucket, 'BlockPublicAcls');
  for (const path of [`/${bucket}`, `/${bucket}/k`]) {
    for (const acl of ['public-read', 'authenticated-read']) {
      const query = path === `/${bucket}` ? { query: 'acl' } : {};
      const reply = await owner.root({ method: 'PUT', path, ...query, headers: { 'x-amz-acl': acl } });
      assert.deepEqual([reply.status, reply.code], [403, 'AccessDenied'], `${path} ${acl}`);
    }
  }
  assert.equal(
    await status(owner.root, { method: 'PUT', path: `/${bucket}/k`, headers: { 'x-amz-acl': 'private' } }),
    200,
  );
});

test('IgnorePublicAcls keeps public ACLs from giving anything, accounts’ grants stay', async () => {
  const bucket = await world.bucket('open');
  const headers = {
    'x-amz-grant-read': `uri=http://acs.amazonaws.com/groups/global/AllUsers, id=${other.canonicalId}`,
  };
  await owner.root({ method: 'PUT', path: `/${bucket}/k`, body: 'k', headers });
  assert.equal(await status(stranger, { path: `/${bucket}/k` }), 200);
  await setBlock(bucket, 'IgnorePublicAcls');
  assert.equal(await status(stranger, { path: `/${bucket}/k` }), 403);
  assert.equal(await status(other.root, { path: `/${bucket}/k` }), 200);
});

test('RestrictPublicBuckets keeps a public policy to the owner’s account', async () => {
  const bucket = await world.bucket('open');
  await owner.root({ method: 'PUT', path: `/${bucket}/k`, body: 'k' });
  const toOther = { ...everybodyReads(bucket), Principal: { AWS: other.accountId } };
  await putPolicy(bucket, [everybodyReads(bucket), toOther]);
  const insider = await world.user(owner, 'insider');
  const get: RawRequest = { path: `/${bucket}/k` };
  const asked = async () => [await status(stranger, get), await status(other.root, get), await status(insider, get)];
  assert.deepEqual(await asked(), [200, 200, 200]);
  await setBlock(bucket, 'RestrictPublicBuckets');
  assert.deepEqual(await asked(), [403, 403, 200]);
  await putPolicy(bucket, [toOther]);
  assert.deepEqual(await asked(), [403, 200, 403]);
});

test('a stranger gets nothing of a bucket in a project that is in the trash', async () => {
  const server = world.s3.server;
  assert.ok(server);
  const account = ['--account', owner.email];
  await server.cli(['project', 'create', ...account, '--name', 'shared']);
  const key = await createKey(server, ['--project', 'shared']);
  const root = rawS3({ ...world.s3, ...key });
  const bucket = 'shared-with-everybody';
  await root({ method: 'PUT', path: `/${bucket}` });
  await root({ method: 'DELETE', path: `/${bucket}`, query: 'publicAccessBlock' });
  await root({ method: 'PUT', path: `/${bucket}/k`, body: 'k' });
  assert.equal((await putPolicy(bucket, [everybodyReads(bucket)], root)).status, 204);
  const get: RawRequest = { path: `/${bucket}/k` };
  assert.deepEqual(
    [await status(stranger, get), await status(other.root, get), await status(owner.root, get)],
    [200, 200, 200],
  );
  await server.cli(['project', 'delete', 'shared', ...account, '--yes']);
  assert.deepEqual(
    [await status(stranger, get), await status(other.root, get), await status(owner.root, get)],
    [403, 403, 403],
  );
});

test('a bucket can be made with ownership and an ACL, but not one that its defaults forbid', async () => {
  const make = (name: string, headers: Record<string, string>) =>
    owner.root({ method: 'PUT', path: `/${name}`, headers });
  assert.equal((await make('made-public', { 'x-amz-acl': 'public-read' })).code, 'InvalidBucketAclWithObjectOwnership');
  const open = { 'x-amz-object-ownership': 'ObjectWriter', 'x-amz-acl': 'public-read' };
  assert.equal((await make('made-public', open)).code, 'InvalidBucketAclWithBlockPublicAccessError');
  const grants = { 'x-amz-object-ownership': 'ObjectWriter', 'x-amz-grant-read': `id=${other.canonicalId}` };
  assert.equal((await make('made-shared', grants)).status, 200);
  assert.equal(await status(other.root, { path: '/made-shared' }), 200);
  assert.equal((await make('made-odd', { 'x-amz-object-ownership': 'Mine' })).code, 'InvalidArgument');
});

test('a server with legacy defaults makes buckets with ACLs enabled and nothing blocked', async () => {
  await using server = await startServer({ args: ['--bucket-defaults', 'legacy'] });
  const ca = await readFile(server.caFile, 'utf8');
  const root = rawS3({ url: server.s3Url, region: 'HAN02', ca, ...(await createKey(server)) });
  const make = await root({ method: 'PUT', path: '/legacy-bucket', headers: { 'x-amz-acl': 'public-read' } });
  assert.equal(make.status, 200, make.text);
  assert.equal(
    (await root({ path: '/legacy-bucket', query: 'ownershipControls' })).code,
    'OwnershipControlsNotFoundError',
  );
  assert.equal(
    (await root({ path: '/legacy-bucket', query: 'publicAccessBlock' })).code,
    'NoSuchPublicAccessBlockConfiguration',
  );
  assert.equal(await status(root, { path: '/legacy-bucket', auth: 'anonymous' }), 200);
});
