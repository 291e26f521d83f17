// What OpenTofu's and Terraform's AWS provider calls for users, policies, keys, groups, roles and buckets, in its order:
// create, read back, plan again, change, destroy. Provider plugins come from a registry of their own, which a test cannot
// count on, so the AWS SDK sends the calls.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AddUserToGroupCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteGroupCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteUserCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  GetGroupCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListInstanceProfilesForRoleCommand,
  ListMFADevicesCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
  RemoveUserFromGroupCommand,
  TagUserCommand,
  UntagUserCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { allow, type IamTarget, keysIn, openIamTarget, policy, refusal, trust } from '../iam/iam-target.ts';

let target: IamTarget;
before(async () => {
  target = await openIamTarget();
});
after(() => target[Symbol.asyncDispose]());

const UserName = 'ci';
const Tags = [{ Key: 'managed-by', Value: 'tofu' }];

test('aws_iam_user, aws_iam_policy, aws_iam_user_policy_attachment and aws_iam_access_key', async () => {
  const { iam, sts, s3 } = target.root;
  const { Account } = await sts.send(new GetCallerIdentityCommand({}));
  await s3.send(new CreateBucketCommand({ Bucket: 'artefacts' }));

  await iam.send(new CreateUserCommand({ UserName, Path: '/system/', Tags }));
  const { User } = await iam.send(new GetUserCommand({ UserName }));
  assert.deepEqual([User?.Path, User?.Tags], ['/system/', Tags]);
  const reads = policy(
    allow(['s3:GetObject', 's3:ListBucket'], ['arn:aws:s3:::artefacts', 'arn:aws:s3:::artefacts/*']),
  );
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'reads', PolicyDocument: reads }));
  const PolicyArn = Policy?.Arn;
  assert.equal(PolicyArn, `arn:aws:iam::${Account}:policy/reads`);
  const { Policy: read } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const version = { PolicyArn, VersionId: read?.DefaultVersionId };
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand(version));
  // a plan compares what it wrote with what it reads, URL-decoded
  assert.deepEqual(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? '')), JSON.parse(reads));
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  const { AttachedPolicies } = await iam.send(new ListAttachedUserPoliciesCommand({ UserName }));
  assert.deepEqual(AttachedPolicies, [{ PolicyName: 'reads', PolicyArn }]);
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName }));
  assert.deepEqual(
    AccessKeyMetadata?.map(({ AccessKeyId, Status }) => [AccessKeyId, Status]),
    [[AccessKey?.AccessKeyId, 'Active']],
  );
  const user = target.as(keysIn(AccessKey));
  await user.s3.send(new HeadBucketCommand({ Bucket: 'artefacts' }));

  // changed: a new version of the policy becomes the default, the oldest goes; tags; the user's name
  const { PolicyVersion: second } = await iam.send(
    new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: policy(allow('s3:*')), SetAsDefault: true }),
  );
  assert.equal(second?.VersionId, 'v2');
  await user.s3.send(new CreateBucketCommand({ Bucket: 'made-by-ci' }));
  await iam.send(new UntagUserCommand({ UserName, TagKeys: ['managed-by'] }));
  await iam.send(new TagUserCommand({ UserName, Tags: [{ Key: 'team', Value: 'build' }] }));
  await iam.send(new UpdateUserCommand({ UserName, NewUserName: 'ci-renamed', NewPath: '/' }));
  const renamed = { UserName: 'ci-renamed' };
  assert.equal((await iam.send(new GetUserCommand(renamed))).User?.Path, '/');

  await iam.send(new DetachUserPolicyCommand({ ...renamed, PolicyArn }));
  assert.equal((await refusal(user.s3.send(new ListBucketsCommand({})))).code, 'AccessDenied');
  const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
  for (const { VersionId, IsDefaultVersion } of Versions ?? []) {
    if (IsDefaultVersion !== true) await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
  }
  await iam.send(new DeletePolicyCommand({ PolicyArn }));
  await iam.send(new DeleteAccessKeyCommand({ ...renamed, AccessKeyId: AccessKey?.AccessKeyId }));
  // with force_destroy
  assert.deepEqual((await iam.send(new ListGroupsForUserCommand(renamed))).Groups, []);
  assert.deepEqual((await iam.send(new ListAccessKeysCommand(renamed))).AccessKeyMetadata, []);
  assert.deepEqual((await iam.send(new ListSSHPublicKeysCommand(renamed))).SSHPublicKeys, []);
  assert.deepEqual((await iam.send(new ListMFADevicesCommand(renamed))).MFADevices, []);
  assert.deepEqual((await iam.send(new ListSigningCertificatesCommand(renamed))).Certificates, []);
  assert.deepEqual((await iam.send(new ListServiceSpecificCredentialsCommand(renamed))).ServiceSpecificCredentials, []);
  await iam.send(new DeleteUserCommand(renamed));
  assert.equal((await refusal(iam.send(new GetUserCommand(renamed)))).code, 'NoSuchEntityException');
});

test('aws_iam_group, aws_iam_user_group_membership and aws_iam_role', async () => {
  const { iam } = target.root;
  const GroupName = 'builders';
  await iam.send(new CreateUserCommand({ UserName: 'member' }));
  await iam.send(new CreateGroupCommand({ GroupName }));
  await iam.send(new AddUserToGroupCommand({ GroupName, UserName: 'member' }));
  const { Users } = await iam.send(new GetGroupCommand({ GroupName }));
  assert.deepEqual(
    Users?.map((user) => user.UserName),
    ['member'],
  );
  assert.equal((await refusal(iam.send(new DeleteGroupCommand({ GroupName })))).code, 'DeleteConflictException');
  await iam.send(new RemoveUserFromGroupCommand({ GroupName, UserName: 'member' }));
  await iam.send(new DeleteGroupCommand({ GroupName }));
  await iam.send(new DeleteUserCommand({ UserName: 'member' }));

  const RoleName = 'deploys';
  const AssumeRolePolicyDocument = trust({ AWS: `arn:aws:iam::${target.accountId}:root` });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, MaxSessionDuration: 7200, Tags }));
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  assert.deepEqual([Role?.MaxSessionDuration, Role?.Tags], [7200, Tags]);
  assert.deepEqual(
    JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')),
    JSON.parse(AssumeRolePolicyDocument),
  );
  const PolicyArn = 'arn:aws:iam::aws:policy/vStorageFullAccess';
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  assert.deepEqual((await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames, []);
  const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  assert.equal(AttachedPolicies?.length, 1);
  assert.deepEqual((await iam.send(new ListInstanceProfilesForRoleCommand({ RoleName }))).InstanceProfiles, []);
  await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  await iam.send(new DeleteRoleCommand({ RoleName }));
  assert.equal((await refusal(iam.send(new GetRoleCommand({ RoleName })))).code, 'NoSuchEntityException');
});

test('aws_s3_bucket: what a refresh reads is there, or refused by a code that means there is none', async () => {
  const { s3 } = target.root;
  const Bucket = 'state';
  await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: false }));
  await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: Tags } }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  await s3.send(new HeadBucketCommand({ Bucket }));
  await s3.send(new GetBucketLocationCommand({ Bucket }));
  await s3.send(new GetBucketAclCommand({ Bucket }));
  assert.equal((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status, 'Enabled');
  assert.deepEqual((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet, Tags);
  assert.equal((await s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled, undefined);
  await s3.send(new GetBucketEncryptionCommand({ Bucket }));
  assert.equal((await s3.send(new GetBucketAccelerateConfigurationCommand({ Bucket }))).Status, undefined);
  assert.equal((await s3.send(new GetBucketRequestPaymentCommand({ Bucket }))).Payer, 'BucketOwner');
  const none = async (call: Promise<unknown>): Promise<string> => (await refusal(call)).code;
  assert.deepEqual(
    [
      await none(s3.send(new GetBucketPolicyCommand({ Bucket }))),
      await none(s3.send(new GetBucketCorsCommand({ Bucket }))),
      await none(s3.send(new GetBucketWebsiteCommand({ Bucket }))),
      await none(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))),
      await none(s3.send(new GetObjectLockConfigurationCommand({ Bucket }))),
      await none(s3.send(new GetBucketReplicationCommand({ Bucket }))),
    ],
    [
      'NoSuchBucketPolicy',
      'NoSuchCORSConfiguration',
      'NoSuchWebsiteConfiguration',
      'NoSuchLifecycleConfiguration',
      'ObjectLockConfigurationNotFoundError',
      'ReplicationConfigurationNotFoundError',
    ],
  );
  await s3.send(new DeleteBucketCommand({ Bucket }));
});
