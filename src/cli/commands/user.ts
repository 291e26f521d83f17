import type { Command } from 'commander';
import { type User, createUsers, deleteUser, listUsers, setUserPassword, setUserStatus } from '../../identity/users.ts';
import type { IdentityDeps } from '../../identity/identity-deps.ts';
import type { AccountId } from '../../shared/ids.ts';
import { type CliContext, CliError, printResult } from '../context.ts';
import { registerTags } from './user-tag.ts';
import { type Options, accountOf, isoTime, secretFrom, textOption, userOf, withIdentity } from './identity-context.ts';

type Row = Readonly<Record<string, unknown>>;

function show(user: User, password: string | null = null): Row {
  const { userId, username, accountId, status, policies, createdAt, lastSignInAt, boundary = null, tags = [] } = user;
  const times = { createdAt: isoTime(createdAt), lastSignInAt: isoTime(lastSignInAt) };
  const named = Object.fromEntries(tags.map(({ key, value }) => [key, value]));
  const shown = { userId, username, accountId, status, policies, boundary, tags: named, ...times };
  return password === null ? shown : { ...shown, password };
}

export function registerUser(program: Command, context: CliContext): void {
  const user = program.command('user').description('IAM users');
  registerCreate(user, context);
  registerList(user, context);
  registerStatus(user, context, 'disable');
  registerStatus(user, context, 'enable');
  registerSetPassword(user, context);
  registerTags(user, context);
  registerDelete(user, context);
}

function registerCreate(user: Command, context: CliContext): void {
  const create = user
    .command('create')
    .description('make an IAM user, without rights until a policy is attached')
    .requiredOption('--account <A>', 'id or e-mail of its account')
    .requiredOption('--username <U>', '5 to 50 letters, digits and . _ -')
    .option('--password-file <F>', 'its first line is the password; without: one is made and printed')
    .option('--must-change-password', 'it has to choose another one when it signs in');
  create.action(async (options: Options) => {
    const made = await withIdentity(create, context, async (deps) => {
      const { accountId } = await accountOf(deps, textOption(options, 'account'));
      const password = secretFrom(options, 'passwordFile', context);
      const mustChangePassword = options['mustChangePassword'] === true;
      const usernames = [textOption(options, 'username') ?? ''];
      return createUsers(deps, { accountId, usernames, password, mustChangePassword });
    });
    for (const each of made.users) printResult(create, context, show(each, made.password));
  });
}

function registerList(user: Command, context: CliContext): void {
  const list = user
    .command('list')
    .description('the IAM users of an account')
    .requiredOption('--account <A>', 'id or e-mail of the account');
  list.action(async (options: Options) => {
    const users = await withIdentity(list, context, async (deps) =>
      listUsers(deps, (await accountOf(deps, textOption(options, 'account'))).accountId),
    );
    printResult(
      list,
      context,
      users.map((each) => show(each)),
    );
  });
}

/** The user stands as an argument or as --user. */
function withTarget(command: Command): Command {
  return command
    .argument('[USER]', 'its name or id')
    .option('--user <U>', 'the same as an option')
    .requiredOption('--account <A>', 'id or e-mail of its account');
}

type Target = { readonly accountId: AccountId; readonly user: User };

async function targetOf(deps: IdentityDeps, argument: string | undefined, options: Options): Promise<Target> {
  const named = argument ?? textOption(options, 'user');
  if (named === undefined) throw new CliError('which user? give its name or id', { usage: true });
  const { accountId } = await accountOf(deps, textOption(options, 'account'));
  return { accountId, user: await userOf(deps, accountId, named) };
}

function registerStatus(user: Command, context: CliContext, verb: 'disable' | 'enable'): void {
  const effect = verb === 'disable' ? 'end its keys, sessions and sign-ins' : 'let it sign in and use its keys again';
  const command = withTarget(user.command(verb).description(effect));
  command.action(async (argument: string | undefined, options: Options) => {
    const changed = await withIdentity(command, context, async (deps) => {
      const target = await targetOf(deps, argument, options);
      return setUserStatus(deps, target.accountId, target.user.userId, verb === 'disable' ? 'disabled' : 'active');
    });
    printResult(command, context, show(changed));
  });
}

function registerSetPassword(user: Command, context: CliContext): void {
  const command = withTarget(user.command('set-password'))
    .description('give it a new password, lift a lock-out, end its sessions; its keys go on')
    .option('--password-file <F>', 'its first line is the password; without: one is made and printed');
  command.action(async (argument: string | undefined, options: Options) => {
    const changed = await withIdentity(command, context, async (deps) => {
      const target = await targetOf(deps, argument, options);
      const password = secretFrom(options, 'passwordFile', context);
      return setUserPassword(deps, target.accountId, target.user.userId, { password });
    });
    printResult(command, context, show(changed.user, changed.password));
  });
}

function registerDelete(user: Command, context: CliContext): void {
  const command = withTarget(user.command('delete'))
    .description('delete it with its S3 keys, for good')
    .option('--yes', 'really');
  command.action(async (argument: string | undefined, options: Options) => {
    if (options['yes'] !== true) throw new CliError('this cannot be undone: add --yes', { usage: true });
    const deleted = await withIdentity(command, context, async (deps) => {
      const target = await targetOf(deps, argument, options);
      await deleteUser(deps, target.accountId, target.user.userId);
      return target.user;
    });
    printResult(command, context, { userId: deleted.userId, username: deleted.username, deleted: true });
  });
}
