import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultActions, managementActions } from '../policy/actions.ts';
import { findManagedPolicy } from '../policy/managed.ts';
import { parsePolicy } from '../policy/parse.ts';
import type { Policy } from '../policy/policy.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId, UserId } from '../shared/ids.ts';
import { allowsManagement, authorizeManagement } from './authorize.ts';
import type { Identity } from './principal.ts';

const common = { accountId: '123456789012' as AccountId, canonicalId: 'c'.repeat(64) };
const root: Identity = { type: 'root', ...common, name: 'root@example.test' };
const user = (...policies: Policy[]): Identity => ({
  type: 'user',
  ...common,
  userId: 'u' as UserId,
  name: 'alice',
  path: '/',
  tags: [],
  policies,
  boundary: null,
});
const managed = (name: string): Policy => {
  const found = findManagedPolicy(name);
  assert.ok(found);
  return found.policy;
};
const policy = (...statements: unknown[]): Policy => parsePolicy(JSON.stringify({ Statement: statements }), 'p');

const allowed = (identity: Identity): string[] =>
  managementActions.map(({ name }) => name).filter((name) => allowsManagement(identity, name, '*'));

test('root may do everything', () => {
  assert.equal(allowed(root).length, managementActions.length);
});

test('a user without policies may see project names and handle its own S3 keys, nothing else', () => {
  assert.deepEqual(new Set(allowed(user())), defaultActions);
});

test('a read-only user may read everything, handle its own keys and change nothing of others', () => {
  const names = allowed(user(managed('vStorageReadOnlyAccess')));
  const reads = managementActions.map(({ name }) => name).filter((name) => /:(Get|List)/.test(name));
  assert.deepEqual(new Set(names), new Set([...reads, ...defaultActions]));
});

test('a policy can deny the own keys', () => {
  const deny = policy({ Effect: 'Deny', Action: 'vstorage:*OwnS3Key', Resource: '*' });
  assert.deepEqual(allowed(user(deny)), ['vstorage:ListProjects']);
  assert.deepEqual(
    allowed(user(managed('vStorageFullAccess'), deny)).filter((name) => name.includes('Own')),
    [],
  );
});

test('rights can be given for one project', () => {
  const mine = 'vstorage::123456789012:project/aaaa';
  const one = user(policy({ Effect: 'Allow', Action: 'vstorage:GetProject', Resource: mine }));
  assert.equal(allowsManagement(one, 'vstorage:GetProject', mine), true);
  assert.equal(allowsManagement(one, 'vstorage:GetProject', 'vstorage::123456789012:project/bbbb'), false);
});

test('a refusal is a 403 that names the action', () => {
  authorizeManagement(root, 'vstorage:CreateUser', '*');
  assert.throws(
    () => authorizeManagement(user(), 'vstorage:CreateUser', '*'),
    (error) => error instanceof ProblemError && error.status === 403 && error.message.includes('vstorage:CreateUser'),
  );
});

test('conditions of management see the client’s address', () => {
  const condition = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };
  const office = user(policy({ Effect: 'Allow', Action: 'vstorage:*', Resource: '*', Condition: condition }));
  const from = (clientAddress: string) => ({
    receivedAt: 0,
    clientAddress,
    secure: true,
    headers: new Map<string, string>(),
    query: new Map<string, string>(),
  });
  assert.equal(allowsManagement(office, 'vstorage:CreateUser', '*', from('10.1.1.1')), true);
  assert.equal(allowsManagement(office, 'vstorage:CreateUser', '*', from('192.0.2.1')), false);
  assert.equal(allowsManagement(office, 'vstorage:CreateUser', '*'), false);
});
