import { existsSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Command } from 'commander';
import type { StoreConfig } from '../../config/config.ts';
import { readMasterKeyFromEnvironment } from '../../config/env.ts';
import { homeOf } from '../../identity/master-key-file.ts';
import { readExisting } from '../../identity/master-key-home.ts';
import { demandVersions, readMasterKeyState } from '../../identity/master-key-state.ts';
import { MasterKey } from '../../identity/sealing.ts';
import { StoreNotEmptyError } from '../../metadata/dump.ts';
import type { MetadataStore } from '../../metadata/metadata-store.ts';
import { abortMove } from '../../moving/cut-over.ts';
import { MoveError, type MovePhase } from '../../moving/move-deps.ts';
import { moveStore } from '../../moving/move-store.ts';
import { systemClock } from '../../shared/clock.ts';
import type { Engines } from '../../stores.ts';
import { recordCommand } from '../audit/record-command.ts';
import { type CliContext, CliError, configFor, printResult } from '../context.ts';
import { configForPair, describePair, sharesPlace } from '../engine-pair.ts';
import { progressLine } from '../progress.ts';

type Options = { readonly from: string; readonly to?: string; readonly abort?: true; readonly yes?: true };

export function registerMigrate(program: Command, context: CliContext): void {
  const migrate = program
    .command('migrate')
    .description(
      'move everything to other engines while servers run; the source takes no writes for some seconds at the end, ' +
        'and none afterwards. Run it again if it was cut off: it goes on',
    )
    .requiredOption('--from <METADATA,BLOBS>', 'where it is; pools elsewhere follow as ,POOL=PLACE')
    .option('--to <METADATA,BLOBS>', 'where to: an empty pair of stores')
    .option('--abort', 'end a move that has begun: the source goes on as if there had been none')
    .option('--yes', 'with --abort: even when the move was complete and the target may have been written to');
  migrate.action(async (options: Options) => {
    const config = configFor(migrate, context);
    const from = configForPair(config, options.from, '--from', context.cwd);
    if (options.abort === true) return abort(migrate, context, from, options.yes === true);
    if (options.to === undefined) throw new CliError('say where to with --to METADATA,BLOBS', { usage: true });
    const to = configForPair(config, options.to, '--to', context.cwd);
    if (sharesPlace(from, to)) throw new CliError('--from and --to must have no place in common', { usage: true });
    await move(migrate, context, from, to);
  });
}

async function move(command: Command, context: CliContext, from: StoreConfig, to: StoreConfig): Promise<void> {
  await using source = await openSource(context, from);
  const masterKey = await demandMasterKey(from, source.store);
  await using target = await context.openEngines(to);
  const holder = `${hostname()}:${process.pid}:${randomUUID()}`;
  using progress = progressLine();
  try {
    const deps = { source, target, clock: systemClock, holder, to: describePair(to) };
    const done = await moveStore(deps, (phase, { rows, blobs, blobBytes }) =>
      progress.show(`${phaseTexts[phase]}: ${rows} rows, ${blobs} blobs (${blobBytes} bytes)`),
    );
    // only now is there a trail to stand in
    await recordCommand(command, { store: target.store, clock: systemClock, masterKey }, async () => done);
    printResult(command, context, { from: describePair(from), to: describePair(to), ...done });
  } catch (cause) {
    if (cause instanceof MoveError || cause instanceof StoreNotEmptyError) throw new CliError(cause.message, { cause });
    throw cause;
  }
}

const phaseTexts: Readonly<Record<MovePhase, string>> = {
  copies: 'copying',
  follows: 'following changes',
  compares: 'comparing',
};

async function abort(command: Command, context: CliContext, from: StoreConfig, isSure: boolean): Promise<void> {
  await using source = await openSource(context, from);
  const masterKey = await demandMasterKey(from, source.store);
  const ended = await abortMove({ source }, { evenMoved: isSure });
  if (ended === null) throw new CliError('no move of this store has begun');
  if (ended === 'moved') {
    throw new CliError(
      'this store was moved, and its target may have been written to: to use this one again add --yes',
    );
  }
  await recordCommand(command, { store: source.store, clock: systemClock, masterKey }, async () => ended);
  printResult(command, context, { aborted: ended.moveId, to: ended.to });
}

/** A mistyped folder must not become a new, empty store. */
async function openSource(context: CliContext, from: StoreConfig): Promise<Engines> {
  const { metadata } = from;
  if (metadata.kind === 'lmdb' && !existsSync(metadata.path)) {
    throw new CliError(`there is no store at ${metadata.path}: name its --data-dir, or its folder in --from`);
  }
  return context.openEngines(from);
}

/** Asked before anything is written: without it nothing that was moved could be used. */
async function demandMasterKey(config: StoreConfig, store: MetadataStore): Promise<MasterKey> {
  const state = await store.read(readMasterKeyState);
  if (state === undefined) throw new CliError('there is nothing to move: no server has ever run on --from');
  const masterKey = new MasterKey(
    await readExisting(homeOf(config.masterKey, readMasterKeyFromEnvironment() ?? undefined)),
  );
  demandVersions(masterKey, [state, ...(state.retiring ?? [])]);
  return masterKey;
}
