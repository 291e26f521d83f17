// One `serve` per data directory. Node has no flock, and a pid file outlives a `kill -9`. An open exclusive SQLite
// transaction is an fcntl lock that the kernel takes back however the process ends, on every platform, also between
// containers that share the directory. Nothing is ever written to the file.
import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { errnoOf } from '../shared/errno.ts';

export class DataDirInUseError extends Error {
  override readonly name = 'DataDirInUseError';
}

export type Lock = Disposable;

export function lockFile(path: string): Lock {
  makePrivate(path);
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) throw new DataDirInUseError(`${path} is locked by another process`, { cause: error });
    throw error;
  }
  return { [Symbol.dispose]: () => database.close() };
}

/** Whoever may open the file may lock it, and so keep others out. SQLite would make it readable by everybody. */
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}

/** SQLITE_BUSY: https://sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}
