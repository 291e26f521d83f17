// The primary process: it owns the data directory and the listening sockets, and keeps the workers running.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServeConfig } from '../config/config.ts';
import { readJournalStream } from '../config/env.ts';
import { ConfigError } from '../config/sources.ts';
import { createLog } from '../observe/log.ts';
import { systemClock } from '../shared/clock.ts';
import { banner, isJournal, readyLine } from './banner.ts';
import { openFrontDoors } from './front-door.ts';
import type { Lock } from './lock.ts';
import { DataDirInUseError, lockFile } from './lock.ts';
import { loadTlsMaterial, newTicketKeys } from './tls/material.ts';
import { watchTls } from './tls/watch.ts';
import { WorkerPool } from './worker-pool.ts';
import { writeFileAtomically } from './write-file.ts';

export type ServeDeps = {
  /** the script a worker process runs */
  readonly workerFile: string;
  /** writes to standard output */
  readonly print: (text: string) => void;
  readonly cwd: string;
};

/** Runs until `stop` aborts, then resolves when running requests have been answered. */
export async function serve(config: ServeConfig, deps: ServeDeps, stop: AbortSignal): Promise<void> {
  const log = createLog(config.logLevel, { pid: process.pid });
  await using opened = new AsyncDisposableStack();
  opened.use(await takeDataDir(config));
  opened.use(await writePidFile(config.dataDir));
  const pool = new WorkerPool({ workerFile: deps.workerFile, count: config.workers, log });
  // Also when the start fails: a connection that waits for a worker would keep this process alive.
  opened.defer(() => pool.stop());
  // Before an account is made: a port in use must not cost the one showing of the password.
  const doors = opened.use(
    await openFrontDoors(config, { onConnection: (listener, socket) => pool.dispatch(listener, socket), log }),
  );
  const firstTls = await loadTlsMaterial(config, newTicketKeys(), systemClock);
  const watch = opened.use(
    watchTls(config, firstTls, { onChange: (tls) => pool.setTls(tls), log, clock: systemClock }),
  );
  const { ports } = doors;
  const started = pool.start((workerNumber) => ({
    config,
    tls: watch.current(),
    ports,
    workerNumber,
    mayBootstrap: workerNumber === 1,
  }));
  const firstStart = await Promise.race([started, aborted(stop)]);
  if (firstStart !== undefined) {
    const outputIsKept = isJournal(1, readJournalStream());
    deps.print(banner({ config, ports, firstStart, outputIsKept, cwd: deps.cwd }) + readyLine(config, ports));
  }
  await aborted(stop);
  log.info('stopping: running requests may finish');
  doors[Symbol.dispose]();
}

/** Makes the folder and takes its lock. Traversable, because clients of other users read tls/ca.pem. */
async function takeDataDir(config: ServeConfig): Promise<Lock> {
  const { dataDir } = config;
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o711 });
    for (const place of [config.metadata, config.blobs]) {
      if ('path' in place) await mkdir(place.path, { recursive: true, mode: 0o700 });
    }
    return lockFile(join(dataDir, 'serve.lock'));
  } catch (error) {
    if (!(error instanceof DataDirInUseError)) throw unusable(dataDir, error);
    const pid = (await readFile(join(dataDir, 'serve.pid'), 'utf8').catch(() => '')).trim();
    const who = pid === '' ? 'another vstorage serve' : `another vstorage serve (process ${pid})`;
    throw new DataDirInUseError(`${dataDir} is in use by ${who}: stop it, or choose another --data-dir`, {
      cause: error,
    });
  }
}

function unusable(dataDir: string, cause: unknown): ConfigError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `the data directory ${dataDir} cannot be used (${reason}): run vstorage as its owner, or choose another --data-dir`;
  return new ConfigError(message, { cause });
}

async function writePidFile(dataDir: string): Promise<AsyncDisposable> {
  const path = join(dataDir, 'serve.pid');
  await writeFileAtomically(path, `${process.pid}\n`, 0o644).catch((error: unknown) => {
    throw unusable(dataDir, error);
  });
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
