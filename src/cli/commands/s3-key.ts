import type { Command } from 'commander';
import type { IdentityDeps } from '../../identity/identity-deps.ts';
import { type MadeS3Key, createS3Key, deleteS3Keys, listS3Keys, updateS3Key } from '../../identity/s3-keys.ts';
import type { IdentityRef } from '../../metadata/tables/identities.ts';
import type { AccountId } from '../../shared/ids.ts';
import { type CliContext, CliError, printResult } from '../context.ts';
import { parseDuration } from '../../shared/duration.ts';
import {
  type Options,
  accountOf,
  projectOf,
  secretFrom,
  textOption,
  userOf,
  withIdentity,
} from './identity-context.ts';
import { addRestrictionOptions, restrictionFrom, withRestriction } from './restriction-options.ts';
import { registerReport } from './s3-key-report.ts';
import { serviceAccountOf } from './policy-target.ts';
import { registerAttach, registerDetach } from './s3-key-attach.ts';
import { keyOf, registerRestrict, registerRotate } from './s3-key-change.ts';
import { print, show } from './s3-key-shown.ts';

export function registerS3Key(program: Command, context: CliContext): void {
  const s3Key = program.command('s3-key').description('S3 keys: access key and secret key');
  registerCreate(s3Key, context);
  registerList(s3Key, context);
  registerStatus(s3Key, context, 'disable');
  registerStatus(s3Key, context, 'enable');
  registerRotate(s3Key, context);
  registerRestrict(s3Key, context);
  registerAttach(s3Key, context);
  registerDetach(s3Key, context);
  registerReport(s3Key, context);
  registerDelete(s3Key, context);
}

function registerCreate(s3Key: Command, context: CliContext): void {
  const create = s3Key
    .command('create')
    .description('make a key; this is the only time its secret is shown')
    .requiredOption('--account <A>', 'id or e-mail of the account')
    .requiredOption('--project <P>', 'id or name of the project')
    .option('--user <U>', 'the IAM user whose rights it has; without: the root account')
    .option('--service-account <S>', 'the service account whose rights it has')
    .option('--description <D>', 'what it is for')
    .option('--expires <WHEN>', 'a time from now such as 90d, or a date such as 2027-01-31')
    .option('--access-key <AK>', 'bring an existing pair, with --secret-key-file')
    .option('--secret-key-file <F>', 'its first line is the secret key of --access-key');
  addRestrictionOptions(create);
  create.action(async (options: Options) => {
    const imported = importedPair(options, context);
    const restriction = restrictionFrom(options, context);
    const make = (): Promise<MadeS3Key> =>
      withIdentity(create, context, async (deps) => {
        const { accountId } = await accountOf(deps, textOption(options, 'account'));
        const { projectId } = await projectOf(deps, accountId, textOption(options, 'project') ?? '');
        const creator = await creatorOf(deps, accountId, options);
        const expiresAt = parseExpiry(textOption(options, 'expires'), deps.clock());
        const description = textOption(options, 'description');
        return createS3Key(deps, { accountId, projectId, creator, description, expiresAt, imported, restriction });
      });
    const made = await withRestriction(make);
    print(create, context, show(made.record, made.secretKey));
  });
}

function importedPair(
  options: Options,
  context: CliContext,
): { readonly accessKey: string; readonly secretKey: string } | undefined {
  const accessKey = textOption(options, 'accessKey');
  const secretKey = secretFrom(options, 'secretKeyFile', context);
  if (accessKey === undefined && secretKey === undefined) return undefined;
  if (accessKey !== undefined && secretKey !== undefined) return { accessKey, secretKey };
  throw new CliError('--access-key and --secret-key-file belong together: give both or neither', { usage: true });
}

async function creatorOf(deps: IdentityDeps, accountId: AccountId, options: Options): Promise<IdentityRef> {
  const [user, serviceAccount] = [textOption(options, 'user'), textOption(options, 'serviceAccount')];
  if (user !== undefined && serviceAccount !== undefined) {
    throw new CliError('--user and --service-account: a key has the rights of one of them', { usage: true });
  }
  if (serviceAccount !== undefined) {
    const { serviceAccountId } = await serviceAccountOf(deps, accountId, serviceAccount);
    return { type: 'service-account', serviceAccountId };
  }
  if (user === undefined) return { type: 'root' };
  return { type: 'user', userId: (await userOf(deps, accountId, user)).userId };
}

function parseExpiry(text: string | undefined, now: number): number | null {
  if (text === undefined) return null;
  const durationMs = parseDuration(text);
  const at = durationMs === null ? Date.parse(text) : now + durationMs;
  if (!Number.isNaN(at) && (durationMs !== null || /^\d{4}-\d{2}-\d{2}/.test(text))) return at;
  throw new CliError(`--expires "${text}" is neither a time from now such as 90d nor a date such as 2027-01-31`, {
    usage: true,
  });
}

function registerList(s3Key: Command, context: CliContext): void {
  const list = s3Key
    .command('list')
    .description('keys, newest first, never with a secret')
    .requiredOption('--account <A>', 'id or e-mail of the account')
    .option('--project <P>', 'only of this project (id or name)');
  list.action(async (options: Options) => {
    const keys = await withIdentity(list, context, async (deps) => {
      const { accountId } = await accountOf(deps, textOption(options, 'account'));
      const named = textOption(options, 'project');
      const project = named === undefined ? undefined : await projectOf(deps, accountId, named);
      return listS3Keys(deps, { accountId, projectId: project?.projectId });
    });
    print(
      list,
      context,
      keys.map((key) => show(key)),
    );
  });
}

function registerStatus(s3Key: Command, context: CliContext, verb: 'disable' | 'enable'): void {
  const effect = verb === 'disable' ? 'refuse it from its next request on' : 'let it be used again';
  const command = s3Key.command(verb).description(effect).argument('<ID>', 'of the key, not the access key');
  command.action(async (id: string) => {
    const changed = await withIdentity(command, context, async (deps) => {
      const key = await keyOf(deps, id);
      const status = verb === 'disable' ? 'disabled' : 'active';
      return updateS3Key(deps, { accountId: key.accountId, id: key.id, status });
    });
    print(command, context, show(changed));
  });
}

function registerDelete(s3Key: Command, context: CliContext): void {
  const command = s3Key
    .command('delete')
    .description('delete keys for good; refused from their next request on')
    .argument('<ID...>', 'of the keys, not the access keys')
    .option('--yes', 'really');
  command.action(async (ids: readonly string[], options: Options) => {
    if (options['yes'] !== true) throw new CliError('this cannot be undone: add --yes', { usage: true });
    const deleted = await withIdentity(command, context, async (deps) => {
      // all are looked up first: a mistyped id deletes nothing
      const keys = await Promise.all(ids.map((id) => keyOf(deps, id)));
      for (const accountId of new Set(keys.map((key) => key.accountId))) {
        const theirs = keys.filter((key) => key.accountId === accountId).map((key) => key.id);
        await deleteS3Keys(deps, { accountId, ids: theirs });
      }
      return keys;
    });
    const rows = deleted.map(({ id, accessKey }) => ({ id, accessKey, deleted: true }));
    printResult(command, context, rows);
  });
}
