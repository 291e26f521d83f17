import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  ListAccessKeysCommand,
  PutUserPolicyCommand,
  TagUserCommand,
  UpdateAccessKeyCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam';
import { GetObjectCommand, ListBucketsCommand, PutObjectCommand, CreateBucketCommand } from '@aws-sdk/client-s3';
import { GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Agent, request } from 'node:https';
import { allow, type IamTarget, keysIn, openIamTarget, policy, refusal } from './iam-target.ts';

let target: IamTarget;
before(async () => {
  target = await openIamTarget(['--limit', 'keys-per-account=50']);
});
after(() => target[Symbol.asyncDispose]());

test('a secret stands in the answer to CreateAccessKey and nowhere else; a user has two keys at most', async () => {
  const { iam } = target.root;
  const user = await target.user('two-keys');
  const { AccessKey: second } = await iam.send(new CreateAccessKeyCommand({ UserName: 'two-keys' }));
  for (const { accessKeyId, secretAccessKey } of [user.keys, keysIn(second)]) {
    assert.match(accessKeyId, /^AKIA[A-Z2-7]{16}$/);
    assert.match(secretAccessKey, /^[A-Za-z0-9]{40}$/);
  }
  const third = await refusal(iam.send(new CreateAccessKeyCommand({ UserName: 'two-keys' })));
  assert.deepEqual([third.code, third.status], ['LimitExceededException', 409]);
  const listed = await iam.send(new ListAccessKeysCommand({ UserName: 'two-keys' }));
  assert.equal(listed.AccessKeyMetadata?.length, 2);
  assert.ok(!JSON.stringify(listed).includes(user.keys.secretAccessKey));
  assert.deepEqual(new Set(listed.AccessKeyMetadata?.map((key) => key.Status)), new Set(['Active']));
});

test('temporary credentials begin with ASIA and are nothing without their token', async () => {
  const { Credentials } = await target.root.sts.send(new GetSessionTokenCommand({}));
  const { sessionToken, ...pair } = keysIn(Credentials);
  assert.match(pair.accessKeyId, /^ASIA[A-Z2-7]{16}$/);
  assert.ok(sessionToken !== undefined && sessionToken.length > 100);
  await target.as({ ...pair, sessionToken }).s3.send(new ListBucketsCommand({}));
  const without = await refusal(target.as(pair).s3.send(new ListBucketsCommand({})));
  assert.deepEqual([without.code, without.status], ['InvalidAccessKeyId', 403]);
  const wrong = target.as({ ...pair, sessionToken: `${sessionToken}x` });
  assert.deepEqual((await refusal(wrong.s3.send(new ListBucketsCommand({})))).code, 'InvalidToken');
});

test('a key that was never used has no time of its last use, and N/A for region and service', async () => {
  const { iam } = target.root;
  const user = await target.user('never-used');
  const lastUsed = async () => {
    const AccessKeyId = user.keys.accessKeyId;
    return (await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }))).AccessKeyLastUsed;
  };
  assert.deepEqual(await lastUsed(), { Region: 'N/A', ServiceName: 'N/A' });
  await iam.send(
    new PutUserPolicyCommand({
      UserName: 'never-used',
      PolicyName: 'p',
      PolicyDocument: policy(allow('s3:ListAllMyBuckets')),
    }),
  );
  await user.s3.send(new ListBucketsCommand({}));
  const used = await lastUsed();
  assert.deepEqual([used?.Region, used?.ServiceName], ['HAN02', 's3']);
  assert.ok(used?.LastUsedDate !== undefined && Math.abs(used.LastUsedDate.getTime() - Date.now()) < 3_700_000);
});

function statusOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const agent = new Agent({ ca: target.ca });
    request(url, { agent }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    })
      .once('error', reject)
      .end();
  });
}

test('a key that is deactivated or deleted is refused at once by every worker, and so are URLs it signed', async () => {
  const { iam, s3 } = target.root;
  const Bucket = 'revoked-keys';
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'text' }));
  const user = await target.user('revoked');
  const document = policy(allow('s3:*'));
  await iam.send(new PutUserPolicyCommand({ UserName: 'revoked', PolicyName: 'all', PolicyDocument: document }));
  const signed = await getSignedUrl(user.s3, new GetObjectCommand({ Bucket, Key: 'a' }));
  // twenty connections reach both workers
  const twenty = (): Promise<number[]> => Promise.all(Array.from({ length: 20 }, () => statusOf(signed)));
  assert.deepEqual(new Set(await twenty()), new Set([200]));
  const key = { UserName: 'revoked', AccessKeyId: user.keys.accessKeyId };
  await iam.send(new UpdateAccessKeyCommand({ ...key, Status: 'Inactive' }));
  assert.deepEqual(new Set(await twenty()), new Set([403]));
  await iam.send(new UpdateAccessKeyCommand({ ...key, Status: 'Active' }));
  assert.deepEqual(new Set(await twenty()), new Set([200]));
  await iam.send(new DeleteAccessKeyCommand(key));
  assert.deepEqual(new Set(await twenty()), new Set([403]));
});

test('a key belongs to the project of the key that asks, or to the one its user is tagged with', async () => {
  const { server, root } = target;
  await server.cli(['project', 'create', '--account', server.rootEmail, '--name', 'second']);
  await root.iam.send(new CreateUserCommand({ UserName: 'elsewhere' }));
  const projectOf = async (id: string | undefined): Promise<string | undefined> => {
    const list = ['s3-key', 'list', '--account', server.rootEmail];
    const keys = (await server.cli(list)) as { accessKey: string; projectId: string }[];
    const projects = (await server.cli(['project', 'list', '--account', server.rootEmail])) as {
      projectId: string;
      name: string;
    }[];
    const projectId = keys.find(({ accessKey }) => accessKey === id)?.projectId;
    return projects.find((project) => project.projectId === projectId)?.name;
  };
  const make = async () => (await root.iam.send(new CreateAccessKeyCommand({ UserName: 'elsewhere' }))).AccessKey;
  assert.equal(await projectOf((await make())?.AccessKeyId), 'default');
  const Tags = [{ Key: 'vstorage:project', Value: 'second' }];
  await root.iam.send(new TagUserCommand({ UserName: 'elsewhere', Tags }));
  assert.equal(await projectOf((await make())?.AccessKeyId), 'second');
});

test('users see and manage their own keys without a policy, and nobody else’s', async () => {
  const user = await target.user('own-keys');
  await target.user('others-keys');
  const own = await user.iam.send(new ListAccessKeysCommand({}));
  assert.deepEqual(
    own.AccessKeyMetadata?.map((key) => key.AccessKeyId),
    [user.keys.accessKeyId],
  );
  const others = await refusal(user.iam.send(new ListAccessKeysCommand({ UserName: 'others-keys' })));
  assert.deepEqual([others.code, others.status], ['AccessDenied', 403]);
  assert.equal(
    (await refusal(user.iam.send(new UpdateUserCommand({ UserName: 'own-keys', NewPath: '/x/' })))).status,
    403,
  );
});
