// For somebody who cannot get in: too many wrong tries, or a lost phone.
import type { Command } from 'commander';
import type { IdentityDeps } from '../../identity/identity-deps.ts';
import type { Person } from '../../identity/people.ts';
import { removeSecondFactors, unlock } from '../../identity/unlock.ts';
import { type CliContext, printResult } from '../context.ts';
import { type Options, accountOf, textOption, userOf, withIdentity } from './identity-context.ts';

type Verb = {
  readonly name: string;
  readonly description: string;
  readonly apply: (deps: IdentityDeps, person: Person) => Promise<void>;
  readonly done: string;
};

const verbs: readonly Verb[] = [
  {
    name: 'unlock',
    description: 'lift the lock-out after failed sign-ins, of the root or of an IAM user',
    apply: unlock,
    done: 'unlocked',
  },
  {
    name: 'remove-second-factors',
    description:
      'remove authenticator app, passkeys and recovery codes of the root or of an IAM user who has lost them',
    apply: removeSecondFactors,
    done: 'secondFactorsRemoved',
  },
];

export function registerAccountUnlock(account: Command, context: CliContext): void {
  for (const verb of verbs) {
    const command = account
      .command(verb.name)
      .description(verb.description)
      .argument('[ACCOUNT]', 'its id or e-mail')
      .option('--account <A>', 'the same as an option')
      .option('--user <U>', 'id or name of an IAM user; without: the root');
    command.action(async (argument: string | undefined, options: Options) => {
      const result = await withIdentity(command, context, async (deps) => {
        const { accountId, email } = await accountOf(deps, argument ?? textOption(options, 'account'));
        const named = textOption(options, 'user');
        const user = named === undefined ? null : await userOf(deps, accountId, named);
        const ref = user === null ? ({ type: 'root' } as const) : ({ type: 'user', userId: user.userId } as const);
        await verb.apply(deps, { accountId, ref });
        return { accountId, email, ...(user === null ? {} : { username: user.username }), [verb.done]: true };
      });
      printResult(command, context, result);
    });
  }
}
