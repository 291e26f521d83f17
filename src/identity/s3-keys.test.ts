import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { trashProject } from '../projects/projects.ts';
import type { ProjectId, S3KeyId } from '../shared/ids.ts';
import { type IdentityFixture, openIdentityFixture, problem } from '../../test/support/identity-fixture.ts';
import { type NewS3Key, createS3Key, deleteS3Keys, findS3Key, listS3Keys, updateS3Key } from './s3-keys.ts';
import { createUsers } from './users.ts';

function newKey({ account, project }: IdentityFixture, more: Partial<NewS3Key> = {}): NewS3Key {
  return { accountId: account.accountId, projectId: project.projectId, creator: { type: 'root' }, ...more };
}

test('a key has the formats of the product, and only its creation shows the secret', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account, project } = fixture;
  const { record, secretKey } = await createS3Key(deps, newKey(fixture, { description: ' backup ' }));
  assert.match(record.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.match(record.accessKey, /^[0-9a-f]{32}$/);
  assert.match(secretKey, /^[A-Za-z0-9]{40}$/);
  assert.equal(record.description, 'backup');
  assert.equal(record.creatorName, account.email);
  const listed = await listS3Keys(deps, { accountId: account.accountId, projectId: project.projectId });
  assert.deepEqual(listed, [record]);
  assert.deepEqual(await findS3Key(deps, account.accountId, record.id), record);
  assert.doesNotMatch(JSON.stringify([record, listed]), /secret|sealed|ciphertext/i);
  assert.equal(JSON.stringify(listed).includes(secretKey), false);
});

test('the secret stands nowhere in the store’s files', async () => {
  await using fixture = await openIdentityFixture();
  const { secretKey } = await createS3Key(fixture.deps, newKey(fixture));
  const files = await readdir(fixture.folder, { recursive: true, withFileTypes: true });
  const contents = await Promise.all(
    files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name))),
  );
  assert.ok(contents.some((content) => content.includes('sealedSecret')));
  for (const content of contents) {
    assert.equal(content.includes(secretKey), false);
    assert.equal(content.includes(Buffer.from(secretKey).toString('base64')), false);
  }
});

test('the limit of keys per account holds, over all projects and against races', async () => {
  await using fixture = await openIdentityFixture({ 'keys-per-account': 3 });
  const { deps, account } = fixture;
  const attempts = await Promise.allSettled(Array.from({ length: 6 }, () => createS3Key(deps, newKey(fixture))));
  const refused = attempts.filter((attempt) => attempt.status === 'rejected');
  assert.equal(refused.length, 3);
  for (const attempt of refused) assert.ok(problem('limit-exceeded', 409)(attempt.reason));
  assert.equal((await listS3Keys(deps, { accountId: account.accountId })).length, 3);
});

test('an imported pair keeps its names, is unique, and may come back after its deletion', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const imported = { accessKey: 'AKIA-from.elsewhere_1', secretKey: 'sec ret/+=12' };
  const { record, secretKey } = await createS3Key(deps, newKey(fixture, { imported }));
  assert.equal(record.accessKey, imported.accessKey);
  assert.equal(secretKey, imported.secretKey);
  await assert.rejects(createS3Key(deps, newKey(fixture, { imported })), problem('access-key-taken', 409));
  await deleteS3Keys(deps, { accountId: account.accountId, ids: [record.id] });
  const again = await createS3Key(deps, newKey(fixture, { imported }));
  assert.notEqual(again.record.id, record.id);
});

test('imported pairs outside the grammar are refused', async () => {
  await using fixture = await openIdentityFixture();
  const attempt = (accessKey: string, secretKey: string): Promise<unknown> =>
    createS3Key(fixture.deps, newKey(fixture, { imported: { accessKey, secretKey } }));
  for (const accessKey of ['ab', 'a'.repeat(129), 'a/b', 'a b', 'ä12']) {
    await assert.rejects(attempt(accessKey, 'long-enough'), problem('invalid-access-key'), accessKey);
  }
  for (const secretKey of ['short', 's'.repeat(129), 'sécret-key', 'line\nbreak']) {
    await assert.rejects(attempt('good-key', secretKey), problem('invalid-secret-key'), secretKey);
  }
});

test('a key needs a living project and creator, and an expiry in the future', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account, project } = fixture;
  const create = (more: Partial<NewS3Key>): Promise<unknown> => createS3Key(deps, newKey(fixture, more));
  await assert.rejects(create({ projectId: '0'.repeat(32) as ProjectId }), problem('no-such-project', 404));
  await assert.rejects(create({ expiresAt: deps.clock() }), problem('invalid-expiry', 400));
  await assert.rejects(create({ description: 'x'.repeat(257) }), problem('invalid-description', 400));
  const { users } = await createUsers(deps, { accountId: account.accountId, usernames: ['alice'] });
  const stranger = users[0]?.userId.replaceAll(/[0-9]/g, '0') ?? '';
  const creator = { type: 'user', userId: stranger } as unknown as NewS3Key['creator'];
  await assert.rejects(create({ creator }), problem('creator-inactive', 409));
  await trashProject(deps, project.projectId);
  await assert.rejects(create({}), problem('project-in-trash', 409));
});

test('status, description and expiry change one by one; what is not named stays', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const { accountId } = account;
  const expiresAt = deps.clock() + 1000;
  const { record } = await createS3Key(deps, newKey(fixture, { description: 'a', expiresAt }));
  const disabled = await updateS3Key(deps, { accountId, id: record.id, status: 'disabled' });
  assert.deepEqual(disabled, { ...record, status: 'disabled', warnings: [] });
  const lasting = await updateS3Key(deps, { accountId, id: record.id, expiresAt: null, description: 'b' });
  assert.deepEqual(lasting, { ...record, status: 'disabled', expiresAt: null, description: 'b', warnings: [] });
  const missing = { accountId, id: 'x' as S3KeyId, status: 'active' } as const;
  await assert.rejects(updateS3Key(deps, missing), problem('no-such-s3-key', 404));
});

test('many keys are deleted at once; those of other accounts and unknown ones are named missing', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const { accountId } = account;
  const made = [await createS3Key(deps, newKey(fixture)), await createS3Key(deps, newKey(fixture))];
  const ids = made.map(({ record }) => record.id);
  const unknown = '00000000-0000-4000-8000-000000000000' as S3KeyId;
  const strangers = '000000000001' as typeof accountId;
  assert.deepEqual(await deleteS3Keys(deps, { accountId: strangers, ids }), { deleted: [], missing: ids });
  assert.deepEqual(await deleteS3Keys(deps, { accountId, ids: [...ids, unknown] }), {
    deleted: ids,
    missing: [unknown],
  });
  assert.deepEqual(await listS3Keys(deps, { accountId }), []);
});
