// Users in groups, service accounts and roles with policies, inline ones and boundaries, all thrown by dice.
import type { IdentityFixture } from './identity-fixture.ts';
import { setPolicies } from '../../src/identity/attachments.ts';
import { putBoundary } from '../../src/identity/boundaries.ts';
import { createGroup } from '../../src/identity/groups.ts';
import { putInlinePolicy } from '../../src/identity/inline-policies.ts';
import { createPolicy } from '../../src/identity/policies.ts';
import type { HolderRef } from '../../src/identity/policy-holders.ts';
import { createRole } from '../../src/identity/roles.ts';
import { createServiceAccount } from '../../src/identity/service-accounts.ts';
import { createUsers } from '../../src/identity/users.ts';
import type { IdentityRef } from '../../src/metadata/tables/identities.ts';
import type { AccountId, GroupId } from '../../src/shared/ids.ts';

/** A small generator of numbers that are the same in every run. */
export function dice(seed: number): <T>(choices: readonly T[]) => T {
  let state = seed;
  return (choices) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const chosen = choices[Math.floor((state / 2 ** 32) * choices.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  };
}

export const ACTIONS = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket', 's3:GetBucketPolicy'];
const PATTERNS = [...ACTIONS, 's3:*', 's3:Get*', '*'];
const RESOURCES = ['*', 'arn:aws:s3:::one/*', 'arn:aws:s3:::one', 'arn:aws:s3:::two/in/*', 'arn:aws:s3:::t*'];
const CONDITIONS = [
  {},
  { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
  { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } },
  { StringLike: { 's3:prefix': 'in/*' } },
  { DateLessThan: { 'aws:CurrentTime': '2026-06-02T00:00:00Z' } },
  { StringEquals: { 'aws:PrincipalTag/team': 'a' } },
  { StringLike: { 'aws:PrincipalArn': '*:service-account/*' } },
  { StringEquals: { 'aws:PrincipalType': ['User', 'AssumedRole'] } },
];

export type Roll = ReturnType<typeof dice>;
export const statement = (roll: Roll): object => ({
  Effect: roll(['Allow', 'Allow', 'Deny']),
  Action: roll(PATTERNS),
  Resource: roll(RESOURCES),
  Condition: roll(CONDITIONS),
});

export const times = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** A policy of three random statements. */
const policyText = (roll: Roll): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [statement(roll), statement(roll), statement(roll)] });

/** Users in groups, service accounts and roles, each with policies, inline ones and boundaries by chance. */
export async function makeIdentities({ deps, account }: IdentityFixture, roll: Roll): Promise<IdentityRef[]> {
  const { accountId } = account;
  const policies = times(12).map((index) => `policy${index}`);
  for (const name of policies) {
    await createPolicy(deps, { accountId, name, description: '', document: policyText(roll) });
  }
  const some = (): string[] => roll([[], [roll(policies)], [roll(policies), roll(policies)]]);
  const groups: GroupId[] = [];
  for (const index of times(4)) {
    groups.push((await createGroup(deps, { accountId, name: `group${index}`, policies: some() })).groupId);
  }
  const refs: IdentityRef[] = [];
  const holders: HolderRef[] = [];
  for (const index of times(8)) {
    const facts = { accountId, usernames: [`person${index}`], passwords: 'none' } as const;
    const rights = { policies: some(), groups: roll([[], [roll(groups)], [roll(groups), roll(groups)]]) };
    const tags = roll([[], [{ key: 'Team', value: 'a' }]]);
    const { users } = await createUsers(deps, { ...facts, ...rights, tags });
    for (const { userId } of users) {
      refs.push({ type: 'user', userId });
      holders.push({ kind: 'user', id: userId });
    }
  }
  for (const index of times(4)) {
    const made = await createServiceAccount(deps, { accountId, name: `job${index}`, policies: some() });
    const { serviceAccountId } = made.serviceAccount;
    refs.push({ type: 'service-account', serviceAccountId });
    holders.push({ kind: 'service-account', id: serviceAccountId });
  }
  for (const index of times(4)) {
    const { roleId } = await createRole(deps, { accountId, name: `role${index}`, trustPolicy: trusting(accountId) });
    refs.push({ type: 'role', roleId, sessionName: 'now' });
    holders.push({ kind: 'role', id: roleId });
    await setPolicies(deps, accountId, { kind: 'role', id: roleId }, some());
  }
  for (const holder of holders) {
    if (roll([true, false])) {
      await putInlinePolicy(deps, accountId, holder, { name: 'inline', document: policyText(roll) });
    }
    if (holder.kind !== 'group' && roll([true, false, false])) {
      await putBoundary(deps, accountId, holder, roll([...policies, 'AmazonS3FullAccess']));
    }
  }
  return refs;
}

const trusting = (accountId: AccountId): string =>
  JSON.stringify({ Statement: { Effect: 'Allow', Principal: { AWS: accountId }, Action: 'sts:AssumeRole' } });
