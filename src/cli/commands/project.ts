import { type Command, Option } from 'commander';
import { parseBytes } from '../../config/parse.ts';
import { listAccounts } from '../../identity/accounts.ts';
import type { ProjectRecord } from '../../metadata/tables/identities.ts';
import {
  createProject,
  listProjects,
  purgeDueAt,
  resizeProject,
  restoreProject,
  trashProject,
} from '../../projects/projects.ts';
import { type CliContext, CliError, printResult } from '../context.ts';
import { type Options, accountOf, anyProjectOf, isoTime, textOption, withIdentity } from './identity-context.ts';

type Row = Readonly<Record<string, unknown>>;

function show(project: ProjectRecord): Row {
  const { projectId, name, accountId, region, quotaBytes, createdAt, trashedAt } = project;
  const times = { createdAt: isoTime(createdAt), trashedAt: isoTime(trashedAt), purgeAt: isoTime(purgeDueAt(project)) };
  return { projectId, name, accountId, region, class: project.class, quotaBytes, ...times };
}

export function registerProject(program: Command, context: CliContext): void {
  const project = program.command('project').description('projects: a region, a class, a quota');
  registerCreate(project, context);
  registerList(project, context);
  registerResize(project, context);
  registerTrash(project, context, 'delete');
  registerTrash(project, context, 'restore');
}

/** Of the project; `--region` of `serve` says which regions there are. */
function regionOption(): Option {
  const option = new Option('--region <R>', 'default: the first region of the server');
  option.attributeName = () => 'projectRegion';
  return option;
}

function parseQuota(text: string): number {
  const quotaBytes = parseBytes(text);
  if (quotaBytes !== undefined) return quotaBytes;
  throw new CliError(`--quota "${text}" is not a size such as 30GiB`, { usage: true });
}

function registerCreate(project: Command, context: CliContext): void {
  const create = project
    .command('create')
    .description('make a project')
    .requiredOption('--account <A>', 'id or e-mail of its account')
    .requiredOption('--name <N>', 'unique in the account')
    .addOption(regionOption())
    .addOption(new Option('--class <CLASS>', 'where objects go').choices(['gold', 'instant-archive']).default('gold'))
    .option('--quota <SIZE>', 'what it may store', '30GiB');
  create.action(async (options: Options) => {
    const quotaBytes = parseQuota(textOption(options, 'quota') ?? '');
    const made = await withIdentity(create, context, async (deps) => {
      const { accountId } = await accountOf(deps, textOption(options, 'account'));
      return createProject(deps, {
        accountId,
        name: textOption(options, 'name') ?? '',
        region: textOption(options, 'projectRegion'),
        class: options['class'] === 'instant-archive' ? 'instant-archive' : 'gold',
        quotaBytes,
        minQuotaBytes: 1,
      });
    });
    printResult(create, context, show(made));
  });
}

function registerList(project: Command, context: CliContext): void {
  const list = project
    .command('list')
    .description('projects, those in the trash among them')
    .option('--account <A>', 'of this account; without: of every account');
  list.action(async (options: Options) => {
    const projects = await withIdentity(list, context, async (deps) => {
      const named = textOption(options, 'account');
      const accounts = named === undefined ? await listAccounts(deps) : [await accountOf(deps, named)];
      const lists = await Promise.all(accounts.map(({ accountId }) => listProjects(deps, accountId)));
      return lists.flat();
    });
    printResult(list, context, projects.map(show));
  });
}

/** The project stands as an argument or as --project. */
function withTarget(command: Command): Command {
  return command
    .argument('[PROJECT]', 'its id, or with --account its name')
    .option('--project <P>', 'the same as an option')
    .option('--account <A>', 'id or e-mail of its account');
}

function targetOf(argument: string | undefined, options: Options): string {
  const named = argument ?? textOption(options, 'project');
  if (named === undefined) throw new CliError('which project? give its id, or --account and its name', { usage: true });
  return named;
}

function registerResize(project: Command, context: CliContext): void {
  const resize = withTarget(project.command('resize'))
    .description('change the quota; below what is stored, nothing more is taken until enough was deleted')
    .requiredOption('--quota <SIZE>', 'what it may store, such as 50GiB');
  resize.action(async (argument: string | undefined, options: Options) => {
    const quotaBytes = parseQuota(textOption(options, 'quota') ?? '');
    const target = targetOf(argument, options);
    const changed = await withIdentity(resize, context, async (deps) => {
      const { projectId } = await anyProjectOf(deps, target, textOption(options, 'account'));
      return resizeProject(deps, projectId, quotaBytes, { minQuotaBytes: 1 });
    });
    printResult(resize, context, show(changed));
  });
}

function registerTrash(project: Command, context: CliContext, verb: 'delete' | 'restore'): void {
  const effect = verb === 'delete' ? 'move it to the trash, for 7 days' : 'take it out of the trash, as it was';
  const command = withTarget(project.command(verb).description(effect)).option('--yes', 'do not ask');
  command.action(async (argument: string | undefined, options: Options) => {
    const target = targetOf(argument, options);
    const changed = await withIdentity(command, context, async (deps) => {
      const { projectId } = await anyProjectOf(deps, target, textOption(options, 'account'));
      return verb === 'delete' ? trashProject(deps, projectId) : restoreProject(deps, projectId);
    });
    printResult(command, context, show(changed));
  });
}
