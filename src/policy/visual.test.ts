import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { evaluate } from './evaluate.ts';
import { parsePolicy } from './parse.ts';
import { type VisualRule, fromVisual, toVisual } from './visual.ts';

const document = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });

test('a policy is shown as rules: product, actions, resources, networks and a window of time', () => {
  const { rules, hidden } = toVisual(
    document({
      Sid: 'Read',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:List*'],
      Resource: [
        'arn:aws:s3:::photos',
        'arn:aws:s3:::photos/2026/*',
        'arn:aws:s3:::photos/a',
        'arn:aws:s3:::tmp-*',
        'arn:aws:s3:::*/x',
      ],
      Condition: {
        IpAddress: { 'aws:SourceIp': ['10.0.0.0/8'] },
        DateGreaterThanEquals: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' },
        DateLessThan: { 'aws:CurrentTime': '2027-01-01T00:00:00Z' },
        StringEquals: { 'aws:username': 'ann' },
      },
    }),
  );
  assert.deepEqual(hidden, []);
  assert.deepEqual(rules, [
    {
      sid: 'Read',
      effect: 'allow',
      product: 's3',
      actions: ['GetObject', 'List*'],
      resources: [
        { kind: 'bucket', name: 'photos' },
        { kind: 'objects', bucket: 'photos', prefix: '2026/' },
        { kind: 'object', bucket: 'photos', key: 'a' },
        { kind: 'buckets', prefix: 'tmp-' },
        { kind: 'other', text: 'arn:aws:s3:::*/x' },
      ],
      conditions: [
        { kind: 'time', from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' },
        { kind: 'networks', inside: true, ranges: ['10.0.0.0/8'] },
        { kind: 'other', operator: 'StringEquals', key: 'aws:username', values: ['ann'] },
      ],
    },
  ]);
  assert.deepEqual(toVisual(fromVisual(rules)).rules, rules);
});

test('a statement about several products becomes a rule for each, with an Sid of its own', () => {
  const { rules } = toVisual(
    document(
      { Sid: 'All', Effect: 'Deny', Action: ['s3:*', 's3:GetObject', 'vstorage:ListUsers'], Resource: '*' },
      { Sid: 'All2', Effect: 'Allow', Action: '*', Resource: '*' },
    ),
  );
  assert.deepEqual(
    rules.map(({ sid, product, actions }) => [sid, product, actions]),
    [
      ['All', 's3', 'all'],
      ['All3', 'vstorage', ['ListUsers']],
      ['All2', '*', 'all'],
    ],
  );
});

test('what a form cannot show is named, and no rules are shown in its place', () => {
  const { rules, hidden } = toVisual(
    document(
      { Effect: 'Allow', NotAction: 's3:Delete*', Resource: '*' },
      { Effect: 'Deny', Action: 's3:*', NotResource: 'arn:aws:s3:::a' },
    ),
  );
  assert.deepEqual(rules, []);
  assert.equal(hidden.length, 2);
  const old = JSON.stringify({ Statement: { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::a/${b}' } });
  assert.match(toVisual(old).hidden[0] ?? '', /no variables/);
});

test('rules that no policy can hold are refused', () => {
  const rule: VisualRule = {
    sid: '',
    effect: 'allow',
    product: 's3',
    actions: 'all',
    resources: 'all',
    conditions: [],
  };
  const twice = { kind: 'networks', inside: true, ranges: ['10.0.0.0/8'] } as const;
  assert.throws(() => fromVisual([{ ...rule, conditions: [twice, twice] }]), /two conditions/);
  assert.throws(() => fromVisual([{ ...rule, actions: [] }]), /empty/);
  assert.throws(() => fromVisual([{ ...rule, product: 'vstorage', actions: ['Nothing'] }]), /no management action/);
  assert.throws(() => fromVisual([{ ...rule, resources: [{ kind: 'other', text: 'x' }] }]), /not a resource/);
});

const actions = [
  '*',
  's3:*',
  'S3:getobject',
  's3:Get*',
  's3:PutObject',
  'vstorage:List*',
  'vstorage:GetProject',
  'iam:GetUser',
];
const resources = [
  '*',
  'arn:aws:s3:::b',
  'arn:aws:s3:::b*',
  'arn:aws:s3:::*',
  'arn:aws:s3:::b/',
  'arn:aws:s3:::b/*',
  'arn:aws:s3:::b/k',
  'arn:aws:s3:::b/k?',
  'arn:aws:s3:::b/${aws:username}/*',
  'arn:aws:s3:::b/k*x',
  'vstorage::111111111111:project/p',
  'vstorage::111111111111:*',
];
const conditions = [
  {},
  { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' }, NotIpAddress: { 'aws:sourceip': ['10.1.0.0/16'] } },
  {
    DateGreaterThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' },
    DateLessThan: { 'aws:CurrentTime': '2026-06-01T00:00:00Z' },
  },
  { DateGreaterThanEquals: { 'aws:CurrentTime': ['2026-01-01T00:00:00Z', '2026-03-01T00:00:00Z'] } },
  { StringLike: { 'aws:username': ['a*', 'b'] }, DateLessThan: { 'aws:CurrentTime': '1780000000' } },
];
const some = <T>(list: readonly T[]) =>
  fc.oneof(fc.constantFrom(...list), fc.uniqueArray(fc.constantFrom(...list), { minLength: 1, maxLength: 4 }));
const statements = fc.array(
  fc.record({
    Effect: fc.constantFrom('Allow', 'Deny'),
    Action: some(actions),
    Resource: some(resources),
    Condition: fc.constantFrom(...conditions),
  }),
  { minLength: 1, maxLength: 4 },
);
const questions = fc.record({
  action: fc.constantFrom('s3:GetObject', 's3:PutObject', 's3:ListBucket', 'vstorage:GetProject', 'iam:GetUser'),
  resource: fc.constantFrom(
    '*',
    'arn:aws:s3:::b',
    'arn:aws:s3:::bc',
    'arn:aws:s3:::b/k',
    'arn:aws:s3:::b/k1',
    'arn:aws:s3:::b/ann/x',
    'vstorage::111111111111:project/p',
  ),
  context: fc.record({
    'aws:sourceip': fc.constantFrom('10.1.1.1', '10.2.2.2', '192.0.2.1'),
    'aws:currenttime': fc.constantFrom('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z', '2026-06-01T00:00:00Z'),
    'aws:username': fc.constantFrom('ann', 'b'),
  }),
});

test('a policy that went through the form decides as it did before', () => {
  const check = (list: object[], asked: { action: string; resource: string; context: object }[]) => {
    const before = document(...list);
    const { rules, hidden } = toVisual(before);
    assert.deepEqual(hidden, []);
    const after = parsePolicy(fromVisual(rules), 'p');
    for (const { action, resource, context } of asked) {
      const question = { action, resource, context: new Map(Object.entries(context)) };
      assert.equal(evaluate([after], question).kind, evaluate([parsePolicy(before, 'p')], question).kind);
    }
  };
  fc.assert(fc.property(statements, fc.array(questions, { minLength: 5, maxLength: 5 }), check), {
    seed: 1,
    numRuns: 2000,
  });
});
