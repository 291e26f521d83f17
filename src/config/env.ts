// The only reader of process.env.

const PREFIX = 'VSTORAGE_';

/** `VSTORAGE_DATA_DIR=x` as `data-dir` → `x`; empty values count as not set. */
export type Environment = ReadonlyMap<string, string>;

export function readEnvironment(): Environment {
  const entries = Object.entries(process.env).flatMap(([name, value]): [string, string][] =>
    name.startsWith(PREFIX) && value ? [[settingName(name), value]] : [],
  );
  return new Map(entries);
}

/** The master key itself never stands in a config object, so that no message or log can show it. */
export function readMasterKeyFromEnvironment(): string | null {
  return process.env['VSTORAGE_MASTER_KEY'] || null;
}

/** systemd sets `device:inode` of the journal's socket: what is written there is kept. */
export function readJournalStream(): string | null {
  return process.env['JOURNAL_STREAM'] || null;
}

export function readHome(): string | null {
  return process.env['HOME'] || null;
}

/** Who became somebody else to run this command. */
export function readSudoUser(): string | null {
  return process.env['SUDO_USER'] || null;
}

/**
 * What a worker process inherits. libuv's pool runs file access, hashing and metadata commits; its four threads are
 * too few when some of them wait for a slow disk.
 */
export function workerEnvironment(): NodeJS.ProcessEnv {
  return { UV_THREADPOOL_SIZE: '8', ...process.env };
}

export const variableName = (setting: string): string => PREFIX + setting.toUpperCase().replaceAll('-', '_');

function settingName(variable: string): string {
  return variable.slice(PREFIX.length).toLowerCase().replaceAll('_', '-');
}
