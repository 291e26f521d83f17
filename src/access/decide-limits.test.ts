import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicy, parseResourcePolicy } from '../policy/parse.ts';
import type { Policy } from '../policy/policy.ts';
import type { AccountId, ProjectId, RoleId, ServiceAccountId, UserId } from '../shared/ids.ts';
import { type BucketResource, decide } from './decide.ts';
import { decideByIdentity } from './decide-by-identity.ts';
import type { Identity } from './principal.ts';

const ACCOUNT = '111111111111' as AccountId;
const owned = { accountId: ACCOUNT, canonicalId: 'c', name: 'ann' };
const about = (resource: string) => ({ action: 's3:GetObject', resource, context: new Map<string, string>() });
const KEY = 'arn:aws:s3:::photos/k';

const policy = (name: string, Effect: string, Action: string): Policy =>
  parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: { Effect, Action, Resource: '*' } }), name);
const all = policy('all', 'Allow', 's3:*');
const gets = policy('gets', 'Allow', 's3:Get*');
const puts = policy('puts', 'Allow', 's3:Put*');
const denies = policy('denies', 'Deny', 's3:Get*');

const user = (policies: Policy[], boundary: Policy | null = null): Identity => ({
  ...owned,
  type: 'user',
  userId: 'u' as UserId,
  path: '/',
  tags: [],
  policies,
  boundary,
});
const role = (policies: Policy[], boundary: Policy | null, sessionPolicies: Policy[] | null): Identity => ({
  ...owned,
  type: 'role',
  roleId: 'r' as RoleId,
  sessionName: 'now',
  path: '/',
  tags: [],
  policies,
  boundary,
  sessionPolicies,
});
const serviceAccount = (policies: Policy[], boundary: Policy | null = null): Identity => ({
  ...owned,
  type: 'service-account',
  serviceAccountId: 's' as ServiceAccountId,
  policies,
  boundary,
});

const verdict = (identity: Identity): string => {
  const { kind, ...rest } = decideByIdentity(identity, about(KEY));
  return 'reason' in rest ? rest.reason : kind;
};

test('a boundary allows nothing by itself, keeps what it allows too and refuses the rest', () => {
  for (const who of [user, serviceAccount]) {
    assert.equal(verdict(who([], all)), 'none');
    assert.equal(verdict(who([all], gets)), 'allow');
    assert.equal(verdict(who([all], puts)), 'permissions-boundary');
    assert.equal(verdict(who([all], denies)), 'deny');
    assert.equal(verdict(who([all, denies], all)), 'deny');
  }
});

test('a role’s session has what the role, its boundary and one of the session’s policies allow', () => {
  assert.equal(verdict(role([all], null, null)), 'allow');
  assert.equal(verdict(role([all], gets, [puts, gets])), 'allow');
  assert.equal(verdict(role([all], gets, [puts])), 'session-policy');
  assert.equal(verdict(role([all], gets, [])), 'session-policy');
  assert.equal(verdict(role([all], puts, [gets])), 'permissions-boundary');
  assert.equal(verdict(role([puts], null, [gets])), 'none');
  assert.equal(verdict(role([all], null, [gets, denies])), 'deny');
});

test('one’s own S3 keys need no policy, but a boundary can deny them', () => {
  const question = { ...about('*'), action: 'vstorage:CreateOwnS3Key' };
  const denied = policy('d', 'Deny', 'vstorage:CreateOwnS3Key');
  assert.equal(decideByIdentity(user([], gets), question).kind, 'allow');
  assert.equal(decideByIdentity(user([], denied), question).kind, 'deny');
});

const named = {
  'arn:aws:iam::111111111111:user/ann': 'u' as UserId,
  'arn:aws:iam::111111111111:role/ann': 'r' as RoleId,
  'arn:aws:sts::111111111111:assumed-role/ann/now': 'r' as RoleId,
  'arn:aws:sts::111111111111:assumed-role/ann/then': 'r' as RoleId,
  'arn:aws:iam:::user/demo-111111111111:sa-ann': 's' as ServiceAccountId,
};

/** Of the asker's own account, with one statement about `AWS`. */
function bucket(AWS: string, Effect = 'Allow'): BucketResource {
  const statement = { Effect, Principal: { AWS }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' };
  const parsed = parseResourcePolicy(JSON.stringify({ Statement: statement }), 'bucket policy');
  const shared = { policy: parsed, users: named, isPublic: false, readsTags: false };
  return {
    accountId: ACCOUNT,
    ownerCanonicalId: 'c',
    projectId: 'p' as ProjectId,
    projectTrashed: false,
    access: { policy: shared, acl: null, ownership: 'BucketOwnerEnforced', block: null },
    object: null,
  };
}

const decided = (identity: Identity, AWS: string, Effect?: string): string => {
  const decision = decide({ kind: 'session', identity }, about(KEY), bucket(AWS, Effect));
  return decision.kind === 'refused' ? decision.reason : decision.kind;
};

test('what a bucket policy gives to a user or a service account is not bounded', () => {
  assert.equal(decided(user([], puts), 'arn:aws:iam::111111111111:user/ann'), 'allow');
  assert.equal(decided(serviceAccount([], puts), 'arn:aws:iam:::user/demo-111111111111:sa-ann'), 'allow');
  // the service account is somebody else than the user of the same name
  assert.equal(decided(serviceAccount([]), 'arn:aws:iam::111111111111:user/ann'), 'none');
  assert.equal(decided(user([]), 'arn:aws:iam:::user/demo-111111111111:sa-ann'), 'none');
  assert.equal(decided(user([all], denies), 'arn:aws:iam::111111111111:user/ann'), 'deny');
});

test('what a bucket policy gives to a role is bounded, what it gives to one session or everybody is not', () => {
  const byRole = 'arn:aws:iam::111111111111:role/ann';
  const bySession = 'arn:aws:sts::111111111111:assumed-role/ann/now';
  assert.equal(decided(role([], null, null), byRole), 'allow');
  assert.equal(decided(role([], gets, [gets]), byRole), 'allow');
  assert.equal(decided(role([], puts, null), byRole), 'permissions-boundary');
  assert.equal(decided(role([], null, [puts]), byRole), 'session-policy');
  for (const to of [bySession, '*']) assert.equal(decided(role([], puts, [puts]), to), 'allow');
  assert.equal(decided(role([], null, null), 'arn:aws:sts::111111111111:assumed-role/ann/then'), 'none');
  for (const to of [byRole, bySession, '*']) assert.equal(decided(role([all], null, null), to, 'Deny'), 'deny');
});
