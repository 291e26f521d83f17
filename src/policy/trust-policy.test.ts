import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedPolicyError } from './malformed-policy.ts';
import { parseTrustPolicy } from './parse.ts';

const document = (statement: Record<string, unknown>): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement }] });

test('a trust policy names users, accounts, roles, providers and services, and no resource', () => {
  const arns = ['arn:aws:iam::123456789012:user/team/ann', '210987654321', 'arn:aws:iam::123456789012:role/r'];
  const Principal = {
    AWS: arns,
    Federated: ['arn:aws:iam::123456789012:oidc-provider/id.example.com/realms/a', 'accounts.google.com'],
    Service: 'ec2.amazonaws.com',
  };
  const { statements } = parseTrustPolicy(document({ Principal }), 'trust');
  const kinds = statements[0]?.principals?.map(({ kind }) => kind);
  assert.deepEqual(kinds, ['user', 'account', 'role', 'federated', 'federated', 'service']);
  assert.deepEqual(statements[0]?.resources, ['*']);
});

test('a trust policy with a resource, without principals or with a provider that is none is refused', () => {
  const refused = (statement: Record<string, unknown>): void => {
    assert.throws(() => parseTrustPolicy(document(statement), 'trust'), MalformedPolicyError);
  };
  refused({ Principal: '*', Resource: '*' });
  refused({});
  refused({ Principal: { Federated: 'https://id.example.com' } });
  refused({ Principal: { AWS: 'arn:aws:iam:::user/ann' } });
});
