import assert from 'node:assert/strict';
import { test } from 'node:test';
import { managementActions, s3Actions } from './actions.ts';
import { evaluate } from './evaluate.ts';
import { importPolicy } from './import-policy.ts';
import { originalActions } from './original-actions.ts';
import { parsePolicy } from './parse.ts';

const ACCOUNT = '111111111111';
type Original = { effect?: string; actions: string[]; resources?: string[]; condition?: object };
const original = (...statements: Original[]): string =>
  JSON.stringify({
    statements: statements.map((statement) => ({ effect: 'allow', resources: ['*'], condition: {}, ...statement })),
  });

function decides(text: string) {
  const { document, report } = importPolicy(text, ACCOUNT);
  const policy = parsePolicy(document, 'p');
  return {
    report,
    document,
    ask: (action: string, resource: string, context: Record<string, string> = {}) =>
      evaluate([policy], { action, resource, context: new Map(Object.entries(context)) }).kind,
  };
}

test('each of the 76 actions of the original becomes actions there are, or says why it becomes none', () => {
  assert.equal(new Set(originalActions.map(({ name }) => name)).size, 76);
  const known = new Set([...s3Actions, ...managementActions].map(({ name }) => name));
  for (const { name, becomes, note } of originalActions) {
    for (const action of becomes) assert.ok(known.has(action), `${name} ${action}`);
    assert.ok(becomes.length > 0 || note !== null, name);
    const { report } = importPolicy(original({ actions: [`vstorage-hcm03:${name}`, 's3:GetObject'] }), ACCOUNT);
    const [own, told] = report;
    assert.equal(own?.outcome, 'kept');
    assert.deepEqual(told?.becomes, becomes, name);
    assert.equal(told?.outcome, becomes.length === 0 ? 'dropped' : 'translated');
  }
});

test('a policy of the original means the same here', () => {
  const { ask } = decides(
    original(
      { actions: ['vstorage-hcm03:ListObjects', 'vstorage-hcm03:GetObjectInfo', 'vstorage-hcm03:UploadObject'] },
      { effect: 'deny', actions: ['vstorage-hcm03:DeleteObject'] },
      { actions: ['vstorage-hcm03:Get*'], resources: ['vstorage-hcm03::12345:project/p1'] },
    ),
  );
  assert.equal(ask('s3:ListBucket', 'arn:aws:s3:::b'), 'allow');
  assert.equal(ask('s3:GetObject', 'arn:aws:s3:::b/k'), 'allow');
  assert.equal(ask('s3:PutObject', 'arn:aws:s3:::b/k'), 'allow');
  assert.equal(ask('s3:DeleteObject', 'arn:aws:s3:::b/k'), 'deny');
  assert.equal(ask('s3:PutBucketPolicy', 'arn:aws:s3:::b'), 'none');
  assert.equal(ask('vstorage:GetProject', `vstorage::${ACCOUNT}:project/p1`), 'allow');
  assert.equal(ask('vstorage:GetProject', `vstorage::${ACCOUNT}:project/p2`), 'none');
});

test('containers become buckets, or their objects, whichever the action is about', () => {
  const { ask, report } = decides(
    original({
      actions: [
        'vstorage-hcm03:ListObjects',
        'vstorage-hcm03:CreateObject',
        'vstorage-hcm03:GetObjectInfo',
        'vstorage-hcm03:ListProjects',
      ],
      resources: ['vstorage-hcm03::12345:container/photos'],
    }),
  );
  assert.equal(ask('s3:ListBucket', 'arn:aws:s3:::photos'), 'allow');
  assert.equal(ask('s3:ListBucket', 'arn:aws:s3:::other'), 'none');
  assert.equal(ask('s3:PutObject', 'arn:aws:s3:::photos/k'), 'allow');
  assert.equal(ask('s3:PutObject', 'arn:aws:s3:::photos2/k'), 'none');
  assert.match(report.find(({ action }) => action.endsWith('GetObjectInfo'))?.note ?? '', /all objects in it/);
  const projects = report.find(({ action }) => action.endsWith('ListProjects'));
  assert.deepEqual([projects?.outcome, projects?.becomes], ['dropped', []]);
  const one = decides(
    original({ actions: ['vstorage-hcm03:GetObjectInfo'], resources: ['vstorage-hcm03::1:object/photos/a*'] }),
  );
  assert.equal(one.ask('s3:GetObject', 'arn:aws:s3:::photos/abc'), 'allow');
  assert.equal(one.ask('s3:GetObject', 'arn:aws:s3:::photos/b'), 'none');
});

test('windows of time are kept, by seconds, milliseconds or dates', () => {
  const between = (from: unknown, to: unknown) =>
    decides(
      original({
        actions: ['vstorage-hcm03:GetObjectInfo'],
        condition: { numberGreaterThanOrEquals: { epochTime: from }, numberLessThan: { 'vstorage:epoch_time': [to] } },
      }),
    );
  for (const { ask } of [
    between(1000, 2000),
    between('1000', '2000'),
    between('1970-01-01T00:16:40Z', '1970-01-01T00:33:20Z'),
  ]) {
    const at = (seconds: number) => ask('s3:GetObject', 'arn:aws:s3:::b/k', { 'aws:epochtime': String(seconds) });
    assert.deepEqual([999, 1000, 1999, 2000].map(at), ['none', 'allow', 'allow', 'none']);
  }
  const { document } = between(1_700_000_000_000, 1_800_000_000_000);
  assert.match(document, /"1700000000"/);
});

test('a condition that cannot be kept refuses the policy: it would allow more without', () => {
  const condition = { stringEquals: { department: 'x' } };
  assert.throws(
    () => importPolicy(original({ actions: ['vstorage-hcm03:GetObjectInfo'], condition }), ACCOUNT),
    /department/,
  );
  const time = { numberLessThan: { time: 'soon' } };
  assert.throws(() => importPolicy(original({ actions: ['s3:*'], condition: time }), ACCOUNT), /"soon"/);
});

test('AWS’s policies and the newer product’s names are taken as they are, others are told to mean nothing', () => {
  const aws = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', NotAction: 's3:Delete*', Resource: '*' },
  });
  assert.deepEqual(parsePolicy(importPolicy(aws, ACCOUNT).document, 'p').statements, parsePolicy(aws, 'p').statements);
  const { ask, report } = decides(
    original({ actions: ['vstorage:ListContainers', 'vserver:*', 'vstorage:ListProjects'] }).replace(
      'ListContainers',
      'ListObjects',
    ),
  );
  assert.equal(ask('s3:ListBucket', 'arn:aws:s3:::b'), 'allow');
  assert.equal(ask('vstorage:ListProjects', '*'), 'allow');
  assert.match(report.find(({ action }) => action === 'vserver:*')?.note ?? '', /mean nothing/);
});

test('what cannot be translated is refused', () => {
  assert.throws(() => importPolicy('{', ACCOUNT), /JSON/);
  assert.throws(
    () => importPolicy(original({ actions: ['vstorage-hcm03:ListRegions'] }), ACCOUNT),
    /nothing of this policy/,
  );
  const notAction = { Statement: { Effect: 'Allow', NotAction: 'vstorage-hcm03:ListObjects', Resource: '*' } };
  assert.throws(() => importPolicy(JSON.stringify(notAction), ACCOUNT), /"all but" cannot be translated/);
});
