// A throw-away PostgreSQL on loopback, in a temporary folder. As root it runs as the user postgres.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import type { Daemon } from './daemon.ts';
import { freePort, startDaemon, untilReady } from './daemon.ts';

export type PostgresServer = AsyncDisposable & {
  readonly port: number;
  readonly password: string;
  readonly folder: string;
  /** `postgres://…` of its one database, with further parameters */
  readonly url: (parameters?: Readonly<Record<string, string>>) => string;
  readonly execute: (sql: string) => Promise<pg.QueryResult>;
  readonly stop: () => Promise<void>;
  /** kill -9 of the server; resolves when its sessions, which notice by themselves, have ended too */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
};

export type PostgresServerOptions = {
  /** false: nothing is synced, for tests that do not ask what survives a power cut */
  readonly durable?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
  /** a copy of this one, which follows it and takes no writes until `SELECT pg_promote()` */
  readonly standbyOf?: PostgresServer;
  /** default: a free one */
  readonly port?: number;
};

const USER = 'vstorage';
const DATABASE = 'postgres';
const START_TIMEOUT_MS = 90_000;
const SETTINGS: Readonly<Record<string, string>> = {
  max_connections: '200',
  shared_buffers: '128MB',
  // Predicate locks: the default of 64 makes a transaction of a few dozen rows lock the table (docs/scale-out.md).
  max_pred_locks_per_transaction: '1024',
  logging_collector: 'off',
};

export async function startPostgres(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const user = await databaseUser();
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-postgres-'));
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  const primary = options.standbyOf;
  const password = primary?.password ?? randomBytes(12).toString('hex');
  const programs = await programFolder();
  if (primary === undefined) await initialize(programs, folder, password, user);
  else await copyPrimary(programs, folder, primary, user);
  const port = options.port ?? (await freePort());
  const url = (parameters: Readonly<Record<string, string>> = {}): string =>
    `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}?${new URLSearchParams(parameters).toString()}`;
  const durable: Readonly<Record<string, string>> = options.durable === false ? { fsync: 'off' } : {};
  const settings = { ...SETTINGS, ...durable, ...options.settings };
  let daemon = await startServer({ programs, folder, port, user, settings }, url());
  let killing: Promise<void> | null = null;
  return {
    port,
    password,
    folder,
    url,
    execute: (sql) => execute(url(), sql),
    stop: () => daemon.end('SIGINT'),
    kill: () => (killing ??= killServer(daemon)),
    start: async () => {
      killing = null;
      daemon = await startServer({ programs, folder, port, user, settings }, url());
    },
    [Symbol.asyncDispose]: async () => {
      await daemon.end('SIGQUIT');
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

type User = { readonly uid: number; readonly gid: number } | undefined;

/** PostgreSQL refuses to run as root. */
async function databaseUser(): Promise<User> {
  if (process.getuid?.() !== 0) return undefined;
  const id = async (flag: string): Promise<number> =>
    Number((await promisify(execFile)('id', [flag, 'postgres'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}

/** Debian keeps the server's programs out of the path: the newest version's. */
async function programFolder(): Promise<string> {
  const home = '/usr/lib/postgresql';
  const versions = await readdir(home).catch((): string[] => []);
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? '' : join(home, newest, 'bin');
}

async function initialize(programs: string, folder: string, password: string, user: User): Promise<void> {
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) await chown(passwordFile, user.uid, user.gid);
  const args = ['-D', join(folder, 'data'), '-U', USER, '--pwfile', passwordFile, '-A', 'scram-sha-256'];
  args.push('--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions');
  await promisify(execFile)(join(programs, 'initdb'), args, { cwd: folder, ...user });
}

/** Its address and password stand in the copy's own settings afterwards (-R). */
async function copyPrimary(programs: string, folder: string, primary: PostgresServer, user: User): Promise<void> {
  const args = [
    '-h',
    '127.0.0.1',
    '-p',
    String(primary.port),
    '-U',
    USER,
    '-D',
    join(folder, 'data'),
    '-R',
    '-c',
    'fast',
  ];
  const env = { ...process.env, PGPASSWORD: primary.password };
  await promisify(execFile)(join(programs, 'pg_basebackup'), args, { cwd: folder, env, ...user });
}

type Server = {
  readonly programs: string;
  readonly folder: string;
  readonly port: number;
  readonly user: User;
  readonly settings: Readonly<Record<string, string>>;
};

async function startServer(server: Server, url: string): Promise<Daemon> {
  const { folder, port, user } = server;
  const logFile = join(folder, 'log');
  const settings = { ...server.settings, port: String(port), listen_addresses: '127.0.0.1' };
  const args = Object.entries({ ...settings, unix_socket_directories: folder }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const daemon = await startDaemon({
    command: join(server.programs, 'postgres'),
    args: ['-D', join(folder, 'data'), ...args],
    logFile,
    endSignal: 'QUIT',
    ...(user === undefined ? {} : { user }),
  });
  await untilReady({ name: 'PostgreSQL', daemon, logFile, timeoutMs: START_TIMEOUT_MS }, () =>
    execute(url, 'SELECT 1').then(
      () => true,
      () => false,
    ),
  );
  return daemon;
}

async function killServer(daemon: Daemon): Promise<void> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'pid=', '--ppid', String(daemon.pid)]);
  await daemon.end('SIGKILL');
  const deadlineMs = performance.now() + START_TIMEOUT_MS;
  for (const pid of stdout.trim().split(/\s+/).map(Number)) {
    while (isAlive(pid) && performance.now() < deadlineMs) await sleep(20);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function execute(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
