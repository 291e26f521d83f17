import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountId, ProjectId, UserId } from '../shared/ids.ts';
import { parseResourcePolicy } from './parse.ts';
import { type PolicyAsker, speaksOf } from './principals.ts';

const ACCOUNT = '111111111111';
const bob = `arn:aws:iam::${ACCOUNT}:user/bob`;
const users = {
  [bob]: 'bob-id' as UserId,
  'arn:aws:iam:::user/demo-111111111111-5d10c8ba:iam-bob': 'bob-id' as UserId,
};
const asker = (more: Partial<Extract<PolicyAsker, { kind: 'identity' }>> = {}): PolicyAsker => ({
  kind: 'identity',
  accountId: ACCOUNT as AccountId,
  canonicalId: 'c1',
  self: { type: 'user', userId: 'bob-id' as UserId },
  projectId: `5d10c8ba${'0'.repeat(24)}` as ProjectId,
  ...more,
});
const root = asker({ self: { type: 'root' } });
const stranger: PolicyAsker = { kind: 'anonymous' };

function speaks(element: object, who: PolicyAsker, reach: 'direct' | 'account' | 'none' = 'direct', Effect = 'Deny') {
  const document = JSON.stringify({ Statement: { Effect, ...element, Action: 's3:*', Resource: '*' } });
  const [statement] = parseResourcePolicy(document, 'p').statements;
  assert.ok(statement);
  return speaksOf(who, users, reach)(statement);
}

test('a deny reaches a user by name, by account and by everybody', () => {
  for (const AWS of [bob, ACCOUNT, '*']) {
    assert.deepEqual(
      [speaks({ Principal: { AWS } }, asker()), speaks({ Principal: { AWS } }, stranger)],
      [true, AWS === '*'],
    );
  }
  assert.equal(
    speaks({ Principal: { AWS: bob } }, asker({ self: { type: 'user', userId: 'other' as UserId } })),
    false,
  );
  assert.equal(speaks({ Principal: { AWS: ACCOUNT } }, asker({ accountId: '222222222222' as AccountId })), false);
});

test('an allow counts as far as the asker is let reach for it', () => {
  const allows = (AWS: string, who: PolicyAsker) =>
    (['direct', 'account', 'none'] as const).map((reach) => speaks({ Principal: { AWS } }, who, reach, 'Allow'));
  assert.deepEqual(allows(bob, asker()), [true, true, false]);
  assert.deepEqual(allows(ACCOUNT, asker()), [false, true, false]);
  assert.deepEqual(allows(ACCOUNT, root), [true, true, false]);
  assert.deepEqual(allows('*', stranger), [true, true, false]);
});

test('a vStorage user ID with a project means keys of that project', () => {
  const AWS = 'arn:aws:iam:::user/demo-111111111111-5d10c8ba:iam-bob';
  assert.equal(speaks({ Principal: { AWS } }, asker()), true);
  assert.equal(speaks({ Principal: { AWS } }, asker({ projectId: 'f'.repeat(32) as ProjectId })), false);
  assert.equal(speaks({ Principal: { AWS } }, asker({ projectId: null })), false);
});

test('NotPrincipal excepts whom it names: a user by name, by the account only its root', () => {
  assert.equal(speaks({ NotPrincipal: { AWS: bob } }, asker()), false);
  assert.equal(speaks({ NotPrincipal: { AWS: bob } }, root), true);
  assert.equal(speaks({ NotPrincipal: { AWS: ACCOUNT } }, root), false);
  assert.equal(speaks({ NotPrincipal: { AWS: ACCOUNT } }, asker()), true);
  assert.equal(speaks({ NotPrincipal: { AWS: ACCOUNT } }, stranger), true);
});

test('a canonical id is its account, a service never asks', () => {
  assert.equal(speaks({ Principal: { CanonicalUser: 'c1' } }, root), true);
  assert.equal(speaks({ Principal: { CanonicalUser: 'c2' } }, root), false);
  assert.equal(speaks({ Principal: { Service: 'logging.s3.amazonaws.com' } }, root), false);
});
