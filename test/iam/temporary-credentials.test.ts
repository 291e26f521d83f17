import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserPolicyCommand,
  GetUserCommand,
  ListUsersCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  TagRoleCommand,
  UpdateAccessKeyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetObjectCommand, ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts';
import { encodeForm, signPolicy } from '../support/post-form.ts';
import { rawS3 } from '../support/raw-s3.ts';
import { allow, type Clients, type IamTarget, keysIn, openIamTarget, policy, refusal, trust } from './iam-target.ts';

const Bucket = 'temporary-credentials';
let target: IamTarget;
before(async () => {
  target = await openIamTarget(['--limit', 'keys-per-account=50']);
  await target.root.s3.send(new CreateBucketCommand({ Bucket }));
});
after(() => target[Symbol.asyncDispose]());

const arnOf = (role: string): string => `arn:aws:iam::${target.accountId}:role/${role}`;

/** A role with all rights in S3 that `who` may take on. */
async function makeRole(RoleName: string, trusted: string, Condition?: unknown): Promise<void> {
  const { iam } = target.root;
  const AssumeRolePolicyDocument = trust({ AWS: trusted }, Condition);
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyDocument = policy(allow('s3:*'));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 's3', PolicyDocument }));
}

type More = Partial<AssumeRoleCommandInput>;

async function takeOn(who: Clients, role: string, more: More = {}): Promise<Clients> {
  const input = { RoleArn: arnOf(role), RoleSessionName: 'session', ...more };
  return target.as(keysIn((await who.sts.send(new AssumeRoleCommand(input))).Credentials));
}

const list = (who: Clients) => who.s3.send(new ListBucketsCommand({}));
const works = async (who: Clients): Promise<boolean> =>
  list(who).then(
    () => true,
    () => false,
  );

test('temporary credentials work in headers, URLs, forms and streamed bodies, and only with their own token', async () => {
  const user = await target.user('everywhere');
  await makeRole('everywhere', user.arn);
  const { keys } = await takeOn(user, 'everywhere');
  const { accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken: token = '' } = keys;
  const credentials = { accessKey, secretKey, region: 'HAN02' };
  const s3 = rawS3({ ...credentials, url: target.server.s3Url, ca: target.ca });
  const path = `/${Bucket}/streamed`;
  for (const payload of ['signed', 'unsigned', 'chunked-signed', 'chunked-signed-trailer'] as const) {
    const checksum = payload === 'chunked-signed-trailer' ? ({ checksum: 'CRC32' } as const) : {};
    const request = { method: 'PUT', path, payload, body: 'text'.repeat(30_000), ...checksum };
    const put = await s3({ ...request, headers: { 'x-amz-security-token': token } });
    assert.equal(put.status, 200, payload);
    const wrong = await s3({ ...request, headers: { 'x-amz-security-token': `${token}=` } });
    assert.deepEqual([wrong.status, wrong.code], [400, 'InvalidToken'], payload);
  }
  const presigned = { path, auth: 'presigned' } as const;
  assert.equal((await s3({ ...presigned, query: { 'X-Amz-Security-Token': token } })).status, 200);
  assert.equal((await s3(presigned)).code, 'InvalidAccessKeyId');

  const conditions = [{ bucket: Bucket }, { key: 'from-a-form' }, { 'x-amz-security-token': token }];
  const send = (given: string) => {
    const fields = { key: 'from-a-form', 'x-amz-security-token': given, ...signPolicy(credentials, conditions) };
    const parts = Object.entries(fields).map(([name, value]) => ({ name, value }));
    const { body, contentType } = encodeForm([...parts, { name: 'file', value: 'text', filename: 'f' }]);
    const headers = { 'content-type': contentType };
    return s3({ method: 'POST', path: `/${Bucket}`, auth: 'anonymous', headers, body });
  };
  assert.equal((await send(token)).status, 204);
  assert.equal((await send('other')).code, 'InvalidToken');
});

test('a token beside a key that lasts is refused', async () => {
  const s3 = target.as({ ...target.root.keys, sessionToken: 'token' });
  assert.equal((await refusal(list(s3))).code, 'InvalidToken');
  assert.equal((await refusal(s3.sts.send(new GetCallerIdentityCommand({})))).code, 'InvalidClientTokenId');
});

test('who took a role on is called by its session, and has the rights of the role and no others', async () => {
  const user = await target.user('caller', '/team/');
  await makeRole('called', user.arn);
  const session = await takeOn(user, 'called');
  const { Arn, UserId, Account } = await session.sts.send(new GetCallerIdentityCommand({}));
  assert.equal(Arn, `arn:aws:sts::${target.accountId}:assumed-role/called/session`);
  assert.match(UserId ?? '', /:session$/);
  assert.equal(Account, target.accountId);
  await list(session);
  assert.equal(await works(user), false);
  assert.equal((await refusal(session.iam.send(new ListUsersCommand({})))).code, 'AccessDenied');
});

test('a trust policy decides by external id, tags and the name of the session', async () => {
  const user = await target.user('conditions');
  await makeRole('guarded', user.arn, {
    StringEquals: { 'sts:ExternalId': 'agreed', 'aws:RequestTag/team': 'red' },
    StringLike: { 'sts:RoleSessionName': 'job-*' },
  });
  const right = {
    ExternalId: 'agreed',
    RoleSessionName: 'job-1',
    Tags: [{ Key: 'team', Value: 'red' }],
  };
  await takeOn(user, 'guarded', right);
  for (const wrong of [
    { ...right, ExternalId: 'guessed' },
    { ...right, RoleSessionName: 'other' },
    { ...right, Tags: [] },
  ]) {
    const refused = await refusal(takeOn(user, 'guarded', wrong));
    assert.deepEqual([refused.code, refused.status], ['AccessDenied', 403]);
  }
});

test('tags of the session and of the role are what policies see of the caller', async () => {
  const user = await target.user('tagged');
  await makeRole('tagged', user.arn);
  const { iam } = target.root;
  await iam.send(new TagRoleCommand({ RoleName: 'tagged', Tags: [{ Key: 'team', Value: 'of-role' }] }));
  const PolicyDocument = policy(allow('s3:PutObject', `arn:aws:s3:::${Bucket}/\${aws:PrincipalTag/team}/*`));
  await iam.send(new PutRolePolicyCommand({ RoleName: 'tagged', PolicyName: 's3', PolicyDocument }));
  const put = (who: Clients, Key: string) => who.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  await put(await takeOn(user, 'tagged'), 'of-role/a');
  const tagged = await takeOn(user, 'tagged', { Tags: [{ Key: 'team', Value: 'of-session' }] });
  await put(tagged, 'of-session/a');
  assert.equal((await refusal(put(tagged, 'of-role/a'))).code, 'AccessDenied');
});

test('durations, names and policies of sessions have AWS’s limits', async () => {
  const user = await target.user('limits');
  await makeRole('limits', user.arn);
  const refused = async (more: More) => (await refusal(takeOn(user, 'limits', more))).code;
  assert.equal(await refused({ DurationSeconds: 899 }), 'ValidationError');
  assert.equal(await refused({ DurationSeconds: 3601 }), 'ValidationError');
  assert.equal(await refused({ RoleSessionName: 'a b' }), 'ValidationError');
  assert.equal(await refused({ Policy: '{' }), 'MalformedPolicyDocumentException');
  assert.equal(
    await refused({
      Policy: policy(allow(`s3:${'a'.repeat(100)}`), allow('s3:*', `arn:aws:s3:::${'b'.repeat(2000)}`)),
    }),
    'PackedPolicyTooLargeException',
  );
  const short = await user.sts.send(
    new AssumeRoleCommand({ RoleArn: arnOf('limits'), RoleSessionName: 'short', DurationSeconds: 900 }),
  );
  const left = (short.Credentials?.Expiration?.getTime() ?? 0) - Date.now();
  assert.ok(left > 800_000 && left <= 901_000, String(left));
});

test('a session policy only narrows', async () => {
  const user = await target.user('narrowing');
  await makeRole('narrowing', user.arn);
  const session = await takeOn(user, 'narrowing', { Policy: policy(allow(['s3:ListAllMyBuckets', 'iam:*'])) });
  await list(session);
  const put = session.s3.send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'x' }));
  assert.equal((await refusal(put)).code, 'AccessDenied');
  assert.equal((await refusal(session.iam.send(new ListUsersCommand({})))).code, 'AccessDenied');
});

test('credentials end with their role, its trust, and the key that asked for them, at the next request', async () => {
  const { iam } = target.root;
  const user = await target.user('ending');
  await makeRole('goes', user.arn);
  await makeRole('distrusts', user.arn);
  const [ofGone, ofDistrusting, ofKey] = [
    await takeOn(user, 'goes'),
    await takeOn(user, 'distrusts'),
    await takeOn(user, 'distrusts'),
  ];
  const onEveryWorker = async (who: Clients): Promise<Set<boolean>> =>
    new Set(await Promise.all(Array.from({ length: 12 }, () => works(who))));
  assert.deepEqual(await onEveryWorker(ofGone), new Set([true]));
  await iam.send(new DeleteRolePolicyCommand({ RoleName: 'goes', PolicyName: 's3' }));
  assert.deepEqual(await onEveryWorker(ofGone), new Set([false]));
  await iam.send(new DeleteRoleCommand({ RoleName: 'goes' }));
  assert.equal((await refusal(list(ofGone))).code, 'InvalidAccessKeyId');

  const other = await target.user('somebody-else');
  const change = (PolicyDocument: string) =>
    iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'distrusts', PolicyDocument }));
  await change(trust({ AWS: other.arn }));
  assert.deepEqual(await onEveryWorker(ofDistrusting), new Set([false]));
  await change(trust({ AWS: user.arn }));
  assert.deepEqual(await onEveryWorker(ofKey), new Set([true]));
  const key = { UserName: 'ending', AccessKeyId: user.keys.accessKeyId };
  await iam.send(new UpdateAccessKeyCommand({ ...key, Status: 'Inactive' }));
  assert.deepEqual(await onEveryWorker(ofKey), new Set([false]));
  await iam.send(new UpdateAccessKeyCommand({ ...key, Status: 'Active' }));
  assert.deepEqual(await onEveryWorker(ofKey), new Set([true]));
  await iam.send(new DeleteAccessKeyCommand(key));
  assert.deepEqual(await onEveryWorker(ofKey), new Set([false]));
});

test('a role of another account needs the caller’s own policies too, and ends when these do', async () => {
  const { iam } = target.root;
  const other = await target.otherAccount('across@example.test');
  const user = await target.user('across');
  const AssumeRolePolicyDocument = trust({ AWS: user.arn });
  await other.iam.send(new CreateRoleCommand({ RoleName: 'visited', AssumeRolePolicyDocument }));
  const all = policy(allow('s3:*'));
  await other.iam.send(new PutRolePolicyCommand({ RoleName: 'visited', PolicyName: 'p', PolicyDocument: all }));
  const RoleArn = `arn:aws:iam::${other.accountId}:role/visited`;
  const visit = () => user.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'visit' }));
  assert.equal((await refusal(visit())).code, 'AccessDenied');
  const PolicyDocument = policy(allow('sts:AssumeRole', RoleArn));
  await iam.send(new PutUserPolicyCommand({ UserName: 'across', PolicyName: 'visit', PolicyDocument }));
  const visitor = target.as(keysIn((await visit()).Credentials));
  await list(visitor);
  await iam.send(new DeleteUserPolicyCommand({ UserName: 'across', PolicyName: 'visit' }));
  assert.equal(await works(visitor), false);
});

test('a root takes on no role, and a role taken on from a role lasts an hour at most', async () => {
  await makeRole('first', target.accountId);
  await makeRole('second', arnOf('first'));
  assert.equal((await refusal(takeOn(target.root, 'first'))).code, 'AccessDenied');
  const user = await target.user('chaining');
  const PolicyDocument = policy(allow('sts:AssumeRole', arnOf('first')));
  const { iam } = target.root;
  await iam.send(new PutUserPolicyCommand({ UserName: 'chaining', PolicyName: 'p', PolicyDocument }));
  const first = await takeOn(user, 'first');
  await list(await takeOn(first, 'second'));
  assert.equal((await refusal(takeOn(first, 'second', { DurationSeconds: 3700 }))).code, 'ValidationError');
});

test('GetSessionToken gives one’s own rights in S3, and none in IAM', async () => {
  const user = await target.user('sessions');
  const PolicyDocument = policy(allow(['s3:*', 'iam:*']));
  const { iam } = target.root;
  await iam.send(new PutUserPolicyCommand({ UserName: 'sessions', PolicyName: 'p', PolicyDocument }));
  const made = await user.sts.send(new GetSessionTokenCommand({ DurationSeconds: 900 }));
  const session = target.as(keysIn(made.Credentials));
  await list(session);
  assert.equal((await refusal(session.iam.send(new GetUserCommand({})))).code, 'InvalidClientTokenId');
  assert.equal((await refusal(session.sts.send(new GetSessionTokenCommand({})))).code, 'InvalidClientTokenId');
  const { Arn } = await session.sts.send(new GetCallerIdentityCommand({}));
  assert.equal(Arn, user.arn);
  await iam.send(new DeleteUserPolicyCommand({ UserName: 'sessions', PolicyName: 'p' }));
  assert.equal(await works(session), false);
});

test('a federation token has what its policy and its maker both allow', async () => {
  const user = await target.user('federating');
  const { iam } = target.root;
  const PolicyDocument = policy(allow(['s3:ListAllMyBuckets', 's3:GetObject', 'sts:GetFederationToken']));
  await iam.send(new PutUserPolicyCommand({ UserName: 'federating', PolicyName: 'p', PolicyDocument }));
  const federate = async (Policy?: string): Promise<Clients> => {
    const more = Policy === undefined ? {} : { Policy };
    const made = await user.sts.send(new GetFederationTokenCommand({ Name: 'guest', ...more }));
    return target.as(keysIn(made.Credentials));
  };
  assert.equal(await works(await federate()), false);
  const guest = await federate(policy(allow(['s3:ListAllMyBuckets', 's3:PutObject'])));
  await list(guest);
  const put = guest.s3.send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'x' }));
  assert.equal((await refusal(put)).code, 'AccessDenied');
  const get = guest.s3.send(new GetObjectCommand({ Bucket, Key: 'streamed' }));
  assert.equal((await refusal(get)).code, 'AccessDenied');
});

test('a key that is restricted takes on no role, and its sessions are restricted like it', async () => {
  const { server } = target;
  await makeRole('unreachable', target.accountId);
  await target.root.iam.send(new CreateUserCommand({ UserName: 'restricted' }));
  const PolicyDocument = policy(allow(['s3:*', 'sts:*']));
  await target.root.iam.send(new PutUserPolicyCommand({ UserName: 'restricted', PolicyName: 'p', PolicyDocument }));
  const of = ['--account', server.rootEmail, '--project', 'default', '--user', 'restricted'];
  const made = await server.cli(['s3-key', 'create', ...of, '--allow', 'read']);
  const { accessKey, secretKey } = made as { accessKey: string; secretKey: string };
  const restricted = target.as({ accessKeyId: accessKey, secretAccessKey: secretKey });
  assert.equal((await refusal(takeOn(restricted, 'unreachable'))).code, 'AccessDenied');
  const answer = await restricted.sts.send(new GetSessionTokenCommand({}));
  const session = target.as(keysIn(answer.Credentials));
  const { Body } = await session.s3.send(new GetObjectCommand({ Bucket, Key: 'streamed' }));
  assert.equal((await Body?.transformToByteArray())?.length, 120_000);
  const put = session.s3.send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'x' }));
  assert.equal((await refusal(put)).code, 'AccessDenied');
});
