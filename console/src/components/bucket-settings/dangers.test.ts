import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lifecycleDanger, lockDanger, publicAccessDanger, versioningDanger } from './dangers.ts';

test('what loses versions, locks for ever, takes a default lock away or lets strangers in is asked about', () => {
  assert.equal(versioningDanger({ Status: 'Enabled' }, { Status: 'Suspended' }), 'suspend');
  assert.equal(versioningDanger({}, { Status: 'Enabled' }), null);
  assert.equal(lockDanger({}, { ObjectLockEnabled: 'Enabled' }), 'lock-forever');
  const Rule = { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } } as const;
  assert.equal(lockDanger({ ObjectLockEnabled: 'Enabled', Rule }, { ObjectLockEnabled: 'Enabled' }), 'unlocked');
  assert.equal(lockDanger({ ObjectLockEnabled: 'Enabled' }, { ObjectLockEnabled: 'Enabled', Rule }), null);
  const block = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  };
  for (const name of Object.keys(block))
    assert.equal(publicAccessDanger(block, { ...block, [name]: false }), 'strangers');
  assert.equal(publicAccessDanger({ ...block, BlockPublicAcls: false }, block), null);
});

test('a new lifecycle rule that deletes is asked about, one that stood there or is off is not', () => {
  const rule = { Status: 'Enabled', Filter: { Prefix: 'log/' }, Expiration: { Days: 30 } } as const;
  assert.equal(lifecycleDanger({ Rules: [] }, { Rules: [rule] }), 'expire');
  assert.equal(lifecycleDanger({ Rules: [rule] }, { Rules: [{ ...rule, Expiration: { Days: 1 } }] }), 'expire');
  assert.equal(lifecycleDanger({ Rules: [rule] }, { Rules: [rule] }), null);
  assert.equal(lifecycleDanger({ Rules: [rule] }, { Rules: [] }), null);
  assert.equal(lifecycleDanger({ Rules: [] }, { Rules: [{ ...rule, Status: 'Disabled' }] }), null);
  const abort = { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } } as const;
  assert.equal(lifecycleDanger({ Rules: [] }, { Rules: [abort] }), null);
});
