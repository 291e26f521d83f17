import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { readMasterKeyFromEnvironment } from '../../config/env.ts';
import type { StoreConfig } from '../../config/config.ts';
import { demandEverywhere, GatewaysBehindError } from '../../gateways/demand-master-key.ts';
import { GatewayWatch } from '../../gateways/gateway-watch.ts';
import { homeOf } from '../../identity/master-key-file.ts';
import { type MasterKeyHome, readExisting } from '../../identity/master-key-home.ts';
import { type MasterKeyState, readMasterKeyState } from '../../identity/master-key-state.ts';
import { addVersion, rotateMasterKey } from '../../identity/rotate-master-key.ts';
import { MasterKey } from '../../identity/sealing.ts';
import { DataDirInUseError, lockFile } from '../../process/lock.ts';
import { systemClock } from '../../shared/clock.ts';
import { parseDuration } from '../../shared/duration.ts';
import { type CliContext, CliError, printResult, withStores } from '../context.ts';

export function registerMasterKey(program: Command, context: CliContext): void {
  const masterKey = program.command('master-key').description('the key that secrets are sealed under');
  registerShow(masterKey, context);
  registerAdd(masterKey, context);
  registerRotate(masterKey, context);
}

const homeFrom = (config: StoreConfig): MasterKeyHome =>
  homeOf(config.masterKey, readMasterKeyFromEnvironment() ?? undefined);

/** One at a time may change the file. */
function lockHome(config: StoreConfig): Disposable {
  if (config.masterKey.kind !== 'file') return { [Symbol.dispose]: () => {} };
  const path = `${config.masterKey.path}.lock`;
  try {
    return lockFile(path);
  } catch (cause) {
    if (!(cause instanceof DataDirInUseError)) throw cause;
    throw new CliError('the master key is being rotated by another process: wait for it', { cause });
  }
}

function registerShow(masterKey: Command, context: CliContext): void {
  const show = masterKey.command('show').description('the versions there are, by fingerprint; never a key itself');
  show.action(async () => {
    const rows = await withStores(show, context, async ({ store }, config) => {
      const versions = await readExisting(homeFrom(config));
      return versionRows(versions, await store.read(readMasterKeyState));
    });
    printResult(show, context, rows);
  });
}

type VersionRow = { readonly version: number; readonly fingerprint: string | undefined; readonly use: string };

function versionRows(versions: ReadonlyMap<number, Uint8Array>, state: MasterKeyState | undefined): VersionRow[] {
  const masterKey = new MasterKey(versions);
  const retiring = (state?.retiring ?? []).map(({ keyVersion }) => keyVersion);
  const useOf = (version: number): string => {
    if (version === state?.keyVersion) return 'seals';
    if (retiring.includes(version)) return 'being replaced: run vstorage master-key rotate again';
    return version > (state?.keyVersion ?? 0) ? 'for the next rotation' : 'nothing is sealed under it';
  };
  return [...versions.keys()].map((version) => ({
    version,
    fingerprint: masterKey.fingerprint(version),
    use: useOf(version),
  }));
}

function registerAdd(masterKey: Command, context: CliContext): void {
  const add = masterKey
    .command('add')
    .description('put the next version into the master key file without using it, to copy the file to other machines');
  add.action(async () => {
    const rows = await withStores(add, context, async ({ store }, config) => {
      using _lock = lockHome(config);
      const state = await store.read(readMasterKeyState);
      return versionRows(await addVersion(homeFrom(config), state?.keyVersion ?? 1), state);
    });
    printResult(add, context, rows);
  });
}

function registerRotate(masterKey: Command, context: CliContext): void {
  const rotate = masterKey
    .command('rotate')
    .description('seal every secret under a new version, servers running or not; run it again if it was cut off')
    .option('--keep-old', 'leave the old version in the file: backups made until now need it')
    .option('--wait <DURATION>', 'how long to wait for gateways that do not hold the new version yet', '40s');
  rotate.action(async (options: { keepOld?: boolean; wait: string }) => {
    const waitMs = parseDuration(options.wait);
    if (waitMs === null) throw new CliError('--wait: must be a duration, for example 40s', { usage: true });
    const done = await withStores(rotate, context, async ({ store }, config) => {
      using _lock = lockHome(config);
      return untilEverywhere(waitMs, async (watch) =>
        rotateMasterKey(
          {
            store,
            home: homeFrom(config),
            demandEverywhere: (snapshot, version) => demandEverywhere(snapshot, watch, version),
          },
          { keepOld: options.keepOld === true },
        ),
      );
    });
    printResult(rotate, context, done);
  });
}

const ASK_EVERY_MS = 500;

/** Gateways read the master key again every few seconds; one that died is taken for living for a while. */
async function untilEverywhere<T>(waitMs: number, rotate: (watch: GatewayWatch) => Promise<T>): Promise<T> {
  const watch = new GatewayWatch(systemClock);
  const untilMs = performance.now() + waitMs;
  for (;;) {
    try {
      return await rotate(watch);
    } catch (error) {
      if (!(error instanceof GatewaysBehindError) || performance.now() >= untilMs) throw error;
    }
    await sleep(ASK_EVERY_MS);
  }
}
