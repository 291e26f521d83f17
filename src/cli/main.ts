// The `vstorage` command. Errors are one line on standard error that says what to do: exit code 2 for wrong usage,
// 1 for everything else.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, CommanderError } from 'commander';
import { registerAudit } from './commands/audit.ts';
import { registerBackup } from './commands/backup.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerEncryptionKey } from './commands/encryption-key.ts';
import { registerExplain } from './commands/explain.ts';
import { registerEvent } from './commands/event.ts';
import { registerGateway } from './commands/gateway.ts';
import { registerGc } from './commands/gc.ts';
import { registerIdentity } from './commands/identity.ts';
import { registerMasterKey } from './commands/master-key.ts';
import { registerMigrate } from './commands/migrate.ts';
import { registerRestore } from './commands/restore.ts';
import { registerScrub } from './commands/scrub.ts';
import { registerServe } from './commands/serve.ts';
import { registerTrust } from './commands/trust.ts';
import { registerUsage } from './commands/usage.ts';
import type { CliContext } from './context.ts';
import { CliError } from './context.ts';
import { addSettings } from './options.ts';
import { errnoOf } from '../shared/errno.ts';
import { programVersion } from '../shared/program-version.ts';

export type CliDeps = Pick<CliContext, 'openStores' | 'openEngines' | 'workerFile'>;

/** Sets the exit code; never rejects. */
export async function runCli(args: readonly string[], deps: CliDeps): Promise<void> {
  const context: CliContext = {
    ...deps,
    cwd: process.cwd(),
    print: (text) => void process.stdout.write(text),
    printAll,
  };
  try {
    await createProgram(context).parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = report(error);
  }
}

async function printAll(texts: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(texts), process.stdout, { end: false });
  } catch (error) {
    // `… | head` has seen enough
    if (errnoOf(error) !== 'EPIPE') throw error;
  }
}

export function createProgram(context: CliContext): Command {
  const program = new Command('vstorage');
  program.description('S3-compatible object storage with a web console').version(programVersion());
  program.option('--config <FILE>', 'settings file (default: ./vstorage.yaml when it is there)');
  program.option('--json', 'one JSON document on standard output');
  addSettings(program, 'store');
  program.configureHelp({ showGlobalOptions: true });
  program.exitOverride().configureOutput({ outputError: () => {} });
  for (const register of [
    registerServe,
    registerIdentity,
    registerMasterKey,
    registerEncryptionKey,
    registerUsage,
    registerEvent,
    registerGateway,
    registerGc,
    registerAudit,
    registerExplain,
    registerScrub,
    registerBackup,
    registerRestore,
    registerMigrate,
    registerDoctor,
    registerTrust,
  ]) {
    register(program, context);
  }
  return program;
}

function report(error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  // Without a command there was nothing to do but to print the help.
  if (error instanceof CommanderError && error.code === 'commander.help') return 2;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`vstorage: ${message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')}\n`);
  if (error instanceof CommanderError) return 2;
  return error instanceof CliError ? error.exitCode : 1;
}
