import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyView } from '../../src/console-api/contract.ts';
import type {
  CreatedServiceAccount,
  GroupView,
  ImportedPolicyView,
  PolicyVersionList,
  PolicyVersionView,
} from '../../src/console-api/contract/iam.ts';
import { refused } from './browser.ts';
import { startConsole } from './console-fixture.ts';

const allow = (Action: string) => ({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource: '*' } });

test('a changed policy is a new version; an older one can be brought back, at the next request of whoever has it', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  await root.change('POST', 'policies', { name: 'mine', document: allow('vstorage:ListUsers') }, 201);
  const alice = await fixture.user('alice', ['mine']);
  const mayList = async (): Promise<boolean> => (await alice.send('GET', 'users')).status === 200;
  assert.equal(await mayList(), true);
  const changed = await root.change<PolicyView>(
    'PUT',
    'policies/mine',
    { document: allow('vstorage:ListGroups') },
    200,
  );
  assert.equal(changed.defaultVersion, 2);
  assert.equal(await mayList(), false);
  await root.change('PUT', 'policies/mine/default-version', { version: 1 }, 204);
  assert.equal(await mayList(), true);
  const added = { document: allow('s3:*'), setAsDefault: false };
  const third = await root.change<PolicyVersionView>('POST', 'policies/mine/versions', added, 201);
  assert.deepEqual([third.version, third.isDefault], [3, false]);
  assert.equal(await mayList(), true);
  const { items, limit } = await root.get<PolicyVersionList>('policies/mine/versions');
  assert.deepEqual(
    [limit, items.map(({ version, isDefault }) => [version, isDefault])],
    [
      5,
      [
        [3, false],
        [2, false],
        [1, true],
      ],
    ],
  );
  await root.change('DELETE', 'policies/mine/versions/2', undefined, 204);
  refused(await root.send('DELETE', 'policies/mine/versions/1'), 409, 'default-version');
  refused(await root.send('DELETE', 'policies/mine/versions/2'), 404, 'no-such-version');
  for (const action of ['s3:A', 's3:B', 's3:C']) {
    await root.change('POST', 'policies/mine/versions', { document: allow(action), setAsDefault: false }, 201);
  }
  const sixth = { document: allow('s3:D') };
  refused(await root.send('PUT', 'policies/mine', sixth), 409, 'version-limit-exceeded');
  await root.change('PUT', 'policies/mine', { ...sixth, replaceOldest: true }, 200);
  refused(await root.send('POST', 'policies/vStorageFullAccess/versions', added), 409, 'managed-policy');
  assert.equal((await root.get<PolicyVersionList>('policies/vStorageFullAccess/versions')).items.length, 1);
  refused(await alice.send('GET', 'policies/mine/versions'), 403, 'access-denied');
});

test('a policy shows who has it and is given to several at once', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  await root.change('POST', 'policies', { name: 'mine', document: allow('s3:*') }, 201);
  const { user } = await fixture.user('alice');
  const group = await root.change<GroupView>('POST', 'groups', { name: 'staff' }, 201);
  const job = await root.change<CreatedServiceAccount>(
    'POST',
    'service-accounts',
    { name: 'job', boundary: 'mine' },
    201,
  );
  const attach = [
    { type: 'user', id: user.userId },
    { type: 'group', id: group.id },
    { type: 'service-account', id: job.id },
  ];
  const used = await root.change<PolicyView>('POST', 'policies/mine/usage', { attach }, 200);
  assert.deepEqual(
    used.attachedTo.map(({ name }) => name),
    ['alice', 'staff', 'job'],
  );
  assert.deepEqual(
    used.boundaryOf.map(({ name }) => name),
    ['job'],
  );
  assert.equal(used.usageCount, 3);
  refused(await root.send('DELETE', 'policies/mine'), 409, 'policy-in-use');
  const rest = await root.change<PolicyView>('POST', 'policies/mine/usage', { detach: attach.slice(0, 2) }, 200);
  assert.deepEqual(
    rest.attachedTo.map(({ type }) => type),
    ['service-account'],
  );
  refused(await root.send('POST', 'policies/mine/usage', { detach: attach.slice(0, 1) }), 404, 'policy-not-attached');
  const bob = await fixture.user('bobby', ['vStorageReadOnlyAccess']);
  refused(
    await bob.send('POST', 'policies/AdministratorAccess/usage', { attach: [{ type: 'user', id: bob.user.userId }] }),
    403,
    'access-denied',
  );
});

test('a policy of the original is shown translated first, then made', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const document = {
    statements: [
      {
        effect: 'allow',
        actions: ['vstorage-hcm03:ListObjects', 'vstorage-hcm03:ListRegions'],
        resources: ['*'],
        condition: {},
      },
    ],
  };
  const body = { name: 'brought', document };
  const preview = await root.change<ImportedPolicyView>('POST', 'policies/import', { ...body, preview: true }, 200);
  assert.equal(preview.policy, null);
  assert.deepEqual(
    preview.report.map(({ outcome }) => outcome),
    ['translated', 'dropped'],
  );
  refused(await root.send('GET', 'policies/brought'), 404, 'no-such-policy');
  const made = await root.change<ImportedPolicyView>('POST', 'policies/import', body, 200);
  assert.equal(made.policy?.document, preview.document);
  assert.deepEqual(JSON.parse(made.document).Statement[0].Action, ['s3:ListBucket']);
  const kept = await root.send('POST', 'policies', { name: 'untranslated', document });
  assert.match(refused(kept, 400, 'malformed-policy').detail, /import the policy/);
  refused(await root.send('POST', 'policies/import', body), 409, 'policy-name-taken');
});
