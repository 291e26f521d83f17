import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setAccountStatus } from '../identity/accounts.ts';
import { type IdentityFixture, openIdentityFixture } from '../../test/support/identity-fixture.ts';
import { setPolicies } from '../identity/attachments.ts';
import { createPolicy } from '../identity/policies.ts';
import { updatePolicy } from '../identity/policy-versions.ts';
import { createS3Key, deleteS3Keys, listS3Keys, updateS3Key } from '../identity/s3-keys.ts';
import { createUsers, deleteUser, setUserStatus } from '../identity/users.ts';
import { encodeKey, tables } from '../metadata/keys.ts';
import type { IdentityRef } from '../metadata/tables/identities.ts';
import { type BucketRecord, bucketKey } from '../metadata/tables/objects.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { createProject, restoreProject, trashProject } from '../projects/projects.ts';
import { S3Error } from '../shared/errors.ts';
import {
  type AccessKey,
  type BucketName,
  type ObjectKey,
  type ProjectId,
  type S3KeyId,
  type UserId,
  newBucketId,
} from '../shared/ids.ts';
import { allowsS3, authorizeS3, demandS3 } from './authorize.ts';
import type { RequestFacts } from './condition-context.ts';
import { type Guard, makeGuard } from './guard.ts';
import { type S3Ask, storeReader } from './s3-resource.ts';
import { type Signer, type SignerDeps, createSignerDeps, findSigner } from './signers.ts';

const facts: RequestFacts = {
  receivedAt: Date.parse('2026-06-01T00:00:00Z'),
  clientAddress: '192.0.2.1',
  secure: true,
  headers: new Map([['authorization', 'AWS4-HMAC-SHA256 Credential=x']]),
  query: new Map(),
};

type World = IdentityFixture & {
  readonly signers: SignerDeps;
  readonly userId: UserId;
  readonly ask: (action: string, key?: string, bucket?: Partial<BucketRecord>) => S3Ask;
};

async function openWorld(): Promise<World> {
  const fixture = await openIdentityFixture();
  const { deps, account, project } = fixture;
  const { users } = await createUsers(deps, {
    accountId: account.accountId,
    usernames: ['alice'],
    policies: ['vStorageReadOnlyAccess'],
  });
  const userId = users[0]?.userId;
  assert.ok(userId);
  const name = 'photos' as BucketName;
  const record: BucketRecord = {
    v: 1,
    bucketId: newBucketId(),
    name,
    region: 'HAN02',
    accountId: account.accountId,
    ownerCanonicalId: account.canonicalId,
    projectId: project.projectId,
    createdAt: 0,
    versioning: 'off',
    objectLock: false,
    defaultStorageClass: 'STANDARD',
  };
  await deps.store.transact(async (transaction) => transaction.put(bucketKey('HAN02', name), encodeRecord(record)));
  return {
    ...fixture,
    [Symbol.asyncDispose]: fixture[Symbol.asyncDispose],
    signers: createSignerDeps(deps),
    userId,
    ask: (action, key, bucket = {}) => ({
      action,
      bucket: name,
      key: (key ?? null) as ObjectKey | null,
      record: { ...record, ...bucket },
    }),
  };
}

type Made = { readonly id: S3KeyId; readonly accessKey: AccessKey; readonly secretKey: string };

async function makeKey(
  world: World,
  creator: IdentityRef = { type: 'root' },
  more: { expiresAt?: number } = {},
): Promise<Made> {
  const { deps, account, project } = world;
  const made = await createS3Key(deps, {
    accountId: account.accountId,
    projectId: project.projectId,
    creator,
    ...more,
  });
  return { id: made.record.id, accessKey: made.record.accessKey, secretKey: made.secretKey };
}

const aliceOf = (world: World): IdentityRef => ({ type: 'user', userId: world.userId });

async function signer(world: World, accessKey: AccessKey): Promise<Signer> {
  const found = await findSigner(world.signers, accessKey);
  assert.ok(found);
  return found;
}

async function may(world: World, accessKey: AccessKey, ask: S3Ask): Promise<boolean> {
  return allowsS3(world.deps, (await signer(world, accessKey)).principal, ask, facts);
}

test('a signer is the key’s creator with the secret that was given out', async () => {
  await using world = await openWorld();
  const key = await makeKey(world);
  const found = await signer(world, key.accessKey);
  assert.equal(found.secretKey, key.secretKey);
  assert.equal(found.principal.identity.type, 'root');
  assert.equal(found.principal.keyId, key.id);
  assert.equal(found.principal.projectId, world.project.projectId);
  assert.equal(await findSigner(world.signers, 'f'.repeat(32) as AccessKey), undefined);
});

test('a root key may do everything in its project, a read-only user’s key only read', async () => {
  await using world = await openWorld();
  const root = await makeKey(world);
  const alice = await makeKey(world, aliceOf(world));
  for (const action of ['s3:GetObject', 's3:PutObject', 's3:DeleteObject']) {
    assert.equal(await may(world, root.accessKey, world.ask(action, 'k')), true, action);
    assert.equal(await may(world, alice.accessKey, world.ask(action, 'k')), action === 's3:GetObject', action);
  }
});

test('the rights of a key follow its creator’s policies at the next request', async () => {
  await using world = await openWorld();
  const { deps, account, userId } = world;
  const { accountId } = account;
  const { accessKey } = await makeKey(world, aliceOf(world));
  const put = world.ask('s3:PutObject', 'k');
  assert.equal(await may(world, accessKey, put), false);
  await setPolicies(deps, accountId, { kind: 'user', id: userId }, ['vStorageFullAccess']);
  assert.equal(await may(world, accessKey, put), true);
  const only = (action: string): string =>
    JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: action, Resource: '*' } });
  await createPolicy(deps, { accountId, name: 'custom', description: '', document: only('s3:PutObject') });
  await setPolicies(deps, accountId, { kind: 'user', id: userId }, ['custom']);
  assert.equal(await may(world, accessKey, put), true);
  await updatePolicy(deps, { accountId, name: 'custom', document: only('s3:GetObject') });
  assert.equal(await may(world, accessKey, put), false);
  await setPolicies(deps, accountId, { kind: 'user', id: userId }, []);
  assert.equal(await may(world, accessKey, world.ask('s3:GetObject', 'k')), false);
});

test('a deleted, disabled or expired key is dead at the next request, a re-enabled one lives', async () => {
  await using world = await openWorld();
  const { deps, account } = world;
  const { accountId } = account;
  const [gone, off, old] = [
    await makeKey(world),
    await makeKey(world),
    await makeKey(world, { type: 'root' }, { expiresAt: deps.clock() + 1000 }),
  ];
  for (const key of [gone, off, old]) assert.ok(await findSigner(world.signers, key.accessKey));
  await deleteS3Keys(deps, { accountId, ids: [gone.id] });
  assert.equal(await findSigner(world.signers, gone.accessKey), undefined);
  await updateS3Key(deps, { accountId, id: off.id, status: 'disabled' });
  assert.equal(await findSigner(world.signers, off.accessKey), undefined);
  await updateS3Key(deps, { accountId, id: off.id, status: 'active' });
  assert.ok(await findSigner(world.signers, off.accessKey));
  world.pass(1000);
  assert.equal(await findSigner(world.signers, old.accessKey), undefined);
});

test('a key is dead with its creator or account, whatever this worker has cached', async () => {
  await using world = await openWorld();
  const { deps, account, userId } = world;
  const { accountId } = account;
  const { accessKey } = await makeKey(world, aliceOf(world));
  const dead = async (): Promise<boolean> => (await findSigner(world.signers, accessKey)) === undefined;
  assert.equal(await dead(), false);
  await setUserStatus(deps, accountId, userId, 'disabled');
  assert.equal(await dead(), true);
  await setUserStatus(deps, accountId, userId, 'active');
  assert.equal(await dead(), false);
  await setAccountStatus(deps, accountId, 'disabled');
  assert.equal(await dead(), true);
  await setAccountStatus(deps, accountId, 'active');
  assert.equal(await dead(), false);
  await deleteUser(deps, accountId, userId);
  assert.equal(await dead(), true);
});

test('a key reaches no bucket of another project, of its own account or another', async () => {
  await using world = await openWorld();
  const { accessKey } = await makeKey(world);
  const otherProject = { projectId: '1'.repeat(32) as ProjectId };
  assert.equal(await may(world, accessKey, world.ask('s3:GetObject', 'k', otherProject)), false);
  const otherAccount = { accountId: '000000000001' as BucketRecord['accountId'] };
  assert.equal(await may(world, accessKey, world.ask('s3:GetObject', 'k', otherAccount)), false);
});

test('nothing of a project in the trash can be reached until it is restored', async () => {
  await using world = await openWorld();
  const { deps, project } = world;
  const { accessKey } = await makeKey(world);
  const list: S3Ask = { action: 's3:ListAllMyBuckets', bucket: null, key: null, record: null };
  await trashProject(deps, project.projectId);
  for (const ask of [world.ask('s3:GetObject', 'k'), list]) assert.equal(await may(world, accessKey, ask), false);
  const { principal } = await signer(world, accessKey);
  await assert.rejects(demandS3(storeReader(deps), principal, [list], facts), /in the trash/);
  await restoreProject(deps, project.projectId);
  for (const ask of [world.ask('s3:GetObject', 'k'), list]) assert.equal(await may(world, accessKey, ask), true);
});

test('anonymous requests are denied', async () => {
  await using world = await openWorld();
  assert.equal(await allowsS3(world.deps, { kind: 'anonymous' }, world.ask('s3:GetObject', 'k'), facts), false);
});

test('a refusal is AccessDenied and says who asked for what', async () => {
  await using world = await openWorld();
  const { accessKey } = await makeKey(world, aliceOf(world));
  const { principal } = await signer(world, accessKey);
  await assert.rejects(
    demandS3(
      storeReader(world.deps),
      principal,
      [world.ask('s3:GetObject', 'k'), world.ask('s3:PutObject', 'k')],
      facts,
    ),
    (error) =>
      error instanceof S3Error &&
      error.code === 'AccessDenied' &&
      error.message.includes(
        'user/alice is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::photos/k"',
      ),
  );
});

test('conditions see the client’s address, the prefix of a listing and signed headers', async () => {
  await using world = await openWorld();
  const { deps, account, userId } = world;
  const { accountId } = account;
  const statement = (action: string, condition: unknown): unknown => ({
    Effect: 'Allow',
    Action: action,
    Resource: '*',
    Condition: condition,
  });
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      statement('s3:GetObject', {
        IpAddress: { 'aws:SourceIp': '192.0.2.0/24' },
        Bool: { 'aws:SecureTransport': true },
      }),
      statement('s3:ListBucket', { StringEquals: { 's3:prefix': 'home/${aws:username}/' } }),
      statement('s3:PutObject', { StringEquals: { 's3:x-amz-acl': 'private', 's3:prefix': 'home/' } }),
      statement('s3:DeleteObject', {
        StringEquals: { 's3:authType': 'REST-HEADER', 's3:signatureversion': 'AWS4-HMAC-SHA256' },
        StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/ali*', 'aws:userid': '*-*' },
        DateLessThan: { 'aws:CurrentTime': '2026-06-01T00:00:01Z' },
      }),
    ],
  });
  await createPolicy(deps, { accountId, name: 'conditions', description: '', document });
  await setPolicies(deps, accountId, { kind: 'user', id: userId }, ['conditions']);
  const { accessKey } = await makeKey(world, aliceOf(world));
  const { principal } = await signer(world, accessKey);
  const asks = (action: string, more: Partial<RequestFacts> = {}): Promise<boolean> =>
    allowsS3(deps, principal, world.ask(action, 'k'), { ...facts, ...more });
  assert.equal(await asks('s3:GetObject'), true);
  assert.equal(await asks('s3:GetObject', { clientAddress: '198.51.100.1' }), false);
  assert.equal(await asks('s3:GetObject', { secure: false }), false);
  assert.equal(await asks('s3:ListBucket', { query: new Map([['prefix', 'home/alice/']]) }), true);
  assert.equal(await asks('s3:ListBucket', { query: new Map([['prefix', 'home/bob/']]) }), false);
  assert.equal(await asks('s3:ListBucket'), false);
  // a prefix in the query of a PUT means nothing, so it must not count either
  const acl = new Map([['x-amz-acl', 'private']]);
  assert.equal(await asks('s3:PutObject', { headers: acl, query: new Map([['prefix', 'home/']]) }), false);
  assert.equal(await asks('s3:DeleteObject'), true);
  const presigned = new Map([['X-Amz-Algorithm', 'AWS4-HMAC-SHA256']]);
  assert.equal(await asks('s3:DeleteObject', { headers: new Map(), query: presigned }), false);
});

async function guarded(world: World, guard: Guard, during: () => Promise<unknown> = async () => {}): Promise<void> {
  let first = true;
  await world.deps.store.transact(async (transaction) => {
    await guard(transaction);
    transaction.put(encodeKey(tables.meta, 'test'), Buffer.from('x'));
    if (first) await during();
    first = false;
  });
}

const denied =
  (code: string): ((error: unknown) => boolean) =>
  (error) =>
    error instanceof S3Error && error.code === code;

async function guardOf(world: World, accessKey: AccessKey, ask: S3Ask): Promise<Guard> {
  return makeGuard(world.signers, (await signer(world, accessKey)).principal, [ask], facts);
}

test('the guard lets a commit pass while the rights stand, also after an unrelated change', async () => {
  await using world = await openWorld();
  const { deps, account } = world;
  const { accessKey } = await makeKey(world);
  const guard = await guardOf(world, accessKey, world.ask('s3:PutObject', 'k'));
  await guarded(world, guard);
  await createUsers(deps, { accountId: account.accountId, usernames: ['other'] });
  await guarded(world, guard);
});

test('the guard stops a commit when key, creator, project or policy changed since the request began', async () => {
  await using world = await openWorld();
  const { deps, account, project, userId } = world;
  const { accountId } = account;
  await setPolicies(deps, accountId, { kind: 'user', id: userId }, ['vStorageFullAccess']);
  const stops = async (change: (key: Made) => Promise<unknown>, code: string): Promise<void> => {
    const key = await makeKey(world, aliceOf(world));
    const guard = await guardOf(world, key.accessKey, world.ask('s3:PutObject', 'k'));
    await guarded(world, guard);
    await change(key);
    await assert.rejects(guarded(world, guard), denied(code));
  };
  await stops(({ id }) => deleteS3Keys(deps, { accountId, ids: [id] }), 'InvalidAccessKeyId');
  await stops(({ id }) => updateS3Key(deps, { accountId, id, status: 'disabled' }), 'InvalidAccessKeyId');
  await stops(
    () => setPolicies(deps, accountId, { kind: 'user', id: userId }, ['vStorageReadOnlyAccess']),
    'AccessDenied',
  );
  await setPolicies(deps, accountId, { kind: 'user', id: userId }, ['vStorageFullAccess']);
  await stops(() => trashProject(deps, project.projectId), 'AccessDenied');
  await restoreProject(deps, project.projectId);
  await stops(() => deleteUser(deps, accountId, userId), 'InvalidAccessKeyId');
});

test('the guard stops a commit when the key expired meanwhile, though nothing was changed', async () => {
  await using world = await openWorld();
  const key = await makeKey(world, { type: 'root' }, { expiresAt: world.deps.clock() + 1000 });
  const guard = await guardOf(world, key.accessKey, world.ask('s3:PutObject', 'k'));
  world.pass(1000);
  await assert.rejects(guarded(world, guard), denied('InvalidAccessKeyId'));
});

test('a revocation between the guard’s look and the commit wins', async () => {
  await using world = await openWorld();
  const { deps, account } = world;
  const key = await makeKey(world);
  const guard = await guardOf(world, key.accessKey, world.ask('s3:PutObject', 'k'));
  const revoke = (): Promise<unknown> => deleteS3Keys(deps, { accountId: account.accountId, ids: [key.id] });
  await assert.rejects(guarded(world, guard, revoke), denied('InvalidAccessKeyId'));
});

test('an imported pair that came back is another key for the guard', async () => {
  await using world = await openWorld();
  const { deps, account, project } = world;
  const { accountId } = account;
  const imported = { accessKey: 'imported', secretKey: 'imported-secret' };
  const create = () =>
    createS3Key(deps, { accountId, projectId: project.projectId, creator: { type: 'root' }, imported });
  const { record } = await create();
  const guard = await guardOf(world, record.accessKey, world.ask('s3:PutObject', 'k'));
  await deleteS3Keys(deps, { accountId, ids: [record.id] });
  await create();
  await assert.rejects(guarded(world, guard), denied('InvalidAccessKeyId'));
});

test('the use of a key is noted once an hour, apart from the decision', async () => {
  await using world = await openWorld();
  const { deps, account } = world;
  const key = await makeKey(world);
  const lastUsedAt = async (): Promise<number | null | undefined> =>
    (await listS3Keys(deps, { accountId: account.accountId }))[0]?.lastUsedAt;
  assert.equal(await lastUsedAt(), null);
  const use = async (receivedAt: number): Promise<void> => {
    const { principal } = await signer(world, key.accessKey);
    await authorizeS3(world.signers, principal, [world.ask('s3:GetObject', 'k')], { ...facts, receivedAt });
  };
  await use(facts.receivedAt);
  await use(facts.receivedAt + 1000);
  assert.equal(await lastUsedAt(), facts.receivedAt);
  await use(facts.receivedAt + 3_600_000);
  assert.equal(await lastUsedAt(), facts.receivedAt + 3_600_000);
});

test('a key is decided by its own project when the account has several', async () => {
  await using world = await openWorld();
  const { deps, account } = world;
  const { accountId } = account;
  const second = await createProject(deps, { accountId, name: 'second', class: 'gold', quotaBytes: 2 ** 30 });
  const one = await makeKey(world);
  const { record: two } = await createS3Key(deps, {
    accountId,
    projectId: second.projectId,
    creator: { type: 'root' },
  });
  const inSecond = world.ask('s3:GetObject', 'k', { projectId: second.projectId });
  await trashProject(deps, world.project.projectId);
  assert.equal(await may(world, one.accessKey, world.ask('s3:GetObject', 'k')), false);
  assert.equal(await may(world, two.accessKey, inSecond), true);
  assert.equal(await may(world, two.accessKey, world.ask('s3:GetObject', 'k')), false);
});
