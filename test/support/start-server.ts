// Boots the real `vstorage serve` on free ports in a temporary data directory.
import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { enginesFor } from './engines.ts';

const BIN = fileURLToPath(new URL('../../bin/vstorage.js', import.meta.url));
const END_WITH_PARENT = new URL('./end-with-parent.ts', import.meta.url).href;
/** it takes three seconds; where many share two cores, a minute */
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 40_000;

export type StartOptions = {
  /** further `serve` options */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** an existing data directory, kept afterwards; otherwise a temporary one, removed afterwards */
  readonly dataDir?: string;
  /** default 2, so that state kept in one process only shows */
  readonly workers?: number;
  readonly rootEmail?: string;
  /** null: let the server generate one */
  readonly rootPassword?: string | null;
};

export type TestServer = AsyncDisposable & {
  /** `https://localhost:PORT` */
  readonly s3Url: string;
  readonly consoleUrl: string;
  readonly caFile: string;
  readonly dataDir: string;
  readonly rootEmail: string;
  readonly rootPassword: string;
  /** of the primary process */
  readonly pid: number;
  /** what it printed so far */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Runs an operator command on the same data directory and answers its JSON. */
  readonly cli: (args: readonly string[]) => Promise<unknown>;
  /** SIGTERM; resolves with the exit code. The data directory stays until disposal. */
  readonly stop: () => Promise<number | null>;
  /** SIGKILL of the primary; its workers follow. */
  readonly kill: () => Promise<void>;
};

export async function startServer(options: StartOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'vstorage-test-')));
  const rootEmail = options.rootEmail ?? 'root@vstorage.localhost';
  const rootPassword = options.rootPassword === undefined ? 'Test-Root-Passw0rd' : options.rootPassword;
  const args = await serveArguments(options, { dataDir, rootEmail, rootPassword });
  const env = { ...cleanEnvironment(), ...enginesFor(dataDir), ...options.env };
  const child = spawn(process.execPath, ['--import', END_WITH_PARENT, BIN, ...args], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output = collectOutput(child);
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const ready = await Promise.race([output.ready, ended, timeout(START_TIMEOUT_MS)]);
  if (ready === null || typeof ready !== 'object') {
    child.kill('SIGKILL');
    throw new Error(`vstorage serve did not get ready (${String(ready)}):\n${output.stdout()}${output.stderr()}`);
  }
  const shownPassword = rootPassword ?? generatedPassword(output.stdout());
  if (shownPassword === undefined) {
    child.kill('SIGKILL');
    throw new Error(`no generated password was shown:\n${output.stdout()}`);
  }
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    const code = await Promise.race([ended, timeout(STOP_TIMEOUT_MS)]);
    if (code === 'timed out') throw new Error(`vstorage serve did not stop:\n${output.stderr()}`);
    return code;
  };
  return {
    ...ready,
    caFile: join(dataDir, 'tls', 'ca.pem'),
    dataDir,
    rootEmail,
    rootPassword: shownPassword,
    pid: child.pid ?? 0,
    stdout: output.stdout,
    stderr: output.stderr,
    cli: (command) => runCommand(command, dataDir, env),
    stop,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) await stop();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function serveArguments(
  options: StartOptions,
  root: { dataDir: string; rootEmail: string; rootPassword: string | null },
): Promise<string[]> {
  const args = ['serve', '--data-dir', root.dataDir, '--s3-listen', '127.0.0.1:0', '--console-listen', '127.0.0.1:0'];
  args.push('--workers', String(options.workers ?? 2), '--root-email', root.rootEmail);
  if (root.rootPassword !== null) {
    const file = join(root.dataDir, 'root-password.txt');
    await writeFile(file, `${root.rootPassword}\n`, { mode: 0o600 });
    args.push('--root-password-file', file);
  }
  return [...args, ...(options.args ?? [])];
}

/** Settings of the shell that runs the tests must not reach the server under test. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VSTORAGE_')));
}

type Urls = { readonly s3Url: string; readonly consoleUrl: string };

function collectOutput(child: ChildProcess): {
  ready: Promise<Urls>;
  stdout: () => string;
  stderr: () => string;
} {
  let stdout = '';
  let stderr = '';
  const { promise, resolve } = Promise.withResolvers<Urls>();
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    const [, s3Url, consoleUrl] = /^vstorage ready s3=(\S+) console=(\S+)$/m.exec(stdout) ?? [];
    if (s3Url !== undefined && consoleUrl !== undefined) resolve({ s3Url, consoleUrl });
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return { ready: promise, stdout: () => stdout, stderr: () => stderr };
}

function generatedPassword(stdout: string): string | undefined {
  return /^ *Password +(\S+)/m.exec(stdout)?.[1];
}

async function runCommand(command: readonly string[], dataDir: string, env: NodeJS.ProcessEnv): Promise<unknown> {
  const args = [BIN, ...command, '--data-dir', dataDir, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return JSON.parse(stdout);
}

function timeout(ms: number): Promise<'timed out'> {
  return new Promise((resolve) => setTimeout(() => resolve('timed out'), ms).unref());
}
