import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { restoreBackup } from '../../backup/restore-backup.ts';
import type { StoreConfig } from '../../config/config.ts';
import { readMasterKeyFromEnvironment } from '../../config/env.ts';
import { homeOf } from '../../identity/master-key-file.ts';
import { readExisting } from '../../identity/master-key-home.ts';
import { demandVersions } from '../../identity/master-key-state.ts';
import { MasterKey } from '../../identity/sealing.ts';
import { StoreNotEmptyError } from '../../metadata/dump.ts';
import { lockFile } from '../../process/lock.ts';
import { systemClock } from '../../shared/clock.ts';
import { recordCommand } from '../audit/record-command.ts';
import { type CliContext, CliError, configFor, printResult } from '../context.ts';
import { progressLine } from '../progress.ts';
import { pickBackup } from './backup.ts';

export function registerRestore(program: Command, context: CliContext): void {
  const restore = program
    .command('restore')
    .description('fill an empty store from a backup; put the master key in its place first')
    .requiredOption('--from <FOLDER>', 'folder with backups')
    .option('--backup <NAME>', 'default: the newest');
  restore.action(async (options: { readonly from: string; readonly backup?: string }) => {
    const folder = resolve(context.cwd, options.from);
    const manifest = await pickBackup(folder, options.backup);
    const config = configFor(restore, context);
    const masterKey = await demandMasterKey(config, manifest.masterKey);
    await using engines = await context.openEngines(config);
    using _lock = lockFile(join(config.dataDir, 'serve.lock'));
    using progress = progressLine();
    try {
      const done = await restoreBackup(engines, folder, manifest, ({ entries, blobBytes }) =>
        progress.show(`${entries} of ${manifest.entries} entries, ${blobBytes} of ${manifest.blobBytes} bytes`),
      );
      // only now is there a trail to stand in
      await recordCommand(restore, { store: engines.store, clock: systemClock, masterKey }, async () => done);
      printResult(restore, context, { name: manifest.name, createdAt: manifest.createdAt, ...done });
    } catch (cause) {
      if (!(cause instanceof StoreNotEmptyError)) throw cause;
      throw new CliError(`${cause.message}; restore into a new --data-dir`, { cause });
    }
  });
}

/** Asked before anything is written: without it the restored keys and encrypted objects could not be used. */
async function demandMasterKey(
  config: StoreConfig,
  needed: readonly { readonly keyVersion: number; readonly fingerprint: string }[],
): Promise<MasterKey> {
  const home = homeOf(config.masterKey, readMasterKeyFromEnvironment() ?? undefined);
  const masterKey = new MasterKey(await readExisting(home));
  demandVersions(masterKey, needed);
  return masterKey;
}
