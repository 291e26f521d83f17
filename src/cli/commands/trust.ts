import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readHome } from '../../config/env.ts';
import type { CliContext } from '../context.ts';
import { CliError, configFor } from '../context.ts';
import { installInNss, removeFromNss } from '../trust/nss-store.ts';
import { installInSystem, removeFromSystem } from '../trust/system-store.ts';

type Choices = { readonly remove?: boolean; readonly system: boolean; readonly browsers: boolean };

export function registerTrust(program: Command, context: CliContext): void {
  const command = program
    .command('trust')
    .description("make this machine's programs and browsers trust the local CA")
    .option('--remove', 'take it out again')
    .option('--no-system', 'leave the system store alone (no root rights needed)')
    .option('--no-browsers', 'leave the stores of Chromium and Firefox alone');
  command.action((choices: Choices) => {
    const { dataDir } = configFor(command, context);
    const caFile = join(dataDir, 'tls', 'ca.pem');
    if (!existsSync(caFile)) {
      throw new CliError(`there is no local CA at ${caFile}: start the server once, or name its --data-dir`);
    }
    for (const line of trust(caFile, nameOf(caFile), choices)) context.print(`${line}\n`);
    if (!choices.remove)
      context.print(
        'Restart browsers that are running. Python and Node.js programs read their own stores: see the connection page.\n',
      );
  });
}

/** Browsers first: their stores need no root rights, the system's may fail for want of them. */
function* trust(caFile: string, name: string, { remove, system, browsers }: Choices): Generator<string> {
  const home = browsers ? readHome() : null;
  if (home !== null) yield* remove ? removeFromNss(home, name) : installInNss(home, caFile, name);
  if (system) yield remove ? removeFromSystem(caFile, name) : installInSystem(caFile, name);
}

/** Short and the same for the same CA: `vstorage-3f2a9c41`. */
function nameOf(caFile: string): string {
  const fingerprint = new X509Certificate(readFileSync(caFile)).fingerprint256.replaceAll(':', '').toLowerCase();
  return `vstorage-${fingerprint.slice(0, 8)}`;
}
