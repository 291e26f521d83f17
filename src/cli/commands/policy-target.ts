// Whom a command is about: exactly one of --user, --group, --service-account.
import type { Command } from 'commander';
import { findGroup } from '../../identity/groups.ts';
import type { IdentityDeps } from '../../identity/identity-deps.ts';
import type { HolderRef } from '../../identity/policy-holders.ts';
import { findServiceAccount } from '../../identity/service-accounts.ts';
import type { AccountId } from '../../shared/ids.ts';
import { CliError } from '../context.ts';
import { type Options, textOption, userOf } from './identity-context.ts';

export type Target = {
  readonly ref: HolderRef;
  /** as the answer names it */
  readonly shown: Readonly<Record<string, string>>;
};

export const withTarget = (command: Command): Command =>
  command
    .option('--user <U>', 'name or id of an IAM user')
    .option('--group <G>', 'name or id of a group')
    .option('--service-account <S>', 'name or id of a service account');

export async function targetOf(deps: IdentityDeps, accountId: AccountId, options: Options): Promise<Target> {
  const { user, group, serviceAccount } = {
    user: textOption(options, 'user'),
    group: textOption(options, 'group'),
    serviceAccount: textOption(options, 'serviceAccount'),
  };
  if ([user, group, serviceAccount].filter((name) => name !== undefined).length !== 1) {
    throw new CliError('whom? give one of --user, --group and --service-account', { usage: true });
  }
  if (user !== undefined) return userTarget(deps, accountId, user);
  return group !== undefined
    ? groupTarget(deps, accountId, group)
    : serviceAccountTarget(deps, accountId, serviceAccount ?? '');
}

async function userTarget(deps: IdentityDeps, accountId: AccountId, name: string): Promise<Target> {
  const { userId, username } = await userOf(deps, accountId, name);
  return { ref: { kind: 'user', id: userId }, shown: { userId, username } };
}

async function groupTarget(deps: IdentityDeps, accountId: AccountId, name: string): Promise<Target> {
  const { groupId, name: group } = await groupOf(deps, accountId, name);
  return { ref: { kind: 'group', id: groupId }, shown: { groupId, group } };
}

async function serviceAccountTarget(deps: IdentityDeps, accountId: AccountId, name: string): Promise<Target> {
  const { serviceAccountId, name: serviceAccount } = await serviceAccountOf(deps, accountId, name);
  return { ref: { kind: 'service-account', id: serviceAccountId }, shown: { serviceAccountId, serviceAccount } };
}

export async function groupOf(deps: IdentityDeps, accountId: AccountId, name: string) {
  const group = await findGroup(deps, accountId, name);
  if (group !== undefined) return group;
  throw new CliError(`there is no group ${name}: vstorage group list --account ${accountId} shows them`);
}

export async function serviceAccountOf(deps: IdentityDeps, accountId: AccountId, name: string) {
  const serviceAccount = await findServiceAccount(deps, accountId, name);
  if (serviceAccount !== undefined) return serviceAccount;
  throw new CliError(
    `there is no service account ${name}: vstorage service-account list --account ${accountId} shows them`,
  );
}
