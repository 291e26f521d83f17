import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Acl, AclPermission } from '../shared/acl.ts';
import { type AclAsker, aclAnswer, isPublicAcl } from './acl.ts';

const other: AclAsker = { kind: 'account', canonicalId: 'other' };
const stranger: AclAsker = { kind: 'anonymous' };
const toOther = (permission: AclPermission): Acl => [
  { grantee: { type: 'account', canonicalId: 'other' }, permission },
];
const toAll = (permission: AclPermission): Acl => [{ grantee: { type: 'group', group: 'AllUsers' }, permission }];
const ask = (
  action: string,
  asker: AclAsker,
  bucketAcl: Acl | null,
  objectAcl?: Acl | null,
  ownerCanonicalId = 'owner',
) =>
  aclAnswer(action, asker, {
    bucketAcl,
    object: objectAcl === undefined ? null : { ownerCanonicalId, acl: objectAcl },
  });

test('each permission of a bucket is worth its own actions, FULL_CONTROL all of them', () => {
  const worth: Readonly<Record<string, AclPermission>> = {
    's3:ListBucket': 'READ',
    's3:ListBucketMultipartUploads': 'READ',
    's3:PutObject': 'WRITE',
    's3:GetBucketAcl': 'READ_ACP',
    's3:PutBucketAcl': 'WRITE_ACP',
  };
  const all: readonly AclPermission[] = ['READ', 'WRITE', 'READ_ACP', 'WRITE_ACP'];
  for (const [action, permission] of Object.entries(worth)) {
    for (const given of all) {
      assert.equal(ask(action, other, toOther(given)), given === permission ? 'account' : 'none', `${action} ${given}`);
    }
    assert.equal(ask(action, other, toOther('FULL_CONTROL')), 'account');
    assert.equal(ask(action, other, null), 'none');
  }
  for (const action of ['s3:PutBucketPolicy', 's3:DeleteBucket', 's3:PutLifecycleConfiguration']) {
    assert.equal(ask(action, other, toOther('FULL_CONTROL')), 'none', action);
  }
});

test('reading a bucket is not reading its objects', () => {
  assert.equal(ask('s3:GetObject', stranger, toAll('READ'), null), 'none');
  assert.equal(ask('s3:GetObject', stranger, null, toAll('READ')), 'group');
  assert.equal(ask('s3:GetObjectAcl', stranger, null, toAll('READ')), 'none');
});

test('who may write a bucket deletes only what is his own', () => {
  assert.equal(ask('s3:DeleteObject', other, toOther('WRITE'), null, 'owner'), 'none');
  assert.equal(ask('s3:DeleteObject', other, toOther('WRITE'), null, 'other'), 'account');
  assert.equal(ask('s3:DeleteObject', stranger, toAll('WRITE'), null, 'anonymous'), 'none');
});

test('an object’s owner reads it until its ACL says otherwise, and always its ACL', () => {
  assert.equal(ask('s3:GetObject', other, null, null, 'other'), 'account');
  assert.equal(ask('s3:GetObject', other, null, [], 'other'), 'none');
  assert.equal(ask('s3:GetObjectAcl', other, null, [], 'other'), 'account');
  assert.equal(ask('s3:PutObjectAcl', other, null, [], 'other'), 'account');
});

test('authenticated users are all but strangers; nobody is log delivery', () => {
  const group = (name: 'AuthenticatedUsers' | 'LogDelivery'): Acl => [
    { grantee: { type: 'group', group: name }, permission: 'READ' },
  ];
  assert.equal(ask('s3:ListBucket', other, group('AuthenticatedUsers')), 'group');
  assert.equal(ask('s3:ListBucket', stranger, group('AuthenticatedUsers')), 'none');
  assert.equal(ask('s3:ListBucket', other, group('LogDelivery')), 'none');
  assert.deepEqual([isPublicAcl(group('AuthenticatedUsers')), isPublicAcl(group('LogDelivery'))], [true, false]);
});
