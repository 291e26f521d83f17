// Gateways of a throw-away deployment: `vstorage serve` on fixed ports, so that one that was killed comes back where the
// balancer looks for it. All show the first one's certificate: to clients they are one server.
import { mkdir, readFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../run.ts';
import type { Daemon } from './daemon.ts';
import { freePort, startDaemon, untilReady } from './daemon.ts';
import type { Backend } from './haproxy.ts';

export type Gateway = AsyncDisposable &
  Backend & {
    readonly dataDir: string;
    readonly logFile: string;
    /** kill -9 of all its processes */
    readonly kill: () => Promise<void>;
    /** Resolves when it serves. */
    readonly start: () => Promise<void>;
    /** SIGTERM: running requests may finish */
    readonly stop: () => Promise<void>;
  };

export type GatewayOptions = {
  /** of the whole deployment */
  readonly folder: string;
  /** from 1 */
  readonly number: number;
  readonly environment: NodeJS.ProcessEnv;
  /** further options of `serve` */
  readonly args?: readonly string[];
};

const START_TIMEOUT_MS = 60_000;

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { folder, number } = options;
  const ports = { s3Port: await freePort(), consolePort: await freePort() };
  const dataDir = join(folder, `gateway${number}`);
  await mkdir(dataDir);
  const logFile = join(dataDir, 'log');
  const start = (): Promise<Daemon> => startServe(options, { ...ports, dataDir, logFile });
  let daemon = await start();
  return {
    ...ports,
    dataDir,
    logFile,
    kill: () => killAll(daemon),
    start: async () => {
      daemon = await start();
    },
    stop: () => daemon.end('SIGTERM'),
    [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose](),
  };
}

async function startServe(
  { folder, number, environment, args = [] }: GatewayOptions,
  place: Backend & { readonly dataDir: string; readonly logFile: string },
): Promise<Daemon> {
  const { dataDir, logFile, s3Port, consolePort } = place;
  const listen = ['--s3-listen', `127.0.0.1:${s3Port}`, '--console-listen', `127.0.0.1:${consolePort}`];
  const tls = join(folder, 'gateway1', 'tls');
  const shared = number === 1 ? [] : ['--tls-cert', join(tls, 'server.pem'), '--tls-key', join(tls, 'server-key.pem')];
  const readyBefore = await countReady(logFile);
  const daemon = await startDaemon({
    command: process.execPath,
    args: [join(root, 'bin', 'vstorage.js'), 'serve', '--data-dir', dataDir, ...listen, ...shared, ...args],
    logFile,
    endSignal: 'TERM',
    env: environment,
  });
  const isReady = async (): Promise<boolean> => (await countReady(logFile)) > readyBefore;
  await untilReady({ name: `gateway ${number}`, daemon, logFile, timeoutMs: START_TIMEOUT_MS }, isReady);
  return daemon;
}

/** The log is one over all starts. */
async function countReady(logFile: string): Promise<number> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line.startsWith('vstorage ready')).length;
}

/** The primary and its workers in one go, so that none of them can tidy up. */
async function killAll(daemon: Daemon): Promise<void> {
  const { pid } = daemon;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  for (const child of children) {
    try {
      process.kill(child, 'SIGKILL');
    } catch (error) {
      if ((error as { code?: string }).code !== 'ESRCH') throw error;
    }
  }
  await daemon.end('SIGKILL');
}
