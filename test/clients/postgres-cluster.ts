// PostgreSQL clusters of a test's own in a temporary folder, each reachable by a socket of its own only. PostgreSQL
// refuses to run as root: as root, everything here runs as the user `postgres` of Debian's package.
import { chown, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../support/run-command.ts';

const PROGRAMS = '/usr/lib/postgresql';

export type PostgresFolder = AsyncDisposable & {
  readonly path: string;
  /** Runs a program as the owner of the folder; its standard output. */
  readonly run: (program: string, ...args: string[]) => Promise<string>;
};

export async function openPostgresFolder(): Promise<PostgresFolder> {
  const path = await mkdtemp(join(tmpdir(), 'vstorage-pg-'));
  const owner = process.getuid?.() === 0 ? await postgresUser() : null;
  if (owner !== null) await chown(path, owner.uid, owner.gid);
  const prefix = owner === null ? [] : ['runuser', '-u', 'postgres', '--'];
  return {
    path,
    run: async (...command) => {
      const [program = '', ...args] = [...prefix, ...command];
      return await runCommand(program, args, { cwd: path });
    },
    [Symbol.asyncDispose]: async () => await rm(path, { recursive: true, force: true }),
  };
}

async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const [, uid, gid] = /^postgres:[^:]*:(\d+):(\d+):/m.exec(await readFile('/etc/passwd', 'utf8')) ?? [];
  if (uid === undefined || gid === undefined) throw new Error('there is no user postgres: install postgresql');
  return { uid: Number(uid), gid: Number(gid) };
}

export type Cluster = AsyncDisposable & {
  /** one value or several lines, as psql prints them bare */
  readonly query: (sql: string) => Promise<string>;
};

/** Makes an empty cluster in `<folder>/<name>`; its data directory. */
export async function makeCluster({ path, run }: PostgresFolder, name: string): Promise<string> {
  const dataDir = join(path, name);
  await run(await programPath('initdb'), '-D', dataDir, '-A', 'trust', '-U', 'postgres', '--no-sync', '-E', 'UTF8');
  return dataDir;
}

/** Beside the data directory: what lies in it is backed up. */
export const socketFolder = (dataDir: string): string => `${dataDir}-socket`;

/** Starts the cluster and waits until it takes connections. `settings`: `name=value` for this start. */
export async function startCluster(
  { run }: PostgresFolder,
  dataDir: string,
  settings: readonly string[] = [],
): Promise<Cluster> {
  const control = await programPath('pg_ctl');
  const sockets = socketFolder(dataDir);
  await run('mkdir', '-p', sockets);
  const all = ['listen_addresses=', `unix_socket_directories=${sockets}`, 'fsync=off', ...settings];
  const options = all.map((setting) => `-c '${setting}'`).join(' ');
  try {
    await run(control, 'start', '-w', '-s', '-D', dataDir, '-l', `${dataDir}.log`, '-o', options);
  } catch (cause) {
    throw new Error(`PostgreSQL did not start:\n${await readFile(`${dataDir}.log`, 'utf8')}`, { cause });
  }
  const psql = ['psql', '-h', sockets, '-U', 'postgres', '-d', 'postgres', '-XAtq', '-v', 'ON_ERROR_STOP=1'] as const;
  return {
    query: async (sql) => (await run(...psql, '-c', sql)).trim(),
    [Symbol.asyncDispose]: async () => void (await run(control, 'stop', '-w', '-s', '-m', 'fast', '-D', dataDir)),
  };
}

/** Debian keeps several major versions beside each other, none of them on the path. */
async function programPath(name: string): Promise<string> {
  const versions = (await readdir(PROGRAMS)).sort((a, b) => Number(b) - Number(a));
  return join(PROGRAMS, versions[0] ?? '', 'bin', name);
}
