import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicy } from '../policy/parse.ts';
import { evaluate } from '../policy/evaluate.ts';
import { resourceArn } from './authorize.ts';

test('listing buckets is allowed and denied on arn:aws:s3:::* as on *', () => {
  const question = {
    action: 's3:ListAllMyBuckets',
    resource: resourceArn({ bucket: null, key: null }),
    context: new Map(),
  };
  for (const Resource of ['*', 'arn:aws:s3:::*']) {
    const statement = { Effect: 'Deny', Action: 's3:ListAllMyBuckets', Resource };
    const policy = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: [statement] }), 'p');
    assert.equal(evaluate([policy], question).kind, 'deny', Resource);
  }
});
