// docs/keys.md, "When people and projects go": each row, and whether it can be undone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type IdentityFixture, openIdentityFixture } from '../../test/support/identity-fixture.ts';
import { setAccountStatus } from '../identity/accounts.ts';
import { setPolicies } from '../identity/attachments.ts';
import { deleteBoundary, putBoundary } from '../identity/boundaries.ts';
import { addUserToGroup, removeUserFromGroup } from '../identity/group-membership.ts';
import { createGroup, deleteGroup } from '../identity/groups.ts';
import { type MadeS3Key, createS3Key, listS3Keys } from '../identity/s3-keys.ts';
import { createUsers, deleteUser, setUserStatus } from '../identity/users.ts';
import { restoreProject, trashProject } from '../projects/projects.ts';
import type { UserId } from '../shared/ids.ts';
import { decide } from './decide.ts';
import { createSignerDeps, findSigner } from './signers.ts';

type Life = { readonly made: MadeS3Key; readonly userId: UserId; readonly works: () => Promise<boolean> };

/** A key of the IAM user alice. */
async function begin(fixture: IdentityFixture): Promise<Life> {
  const { deps, account, project } = fixture;
  const { accountId } = account;
  const names = { usernames: ['alice'], policies: ['vStorageFullAccess'] };
  const { users } = await createUsers(deps, { accountId, ...names });
  const userId = users[0]?.userId;
  assert.ok(userId !== undefined);
  const made = await createS3Key(deps, { accountId, projectId: project.projectId, creator: { type: 'user', userId } });
  // the same caches throughout, as in a worker that goes on running
  const signers = createSignerDeps(deps);
  const works = async (): Promise<boolean> => {
    const signer = await findSigner(signers, made.record.accessKey);
    if (signer === undefined) return false;
    const question = { action: 's3:ListAllMyBuckets', resource: '*', context: new Map<string, string>() };
    return decide(signer.principal, question, null).kind === 'allow';
  };
  assert.equal(await works(), true);
  return { made, userId, works };
}

test('keys of a disabled IAM user are refused and come back with it', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const { userId, works } = await begin(fixture);
  await setUserStatus(deps, account.accountId, userId, 'disabled');
  assert.equal(await works(), false);
  assert.equal((await listS3Keys(deps, { accountId: account.accountId })).length, 1);
  await setUserStatus(deps, account.accountId, userId, 'active');
  assert.equal(await works(), true);
});

test('keys of a deleted IAM user are gone; a new user of the same name does not get them back', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const { accountId } = account;
  const { userId, works } = await begin(fixture);
  await deleteUser(deps, accountId, userId);
  assert.equal(await works(), false);
  await createUsers(deps, { accountId, usernames: ['alice'], policies: ['vStorageFullAccess'] });
  assert.equal(await works(), false);
  assert.deepEqual(await listS3Keys(deps, { accountId }), []);
});

test('keys of a disabled account are refused and come back with it', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const { works } = await begin(fixture);
  await setAccountStatus(deps, account.accountId, 'disabled');
  assert.equal(await works(), false);
  await setAccountStatus(deps, account.accountId, 'active');
  assert.equal(await works(), true);
});

test('keys of a project in the trash are refused and come back with it', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, project } = fixture;
  const { works } = await begin(fixture);
  await trashProject(deps, project.projectId);
  assert.equal(await works(), false);
  await restoreProject(deps, project.projectId);
  assert.equal(await works(), true);
});

test('keys follow the groups and the boundary of their creator', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const { accountId } = account;
  const { userId, works } = await begin(fixture);
  const alice = { kind: 'user', id: userId } as const;
  await putBoundary(deps, accountId, alice, 'IAMReadOnlyAccess');
  assert.equal(await works(), false);
  await deleteBoundary(deps, accountId, alice);
  assert.equal(await works(), true);
  await setPolicies(deps, accountId, alice, []);
  assert.equal(await works(), false);
  const { groupId } = await createGroup(deps, { accountId, name: 'staff', policies: ['AmazonS3FullAccess'] });
  await addUserToGroup(deps, accountId, groupId, userId);
  assert.equal(await works(), true);
  await removeUserFromGroup(deps, accountId, groupId, userId);
  assert.equal(await works(), false);
  await addUserToGroup(deps, accountId, groupId, userId);
  assert.equal(await works(), true);
  await deleteGroup(deps, accountId, groupId);
  assert.equal(await works(), false);
});
