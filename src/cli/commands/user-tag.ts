import type { Command } from 'commander';
import { tagUser, untagUser } from '../../identity/user-tags.ts';
import type { User } from '../../identity/users.ts';
import type { IdentityTag } from '../../metadata/tables/identities.ts';
import { type CliContext, CliError, printResult } from '../context.ts';
import { type Options, accountOf, textOption, userOf, withIdentity } from './identity-context.ts';

const show = ({ userId, username, tags = [] }: User): Readonly<Record<string, unknown>> => ({
  userId,
  username,
  tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
});

/** Conditions of policies ask for tags: `aws:PrincipalTag/KEY`. */
export function registerTags(user: Command, context: CliContext): void {
  const tag = user
    .command('tag')
    .description('set tags of an IAM user, which conditions of policies ask for (aws:PrincipalTag/KEY)')
    .argument('<USER>', 'its name or id')
    .argument('<KEY=VALUE...>')
    .requiredOption('--account <A>', 'id or e-mail of its account');
  tag.action(async (named: string, texts: readonly string[], options: Options) => {
    const tags = texts.map(parseTag);
    const changed = await withIdentity(tag, context, async (deps) => {
      const { accountId } = await accountOf(deps, textOption(options, 'account'));
      return tagUser(deps, accountId, (await userOf(deps, accountId, named)).userId, tags);
    });
    printResult(tag, context, show(changed));
  });
  const untag = user
    .command('untag')
    .description('take tags off an IAM user')
    .argument('<USER>', 'its name or id')
    .argument('<KEY...>')
    .requiredOption('--account <A>', 'id or e-mail of its account');
  untag.action(async (named: string, keys: readonly string[], options: Options) => {
    const changed = await withIdentity(untag, context, async (deps) => {
      const { accountId } = await accountOf(deps, textOption(options, 'account'));
      return untagUser(deps, accountId, (await userOf(deps, accountId, named)).userId, keys);
    });
    printResult(untag, context, show(changed));
  });
}

function parseTag(text: string): IdentityTag {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key !== undefined && value !== undefined) return { key, value };
  throw new CliError(`"${text}": write KEY=VALUE, such as team=storage`, { usage: true });
}
