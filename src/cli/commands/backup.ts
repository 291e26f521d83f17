import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { listBackups, type Manifest } from '../../backup/backup-files.ts';
import { pruneBackups, verifyBackup } from '../../backup/verify-backup.ts';
import { writeBackup } from '../../backup/write-backup.ts';
import { DataDirInUseError, lockFile } from '../../process/lock.ts';
import { type CliContext, CliError, printResult, withStores } from '../context.ts';
import { progressLine } from '../progress.ts';

export function registerBackup(program: Command, context: CliContext): void {
  const backup = program
    .command('backup')
    .description('copy everything, as of one moment, into a folder; the server may run and write meanwhile')
    .option('--to <FOLDER>', 'where to; a folder with earlier backups is added to, and only what is new is copied')
    .option('--keep <N>', 'then remove all but the newest N backups of the folder');
  backup.action(async (options: { readonly to?: string; readonly keep?: string }) => {
    if (options.to === undefined) throw new CliError('say where to with --to FOLDER', { usage: true });
    const keep = keepFrom(options.keep);
    const folder = resolve(context.cwd, options.to);
    using _lock = await lockFolder(folder);
    const written = await withStores(backup, context, async ({ store, blobs, storage }) => {
      using progress = progressLine();
      return writeBackup({ store, blobs, clock: storage.clock }, folder, (done) =>
        progress.show(`${done.blobs} blobs looked at, ${done.copiedBlobs} copied (${done.copiedBytes} bytes)`),
      );
    });
    const pruned = keep === null ? {} : await pruneBackups(folder, keep);
    printResult(backup, context, { ...written, ...pruned });
  });
  registerList(backup, context);
  registerVerify(backup, context);
}

function registerList(backup: Command, context: CliContext): void {
  const list = backup.command('list').argument('<folder>').description('the backups in a folder, oldest first');
  list.action(async (folder: string) => {
    const found = await listBackups(resolve(context.cwd, folder));
    printResult(
      list,
      context,
      found.map(({ name, createdAt, entries, blobs, blobBytes }) => ({ name, createdAt, entries, blobs, blobBytes })),
    );
  });
}

function registerVerify(backup: Command, context: CliContext): void {
  const verify = backup
    .command('verify')
    .argument('<folder>')
    .option('--backup <NAME>', 'default: the newest')
    .description('read all of a backup and compare it with its checksums');
  verify.action(async (folderName: string, options: { readonly backup?: string }) => {
    const folder = resolve(context.cwd, folderName);
    const manifest = await pickBackup(folder, options.backup);
    const faults = await verifyBackup(folder, manifest);
    printResult(verify, context, { name: manifest.name, blobs: manifest.blobs, faults });
    if (faults.length > 0) throw new CliError(`${faults.length} parts of backup ${manifest.name} are damaged`);
  });
}

export async function pickBackup(folder: string, name: string | undefined): Promise<Manifest> {
  const all = await listBackups(folder);
  const found = name === undefined ? all.at(-1) : all.find((manifest) => manifest.name === name);
  if (found !== undefined) return found;
  throw new CliError(
    name === undefined ? `there is no backup in ${folder}` : `there is no backup ${name} in ${folder}`,
  );
}

function keepFrom(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new CliError(`--keep "${text}" is not a number of backups, 1 or more`, { usage: true });
}

/** Pruning while another backup is written would take its blobs away. */
async function lockFolder(folder: string): Promise<Disposable> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    return lockFile(join(folder, 'lock'));
  } catch (cause) {
    if (!(cause instanceof DataDirInUseError)) throw cause;
    throw new CliError(`another backup is being written to ${folder}: wait for it`, { cause });
  }
}
