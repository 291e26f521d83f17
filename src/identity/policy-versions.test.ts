import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openIdentityFixture, problem } from '../../test/support/identity-fixture.ts';
import { policyKey } from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { createPolicy, deletePolicy, findPolicy } from './policies.ts';
import {
  createPolicyVersion,
  deletePolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
  updatePolicy,
} from './policy-versions.ts';

const about = (Action: string): string => JSON.stringify({ Statement: { Effect: 'Allow', Action, Resource: '*' } });

async function openWorld() {
  const fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const { accountId } = account;
  await createPolicy(deps, { accountId, name: 'mine', description: 'first', document: about('s3:Get*') });
  return {
    deps,
    accountId,
    pass: fixture.pass,
    add: (document: string, setAsDefault = false, replaceOldest = false) =>
      createPolicyVersion(deps, { accountId, name: 'mine', document, setAsDefault, replaceOldest }),
    listed: async () =>
      (await listPolicyVersions(deps, accountId, 'mine')).map(
        ({ version, isDefault }) => `${version}${isDefault ? '*' : ''}`,
      ),
    [Symbol.asyncDispose]: fixture[Symbol.asyncDispose],
  };
}

test('a policy keeps five versions with numbers of their own, one of them the default', async () => {
  await using world = await openWorld();
  const { deps, accountId, add, listed } = world;
  for (const action of ['s3:A', 's3:B', 's3:C']) await add(about(action));
  assert.deepEqual(await add(about('s3:D'), true), {
    version: 5,
    isDefault: true,
    document: about('s3:D'),
    createdAt: deps.clock(),
  });
  assert.deepEqual(await listed(), ['5*', '4', '3', '2', '1']);
  assert.equal((await findPolicy(deps, accountId, 'mine'))?.document, about('s3:D'));
  await assert.rejects(add(about('s3:E')), problem('version-limit-exceeded', 409));
  await assert.rejects(deletePolicyVersion(deps, accountId, 'mine', 5), problem('default-version', 409));
  await setDefaultPolicyVersion(deps, accountId, 'mine', 1);
  assert.equal((await findPolicy(deps, accountId, 'mine'))?.document, about('s3:Get*'));
  await deletePolicyVersion(deps, accountId, 'mine', 5);
  await add(about('s3:E'));
  assert.deepEqual(await listed(), ['6', '4', '3', '2', '1*']);
  for (const version of [5, 0, -1, 1.5]) {
    await assert.rejects(setDefaultPolicyVersion(deps, accountId, 'mine', version), problem('no-such-version', 404));
  }
});

test('a changed document is a new version, the same one is none, and the oldest makes room when asked', async () => {
  await using world = await openWorld();
  const { deps, accountId, listed } = world;
  const update = (document: string, replaceOldest = false) =>
    updatePolicy(deps, { accountId, name: 'mine', description: 'changed', document, replaceOldest });
  assert.equal((await update(about('s3:Get*'))).description, 'changed');
  assert.deepEqual(await listed(), ['1*']);
  for (const action of ['s3:A', 's3:B', 's3:C', 's3:D']) await update(about(action));
  await assert.rejects(update(about('s3:E')), problem('version-limit-exceeded', 409));
  assert.equal((await update(about('s3:E'), true)).document, about('s3:E'));
  assert.deepEqual(await listed(), ['6*', '5', '4', '3', '2']);
});

test('a policy stored before there were versions has one, and its times are kept', async () => {
  await using world = await openWorld();
  const { deps, accountId, add } = world;
  const old = {
    v: 1,
    accountId,
    name: 'mine',
    description: '',
    document: about('s3:Get*'),
    createdAt: 1,
    updatedAt: 2,
  };
  await deps.store.transact(async (transaction) => transaction.put(policyKey(accountId, 'mine'), encodeRecord(old)));
  await add(about('s3:B'), true);
  const versions = await listPolicyVersions(deps, accountId, 'mine');
  assert.deepEqual(
    versions.map(({ version, createdAt }) => [version, createdAt]),
    [
      [2, deps.clock()],
      [1, 2],
    ],
  );
});

test('a deleted policy leaves no versions to the next of its name', async () => {
  await using world = await openWorld();
  const { deps, accountId, add, listed } = world;
  await add(about('s3:B'));
  await deletePolicy(deps, accountId, 'mine');
  await assert.rejects(listed(), problem('no-such-policy', 404));
  await createPolicy(deps, { accountId, name: 'Mine', description: '', document: about('s3:C') });
  assert.equal((await listPolicyVersions(deps, accountId, 'Mine')).length, 1);
});
