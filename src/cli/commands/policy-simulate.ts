import type { Command } from 'commander';
import { describeDecision } from '../../access/describe-decision.ts';
import { type SimulatedAsker, simulate } from '../../access/simulate.ts';
import type { IdentityDeps } from '../../identity/identity-deps.ts';
import { findRole } from '../../identity/roles.ts';
import type { AccountId, S3KeyId } from '../../shared/ids.ts';
import { type CliContext, CliError, printResult } from '../context.ts';
import { type Options, accountOf, textOption, userOf, withIdentity } from './identity-context.ts';
import { serviceAccountOf } from './policy-target.ts';

const collect = (value: string, before: readonly string[] | undefined): string[] => [...(before ?? []), value];

export function registerSimulate(policy: Command, context: CliContext): void {
  const command = policy
    .command('simulate')
    .description('may an IAM user, a key or the root account do this, and which statement decides; changes nothing')
    .requiredOption('--account <A>', 'id or e-mail of the account')
    .option('--user <U>', 'an IAM user; without any of these: the root account')
    .option('--service-account <S>', 'a service account')
    .option('--role <R>', 'a role, as if somebody had taken it on')
    .option('--key <ID>', 'an S3 key, by its id')
    .requiredOption('--action <ACTION>', 'such as s3:GetObject; repeatable', collect)
    .option('--resource <ARN>', 'such as arn:aws:s3:::bucket/key (default: *)')
    .option('--condition <KEY=VALUE>', 'such as aws:SourceIp=192.0.2.1; repeatable', collect);
  command.action(async (options: Options) => {
    const rows = await withIdentity(command, context, async (deps) => {
      const { accountId } = await accountOf(deps, textOption(options, 'account'));
      const asker = await askerOf(deps, accountId, options);
      const conditions = parseConditions(listOption(options, 'condition'));
      const resource = textOption(options, 'resource') ?? '*';
      const ask = async (action: string) => {
        const question = { action, resource, conditions };
        const simulated = await simulate(deps, accountId, asker, question);
        return { action, resource, ...describeDecision(simulated, question, accountId) };
      };
      return Promise.all(listOption(options, 'action').map(ask));
    });
    const json = command.optsWithGlobals()['json'] === true;
    printResult(
      command,
      context,
      json ? rows : rows.map(({ action, decision, reason }) => ({ action, decision, reason })),
    );
  });
}

function listOption(options: Options, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? value.map(String) : [];
}

async function askerOf(deps: IdentityDeps, accountId: AccountId, options: Options): Promise<SimulatedAsker> {
  const names = ['user', 'serviceAccount', 'role', 'key'] as const;
  const [user, serviceAccount, role, key] = names.map((name) => textOption(options, name));
  if ([user, serviceAccount, role, key].filter((name) => name !== undefined).length > 1) {
    throw new CliError('--user, --service-account, --role and --key: one of them asks', { usage: true });
  }
  if (key !== undefined) return { type: 's3-key', keyId: key as S3KeyId };
  if (user !== undefined) return { type: 'user', userId: (await userOf(deps, accountId, user)).userId };
  if (serviceAccount !== undefined) {
    const { serviceAccountId } = await serviceAccountOf(deps, accountId, serviceAccount);
    return { type: 'service-account', serviceAccountId };
  }
  if (role === undefined) return { type: 'root' };
  const found = await findRole(deps, accountId, role);
  if (found === undefined) throw new CliError(`there is no role ${role}`);
  return { type: 'role', roleId: found.roleId, sessionName: 'simulated' };
}

/** A key given several times has several values. */
function parseConditions(texts: readonly string[]): Record<string, string | string[]> {
  const conditions: Record<string, string | string[]> = {};
  for (const text of texts) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (key === undefined || value === undefined) {
      throw new CliError(`--condition "${text}": write KEY=VALUE, such as aws:SourceIp=192.0.2.1`, { usage: true });
    }
    const before = conditions[key];
    conditions[key] = before === undefined ? value : [before, value].flat();
  }
  return conditions;
}
