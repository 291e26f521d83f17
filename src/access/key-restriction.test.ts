import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RestrictionInput, parseRestriction } from '../identity/parse-restriction.ts';
import type { S3KeyRecord } from '../metadata/tables/identities.ts';
import { s3Actions } from '../policy/actions.ts';
import { askRestriction, compileRestriction, isWithinHours, verbsOf } from './key-restriction.ts';
import { keyWarnings } from './key-warnings.ts';
import type { Identity } from './principal.ts';

function asks(input: RestrictionInput): (action: string, resource: string, context?: object) => boolean {
  const parsed = parseRestriction(input);
  assert.ok(parsed !== null);
  const restriction = compileRestriction(parsed);
  return (action, resource, context = {}) =>
    askRestriction(restriction, { action, resource, context: new Map(Object.entries(context)) }).kind === 'allow';
}

test('a form without any limit is no restriction', () => {
  assert.equal(parseRestriction({}), null);
  assert.equal(parseRestriction({ buckets: [], prefix: '', networks: null, policy: '' }), null);
});

test('characters of patterns in a prefix are the characters they are', () => {
  const may = asks({ buckets: ['photos'], prefix: 'a*b?${aws:username}/' });
  assert.equal(may('s3:GetObject', 'arn:aws:s3:::photos/a*b?${aws:username}/cat'), true);
  assert.equal(may('s3:GetObject', 'arn:aws:s3:::photos/aXXb1alice/cat', { 'aws:username': 'alice' }), false);
  assert.equal(may('s3:ListBucket', 'arn:aws:s3:::photos', { 's3:prefix': 'aXb' }), false);
});

test('a bucket whose name begins the same is another bucket', () => {
  const may = asks({ buckets: ['photos'] });
  assert.equal(may('s3:GetObject', 'arn:aws:s3:::photos/cat'), true);
  assert.equal(may('s3:GetObject', 'arn:aws:s3:::photos2/cat'), false);
  assert.equal(may('s3:PutBucketPolicy', 'arn:aws:s3:::photos'), true);
});

test('settings, ACLs and bypassing a lock belong to no verb', () => {
  const none = s3Actions.filter((action) => verbsOf(action).length === 0).map(({ name }) => name);
  for (const name of [
    's3:PutBucketPolicy',
    's3:PutObjectAcl',
    's3:BypassGovernanceRetention',
    's3:PutBucketVersioning',
  ]) {
    assert.ok(none.includes(name), name);
  }
  for (const action of s3Actions)
    if (/:Put(Bucket|.*Configuration)/.test(action.name)) assert.deepEqual(verbsOf(action), []);
});

test('every part must allow: a policy beside the form does not widen it', () => {
  const policy = { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
  const may = asks({ buckets: ['photos'], allow: ['read'], policy });
  assert.equal(may('s3:GetObject', 'arn:aws:s3:::photos/cat'), true);
  assert.equal(may('s3:GetObject', 'arn:aws:s3:::films/cat'), false);
  assert.equal(may('s3:PutObject', 'arn:aws:s3:::photos/cat'), false);
  const denying = { Statement: [...policy.Statement, { Effect: 'Deny', Action: 's3:GetObject', Resource: '*' }] };
  assert.equal(asks({ policy: denying })('s3:GetObject', 'arn:aws:s3:::photos/cat'), false);
});

test('a stored policy that cannot be read lets nothing through', () => {
  const parsed = parseRestriction({ buckets: ['photos'] });
  assert.ok(parsed !== null);
  const broken = compileRestriction({ ...parsed, policy: '{' });
  const question = { action: 's3:GetObject', resource: 'arn:aws:s3:::photos/cat', context: new Map() };
  assert.equal(askRestriction(broken, question).kind, 'none');
});

test('hours are of their zone and days, and may span midnight', () => {
  const at = (text: string): number => Date.parse(text);
  const office = parseRestriction({ hours: { from: '08:00', to: '18:00', days: ['mon'], utcOffset: '+07:00' } })?.hours;
  assert.ok(office);
  // 2026-11-23 is a Monday
  assert.equal(isWithinHours(office, at('2026-11-23T00:59:59Z')), false);
  assert.equal(isWithinHours(office, at('2026-11-23T01:00:00Z')), true);
  assert.equal(isWithinHours(office, at('2026-11-23T11:00:00Z')), false);
  assert.equal(isWithinHours(office, at('2026-11-24T02:00:00Z')), false);
  const night = parseRestriction({ hours: { from: '22:00', to: '06:00', days: ['sun'] } })?.hours;
  assert.ok(night);
  assert.equal(isWithinHours(night, at('2026-11-22T21:59:00Z')), false);
  assert.equal(isWithinHours(night, at('2026-11-22T22:00:00Z')), true);
  assert.equal(isWithinHours(night, at('2026-11-23T05:59:00Z')), true);
  assert.equal(isWithinHours(night, at('2026-11-23T06:00:00Z')), false);
  assert.equal(isWithinHours(night, at('2026-11-22T01:00:00Z')), false);
  assert.equal(asks({ hours: { from: '08:00', to: '18:00' } })('s3:GetObject', 'arn:aws:s3:::a/b'), false);
});

const DAY_MS = 86_400_000;
const root: Identity = { type: 'root', accountId: '1' as Identity['accountId'], canonicalId: 'c', name: 'root' };

test('keys warn when they are unused, old, never expire or may do everything; dead ones do not', () => {
  const base = { status: 'active', createdAt: 0, expiresAt: null } as S3KeyRecord;
  const of = (record: S3KeyRecord, days: number, lastUsedAt: number | null = null) =>
    keyWarnings(record, root, { lastUsedAt, now: days * DAY_MS });
  assert.deepEqual(of(base, 89), ['never-expires', 'over-broad']);
  assert.deepEqual(of(base, 90), ['unused', 'never-expires', 'over-broad']);
  assert.deepEqual(of(base, 400, 399 * DAY_MS), ['old', 'never-expires', 'over-broad']);
  const narrow = { ...base, expiresAt: 500 * DAY_MS, restriction: parseRestriction({ networks: ['10.0.0.0/8'] }) };
  assert.deepEqual(of(narrow, 1), []);
  assert.deepEqual(of({ ...base, status: 'disabled' }, 400), []);
  assert.deepEqual(of(narrow, 500), []);
  const user: Identity = {
    ...root,
    type: 'user',
    userId: 'u' as never,
    path: '/',
    tags: [],
    policies: [],
    boundary: null,
  };
  assert.deepEqual(keyWarnings(base, user, { lastUsedAt: null, now: 0 }), ['never-expires']);
  assert.deepEqual(keyWarnings(base, undefined, { lastUsedAt: null, now: 400 * DAY_MS }), []);
});
