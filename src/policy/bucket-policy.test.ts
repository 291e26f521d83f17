import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_BUCKET_POLICY_BYTES, parseBucketPolicy } from './bucket-policy.ts';
import { MalformedPolicyError } from './malformed-policy.ts';
import { isPublicPolicy } from './public.ts';

const good = {
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::photos/*',
};
const document = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });
const parse = (...statements: readonly object[]) => parseBucketPolicy(document(...statements), 'photos');
const without = (name: keyof typeof good): object =>
  Object.fromEntries(Object.entries(good).filter(([key]) => key !== name));

function refusalOf(text: string): string | null {
  try {
    parseBucketPolicy(text, 'photos');
    return null;
  } catch (error) {
    assert.ok(error instanceof MalformedPolicyError, String(error));
    return error.s3Message;
  }
}

// checklist 49
const refused: readonly (readonly [what: string, text: string, message: string])[] = [
  ['no JSON', 'policy', "Policies must be valid JSON and the first byte must be '{'"],
  ['broken JSON', '{"Statement": [}', 'This policy contains invalid Json'],
  ['no statement', '{"Version":"2012-10-17"}', 'Missing required field Statement'],
  ['an empty list of statements', document(), 'Could not parse the policy: Statement is empty!'],
  [
    'an unknown version',
    JSON.stringify({ Version: '2020-01-01', Statement: [good] }),
    'The policy must contain a valid version string',
  ],
  ['an unknown element', document({ ...good, Resources: '*' }), 'Unknown field Resources'],
  ['no principal', document(without('Principal')), 'Missing required field Principal'],
  ['no effect', document(without('Effect')), 'Missing required field Effect'],
  ['no action', document(without('Action')), 'Missing required field Action'],
  ['no resource', document(without('Resource')), 'Missing required field Resource'],
  ['a wrong effect', document({ ...good, Effect: 'allow' }), 'Invalid effect: allow'],
  ['an unknown action', document({ ...good, Action: 's3:FetchObject' }), 'Policy has invalid action'],
  ['another service’s action', document({ ...good, Action: 'ec2:RunInstances' }), 'Policy has invalid action'],
  ['another bucket', document({ ...good, Resource: 'arn:aws:s3:::other/*' }), 'Policy has invalid resource'],
  [
    'a bucket whose name begins the same',
    document({ ...good, Resource: 'arn:aws:s3:::photos2/*' }),
    'Policy has invalid resource',
  ],
  ['every resource there is', document({ ...good, Resource: '*' }), 'Policy has invalid resource'],
  [
    'an object action on the bucket alone',
    document({ ...good, Resource: 'arn:aws:s3:::photos' }),
    'Action does not apply to any resource(s) in statement',
  ],
  [
    'a bucket action on objects alone',
    document({ ...good, Action: ['s3:GetObject', 's3:ListBucket'] }),
    'Action does not apply to any resource(s) in statement',
  ],
  ['a principal that is just a name', document({ ...good, Principal: 'bob' }), 'Invalid principal in policy'],
  ['an account id that is none', document({ ...good, Principal: { AWS: '12345' } }), 'Invalid principal in policy'],
  [
    'a wildcard inside an ARN',
    document({ ...good, Principal: { AWS: 'arn:aws:iam::123456789012:user/*' } }),
    'Invalid principal in policy',
  ],
  [
    'a group',
    document({ ...good, Principal: { AWS: 'arn:aws:iam::123456789012:group/x' } }),
    'Invalid principal in policy',
  ],
  ['an unknown kind of principal', document({ ...good, Principal: { GCP: 'x' } }), 'Invalid principal in policy'],
  [
    'NotPrincipal with Allow',
    document({ ...without('Principal'), NotPrincipal: { AWS: '123456789012' } }),
    'Allow with NotPrincipal is not allowed.',
  ],
  [
    'an unknown operator',
    document({ ...good, Condition: { StringIs: { 'aws:Referer': 'x' } } }),
    'Invalid Condition type : StringIs',
  ],
  [
    'an unknown condition key',
    document({ ...good, Condition: { StringEquals: { 's3:prefixes': 'x' } } }),
    'Policy has an invalid condition key',
  ],
];

for (const [what, text, message] of refused) {
  test(`a bucket policy with ${what} is refused with S3’s sentence`, () => assert.equal(refusalOf(text), message));
}

test('a bucket policy may be 20 KiB long without white space, and no longer', () => {
  const padded = (bytes: number): string => {
    const empty = document({ ...good, Sid: '' });
    return document({ ...good, Sid: 'x'.repeat(bytes - empty.length) });
  };
  assert.equal(refusalOf(padded(MAX_BUCKET_POLICY_BYTES)), null);
  assert.equal(refusalOf(JSON.stringify(JSON.parse(padded(MAX_BUCKET_POLICY_BYTES)), null, 200)), null);
  assert.equal(refusalOf(padded(MAX_BUCKET_POLICY_BYTES + 1)), 'Policy exceeds the maximum allowed document size.');
});

test('statements may share a Sid, of any characters', () => {
  const named = { ...good, Sid: 'Everybody reads: 100 %' };
  assert.equal(parse(named, named).statements.length, 2);
});

test('resources may be patterns, as long as they can be of this bucket', () => {
  for (const resource of [
    'arn:aws:s3:::photos/a',
    'arn:aws:s3:::pho*',
    'arn:aws:s3:::*/*',
    'arn:aws:s3:::photo?/x',
    'arn:aws:s3:::photos/${aws:username}/*',
  ]) {
    assert.equal(parse({ ...good, Resource: resource }).statements.length, 1, resource);
  }
});

test('principals are read in every way they are written', () => {
  const AWS = [
    '*',
    '123456789012',
    'arn:aws:iam::123456789012:root',
    'arn:aws:iam::123456789012:user/team/bob',
    'arn:aws:iam:::user/demo-iaas-123456789012',
    'arn:aws:iam:::user/demo-123456789012-5d10c8ba:iam-bob',
  ];
  const Principal = { AWS, CanonicalUser: 'c'.repeat(64), Service: 'logging.s3.amazonaws.com' };
  const principals = parse({ ...good, Principal }).statements[0]?.principals?.map(({ kind, ...rest }) => {
    const { written: _written, ...known } = { written: '', ...rest };
    return [kind, known];
  });
  const accountId = '123456789012';
  assert.deepEqual(principals, [
    ['any', {}],
    ['account', { accountId, project: null }],
    ['account', { accountId, project: null }],
    ['user', { accountId, username: 'bob', project: null }],
    ['account', { accountId, project: null }],
    ['user', { accountId, username: 'bob', project: '5d10c8ba' }],
    ['canonical', { canonicalId: 'c'.repeat(64) }],
    ['service', {}],
  ]);
});

const conditioned = (Condition: object): boolean => isPublicPolicy(parse({ ...good, Condition }));

test('a policy is public when it allows everybody without keeping them to fixed places or people', () => {
  assert.equal(isPublicPolicy(parse(good)), true);
  assert.equal(isPublicPolicy(parse({ ...good, Effect: 'Deny' })), false);
  assert.equal(isPublicPolicy(parse({ ...good, Principal: { AWS: '123456789012' } })), false);
  assert.equal(isPublicPolicy(parse({ ...good, Principal: { AWS: ['123456789012', '*'] } })), true);
  assert.equal(conditioned({ IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }), false);
  assert.equal(conditioned({ IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '0.0.0.0/1'] } }), true);
  assert.equal(conditioned({ NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }), true);
  assert.equal(conditioned({ StringEquals: { 'aws:PrincipalAccount': '123456789012' } }), false);
  assert.equal(conditioned({ StringEqualsIfExists: { 'aws:PrincipalAccount': '123456789012' } }), true);
  assert.equal(conditioned({ StringLike: { 'aws:PrincipalAccount': '12*' } }), true);
  assert.equal(conditioned({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:user/*' } }), false);
  assert.equal(conditioned({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/bob' } }), true);
  assert.equal(conditioned({ StringLike: { 'aws:Referer': 'https://example.com/*' } }), true);
});
