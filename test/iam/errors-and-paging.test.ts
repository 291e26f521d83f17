import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { type RawRequest, rawS3 } from '../support/raw-s3.ts';
import { allow, type IamTarget, openIamTarget, policy, refusal } from './iam-target.ts';

let target: IamTarget;
before(async () => {
  target = await openIamTarget();
});
after(() => target[Symbol.asyncDispose]());

const raw = (service: string, region = 'us-east-1') => {
  const { accessKeyId: accessKey, secretAccessKey: secretKey } = target.root.keys;
  return rawS3({ url: target.server.s3Url, ca: target.ca, accessKey, secretKey, region, service });
};

const form = (fields: Readonly<Record<string, string>>, service = 'iam', region?: string) =>
  raw(
    service,
    region,
  )({
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });

test('errors are an ErrorResponse in the namespace of the API, with AWS’s codes and statuses', async () => {
  const answer = await form({ Action: 'GetUser', Version: '2010-05-08', UserName: 'nobody' });
  assert.equal(answer.status, 404);
  const text = answer.body.toString('utf8');
  assert.match(text, /^<ErrorResponse xmlns="https:\/\/iam\.amazonaws\.com\/doc\/2010-05-08\/"><Error>/);
  assert.match(
    text,
    /<Type>Sender<\/Type><Code>NoSuchEntity<\/Code><Message>The user with name nobody cannot be found/,
  );
  assert.match(text, /<\/Error><RequestId>[0-9A-F]{16}<\/RequestId><\/ErrorResponse>$/);
  const { iam } = target.root;
  await iam.send(new CreateUserCommand({ UserName: 'ann' }));
  const again = await refusal(iam.send(new CreateUserCommand({ UserName: 'Ann' })));
  assert.deepEqual([again.code, again.status], ['EntityAlreadyExistsException', 409]);
  const invalid = await refusal(iam.send(new CreateUserCommand({ UserName: 'not a name' })));
  assert.deepEqual([invalid.code, invalid.status], ['ValidationError', 400]);
  const broken = new PutUserPolicyCommand({ UserName: 'ann', PolicyName: 'p', PolicyDocument: '{"Statement":' });
  const malformed = await refusal(iam.send(broken));
  assert.deepEqual([malformed.code, malformed.status], ['MalformedPolicyDocumentException', 400]);
});

test('lists come in pages by Marker and IsTruncated, in the order of names whatever their case', async () => {
  const { iam } = target.root;
  const names = ['aa', 'Ab', 'ac', 'Ad', 'ae'];
  for (const UserName of names.toReversed()) await iam.send(new CreateUserCommand({ UserName, Path: '/paged/' }));
  const found: (string | undefined)[] = [];
  let Marker: string | undefined;
  let pages = 0;
  do {
    const more = Marker === undefined ? {} : { Marker };
    const page = await iam.send(new ListUsersCommand({ PathPrefix: '/paged', MaxItems: 2, ...more }));
    found.push(...(page.Users ?? []).map((user) => user.UserName));
    assert.equal(page.IsTruncated, page.Marker !== undefined);
    Marker = page.Marker;
    pages++;
  } while (Marker !== undefined);
  assert.deepEqual(found, names);
  assert.equal(pages, 3);
  const broken = await refusal(iam.send(new ListUsersCommand({ Marker: '///' })));
  assert.equal(broken.code, 'ValidationError');
});

test('the service in the signature tells the APIs apart, in any region and in none', async () => {
  for (const region of ['us-east-1', 'aws-global', 'HAN02', '']) {
    const answer = await form({ Action: 'GetCallerIdentity', Version: '2011-06-15' }, 'sts', region);
    assert.equal(answer.status, 200, region);
  }
  const wrongApi = await form({ Action: 'GetCallerIdentity', Version: '2011-06-15' }, 'iam');
  assert.match(wrongApi.body.toString('utf8'), /<Code>InvalidAction<\/Code>/);
  const s3 = await form({ Action: 'GetUser', Version: '2010-05-08' }, 's3', 'HAN02');
  assert.match(s3.body.toString('utf8'), /<Error><Code>/);
  const get = await raw('sts')({ path: '/', query: { Action: 'GetCallerIdentity', Version: '2011-06-15' } });
  assert.equal(get.status, 200);
});

test('a call that is not implemented is told so by its name, one that does not exist otherwise', async () => {
  const missing = await form({ Action: 'GenerateServiceLastAccessedDetails', Arn: 'arn:aws:iam::1:user/a' });
  assert.equal(missing.status, 501);
  assert.match(missing.body.toString('utf8'), /GenerateServiceLastAccessedDetails is not implemented/);
  const unknown = await form({ Action: 'MakeCoffee' });
  assert.equal(unknown.status, 400);
  assert.match(unknown.body.toString('utf8'), /<Code>InvalidAction<\/Code>/);
});

test('a parameter that nobody knows is refused, and secrets are not shown in refusals', async () => {
  const unknown = await form({ Action: 'CreateUser', UserName: 'someone', PermissionBoundary: 'x' });
  assert.match(unknown.body.toString('utf8'), /ValidationError.*PermissionBoundary: not a parameter/s);
  const password = 'a'.repeat(200);
  const long = await form({ Action: 'CreateLoginProfile', UserName: 'ann', Password: password });
  assert.equal(long.status, 400);
  assert.ok(!long.body.toString('utf8').includes(password));
});

test('a wrong key, a wrong signature and none at all each have their code', async () => {
  const call = { Action: 'GetCallerIdentity', Version: '2011-06-15' };
  const send = (change: Omit<RawRequest, 'path'>) =>
    raw('sts')({
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(call).toString(),
      ...change,
    });
  const codeOf = async (answer: ReturnType<typeof send>): Promise<string | undefined> =>
    /<Code>(\w+)<\/Code>/.exec((await answer).body.toString('utf8'))?.[1];
  assert.equal(await codeOf(send({ credentials: { accessKey: 'unknown' } })), 'InvalidClientTokenId');
  const tamper = { signature: () => '0'.repeat(64) };
  assert.equal(await codeOf(send({ tamper })), 'SignatureDoesNotMatch');
  assert.equal(await codeOf(send({ auth: 'anonymous' })), 'MissingAuthenticationToken');
  assert.equal(await codeOf(send({ skewMs: -3_600_000 })), 'SignatureDoesNotMatch');
});

test('GetUser of the root answers its own ARN', async () => {
  const { User } = await target.root.iam.send(new GetUserCommand({}));
  assert.equal(User?.Arn, `arn:aws:iam::${target.accountId}:root`);
});

test('a user is deleted only when it has no keys, no policies and no groups', async () => {
  const { iam } = target.root;
  const remove = () => refusal(iam.send(new DeleteUserCommand({ UserName: 'busy' })));
  await target.user('busy');
  assert.deepEqual((await remove()).code, 'DeleteConflictException');
  assert.match((await remove()).message, /access keys/);
  const keys = await iam.send(new ListAccessKeysCommand({ UserName: 'busy' }));
  for (const { AccessKeyId } of keys.AccessKeyMetadata ?? []) {
    await iam.send(new DeleteAccessKeyCommand({ UserName: 'busy', AccessKeyId }));
  }
  const document = policy(allow('s3:GetObject'));
  await iam.send(new PutUserPolicyCommand({ UserName: 'busy', PolicyName: 'inline', PolicyDocument: document }));
  assert.match((await remove()).message, /delete policies/);
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'theirs', PolicyDocument: document }));
  await iam.send(new AttachUserPolicyCommand({ UserName: 'busy', PolicyArn: Policy?.Arn }));
  assert.match((await remove()).message, /detach all policies/);
  await iam.send(new DetachUserPolicyCommand({ UserName: 'busy', PolicyArn: Policy?.Arn }));
  await iam.send(new DeleteUserPolicyCommand({ UserName: 'busy', PolicyName: 'inline' }));
  await iam.send(new CreateGroupCommand({ GroupName: 'people' }));
  await iam.send(new AddUserToGroupCommand({ GroupName: 'people', UserName: 'busy' }));
  assert.match((await remove()).message, /group/);
  await iam.send(new RemoveUserFromGroupCommand({ GroupName: 'people', UserName: 'busy' }));
  await iam.send(new DeleteUserCommand({ UserName: 'busy' }));
});
