// Access control lists and object ownership over HTTPS, across two accounts and strangers.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { RawReply, RawRequest, RawS3 } from '../support/raw-s3.ts';
import { openTwoAccounts, ownershipXml } from './two-accounts.ts';

const world = await openTwoAccounts();
after(() => world[Symbol.asyncDispose]());
const { owner, other, stranger } = world;

const status = async (as: RawS3, request: RawRequest): Promise<number> => (await as(request)).status;
const put = (bucket: string, key: string, headers: Record<string, string> = {}): RawRequest => ({
  method: 'PUT',
  path: `/${bucket}/${key}`,
  body: key,
  headers,
});
const setAcl = (path: string, headers: Record<string, string>, body = ''): RawRequest => ({
  method: 'PUT',
  path,
  query: 'acl',
  headers,
  body,
});

/** `[grantee, permission]` of each grant, groups by the end of their URI. */
function grantsOf({ text }: RawReply): string[][] {
  return [...text.matchAll(/<Grant>(.*?)<\/Grant>/g)].map(([, grant = '']) => [
    /<URI>[^<]*\/(\w+)<\/URI>/.exec(grant)?.[1] ?? /<ID>([^<]*)<\/ID>/.exec(grant)?.[1] ?? '',
    /<Permission>(\w+)</.exec(grant)?.[1] ?? '',
  ]);
}

const aclOf = async (path: string, as: RawS3 = owner.root): Promise<string[][]> => {
  const reply = await as({ path, query: 'acl' });
  assert.equal(reply.status, 200, reply.text);
  return grantsOf(reply);
};

const aclXml = (ownerId: string, ...grants: readonly string[]): string =>
  `<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>${ownerId}</ID></Owner><AccessControlList>${grants.join('')}</AccessControlList></AccessControlPolicy>`;
const toAccount = (id: string, permission: string): string =>
  `<Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>${id}</ID></Grantee><Permission>${permission}</Permission></Grant>`;

// checklist 50
test('a new bucket has ACLs disabled: any but the owner’s full control is refused', async () => {
  const bucket = await world.bucket();
  const controls = await owner.root({ path: `/${bucket}`, query: 'ownershipControls' });
  assert.equal(controls.field('ObjectOwnership'), 'BucketOwnerEnforced');
  for (const acl of ['authenticated-read', 'public-read', 'bucket-owner-read']) {
    const reply = await owner.root(put(bucket, 'k', { 'x-amz-acl': acl }));
    assert.deepEqual([reply.status, reply.code], [400, 'AccessControlListNotSupported'], acl);
  }
  assert.equal(
    (await owner.root(setAcl(`/${bucket}`, { 'x-amz-acl': 'private' }))).code,
    'AccessControlListNotSupported',
  );
  for (const headers of [
    {},
    { 'x-amz-acl': 'bucket-owner-full-control' },
    { 'x-amz-grant-full-control': `id=${owner.canonicalId}` },
  ]) {
    assert.equal(await status(owner.root, put(bucket, 'k', headers)), 200, JSON.stringify(headers));
  }
  assert.deepEqual(await aclOf(`/${bucket}`), [[owner.canonicalId, 'FULL_CONTROL']]);
  assert.deepEqual(await aclOf(`/${bucket}/k`), [[owner.canonicalId, 'FULL_CONTROL']]);
});

test('where ACLs are disabled, `private` with an object is taken from the bucket’s owner only', async () => {
  const bucket = await world.bucket();
  const asPrivate = put(bucket, 'k', { 'x-amz-acl': 'private' });
  assert.equal(await status(owner.root, asPrivate), 200);
  const Resource = `arn:aws:s3:::${bucket}/*`;
  const shared = [{ Effect: 'Allow', Principal: { AWS: other.accountId }, Action: 's3:*', Resource }];
  assert.equal((await world.putPolicy(bucket, shared)).status, 204);
  assert.equal((await other.root(asPrivate)).code, 'AccessControlListNotSupported');
  assert.equal(await status(other.root, put(bucket, 'k', { 'x-amz-acl': 'bucket-owner-full-control' })), 200);
  assert.equal(
    (await owner.root(setAcl(`/${bucket}/k`, { 'x-amz-acl': 'private' }))).code,
    'AccessControlListNotSupported',
  );
});

test('canned ACLs become grants, for buckets and for objects, at creation and later', async () => {
  const bucket = await world.bucket('open');
  const me = [owner.canonicalId, 'FULL_CONTROL'];
  const canned: Readonly<Record<string, string[][]>> = {
    private: [me],
    'public-read': [['AllUsers', 'READ'], me],
    'public-read-write': [['AllUsers', 'READ'], ['AllUsers', 'WRITE'], me],
    'authenticated-read': [['AuthenticatedUsers', 'READ'], me],
    'log-delivery-write': [['LogDelivery', 'WRITE'], ['LogDelivery', 'READ_ACP'], me],
  };
  await owner.root(put(bucket, 'later'));
  for (const [name, grants] of Object.entries(canned)) {
    const headers = { 'x-amz-acl': name };
    assert.equal(await status(owner.root, put(bucket, name, headers)), 200);
    assert.deepEqual(await aclOf(`/${bucket}/${name}`), grants);
    for (const path of [`/${bucket}/later`, `/${bucket}`]) {
      assert.equal(await status(owner.root, setAcl(path, headers)), 200);
      assert.deepEqual(await aclOf(path), grants, `${path} ${name}`);
    }
  }
  assert.equal((await owner.root(put(bucket, 'k', { 'x-amz-acl': 'public' }))).code, 'InvalidArgument');
});

test('copies and multipart uploads have the ACL they ask for, and no copy has its source’s', async () => {
  const bucket = await world.bucket('open');
  await owner.root(put(bucket, 'source', { 'x-amz-acl': 'public-read' }));
  const copy = (headers: Record<string, string>) =>
    owner.root({
      method: 'PUT',
      path: `/${bucket}/copy`,
      headers: { 'x-amz-copy-source': `${bucket}/source`, ...headers },
    });
  assert.equal((await copy({})).status, 200);
  assert.equal((await aclOf(`/${bucket}/copy`)).length, 1);
  assert.equal((await copy({ 'x-amz-acl': 'public-read' })).status, 200);
  assert.equal(await status(stranger, { path: `/${bucket}/copy` }), 200);
  const path = `/${bucket}/parts`;
  const begun = await owner.root({ method: 'POST', path, query: 'uploads', headers: { 'x-amz-acl': 'public-read' } });
  const uploadId = begun.field('UploadId') ?? '';
  const part = await owner.root({ method: 'PUT', path, query: { partNumber: '1', uploadId }, body: 'part' });
  const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${part.headers.etag}</ETag></Part></CompleteMultipartUpload>`;
  assert.equal(await status(owner.root, { method: 'POST', path, query: { uploadId }, body }), 200);
  assert.equal((await stranger({ path })).text, 'part');
});

test('grants in headers name accounts by id and e-mail, and groups by URI', async () => {
  const bucket = await world.bucket('open');
  const headers = {
    'x-amz-grant-read': `id="${other.canonicalId}", uri="http://acs.amazonaws.com/groups/global/AllUsers"`,
    'x-amz-grant-write-acp': `emailAddress=${other.email}`,
  };
  assert.equal(await status(owner.root, put(bucket, 'k', headers)), 200);
  assert.deepEqual(await aclOf(`/${bucket}/k`), [
    ['AllUsers', 'READ'],
    [other.canonicalId, 'READ'],
    [other.canonicalId, 'WRITE_ACP'],
  ]);
  const refusals: readonly (readonly [string, string])[] = [
    ['id=nobody', 'InvalidArgument'],
    ['emailAddress=nobody@example.com', 'UnresolvableGrantByEmailAddress'],
    ['uri=http://example.com/group', 'InvalidArgument'],
    ['somebody', 'InvalidArgument'],
  ];
  for (const [grantee, code] of refusals) {
    assert.equal((await owner.root(put(bucket, 'k', { 'x-amz-grant-read': grantee }))).code, code, grantee);
  }
  const both = { 'x-amz-grant-read': `id=${other.canonicalId}`, 'x-amz-acl': 'private' };
  assert.equal((await owner.root(put(bucket, 'k', both))).code, 'InvalidRequest');
});

test('an ACL as XML is set whole, keeps its owner, and is refused when it cannot be read', async () => {
  const bucket = await world.bucket('open');
  await owner.root(put(bucket, 'k'));
  const path = `/${bucket}/k`;
  const set = (body: string, headers: Record<string, string> = {}) => owner.root(setAcl(path, headers, body));
  const good = aclXml(owner.canonicalId, toAccount(other.canonicalId, 'READ'));
  assert.equal((await set(good)).status, 200);
  assert.deepEqual(await aclOf(path), [[other.canonicalId, 'READ']]);
  assert.equal((await owner.root({ path })).text, 'k', 'the owner’s rights need no grant');
  assert.equal((await set(aclXml(other.canonicalId))).code, 'AccessDenied');
  assert.equal((await set('<AccessControlPolicy>')).code, 'MalformedACLError');
  assert.equal((await set(aclXml(owner.canonicalId, toAccount(other.canonicalId, 'ALL')))).code, 'MalformedACLError');
  assert.equal((await set('')).code, 'MissingSecurityHeader');
  assert.equal((await set(good, { 'x-amz-acl': 'private' })).code, 'UnexpectedContent');
  assert.deepEqual(await aclOf(path), [[other.canonicalId, 'READ']]);
});

test('each grant on a bucket is worth what it says to another account', async () => {
  const permissions = ['READ', 'WRITE', 'READ_ACP', 'WRITE_ACP'];
  for (const permission of permissions) {
    const bucket = await world.bucket('open');
    await owner.root(setAcl(`/${bucket}`, {}, aclXml(owner.canonicalId, toAccount(other.canonicalId, permission))));
    const may = {
      READ: await status(other.root, { path: `/${bucket}` }),
      WRITE: await status(other.root, put(bucket, 'k')),
      READ_ACP: await status(other.root, { path: `/${bucket}`, query: 'acl' }),
      WRITE_ACP: await status(other.root, setAcl(`/${bucket}`, { 'x-amz-acl': 'private' })),
    };
    const expected = Object.fromEntries(permissions.map((name) => [name, name === permission ? 200 : 403]));
    assert.deepEqual(may, expected, permission);
  }
});

test('strangers read, list and write where an ACL says so, and no further', async () => {
  const bucket = await world.bucket('open');
  await owner.root(put(bucket, 'shown', { 'x-amz-acl': 'public-read' }));
  await owner.root(put(bucket, 'hidden'));
  assert.equal((await stranger({ path: `/${bucket}/shown` })).text, 'shown');
  for (const request of [{ path: `/${bucket}/hidden` }, { path: `/${bucket}` }, put(bucket, 'new'), { path: '/' }]) {
    assert.equal(await status(stranger, request), 403);
  }
  await owner.root(setAcl(`/${bucket}`, { 'x-amz-acl': 'public-read-write' }));
  assert.equal(await status(stranger, { path: `/${bucket}` }), 200);
  assert.equal(await status(stranger, put(bucket, 'new')), 200);
  assert.equal((await stranger({ path: `/${bucket}/missing` })).code, 'NoSuchKey');
  assert.equal(await status(stranger, { method: 'DELETE', path: `/${bucket}/hidden` }), 403);
  const settings = await stranger({ method: 'PUT', path: `/${bucket}`, query: 'versioning', body: '<x/>' });
  assert.equal(settings.status, 403);
});

test('an object in somebody else’s bucket is its writer’s, whom the bucket’s owner can only delete', async () => {
  const bucket = await world.bucket('open');
  await owner.root(setAcl(`/${bucket}`, { 'x-amz-acl': 'public-read-write' }));
  await other.root(put(bucket, 'theirs'));
  const path = `/${bucket}/theirs`;
  assert.equal((await other.root({ path })).text, 'theirs');
  assert.equal(await status(owner.root, { path }), 403);
  assert.deepEqual(await aclOf(path, other.root), [[other.canonicalId, 'FULL_CONTROL']]);
  const listing = await owner.root({ path: `/${bucket}`, query: 'list-type=2&fetch-owner=true' });
  assert.match(listing.text, new RegExp(`<Owner><ID>${other.canonicalId}</ID><DisplayName>The Others</DisplayName>`));
  await other.root(put(bucket, 'theirs', { 'x-amz-acl': 'bucket-owner-read' }));
  assert.equal(await status(owner.root, { path }), 200);
  assert.equal(await status(owner.root, { method: 'DELETE', path }), 204);
});

test('object ownership decides whose a written object is', async () => {
  const bucket = await world.bucket('open');
  await owner.root(setAcl(`/${bucket}`, { 'x-amz-acl': 'public-read-write' }));
  const control = (ownership: string) =>
    owner.root({ method: 'PUT', path: `/${bucket}`, query: 'ownershipControls', body: ownershipXml(ownership) });
  const ownerOf = async (headers: Record<string, string>): Promise<string | null> => {
    assert.equal(await status(other.root, put(bucket, 'k', headers)), 200);
    const shown = [
      await owner.root({ path: `/${bucket}/k`, query: 'acl' }),
      await other.root({ path: `/${bucket}/k`, query: 'acl' }),
    ];
    return shown.find((reply) => reply.status === 200)?.field('ID') ?? null;
  };
  const handOver = { 'x-amz-acl': 'bucket-owner-full-control' };
  assert.equal(await ownerOf(handOver), other.canonicalId);
  assert.equal((await control('BucketOwnerPreferred')).status, 200);
  assert.equal(await ownerOf(handOver), owner.canonicalId);
  assert.equal(await ownerOf({}), other.canonicalId);
  assert.equal((await control('BucketOwnerEnforced')).code, 'InvalidBucketAclWithObjectOwnership');
  await owner.root(setAcl(`/${bucket}`, { 'x-amz-acl': 'private' }));
  assert.equal((await control('BucketOwnerEnforced')).status, 200);
  assert.equal(
    (await owner.root({ path: `/${bucket}/k` })).text,
    'k',
    'disabling ACLs makes everything the bucket owner’s',
  );
  assert.equal(await status(other.root, { path: `/${bucket}/k` }), 403);
  assert.equal((await control('Everybody')).code, 'MalformedXML');
});

test('ownership controls are there, go, and are not found then', async () => {
  const bucket = await world.bucket();
  const controls = (method: string) => owner.root({ method, path: `/${bucket}`, query: 'ownershipControls' });
  assert.equal((await controls('DELETE')).status, 204);
  assert.equal((await controls('GET')).code, 'OwnershipControlsNotFoundError');
  assert.equal((await controls('DELETE')).status, 204);
});

test('setting an ACL with an object takes the permission to set ACLs', async () => {
  const bucket = await world.bucket('open');
  const writer = await world.user(owner, 'writer', [
    { Effect: 'Allow', Action: 's3:PutObject', Resource: `arn:aws:s3:::${bucket}/*` },
  ]);
  assert.equal(await status(writer, put(bucket, 'k')), 200);
  assert.equal(await status(writer, put(bucket, 'k', { 'x-amz-acl': 'public-read' })), 403);
});
