import type { Command } from 'commander';
import type { IdentityDeps } from '../../identity/identity-deps.ts';
import {
  type ServiceAccount,
  createServiceAccount,
  deleteServiceAccount,
  listServiceAccounts,
  resetClientSecret,
  updateServiceAccount,
} from '../../identity/service-accounts.ts';
import { type CliContext, CliError, printResult } from '../context.ts';
import { type Options, accountOf, isoTime, textOption, withIdentity } from './identity-context.ts';
import { serviceAccountOf } from './policy-target.ts';

type Row = Readonly<Record<string, unknown>>;

/** `clientSecret`: in the answer that makes it, and only there. */
function show(serviceAccount: ServiceAccount, clientSecret: string | null = null): Row {
  const { serviceAccountId, name, accountId, description, status, policies } = serviceAccount;
  const { tokenLifespanSeconds, trustedAccounts, boundary = null } = serviceAccount;
  return {
    serviceAccountId,
    clientId: serviceAccountId,
    ...(clientSecret === null ? {} : { clientSecret }),
    ...{ name, accountId, description, status, policies, boundary, tokenLifespanSeconds, trustedAccounts },
    createdAt: isoTime(serviceAccount.createdAt),
    lastUsedAt: isoTime(serviceAccount.lastUsedAt ?? null),
  };
}

export function registerServiceAccount(program: Command, context: CliContext): void {
  const parent = program.command('service-account').description('identities for programs: tokens and S3 keys');
  registerCreate(parent, context);
  registerList(parent, context);
  registerShow(parent, context);
  registerStatus(parent, context, 'disable');
  registerStatus(parent, context, 'enable');
  registerUpdate(parent, context);
  registerReset(parent, context);
  registerTrust(parent, context);
  registerDelete(parent, context);
}

function registerCreate(parent: Command, context: CliContext): void {
  const create = parent
    .command('create')
    .description('make one, without rights until a policy is attached; this is the only time its secret is shown')
    .requiredOption('--account <A>', 'id or e-mail of its account')
    .requiredOption('--name <N>', '1 to 50 letters, digits, spaces and . _ -')
    .option('--description <D>', 'what it is for')
    .option('--token-lifespan <SECONDS>', 'how long its tokens live: 60 to 86400 (default: 1800)');
  create.action(async (options: Options) => {
    const made = await withIdentity(create, context, async (deps) => {
      const { accountId } = await accountOf(deps, textOption(options, 'account'));
      const description = textOption(options, 'description') ?? '';
      const seconds = lifespanFrom(options);
      const facts = { accountId, name: textOption(options, 'name') ?? '', description };
      return createServiceAccount(deps, {
        ...facts,
        ...(seconds === undefined ? {} : { tokenLifespanSeconds: seconds }),
      });
    });
    printResult(create, context, show(made.serviceAccount, made.clientSecret));
  });
}

function lifespanFrom(options: Options): number | undefined {
  const text = textOption(options, 'tokenLifespan');
  if (text === undefined) return undefined;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new CliError(`--token-lifespan "${text}" is not a number of seconds such as 1800`, { usage: true });
}

function registerList(parent: Command, context: CliContext): void {
  const list = parent
    .command('list')
    .description('the service accounts of an account, never with a secret')
    .requiredOption('--account <A>', 'id or e-mail of the account');
  list.action(async (options: Options) => {
    const found = await withIdentity(list, context, async (deps) =>
      listServiceAccounts(deps, (await accountOf(deps, textOption(options, 'account'))).accountId),
    );
    printResult(
      list,
      context,
      found.map((each) => show(each)),
    );
  });
}

/** The service account stands as an argument. */
const withOne = (command: Command): Command =>
  command
    .argument('<SERVICE-ACCOUNT>', 'its name or id')
    .requiredOption('--account <A>', 'id or e-mail of its account');

async function targetOf(deps: IdentityDeps, named: string, options: Options): Promise<ServiceAccount> {
  const { accountId } = await accountOf(deps, textOption(options, 'account'));
  return serviceAccountOf(deps, accountId, named);
}

type Change = (deps: IdentityDeps, found: ServiceAccount, options: Options) => Promise<Row>;

function act(command: Command, context: CliContext, change: Change): void {
  command.action(async (named: string, options: Options) => {
    const shown = await withIdentity(command, context, async (deps) =>
      change(deps, await targetOf(deps, named, options), options),
    );
    printResult(command, context, shown);
  });
}

function registerShow(parent: Command, context: CliContext): void {
  act(withOne(parent.command('show').description('one service account')), context, async (_deps, found) => show(found));
}

function registerStatus(parent: Command, context: CliContext, verb: 'disable' | 'enable'): void {
  const effect = verb === 'disable' ? 'end its tokens for good, and its keys until it is enabled' : 'let it work again';
  act(withOne(parent.command(verb).description(effect)), context, async (deps, { accountId, serviceAccountId }) => {
    const status = verb === 'disable' ? 'disabled' : 'active';
    return show(await updateServiceAccount(deps, accountId, serviceAccountId, { status }));
  });
}

function registerUpdate(parent: Command, context: CliContext): void {
  const command = withOne(parent.command('update').description('rename or describe it, set how long its tokens live'))
    .option('--name <N>', 'another name')
    .option('--description <D>', 'what it is for')
    .option('--token-lifespan <SECONDS>', '60 to 86400');
  act(command, context, async (deps, { accountId, serviceAccountId }, options) => {
    const texts = { name: textOption(options, 'name'), description: textOption(options, 'description') };
    const change = { ...texts, tokenLifespanSeconds: lifespanFrom(options) };
    return show(await updateServiceAccount(deps, accountId, serviceAccountId, change));
  });
}

function registerReset(parent: Command, context: CliContext): void {
  const command = parent
    .command('reset-secret')
    .description('another secret, shown this once; the former one and all tokens are dead at once');
  act(withOne(command), context, async (deps, { accountId, serviceAccountId }) => {
    const { serviceAccount, clientSecret } = await resetClientSecret(deps, accountId, serviceAccountId);
    return show(serviceAccount, clientSecret);
  });
}

function registerTrust(parent: Command, context: CliContext): void {
  const command = withOne(parent.command('trust').description('which other root accounts’ users may act as it'))
    .option('--root <ACCOUNT...>', 'ids or e-mails of root accounts; those it trusted before are replaced')
    .option('--nobody', 'no other root account');
  act(command, context, async (deps, { accountId, serviceAccountId }, options) => {
    const roots = options['root'];
    if (!Array.isArray(roots) && options['nobody'] !== true) {
      throw new CliError('whom? give --root or --nobody', { usage: true });
    }
    const named = Array.isArray(roots) ? roots.map(String) : [];
    const trusted = await Promise.all(named.map((root) => accountOf(deps, root)));
    const trustedAccounts = trusted.map((account) => account.accountId);
    return show(await updateServiceAccount(deps, accountId, serviceAccountId, { trustedAccounts }));
  });
}

function registerDelete(parent: Command, context: CliContext): void {
  const command = withOne(parent.command('delete').description('delete it with its tokens and S3 keys, for good'));
  act(command.option('--yes', 'really'), context, async (deps, { accountId, serviceAccountId, name }, options) => {
    if (options['yes'] !== true) throw new CliError('this cannot be undone: add --yes', { usage: true });
    await deleteServiceAccount(deps, accountId, serviceAccountId);
    return { serviceAccountId, name, deleted: true };
  });
}
