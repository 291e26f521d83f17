import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openIdentityFixture } from '../../test/support/identity-fixture.ts';
import { agree } from '../../test/support/random-decisions.ts';
import { createS3Key } from '../identity/s3-keys.ts';
import { createUsers } from '../identity/users.ts';
import { describeDecision } from './describe-decision.ts';
import { simulate } from './simulate.ts';

test('the simulator agrees with the decision on real requests in 1,000 random cases', () => agree(1000));

test('the answer names the statement that decided, or that none did', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account, project } = fixture;
  const { accountId } = account;
  const { users } = await createUsers(deps, { accountId, usernames: ['alice'], policies: ['vStorageReadOnlyAccess'] });
  const userId = users[0]?.userId;
  assert.ok(userId !== undefined);
  const creator = { type: 'user', userId } as const;
  const ask = async (asker: Parameters<typeof simulate>[2], action: string, resource = 'arn:aws:s3:::photos/cat') => {
    const question = { action, resource, conditions: {} };
    return describeDecision(await simulate(deps, accountId, asker, question), question, accountId);
  };
  const read = await ask(creator, 's3:getobject');
  assert.deepEqual([read.decision, read.decidedBy?.policy], ['allowed', 'vStorageReadOnlyAccess']);
  assert.deepEqual(read.decidedBy?.statement['Effect'], 'Allow');
  const write = await ask(creator, 's3:PutObject');
  assert.deepEqual([write.decision, write.decidedBy], ['implicit-deny', null]);
  assert.match(write.reason, /No policy allows s3:PutObject/);
  const facts = { accountId, projectId: project.projectId, creator };
  const { record } = await createS3Key(deps, { ...facts, restriction: { buckets: ['other'] } });
  assert.match((await ask({ type: 's3-key', keyId: record.id }, 's3:GetObject')).reason, /restriction of the S3 key/);
  assert.match((await ask({ type: 's3-key', keyId: record.id }, 'vstorage:CreateUser', '*')).reason, /nothing but S3/);
  assert.equal((await ask(creator, 'vstorage:CreateOwnS3Key', '*')).decidedBy?.sid, 'OwnS3Keys');
  await assert.rejects(ask(creator, 's3:GetObjekt'), { code: 'invalid-action' });
  await assert.rejects(ask(creator, 's3:GetObject', 'photos/cat'), { code: 'invalid-resource' });
});
