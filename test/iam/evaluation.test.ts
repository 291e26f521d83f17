// Who may what when several policies speak: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  GetPolicyVersionCommand,
  ListUsersCommand,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  SetDefaultPolicyVersionCommand,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { allow, type Clients, type IamTarget, keysIn, openIamTarget, policy, refusal, trust } from './iam-target.ts';

let target: IamTarget;
before(async () => {
  target = await openIamTarget(['--limit', 'keys-per-account=50']);
});
after(() => target[Symbol.asyncDispose]());

async function bucket(name: string): Promise<string> {
  await target.root.s3.send(new CreateBucketCommand({ Bucket: name }));
  await target.root.s3.send(new PutObjectCommand({ Bucket: name, Key: 'a', Body: 'text' }));
  return name;
}

async function read(who: Clients, Bucket: string): Promise<void> {
  const { Body } = await who.s3.send(new GetObjectCommand({ Bucket, Key: 'a' }));
  await Body?.transformToString();
}
const put = (UserName: string, PolicyDocument: string, PolicyName = 'inline') =>
  target.root.iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }));

test('an explicit deny wins, a boundary and a session policy narrow, a bucket policy adds within the account', async () => {
  const { iam, s3 } = target.root;
  const name = await bucket('evaluated');
  const objects = `arn:aws:s3:::${name}/*`;
  const user = await target.user('evaluated');
  assert.equal((await refusal(read(user, name))).code, 'AccessDenied');
  await put('evaluated', policy(allow('s3:GetObject', objects)));
  await read(user, name);
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'lists-only', PolicyDocument: policy(allow('s3:List*')) }),
  );
  const bounded = { UserName: 'evaluated', PermissionsBoundary: Policy?.Arn };
  await iam.send(new PutUserPermissionsBoundaryCommand(bounded));
  assert.equal((await refusal(read(user, name))).code, 'AccessDenied');
  // the bucket's policy names the user: within the account that is enough, whatever the boundary
  const statement = { ...allow('s3:GetObject', objects), Principal: { AWS: user.arn } };
  await s3.send(new PutBucketPolicyCommand({ Bucket: name, Policy: policy(statement) }));
  await read(user, name);
  await put('evaluated', policy({ ...allow('s3:*'), Effect: 'Deny' }), 'deny');
  assert.match((await refusal(read(user, name))).message, /explicit deny/);
});

async function takeOn(who: Clients, role: string, session: string, Policy?: string): Promise<Clients> {
  const RoleArn = `arn:aws:iam::${target.accountId}:role/${role}`;
  const narrowed = Policy === undefined ? {} : { Policy };
  const answer = await who.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: session, ...narrowed }));
  return target.as(keysIn(answer.Credentials));
}

test('a bucket policy that names a session skips its session policy; one that names the role does not', async () => {
  const { iam, s3 } = target.root;
  const name = await bucket('sessions');
  const user = await target.user('session-maker');
  const AssumeRolePolicyDocument = trust({ AWS: user.arn });
  await iam.send(new CreateRoleCommand({ RoleName: 'narrow', AssumeRolePolicyDocument }));
  const nothing = policy(allow('s3:ListAllMyBuckets'));
  const session = await takeOn(user, 'narrow', 'named', nothing);
  const grant = (Principal: string) =>
    s3.send(
      new PutBucketPolicyCommand({
        Bucket: name,
        Policy: policy({ ...allow('s3:GetObject', `arn:aws:s3:::${name}/*`), Principal: { AWS: Principal } }),
      }),
    );
  await grant(`arn:aws:iam::${target.accountId}:role/narrow`);
  assert.equal((await refusal(read(session, name))).code, 'AccessDenied');
  await grant(`arn:aws:sts::${target.accountId}:assumed-role/narrow/named`);
  await read(session, name);
});

test('across accounts both sides must allow', async () => {
  const name = await bucket('shared-across');
  const other = await target.otherAccount('other@example.test');
  assert.equal((await refusal(read(other, name))).code, 'AccessDenied');
  const { iam } = other;
  const { User } = await iam.send(new CreateUserCommand({ UserName: 'theirs' }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'theirs' }));
  const theirs = target.as(keysIn(AccessKey));
  const statement = { ...allow('s3:GetObject', `arn:aws:s3:::${name}/*`), Principal: { AWS: User?.Arn } };
  await target.root.s3.send(new PutBucketPolicyCommand({ Bucket: name, Policy: policy(statement) }));
  assert.equal((await refusal(read(theirs, name))).code, 'AccessDenied');
  const PolicyDocument = policy(allow('s3:GetObject'));
  await iam.send(new PutUserPolicyCommand({ UserName: 'theirs', PolicyName: 'p', PolicyDocument }));
  await read(theirs, name);
});

test('a group is no principal; the root has no policies and only a bucket policy denies it', async () => {
  const { iam, s3 } = target.root;
  const name = await bucket('groups-and-root');
  const { Group } = await iam.send(new CreateGroupCommand({ GroupName: 'readers' }));
  const group = { ...allow('s3:GetObject', `arn:aws:s3:::${name}/*`), Principal: { AWS: Group?.Arn } };
  const refused = await refusal(s3.send(new PutBucketPolicyCommand({ Bucket: name, Policy: policy(group) })));
  assert.equal(refused.code, 'MalformedPolicy');
  const root = { Effect: 'Deny', Action: 's3:GetObject', Resource: `arn:aws:s3:::${name}/*`, Principal: '*' };
  await read(target.root, name);
  await s3.send(new PutBucketPolicyCommand({ Bucket: name, Policy: policy(root) }));
  assert.match((await refusal(read(target.root, name))).message, /explicit deny in a resource/);
});

async function simulate(
  document: string,
  action: string,
  resource: string,
  context: readonly { name: string; values: string[] }[] = [],
): Promise<string | undefined> {
  const { EvaluationResults } = await target.root.iam.send(
    new SimulateCustomPolicyCommand({
      PolicyInputList: [document],
      ActionNames: [action],
      ResourceArns: [resource],
      ContextEntries: context.map(({ name, values }) => ({
        ContextKeyName: name,
        ContextKeyValues: values,
        ContextKeyType: 'string',
      })),
    }),
  );
  return EvaluationResults?.[0]?.EvalDecision;
}

test('wildcards cross slashes, actions know no case and ARNs do, an unknown variable matches nothing', async () => {
  const get = allow('S3:getobject', 'arn:aws:s3:::b/*');
  assert.equal(await simulate(policy(get), 's3:GetObject', 'arn:aws:s3:::b/x/y/z'), 'allowed');
  assert.equal(await simulate(policy(get), 's3:GetObject', 'arn:aws:s3:::B/x'), 'implicitDeny');
  assert.equal(await simulate(policy(allow('s3:Get?bject')), 's3:GetObject', '*'), 'allowed');
  const unknown = allow('s3:GetObject', 'arn:aws:s3:::b/${aws:PrincipalTag/team}/*');
  assert.equal(await simulate(policy(unknown), 's3:GetObject', 'arn:aws:s3:::b//x'), 'implicitDeny');
  const known = [{ name: 'aws:PrincipalTag/team', values: ['red'] }];
  assert.equal(await simulate(policy(unknown), 's3:GetObject', 'arn:aws:s3:::b/red/x', known), 'allowed');
});

test('IfExists, ForAllValues and Null decide about what is not there', async () => {
  const decide = (Condition: unknown): Promise<string | undefined> =>
    simulate(policy({ ...allow('s3:GetObject'), Condition }), 's3:GetObject', '*');
  assert.equal(await decide({ StringEquals: { 'aws:PrincipalTag/a': 'x' } }), 'implicitDeny');
  assert.equal(await decide({ StringEqualsIfExists: { 'aws:PrincipalTag/a': 'x' } }), 'allowed');
  assert.equal(await decide({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['x'] } }), 'allowed');
  assert.equal(await decide({ Null: { 'aws:TagKeys': 'true' } }), 'allowed');
  assert.equal(await decide({ Null: { 'aws:TagKeys': 'false' } }), 'implicitDeny');
});

test('a policy keeps five versions, variables need Version 2012-10-17, and sizes are AWS’s', async () => {
  const { iam } = target.root;
  const document = (action: string): string => policy(allow(action));
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'versioned', PolicyDocument: document('s3:GetObject') }),
  );
  const PolicyArn = Policy?.Arn;
  const add = () => iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document('s3:PutObject') }));
  for (let version = 2; version <= 5; version++) assert.equal((await add()).PolicyVersion?.VersionId, `v${version}`);
  assert.equal((await refusal(add())).code, 'LimitExceededException');
  await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v3' }));
  const got = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v3' }));
  assert.equal(got.PolicyVersion?.IsDefaultVersion, true);
  assert.equal(decodeURIComponent(got.PolicyVersion?.Document ?? ''), document('s3:PutObject'));
  assert.equal((await refusal(iam.send(new DeletePolicyCommand({ PolicyArn })))).code, 'DeleteConflictException');

  const variables = (Version: string): string =>
    JSON.stringify({ Version, Statement: [allow('s3:GetObject', 'arn:aws:s3:::b/${aws:username}')] });
  const name = [{ name: 'aws:username', values: ['ann'] }];
  assert.equal(await simulate(variables('2012-10-17'), 's3:GetObject', 'arn:aws:s3:::b/ann', name), 'allowed');
  assert.equal(await simulate(variables('2008-10-17'), 's3:GetObject', 'arn:aws:s3:::b/ann', name), 'implicitDeny');

  const long = (characters: number): string =>
    policy(
      allow(
        's3:GetObject',
        `arn:aws:s3:::${'b'.repeat(characters - policy(allow('s3:GetObject', 'arn:aws:s3:::')).length)}`,
      ),
    );
  await target.user('sized');
  await iam.send(new CreateGroupCommand({ GroupName: 'sized' }));
  await iam.send(
    new CreateRoleCommand({ RoleName: 'sized', AssumeRolePolicyDocument: trust({ AWS: target.accountId }) }),
  );
  const PolicyName = 'p';
  const user = (PolicyDocument: string) =>
    iam.send(new PutUserPolicyCommand({ UserName: 'sized', PolicyName, PolicyDocument }));
  const group = (PolicyDocument: string) =>
    iam.send(new PutGroupPolicyCommand({ GroupName: 'sized', PolicyName, PolicyDocument }));
  const role = (PolicyDocument: string) =>
    iam.send(new PutRolePolicyCommand({ RoleName: 'sized', PolicyName, PolicyDocument }));
  const own = (PolicyDocument: string) =>
    iam.send(new CreatePolicyCommand({ PolicyName: `sized-${PolicyDocument.length}`, PolicyDocument }));
  for (const [send, limit] of [
    [user, 2048],
    [group, 5120],
    [role, 10_240],
    [own, 6144],
  ] as const) {
    await send(long(limit));
    assert.equal((await refusal(send(long(limit + 1)))).code, 'LimitExceededException', String(limit));
  }
});

test('SimulatePrincipalPolicy answers as requests are answered, and names the policy that decided', async () => {
  const name = await bucket('simulated');
  const user = await target.user('simulated', '/team/');
  await put('simulated', policy(allow('s3:GetObject', `arn:aws:s3:::${name}/*`)), 'reads');
  const { EvaluationResults = [] } = await target.root.iam.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: user.arn,
      ActionNames: ['s3:GetObject', 's3:ListBucket'],
      ResourceArns: [`arn:aws:s3:::${name}/a`],
    }),
  );
  assert.deepEqual(
    EvaluationResults.map((result) => [result.EvalActionName, result.EvalDecision]),
    [
      ['s3:GetObject', 'allowed'],
      ['s3:ListBucket', 'implicitDeny'],
    ],
  );
  assert.equal(EvaluationResults[0]?.MatchedStatements?.[0]?.SourcePolicyId, 'reads');
  await read(user, name);
  const list = user.s3.send(new ListObjectsV2Command({ Bucket: name }));
  assert.equal((await refusal(list)).code, 'AccessDenied');
});

test('a Deny of a management action binds the IAM API too, and a management action allows its calls', async () => {
  const helper = await target.user('helper');
  await put('helper', policy(allow(['vstorage:ListUsers'])));
  await helper.iam.send(new ListUsersCommand({}));
  assert.equal((await refusal(helper.iam.send(new CreateUserCommand({ UserName: 'x' })))).code, 'AccessDenied');
  await put('helper', policy(allow('iam:*'), { ...allow('vstorage:CreateUser'), Effect: 'Deny' }));
  assert.match((await refusal(helper.iam.send(new CreateUserCommand({ UserName: 'x' })))).message, /explicit deny/);
});
