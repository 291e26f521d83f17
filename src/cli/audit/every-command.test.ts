// Generated from the commands there are: a new one is tested without anybody thinking of it.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Command, CommanderError } from 'commander';
import { exportRecords } from '../../audit/export.ts';
import { createAuditSearch } from '../../audit/search.ts';
import { openEngines, openStores } from '../../stores.ts';
import { type CliContext, CliError, configFor } from '../context.ts';
import { createProgram } from '../main.ts';
import { commandKindOf, pathOf, UNRECORDED } from './command-kind.ts';

const EMAIL = 'owner@example.test';
const UUID = '00000000-0000-4000-8000-000000000000';

/** What the help does not say is needed. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  'account create': ['--email', 'second@example.test'],
  'audit data-access': ['--bucket', 'nowhere'],
  backup: ['--to', 'backups'],
  'policy simulate': ['--user', 'nobody', '--action', 's3:GetObject', '--resource', '*'],
  's3-key restrict': ['--none'],
};
/** where an argument is not an id */
const POSITIONAL: Readonly<Record<string, readonly string[]>> = {
  'policy import': ['imported.json'],
  'user tag': ['someone', 'team=storage'],
};
const VALUES: Readonly<Record<string, string>> = { account: EMAIL, quota: '1GiB', email: 'third@example.test' };

const hasAction = (command: Command): boolean => command.commands.length === 0 || command.name() === 'backup';
const leavesOf = (command: Command): Command[] => [
  ...(hasAction(command) ? [command] : []),
  ...command.commands.flatMap(leavesOf),
];

/** A value for every argument, for every option that must be given, and for those that say which account. */
function argumentsFor(command: Command): string[] {
  const path = pathOf(command);
  const more = MORE[path] ?? [];
  const options = command.options.flatMap(({ long, mandatory }) => {
    if (long === undefined || long === null || more.includes(long)) return [];
    if (long === '--yes') return [long];
    return mandatory || long === '--account' ? [long, VALUES[long.slice(2)] ?? 'anything'] : [];
  });
  const isOfAccount = path.startsWith('account ');
  const positional = POSITIONAL[path] ?? command.registeredArguments.flatMap(() => (isOfAccount ? [] : [UUID]));
  return [...path.split(' '), ...positional, ...more, ...options];
}

test('every command that opens the store leaves exactly one record, whether it succeeds or fails', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'every-command-'));
  await writeFile(join(folder, 'imported.json'), '{"statements":[]}');
  const context: CliContext = {
    openStores,
    openEngines,
    workerFile: '',
    cwd: folder,
    print: () => {},
    printAll: async (texts) => void (await Array.fromAsync(texts)),
  };
  const run = async (args: readonly string[]): Promise<void> => {
    const all = [...args, '--data-dir', join(folder, 'data'), '--json', '--log-level', 'silent'];
    await createProgram(context).parseAsync(all, { from: 'user' });
  };
  const operations = async (): Promise<string[]> => {
    const program = createProgram(context).exitOverride();
    program.parseOptions(['--data-dir', join(folder, 'data')]);
    await using stores = await openStores(configFor(program, context));
    const found = await Array.fromAsync(exportRecords(createAuditSearch(stores), { accountId: null }));
    return found.map(({ record }) => record.operation).toReversed();
  };
  await run(['account', 'create', '--email', EMAIL]);
  const wanted = ['CreateAccount'];
  const commands = leavesOf(createProgram(context)).filter((command) => !UNRECORDED.has(pathOf(command)));
  assert.ok(commands.length >= 35, String(commands.length));
  for (const command of commands) {
    const path = pathOf(command);
    // they fill an empty store; their own tests see their record
    if (path === 'restore' || path === 'migrate') continue;
    await run(argumentsFor(command)).catch((error: unknown) => {
      assert.ok(!(error instanceof CommanderError), `${path}: ${String(error)}`);
      assert.ok(!(error instanceof CliError && error.exitCode === 2), `${path}: ${String(error)}`);
    });
    wanted.push(commandKindOf(path).operation);
  }
  assert.deepEqual(await operations(), wanted);
  await rm(folder, { recursive: true });
});
