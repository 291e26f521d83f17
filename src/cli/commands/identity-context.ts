// What the commands for accounts, projects, users, policies and keys share: the domain on the opened store, and
// finding what the user named.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Limits, StoreConfig } from '../../config/config.ts';
import { DEFAULT_LIMITS, readFirstLine } from '../../config/load.ts';
import { type Account, findAccount } from '../../identity/accounts.ts';
import type { IdentityDeps } from '../../identity/identity-deps.ts';
import { type User, findUser } from '../../identity/users.ts';
import type { ProjectRecord } from '../../metadata/tables/identities.ts';
import { findProject, findProjectOf } from '../../projects/projects.ts';
import { type ServedSettings, readServedSettings } from '../../projects/served-settings.ts';
import type { AccountId } from '../../shared/ids.ts';
import { type CliContext, CliError, withStores } from '../context.ts';

/** Runs `fn` on the store, with the server's own regions and limits where the command line says nothing else. */
export function withIdentity<T>(
  command: Command,
  context: CliContext,
  fn: (deps: IdentityDeps) => Promise<T>,
  options: { readonly create?: boolean } = {},
): Promise<T> {
  const run = async ({ identity }: { identity: IdentityDeps }, config: StoreConfig): Promise<T> => {
    const served = await readServedSettings(identity.store);
    return fn(served === undefined ? identity : asServed(identity, config, served));
  };
  return withStores(command, context, run, options);
}

function asServed(identity: IdentityDeps, config: StoreConfig, served: ServedSettings): IdentityDeps {
  const given = Object.entries(config.limits).filter(([name, limit]) => limit !== Reflect.get(DEFAULT_LIMITS, name));
  const limits: Limits = { ...served.limits, ...Object.fromEntries(given) };
  const untold = config.regions.length === 1 && config.regions[0].name === 'HAN02';
  return { ...identity, limits, regionNames: untold ? served.regionNames : identity.regionNames };
}

/** The options of a command, as commander read them. */
export type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

export async function accountOf(deps: IdentityDeps, named: string | undefined): Promise<Account> {
  if (named === undefined) throw new CliError('which account? give --account with its id or e-mail', { usage: true });
  const account = await findAccount(deps, named);
  if (account !== undefined) return account;
  throw new CliError(`there is no account ${named}: vstorage account list shows those there are`);
}

export async function userOf(deps: IdentityDeps, accountId: AccountId, named: string): Promise<User> {
  const user = await findUser(deps, accountId, named);
  if (user !== undefined) return user;
  throw new CliError(`the account has no IAM user ${named}: vstorage user list --account ${accountId} shows its users`);
}

export async function projectOf(deps: IdentityDeps, accountId: AccountId, named: string): Promise<ProjectRecord> {
  const project = await findProjectOf(deps, accountId, named);
  if (project !== undefined) return project;
  throw new CliError(
    `the account has no project ${named}: vstorage project list --account ${accountId} shows its projects`,
  );
}

/** By id alone, or by name within `account`. */
export async function anyProjectOf(
  deps: IdentityDeps,
  named: string,
  account: string | undefined,
): Promise<ProjectRecord> {
  if (account !== undefined) return projectOf(deps, (await accountOf(deps, account)).accountId, named);
  const project = await findProject(deps, named);
  if (project !== undefined) return project;
  throw new CliError(`there is no project of the id ${named}: give its id, or --account and its name`);
}

/** Secrets come from files: arguments stand in the process list. */
export function secretFrom(options: Options, name: string, context: CliContext): string | undefined {
  const file = textOption(options, name);
  if (file === undefined) return undefined;
  const setting = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const secret = readFirstLine(resolve(context.cwd, file), setting);
  if (secret === '') throw new CliError(`${setting}: the first line of ${file} is empty`);
  return secret;
}

export const isoTime = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
