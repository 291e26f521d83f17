import assert from 'node:assert/strict';
import { test } from 'node:test';
import { managementActions, s3Actions } from './actions.ts';
import { evaluate } from './evaluate.ts';
import { findManagedPolicy, managedPolicies } from './managed.ts';

function allowed(name: string): ReadonlySet<string> {
  const found = findManagedPolicy(name);
  assert.ok(found, name);
  const names = [...s3Actions, ...managementActions].map((action) => action.name);
  const asks = (action: string) => evaluate([found.policy], { action, resource: 'x', context: new Map() }).kind;
  return new Set(names.filter((action) => asks(action) === 'allow'));
}

test('read-only policies allow nothing that writes, and the others nothing that governs people', () => {
  const levels = new Map([...s3Actions, ...managementActions].map(({ name, level }) => [name, level]));
  const readers = managedPolicies.filter(({ name }) => /ReadOnly/.test(name));
  assert.equal(readers.length, 6);
  for (const { name } of readers) {
    for (const action of allowed(name)) assert.match(levels.get(action) ?? '', /^(Read|List)$/, `${name} ${action}`);
  }
  const governs = /User|Group|Polic(y|ies)$|Boundary|ServiceAccount|SignIn|IdentityProvider|Audit|Explain/;
  for (const name of ['vStorageNormalAccess', 'vStorageIAMUserFullAccess', 'vStorageAPIFullAccess']) {
    const management = [...allowed(name)].filter((action) => action.startsWith('vstorage:'));
    assert.deepEqual(
      management.filter((action) => governs.test(action)),
      [],
      name,
    );
  }
});

test('what a policy of people or tools is for, it allows', () => {
  for (const name of ['vStorageFullAccess', 'vStorageNormalAccess', 'AdministratorAccess', 'AmazonS3FullAccess']) {
    assert.ok(
      s3Actions.every((action) => allowed(name).has(action.name)),
      name,
    );
  }
  assert.ok(allowed('vstorageIAMUSERfullaccess').has('vstorage:CreateOwnS3Key'));
  assert.equal(allowed('vStorageIAMUserFullAccess').has('vstorage:CreateProject'), false);
  assert.ok(allowed('vStorageClientToolFullAccess').has('s3:PutObject'));
  assert.equal(allowed('vStorageClientToolFullAccess').has('s3:PutBucketPolicy'), false);
  assert.equal(allowed('vStorageClientToolReadOnlyAccess').has('s3:PutObject'), false);
  assert.ok(allowed('IAMFullAccess').has('vstorage:AttachServiceAccountPolicy'));
  assert.equal(allowed('IAMFullAccess').has('s3:GetObject'), false);
});

test('names of managed policies differ in more than case', () => {
  assert.equal(new Set(managedPolicies.map(({ name }) => name.toLowerCase())).size, managedPolicies.length);
});
