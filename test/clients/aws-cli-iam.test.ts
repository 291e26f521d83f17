// The AWS CLI's `iam` and `sts`: the life of a user and of its key, of a role and of a session, as an administrator types it.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandResult } from '../support/run-command.ts';
import { type AwsCliSession, awsCli, openAwsCliSession } from './aws-cli-run.ts';
import type { Json } from './aws-cli-round-trips.ts';
import { type ClientSetUp, setUpClient } from './client-driver.ts';

const READ_ONLY = 'arn:aws:iam::aws:policy/vStorageReadOnlyAccess';
const FULL = 'arn:aws:iam::aws:policy/vStorageFullAccess';
const BUCKET = 'of-the-cli';
/** A key's use is noted in the background. */
const NOTED_WITHIN_MS = 30_000;

type Cli = (...args: string[]) => Promise<Json>;

function jsonOf(session: AwsCliSession): Cli {
  return async (...args) => {
    const { code, stdout, stderr } = await session.attempt(...args, '--output', 'json');
    assert.equal(code, 0, `${args.join(' ')}: ${stderr}`);
    return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Json);
  };
}

const refusalIn = ({ stderr }: CommandResult): string | undefined => /An error occurred \((\w+)\)/.exec(stderr)?.[1];

type Pair = { readonly AccessKeyId: string; readonly SecretAccessKey: string; readonly SessionToken?: string };

/** The CLI as whoever has these keys. */
async function as(setUp: ClientSetUp, pair: Pair): Promise<AwsCliSession> {
  const { AccessKeyId: accessKey, SecretAccessKey: secretKey, SessionToken: token } = pair;
  const session = await openAwsCliSession({ ...setUp, facts: { ...setUp.facts, accessKey, secretKey } }, token);
  return session;
}

const attemptRead = async (cli: AwsCliSession): Promise<string | undefined> =>
  refusalIn(await cli.attempt('s3api', 'list-objects-v2', '--bucket', BUCKET));

async function attemptWrite(cli: AwsCliSession, setUp: ClientSetUp): Promise<string | undefined> {
  const body = join(setUp.folder, 'body');
  await writeFile(body, 'a body');
  return refusalIn(await cli.attempt('s3api', 'put-object', '--bucket', BUCKET, '--key', 'a', '--body', body));
}

test('aws iam: a user is made, given a policy and a key, which is used, seen as used, switched off and deleted', {
  timeout: 300_000,
}, async (t) => {
  const setUp = await setUpClient(t);
  await using session = await openAwsCliSession(setUp);
  const root = jsonOf(session);
  await root('s3api', 'create-bucket', '--bucket', BUCKET);
  const { Account, Arn } = await root('sts', 'get-caller-identity');
  assert.equal(Arn, `arn:aws:iam::${String(Account)}:root`);

  const ofUser = ['--user-name', 'backup'] as const;
  const { User } = await root('iam', 'create-user', ...ofUser, '--path', '/robots/', '--tags', 'Key=team,Value=ops');
  assert.equal(Object(User).Arn, `arn:aws:iam::${String(Account)}:user/robots/backup`);
  await root('iam', 'attach-user-policy', ...ofUser, '--policy-arn', READ_ONLY);
  const { AttachedPolicies } = await root('iam', 'list-attached-user-policies', ...ofUser);
  assert.deepEqual(AttachedPolicies, [{ PolicyName: 'vStorageReadOnlyAccess', PolicyArn: READ_ONLY }]);
  const { AccessKey } = await root('iam', 'create-access-key', ...ofUser);
  const pair = AccessKey as Pair;
  const ofKey = ['--access-key-id', pair.AccessKeyId] as const;

  await using user = await as(setUp, pair);
  assert.equal(await attemptRead(user), undefined);
  assert.equal(await attemptWrite(user, setUp), 'AccessDenied');
  await root('iam', 'attach-user-policy', ...ofUser, '--policy-arn', FULL);
  assert.equal(await attemptWrite(user, setUp), undefined);
  assert.equal(Object(await jsonOf(user)('sts', 'get-caller-identity')).Arn, Object(User).Arn);

  const lastUsed = await untilUsed(async () => await root('iam', 'get-access-key-last-used', ...ofKey));
  assert.deepEqual([lastUsed['UserName'], Object(lastUsed['AccessKeyLastUsed']).ServiceName], ['backup', 's3']);

  await root('iam', 'update-access-key', ...ofUser, ...ofKey, '--status', 'Inactive');
  assert.equal(await attemptRead(user), 'InvalidAccessKeyId');
  await root('iam', 'update-access-key', ...ofUser, ...ofKey, '--status', 'Active');
  assert.equal(await attemptRead(user), undefined);

  assert.equal(refusalIn(await session.attempt('iam', 'delete-user', ...ofUser)), 'DeleteConflict');
  await root('iam', 'delete-access-key', ...ofUser, ...ofKey);
  assert.equal(await attemptRead(user), 'InvalidAccessKeyId');
  for (const arn of [READ_ONLY, FULL]) await root('iam', 'detach-user-policy', ...ofUser, '--policy-arn', arn);
  await root('iam', 'delete-user', ...ofUser);
  assert.equal(refusalIn(await session.attempt('iam', 'get-user', ...ofUser)), 'NoSuchEntity');
});

async function untilUsed(ask: () => Promise<Json>): Promise<Json> {
  for (const deadlineMs = performance.now() + NOTED_WITHIN_MS; ; ) {
    const answer = await ask();
    if (Object(answer['AccessKeyLastUsed']).LastUsedDate !== undefined) return answer;
    if (performance.now() > deadlineMs) assert.fail(`never noted: ${JSON.stringify(answer)}`);
    await sleep(500);
  }
}

test('aws sts: a role is taken on with assume-role, narrowed by a session policy, and ends with its right', {
  timeout: 300_000,
}, async (t) => {
  const setUp = await setUpClient(t);
  await using session = await openAwsCliSession(setUp);
  const root = jsonOf(session);
  await root('s3api', 'create-bucket', '--bucket', BUCKET);
  const { Account } = await root('sts', 'get-caller-identity');
  const principal = { AWS: `arn:aws:iam::${String(Account)}:root` };
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal }],
  };
  await root('iam', 'create-role', '--role-name', 'writer', '--assume-role-policy-document', JSON.stringify(trust));
  await root('iam', 'attach-role-policy', '--role-name', 'writer', '--policy-arn', FULL);
  await root('iam', 'create-user', '--user-name', 'deployer');
  const assume = { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }] };
  const inline = ['--policy-name', 'assume', '--policy-document', JSON.stringify(assume)];
  await root('iam', 'put-user-policy', '--user-name', 'deployer', ...inline);
  const { AccessKey } = await root('iam', 'create-access-key', '--user-name', 'deployer');
  await using deployer = await as(setUp, AccessKey as Pair);
  assert.equal(await attemptRead(deployer), 'AccessDenied');

  const take = ['sts', 'assume-role', '--role-arn', `arn:aws:iam::${String(Account)}:role/writer`] as const;
  const taken = await jsonOf(deployer)(...take, '--role-session-name', 'release-7');
  await using writer = await as(setUp, taken['Credentials'] as Pair);
  assert.equal(await attemptWrite(writer, setUp), undefined);
  const { Arn } = await jsonOf(writer)('sts', 'get-caller-identity');
  assert.equal(Arn, `arn:aws:sts::${String(Account)}:assumed-role/writer/release-7`);
  const readOnly = { Statement: [{ Effect: 'Allow', Action: ['s3:Get*', 's3:List*'], Resource: '*' }] };
  const narrow = await jsonOf(deployer)(...take, '--role-session-name', 'looks', '--policy', JSON.stringify(readOnly));
  await using reader = await as(setUp, narrow['Credentials'] as Pair);
  assert.equal(await attemptRead(reader), undefined);
  assert.equal(await attemptWrite(reader, setUp), 'AccessDenied');

  await root('iam', 'detach-role-policy', '--role-name', 'writer', '--policy-arn', FULL);
  assert.equal(await attemptWrite(writer, setUp), 'AccessDenied');
  await root('iam', 'delete-role', '--role-name', 'writer');
  assert.equal(await attemptRead(reader), 'InvalidAccessKeyId');
});

test('aws iam simulates, reports and pages as a command of its own each', { timeout: 300_000 }, async (t) => {
  const setUp = await setUpClient(t);
  const aws = await awsCli(setUp);
  for (const name of ['an', 'binh', 'chi']) await aws('iam', 'create-user', '--user-name', name);
  const names = await aws('iam', 'list-users', '--page-size', '2', '--query', 'Users[].UserName', '--output', 'text');
  assert.deepEqual(names.trim().split(/\s+/), ['an', 'binh', 'chi']);
  const arn = await aws('iam', 'get-user', '--user-name', 'an', '--query', 'User.Arn', '--output', 'text');
  const simulate = ['iam', 'simulate-principal-policy', '--policy-source-arn', arn.trim()];
  const asked = ['--action-names', 's3:GetObject', '--resource-arns', 'arn:aws:s3:::a/b'];
  const decided = ['--query', 'EvaluationResults[].EvalDecision', '--output', 'text'];
  assert.equal((await aws(...simulate, ...asked, ...decided)).trim(), 'implicitDeny');
  await aws('iam', 'generate-credential-report');
  const report = await aws('iam', 'get-credential-report', '--query', 'Content', '--output', 'text');
  const lines = Buffer.from(report.trim(), 'base64').toString('utf8').split('\n');
  assert.match(lines[0] ?? '', /^user,arn,user_creation_time,/);
  assert.ok(lines.some((line) => line.startsWith('binh,')));
});
