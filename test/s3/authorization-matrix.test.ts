// Every operation of the operation table, tried by everybody who may not: generated from the table, so that an
// operation that is added is tried too. The root key shows that the same request reaches the operation.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { DeclaredOperation } from '../../src/s3/operation.ts';
import { operations } from '../../src/s3/operations/table.ts';
import { requestFor } from '../support/operation-request.ts';
import { inParallel } from '../../src/shared/in-parallel.ts';
import type { RawReply, RawRequest } from '../support/raw-s3.ts';
import { rawS3 } from '../support/raw-s3.ts';
import { createKey, type KeyPair } from './s3-target.ts';
import { openTwoAccounts, type TwoAccounts } from './two-accounts.ts';

let accounts: TwoAccounts;
let bucket: string;
before(async () => {
  accounts = await openTwoAccounts();
  bucket = await accounts.bucket();
  await accounts.owner.root({ method: 'PUT', path: `/${bucket}/key`, body: 'the secret of the bucket' });
});
after(() => accounts[Symbol.asyncDispose]());

/** A form brings its signature in its body: post-object.test.ts tries it. */
const tried = operations.filter(({ form, target }) => !form && target !== 'service');
type Sender = (request: RawRequest) => Promise<RawReply>;

/** Allowed when anything of it was done or looked at: a refusal is 403, or an answer whose every entry is refused. */
function isRefused({ status, text }: RawReply): boolean {
  if (status === 403) return true;
  return status === 200 && /<Code>AccessDenied<\/Code>/.test(text) && !/<Deleted>/.test(text);
}

async function unexpected(
  send: Sender,
  expected: (operation: DeclaredOperation) => 'refused' | 'reached',
): Promise<string[]> {
  const wrong: string[] = [];
  await inParallel(tried, 8, async (operation) => {
    const reply = await send(requestFor(operation, bucket));
    const verdict = isRefused(reply) ? 'refused' : 'reached';
    if (verdict !== expected(operation)) wrong.push(`${operation.name}: ${reply.status} ${reply.code ?? ''}`);
    assert.notEqual(reply.status, 0, `${operation.name} is answered`);
  });
  return wrong;
}

const refusesAll = async (send: Sender): Promise<void> => assert.deepEqual(await unexpected(send, () => 'refused'), []);

/** Who may make buckets of his own is told that the name is taken. */
const refusesAllButTheName = async (send: Sender): Promise<void> =>
  assert.deepEqual(await unexpected(send, ({ name }) => (name === 'CreateBucket' ? 'reached' : 'refused')), []);

const signedBy = (key: KeyPair): Sender => rawS3({ ...accounts.s3, ...key });

async function ownKey(...options: string[]): Promise<KeyPair & { readonly id: string }> {
  const { server } = accounts.s3;
  assert.ok(server !== null);
  return { id: '', ...(await createKey(server, options)) };
}

const cli = (...args: string[]): Promise<unknown> =>
  accounts.s3.server?.cli(args) ?? Promise.reject(new Error('no server'));

test('nobody: without a signature every operation is refused', () => refusesAll(accounts.stranger));

test('an unknown access key is refused everywhere', () =>
  refusesAll(signedBy({ accessKey: 'f'.repeat(32), secretKey: 'x'.repeat(40) })));

test('a wrong secret is refused everywhere', () =>
  refusesAll(signedBy({ ...accounts.owner.key, secretKey: 'x'.repeat(40) })));

test('the root key of another account is refused everywhere', () => refusesAllButTheName(accounts.other.root));

test('a root key of another project of the account is refused everywhere', async () => {
  await cli('project', 'create', '--account', accounts.owner.email, '--name', 'elsewhere');
  await refusesAllButTheName(signedBy(await ownKey('--project', 'elsewhere')));
});

test('an IAM user without policies is refused everywhere', async () => {
  await refusesAll(await accounts.user(accounts.owner, 'nobody'));
});

test('a key restricted to another bucket is refused everywhere', async () => {
  const key = await ownKey();
  await cli('s3-key', 'restrict', key.id, '--bucket', 'other-bucket');
  await refusesAll(signedBy(key));
});

test('a disabled key, a deleted key and a key whose user is disabled are refused everywhere', async () => {
  const [disabled, deleted] = [await ownKey(), await ownKey()];
  await cli('s3-key', 'disable', disabled.id);
  await cli('s3-key', 'delete', deleted.id, '--yes');
  await refusesAll(signedBy(disabled));
  await refusesAll(signedBy(deleted));
  const user = await accounts.user(accounts.owner, 'leaver', [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }]);
  assert.equal((await user({ path: `/${bucket}/key` })).status, 200);
  await cli('user', 'disable', '--account', accounts.owner.email, '--user', 'leaver');
  await refusesAll(user);
});

test('an expired presigned URL and a signature of long ago are refused everywhere', async () => {
  await refusesAll((request) => accounts.owner.root({ ...request, skewMs: -20 * 60_000 }));
  const isPlain = ({ method }: RawRequest): boolean => method === 'GET' || method === 'HEAD' || method === 'DELETE';
  await refusesAll((request) =>
    accounts.owner.root(
      isPlain(request)
        ? { ...request, auth: 'presigned', expiresSeconds: 60, skewMs: -120_000 }
        : { ...request, skewMs: -20 * 60_000 },
    ),
  );
});

test('a read-only user reads, and is refused whatever changes something', async () => {
  const user = await accounts.user(accounts.owner, 'reader', [
    { Effect: 'Allow', Action: ['s3:Get*', 's3:List*'], Resource: '*' },
  ]);
  const reads = /^(Get|Head|List|Select)/;
  assert.deepEqual(await unexpected(user, ({ name }) => (reads.test(name) ? 'reached' : 'refused')), []);
});

test('other names for the same place lead nowhere: dots, slashes, escapes, the Host header', async () => {
  const other = await accounts.bucket();
  const only = [{ Effect: 'Allow', Action: 's3:*', Resource: [`arn:aws:s3:::${other}`, `arn:aws:s3:::${other}/*`] }];
  const user = await accounts.user(accounts.owner, 'boxed', only);
  assert.equal((await user({ method: 'PUT', path: `/${other}/own`, body: 'own' })).status, 200);
  const paths = [
    `/${bucket}/key`,
    `/${other}/../${bucket}/key`,
    `/${other}/%2e%2e/${bucket}/key`,
    `/${other}%2f..%2f${bucket}/key`,
    `//${bucket}/key`,
    `/./${bucket}/key`,
    `/${other}/..%2f${bucket}%2fkey`,
    `/${other}\\..\\${bucket}/key`,
    `/${bucket}%00/key`,
    `/${bucket};/key`,
  ];
  for (const path of paths) {
    for (const host of [undefined, `${other}.s3.localhost`]) {
      const reply = await user({ path, ...(host === undefined ? {} : { host }) });
      assert.ok(!reply.text.includes('the secret of the bucket'), `${host ?? ''} ${path}`);
      assert.notEqual(reply.status, 200, `${host ?? ''} ${path}`);
    }
  }
  const copied = await user({
    method: 'PUT',
    path: `/${other}/copy`,
    headers: { 'x-amz-copy-source': `/${bucket}/key` },
  });
  assert.equal(copied.status, 403);
  const climbing = { 'x-amz-copy-source': `/${other}/../${bucket}/key` };
  assert.equal((await user({ method: 'PUT', path: `/${other}/copy`, headers: climbing })).status, 404);
});

test('what decides and is not covered by the signature is refused', async () => {
  const { root } = accounts.owner;
  const path = `/${bucket}/key`;
  const headers = {
    'x-amz-copy-source': `/${bucket}/other`,
    'x-amz-acl': 'public-read',
    'x-amz-bypass-governance-retention': 'true',
  };
  for (const [name, value] of Object.entries(headers)) {
    const reply = await root({ method: 'PUT', path, body: 'x', tamper: { unsignedHeaders: { [name]: value } } });
    assert.equal(reply.status, 403, `${name} sent and not signed`);
  }
  const moved = await root({ path: `/${bucket}/nothing`, tamper: { path } });
  assert.equal(moved.code, 'SignatureDoesNotMatch');
  const hostless = await root({ path, tamper: { headers: { host: `${bucket}.s3.localhost` } } });
  assert.equal(hostless.status, 403);
});

test('the root key reaches every operation with the same requests', async () => {
  const order = (name: string): number => (name.startsWith('Delete') ? 1 : 0);
  for (const operation of tried.toSorted((a, b) => order(a.name) - order(b.name))) {
    const reply = await accounts.owner.root(requestFor(operation, bucket));
    assert.ok(!isRefused(reply), `${operation.name}: ${reply.status} ${reply.code ?? ''} ${reply.message ?? ''}`);
  }
});
