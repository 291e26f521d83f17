import type { Command } from 'commander';
import { addUserToGroup, removeUserFromGroup } from '../../identity/group-membership.ts';
import { createGroup, deleteGroup, listGroups, listMembers, updateGroup } from '../../identity/groups.ts';
import type { IdentityDeps } from '../../identity/identity-deps.ts';
import type { GroupRecord } from '../../metadata/tables/identities.ts';
import { type CliContext, CliError, printResult } from '../context.ts';
import { type Options, accountOf, isoTime, textOption, userOf, withIdentity } from './identity-context.ts';
import { groupOf } from './policy-target.ts';

type Row = Readonly<Record<string, unknown>>;

function show({ groupId, name, accountId, description, policies, inlinePolicies = [], createdAt }: GroupRecord): Row {
  const inline = inlinePolicies.map((policy) => policy.name);
  return { groupId, name, accountId, description, policies, inlinePolicies: inline, createdAt: isoTime(createdAt) };
}

export function registerGroup(program: Command, context: CliContext): void {
  const group = program.command('group').description('groups of IAM users: members have what is attached to the group');
  registerCreate(group, context);
  registerList(group, context);
  registerShow(group, context);
  registerUpdate(group, context);
  registerMember(group, context, 'add');
  registerMember(group, context, 'remove');
  registerDelete(group, context);
}

function registerCreate(group: Command, context: CliContext): void {
  const create = group
    .command('create')
    .description('make a group; attach policies with: vstorage policy attach --group')
    .requiredOption('--account <A>', 'id or e-mail of its account')
    .requiredOption('--name <N>', '1 to 128 letters, digits and + = , . @ _ -')
    .option('--description <D>', 'what it is for');
  create.action(async (options: Options) => {
    const made = await withIdentity(create, context, async (deps) => {
      const { accountId } = await accountOf(deps, textOption(options, 'account'));
      const description = textOption(options, 'description') ?? '';
      return createGroup(deps, { accountId, name: textOption(options, 'name') ?? '', description });
    });
    printResult(create, context, show(made));
  });
}

function registerList(group: Command, context: CliContext): void {
  const list = group
    .command('list')
    .description('the groups of an account')
    .requiredOption('--account <A>', 'id or e-mail of the account');
  list.action(async (options: Options) => {
    const groups = await withIdentity(list, context, async (deps) =>
      listGroups(deps, (await accountOf(deps, textOption(options, 'account'))).accountId),
    );
    printResult(list, context, groups.map(show));
  });
}

/** The group stands as an argument. */
const withGroup = (command: Command): Command =>
  command.argument('<GROUP>', 'its name or id').requiredOption('--account <A>', 'id or e-mail of its account');

async function targetOf(deps: IdentityDeps, named: string, options: Options): Promise<GroupRecord> {
  const { accountId } = await accountOf(deps, textOption(options, 'account'));
  return groupOf(deps, accountId, named);
}

function registerShow(group: Command, context: CliContext): void {
  const command = withGroup(group.command('show').description('a group with its members'));
  command.action(async (named: string, options: Options) => {
    const shown = await withIdentity(command, context, async (deps) => {
      const found = await targetOf(deps, named, options);
      const members = await listMembers(deps, found.accountId, found.groupId);
      return { ...show(found), members: members.map(({ username }) => username) };
    });
    printResult(command, context, shown);
  });
}

function registerUpdate(group: Command, context: CliContext): void {
  const command = withGroup(group.command('update').description('rename or describe a group'))
    .option('--name <N>', 'another name')
    .option('--description <D>', 'what it is for');
  command.action(async (named: string, options: Options) => {
    const changed = await withIdentity(command, context, async (deps) => {
      const { accountId, groupId } = await targetOf(deps, named, options);
      const change = { name: textOption(options, 'name'), description: textOption(options, 'description') };
      return updateGroup(deps, accountId, groupId, change);
    });
    printResult(command, context, show(changed));
  });
}

function registerMember(group: Command, context: CliContext, verb: 'add' | 'remove'): void {
  const effect = verb === 'add' ? 'put IAM users into a group' : 'take IAM users out of a group';
  const command = withGroup(group.command(verb).description(`${effect}; their rights follow at their next request`))
    .argument('<USER...>', 'names or ids')
    .action(async (named: string, users: readonly string[], options: Options) => {
      const shown = await withIdentity(command, context, async (deps) => {
        const found = await targetOf(deps, named, options);
        const { accountId, groupId } = found;
        // all are looked up first: a mistyped name changes nothing
        const all = await Promise.all(users.map((user) => userOf(deps, accountId, user)));
        const change = verb === 'add' ? addUserToGroup : removeUserFromGroup;
        for (const { userId } of all) await change(deps, accountId, groupId, userId);
        const members = await listMembers(deps, accountId, groupId);
        return { ...show(found), members: members.map(({ username }) => username) };
      });
      printResult(command, context, shown);
    });
}

function registerDelete(group: Command, context: CliContext): void {
  const command = withGroup(group.command('delete').description('delete a group; its members stay')).option(
    '--yes',
    'really',
  );
  command.action(async (named: string, options: Options) => {
    if (options['yes'] !== true) throw new CliError('this cannot be undone: add --yes', { usage: true });
    const deleted = await withIdentity(command, context, async (deps) => {
      const found = await targetOf(deps, named, options);
      await deleteGroup(deps, found.accountId, found.groupId);
      return found;
    });
    printResult(command, context, { groupId: deleted.groupId, name: deleted.name, deleted: true });
  });
}
