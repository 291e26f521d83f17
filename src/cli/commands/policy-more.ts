// Versions of policies, policies brought from elsewhere, and boundaries.
import { readFileSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import type { Command } from 'commander';
import { deleteBoundary, putBoundary } from '../../identity/boundaries.ts';
import { createPolicy } from '../../identity/policies.ts';
import { listPolicyVersions, setDefaultPolicyVersion } from '../../identity/policy-versions.ts';
import { importPolicy } from '../../policy/import-policy.ts';
import { MalformedPolicyError } from '../../policy/malformed-policy.ts';
import { type CliContext, CliError, printResult } from '../context.ts';
import { type Options, accountOf, isoTime, textOption, withIdentity } from './identity-context.ts';
import { targetOf, withTarget } from './policy-target.ts';

const ACCOUNT = ['--account <A>', 'id or e-mail of the account'] as const;

export function registerImport(policy: Command, context: CliContext): void {
  const command = policy
    .command('import')
    .description('make a policy of a file from the original product, and tell what became of each action')
    .argument('<FILE>', 'JSON; the policy is named like the file unless --name is given')
    .requiredOption(...ACCOUNT)
    .option('--name <N>', 'of the policy')
    .option('--preview', 'tell what would become of it, and make nothing');
  command.action(async (file: string, options: Options) => {
    const text = readText(resolve(context.cwd, file));
    const name = textOption(options, 'name') ?? basename(file, extname(file));
    const done = await withIdentity(command, context, async (deps) => {
      const { accountId } = await accountOf(deps, textOption(options, 'account'));
      const imported = atFault(file, () => importPolicy(text, accountId));
      const { document, report } = imported;
      if (options['preview'] !== true) await createPolicy(deps, { accountId, name, description: '', document });
      return { accountId, name, made: options['preview'] !== true, document, report };
    });
    const json = command.optsWithGlobals()['json'] === true;
    printResult(command, context, json ? done : done.report.map((each) => ({ ...each })));
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CliError(`the file ${path} cannot be read`, { cause });
  }
}

function atFault<T>(file: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof MalformedPolicyError)) throw error;
    throw new CliError(`${file}:${error.line}:${error.column}: ${error.message}`, { cause: error });
  }
}

export function registerVersions(policy: Command, context: CliContext): void {
  const list = policy
    .command('versions')
    .description('the versions of a policy, newest first')
    .argument('<POLICY>')
    .requiredOption(...ACCOUNT);
  list.action(async (name: string, options: Options) => {
    const versions = await withIdentity(list, context, async (deps) =>
      listPolicyVersions(deps, (await accountOf(deps, textOption(options, 'account'))).accountId, name),
    );
    const json = list.optsWithGlobals()['json'] === true;
    const rows = versions.map(({ document, createdAt, ...shown }) => {
      return { ...shown, createdAt: isoTime(createdAt), ...(json ? { document } : {}) };
    });
    printResult(list, context, rows);
  });
  const set = policy
    .command('set-default')
    .description('let another version count, from the next request of whoever has the policy on')
    .argument('<POLICY>')
    .argument('<VERSION>', 'its number')
    .requiredOption(...ACCOUNT);
  set.action(async (name: string, version: string, options: Options) => {
    await withIdentity(set, context, async (deps) => {
      const { accountId } = await accountOf(deps, textOption(options, 'account'));
      await setDefaultPolicyVersion(deps, accountId, name, Number(version));
    });
    printResult(set, context, { name, defaultVersion: Number(version) });
  });
}

export function registerBoundary(policy: Command, context: CliContext): void {
  const bound = withTarget(
    policy
      .command('bound')
      .description('set a permissions boundary: a policy that must allow whatever the others allow')
      .requiredOption(...ACCOUNT),
  )
    .option('--policy <NAME>', 'the policy')
    .option('--none', 'take the boundary away');
  bound.action(async (options: Options) => {
    const changed = await withIdentity(bound, context, async (deps) => {
      const { accountId } = await accountOf(deps, textOption(options, 'account'));
      const { ref, shown } = await targetOf(deps, accountId, options);
      if (ref.kind === 'group') throw new CliError('a group has no boundary: bound its members', { usage: true });
      const policyName = textOption(options, 'policy');
      if (policyName === undefined && options['none'] !== true) {
        throw new CliError('by what? give --policy or --none', { usage: true });
      }
      const changing =
        policyName === undefined ? deleteBoundary(deps, accountId, ref) : putBoundary(deps, accountId, ref, policyName);
      const record = await changing;
      return { accountId, ...shown, boundary: 'boundary' in record ? (record.boundary ?? null) : null };
    });
    printResult(bound, context, changed);
  });
}
