import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreatedS3Key, SimulateResult } from '../../src/console-api/contract.ts';
import { refused } from './browser.ts';
import { startConsole } from './console-fixture.ts';

test('the simulator answers for users, keys and root, and only those who may read policies', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const reader = await fixture.user('reader', ['vStorageReadOnlyAccess']);
  const path = `projects/${fixture.projectId}/s3-keys`;
  const restriction = { networks: ['192.0.2.0/24'] };
  const key = await reader.change<CreatedS3Key>('POST', path, { restriction }, 201);
  const object = { resource: 'arn:aws:s3:::photos/cat' };
  const ask = async (principal: object, ...questions: object[]) =>
    (await root.change<SimulateResult>('POST', 'policies/simulate', { principal, questions }, 200)).results;
  const [read, write] = await ask(
    { type: 'user', user: 'reader' },
    { ...object, action: 's3:GetObject' },
    { ...object, action: 's3:PutObject' },
  );
  assert.deepEqual(
    [read?.decision, read?.decidedBy?.policy, write?.decision, write?.decidedBy],
    ['allowed', 'vStorageReadOnlyAccess', 'implicit-deny', null],
  );
  const byKey = async (address: string) =>
    (
      await ask(
        { type: 's3-key', id: key.id },
        { ...object, action: 's3:GetObject', conditions: { 'aws:SourceIp': address } },
      )
    )[0];
  assert.equal((await byKey('192.0.2.9'))?.allowed, true);
  assert.match((await byKey('203.0.113.9'))?.reason ?? '', /restriction/);
  assert.equal((await ask({ type: 'root' }, { action: 'vstorage:DeleteUser' }))[0]?.decision, 'allowed');
  const body = { principal: { type: 'root' }, questions: [{ action: 's3:GetObject' }] };
  const nobody = await fixture.user('nobody');
  refused(await nobody.send('POST', 'policies/simulate', body), 403, 'access-denied');
  const unknown = { principal: { type: 'user', user: 'none' }, questions: body.questions };
  refused(await root.send('POST', 'policies/simulate', unknown), 404, 'no-such-user');
});
