import { existsSync, readFileSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import type { Command } from 'commander';
import { attachPolicy, detachPolicy } from '../../identity/attachments.ts';
import type { IdentityDeps } from '../../identity/identity-deps.ts';
import { type PolicyInfo, createPolicy, deletePolicy, listPolicies } from '../../identity/policies.ts';
import { updatePolicy } from '../../identity/policy-versions.ts';
import { MalformedPolicyError } from '../../policy/malformed-policy.ts';
import type { AccountId } from '../../shared/ids.ts';
import { type CliContext, CliError, printResult } from '../context.ts';
import { registerBoundary, registerImport, registerVersions } from './policy-more.ts';
import { registerSimulate } from './policy-simulate.ts';
import { type Options, accountOf, isoTime, textOption, withIdentity } from './identity-context.ts';
import { targetOf, withTarget } from './policy-target.ts';

type Row = Readonly<Record<string, unknown>>;

function show({ name, type, description, attachedTo, createdAt, updatedAt }: PolicyInfo): Row {
  const names = (kind: string): string[] => attachedTo.filter((each) => each.kind === kind).map((each) => each.name);
  const holders = {
    users: names('user'),
    groups: names('group'),
    serviceAccounts: names('service-account'),
    roles: names('role'),
  };
  return { name, type, description, ...holders, createdAt: isoTime(createdAt), updatedAt: isoTime(updatedAt) };
}

export function registerPolicy(program: Command, context: CliContext): void {
  const policy = program.command('policy').description('what users, groups and service accounts may do');
  registerAttach(policy, context);
  registerDetach(policy, context);
  registerList(policy, context);
  registerShow(policy, context);
  registerVersions(policy, context);
  registerImport(policy, context);
  registerBoundary(policy, context);
  registerSimulate(policy, context);
  registerDelete(policy, context);
}

function registerAttach(policy: Command, context: CliContext): void {
  const attach = withTarget(
    policy
      .command('attach')
      .description('give somebody a policy; their keys have the new rights at their next request')
      .requiredOption('--account <A>', 'id or e-mail of the account'),
  ).requiredOption('--policy <NAME-OR-FILE>', 'a policy, or a JSON file that becomes (or renews) the one of its name');
  attach.action(async (options: Options) => {
    const attached = await withIdentity(attach, context, async (deps) => {
      const { accountId } = await accountOf(deps, textOption(options, 'account'));
      const { ref, shown } = await targetOf(deps, accountId, options);
      const name = await namedOrRead(deps, accountId, { text: textOption(options, 'policy') ?? '', cwd: context.cwd });
      const { policies } = await attachPolicy(deps, accountId, ref, name);
      return { accountId, ...shown, policy: name, policies };
    });
    printResult(attach, context, attached);
  });
}

/** Operators may write a name in any case. */
async function policyOf(deps: IdentityDeps, accountId: AccountId, name: string): Promise<PolicyInfo | undefined> {
  const policies = await listPolicies(deps, accountId);
  return policies.find((policy) => policy.name.toLowerCase() === name.toLowerCase());
}

type Named = { readonly text: string; readonly cwd: string };

/** The name of the policy meant: an existing one, or that of a file, written to the account first. */
async function namedOrRead(deps: IdentityDeps, accountId: AccountId, { text, cwd }: Named): Promise<string> {
  const existing = await policyOf(deps, accountId, text);
  if (existing !== undefined) return existing.name;
  const path = resolve(cwd, text);
  if (!existsSync(path)) {
    throw new CliError(
      `there is neither a policy nor a file ${text}: vstorage policy list --account ${accountId} shows the policies`,
    );
  }
  const document = readFileSync(path, 'utf8');
  const name = basename(path, extname(path));
  try {
    const known = await policyOf(deps, accountId, name);
    if (known === undefined) await createPolicy(deps, { accountId, name, description: '', document });
    else if (known.document !== document) await updatePolicy(deps, { accountId, name: known.name, document });
    return known?.name ?? name;
  } catch (error) {
    if (!(error instanceof MalformedPolicyError)) throw error;
    throw new CliError(`${text}:${error.line}:${error.column}: ${error.message}`, { cause: error });
  }
}

function registerDetach(policy: Command, context: CliContext): void {
  const detach = withTarget(
    policy
      .command('detach')
      .description('take a policy off somebody')
      .requiredOption('--account <A>', 'id or e-mail of the account'),
  ).requiredOption('--policy <NAME>', 'the policy');
  detach.action(async (options: Options) => {
    const changed = await withIdentity(detach, context, async (deps) => {
      const { accountId } = await accountOf(deps, textOption(options, 'account'));
      const { ref, shown } = await targetOf(deps, accountId, options);
      const { policies } = await detachPolicy(deps, accountId, ref, textOption(options, 'policy') ?? '');
      return { accountId, ...shown, policies };
    });
    printResult(detach, context, changed);
  });
}

function registerList(policy: Command, context: CliContext): void {
  const list = policy
    .command('list')
    .description('the policies an account can attach')
    .requiredOption('--account <A>', 'id or e-mail of the account');
  list.action(async (options: Options) => {
    const policies = await withIdentity(list, context, async (deps) =>
      listPolicies(deps, (await accountOf(deps, textOption(options, 'account'))).accountId),
    );
    printResult(list, context, policies.map(show));
  });
}

function registerShow(policy: Command, context: CliContext): void {
  const command = policy
    .command('show')
    .description('print the document of a policy')
    .argument('<POLICY>')
    .requiredOption('--account <A>', 'id or e-mail of the account');
  command.action(async (name: string, options: Options) => {
    const found = await withIdentity(command, context, async (deps) =>
      policyOf(deps, (await accountOf(deps, textOption(options, 'account'))).accountId, name),
    );
    if (found === undefined) throw new CliError(`there is no policy ${name}`);
    if (command.optsWithGlobals()['json'] === true) {
      printResult(command, context, { ...show(found), document: found.document });
    } else context.print(`${found.document.trimEnd()}\n`);
  });
}

function registerDelete(policy: Command, context: CliContext): void {
  const command = policy
    .command('delete')
    .description('delete a policy; refused while it is attached')
    .argument('<POLICY>')
    .requiredOption('--account <A>', 'id or e-mail of the account')
    .option('--yes', 'do not ask');
  command.action(async (name: string, options: Options) => {
    await withIdentity(command, context, async (deps) => {
      const { accountId } = await accountOf(deps, textOption(options, 'account'));
      const found = await policyOf(deps, accountId, name);
      await deletePolicy(deps, accountId, found?.name ?? name);
    });
    printResult(command, context, { name, deleted: true });
  });
}
