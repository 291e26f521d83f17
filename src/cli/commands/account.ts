import type { Command } from 'commander';
import {
  type Account,
  createAccount,
  deleteAccount,
  listAccounts,
  resetPassword,
  setAccountStatus,
} from '../../identity/accounts.ts';
import { type CliContext, printResult } from '../context.ts';
import { registerAccountUnlock } from './account-unlock.ts';
import { type Options, accountOf, isoTime, secretFrom, textOption, withIdentity } from './identity-context.ts';

type Row = Readonly<Record<string, unknown>>;

function show(
  { accountId, email, name, canonicalId, status, createdAt }: Account,
  password: string | null = null,
): Row {
  const shown = { accountId, email, name, canonicalId, status, createdAt: isoTime(createdAt) };
  return password === null ? shown : { ...shown, password };
}

export function registerAccount(program: Command, context: CliContext): void {
  const account = program.command('account').description('root accounts');
  registerCreate(account, context);
  const list = account.command('list').description('every account');
  list.action(async () => {
    const accounts = await withIdentity(list, context, listAccounts);
    printResult(
      list,
      context,
      accounts.map((each) => show(each)),
    );
  });
  registerStatus(account, context, 'disable');
  registerStatus(account, context, 'enable');
  registerResetPassword(account, context);
  registerAccountUnlock(account, context);
  registerDelete(account, context);
}

function registerCreate(account: Command, context: CliContext): void {
  const create = account
    .command('create')
    .description('make a root account')
    .requiredOption('--email <E>', 'what its owner signs in with')
    .option('--name <N>', 'default: what stands before the @')
    .option('--password-file <F>', 'its first line is the password; without: one is made and printed')
    .option('--canonical-id <HEX64>', 'the owner ID in S3 answers, from another system');
  create.action(async (options: Options) => {
    const made = await withIdentity(
      create,
      context,
      (deps) =>
        createAccount(deps, {
          email: textOption(options, 'email') ?? '',
          name: textOption(options, 'name'),
          password: secretFrom(options, 'passwordFile', context),
          canonicalId: textOption(options, 'canonicalId'),
        }),
      { create: true },
    );
    printResult(create, context, show(made.account, made.password));
  });
}

/** The account stands as an argument or as --account. */
function withTarget(command: Command): Command {
  return command.argument('[ACCOUNT]', 'its id or e-mail').option('--account <A>', 'the same as an option');
}

const targetOf = (argument: string | undefined, options: Options): string | undefined =>
  argument ?? textOption(options, 'account');

function registerStatus(account: Command, context: CliContext, verb: 'disable' | 'enable'): void {
  const effect = verb === 'disable' ? 'end its keys, sessions and sign-ins' : 'let it sign in and use its keys again';
  const command = withTarget(account.command(verb).description(effect));
  command.action(async (argument: string | undefined, options: Options) => {
    const changed = await withIdentity(command, context, async (deps) => {
      const { accountId } = await accountOf(deps, targetOf(argument, options));
      return setAccountStatus(deps, accountId, verb === 'disable' ? 'disabled' : 'active');
    });
    printResult(command, context, show(changed));
  });
}

function registerResetPassword(account: Command, context: CliContext): void {
  const command = withTarget(account.command('reset-password'))
    .description('give it a new password, lift a lock-out, end its sessions; its keys go on')
    .option('--password-file <F>', 'its first line is the password; without: one is made and printed');
  command.action(async (argument: string | undefined, options: Options) => {
    const changed = await withIdentity(command, context, async (deps) => {
      const { accountId } = await accountOf(deps, targetOf(argument, options));
      return resetPassword(deps, accountId, secretFrom(options, 'passwordFile', context));
    });
    printResult(command, context, show(changed.account, changed.password));
  });
}

function registerDelete(account: Command, context: CliContext): void {
  const command = withTarget(account.command('delete'))
    .description('delete it with its users and policies; refused while it has projects')
    .option('--yes', 'do not ask');
  command.action(async (argument: string | undefined, options: Options) => {
    const deleted = await withIdentity(command, context, async (deps) => {
      const target = await accountOf(deps, targetOf(argument, options));
      await deleteAccount(deps, target.accountId);
      return target;
    });
    printResult(command, context, { accountId: deleted.accountId, email: deleted.email, deleted: true });
  });
}
