// Rclone with the configuration file of the console, as a function.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rcloneConfig } from '../../src/console-api/connections/rclone.ts';
import { profileName } from '../../src/console-api/connections/setup.ts';
import { runCommand, tryCommand, type CommandResult } from '../support/run-command.ts';
import type { ClientSetUp } from './client-driver.ts';

export type Rclone = {
  /** `remote:bucket/key` */
  readonly at: (path: string) => string;
  readonly env: Readonly<Record<string, string>>;
  /** its standard output; throws when it fails */
  readonly run: (...args: string[]) => Promise<string>;
  readonly attempt: (...args: string[]) => Promise<CommandResult>;
  readonly lines: (...args: string[]) => Promise<string[]>;
};

export async function rcloneRemote({ facts, folder, caFile }: ClientSetUp): Promise<Rclone> {
  const config = join(folder, 'rclone.conf');
  await writeFile(config, rcloneConfig(facts), { mode: 0o600 });
  const env = { RCLONE_CA_CERT: caFile, RCLONE_CONFIG: config, RCLONE_RETRIES: '1' };
  const run = async (...args: string[]) => await runCommand('rclone', args, { cwd: folder, env });
  return {
    at: (path) => `${profileName(facts)}:${path}`,
    env,
    run,
    attempt: async (...args) => await tryCommand('rclone', args, { cwd: folder, env }),
    lines: async (...args) => (await run(...args)).split('\n').filter(Boolean),
  };
}
