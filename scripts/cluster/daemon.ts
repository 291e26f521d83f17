// A throw-away daemon: it ends with the process that started it, however that ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { tail } from '../run-tests.ts';

export type Daemon = AsyncDisposable & {
  /** of the daemon itself */
  readonly pid: number;
  readonly isRunning: () => boolean;
  /** Sends the signal and waits for the end. */
  readonly end: (signal: NodeJS.Signals) => Promise<void>;
};

export type DaemonOptions = {
  readonly command: string;
  readonly args: readonly string[];
  /** what it prints is appended here */
  readonly logFile: string;
  /** what ends it cleanly */
  readonly endSignal: 'TERM' | 'INT' | 'QUIT';
  readonly env?: NodeJS.ProcessEnv;
  readonly user?: { readonly uid: number; readonly gid: number };
};

const END_TIMEOUT_MS = 20_000;

/** The pipe on standard input closes when its owner dies: then the shell ends the daemon. */
const GUARD = `
exec 3<&0
"$@" >>"$LOG" 2>&1 </dev/null 3<&- & daemon=$!
echo $daemon
{ cat <&3 >/dev/null; kill -s "$END" $daemon; sleep 10; kill -s KILL $daemon; } 2>/dev/null >/dev/null & guard=$!
wait $daemon; code=$?
kill $guard 2>/dev/null
exit $code
`;

export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const env = { ...(options.env ?? process.env), LOG: options.logFile, END: options.endSignal };
  const child = spawn('sh', ['-c', GUARD, 'sh', options.command, ...options.args], {
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    ...options.user,
  });
  const ended = once(child, 'exit');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString().trim());
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (isRunning()) {
      process.kill(pid, signal);
      const timer = setTimeout(() => process.kill(pid, 'SIGKILL'), END_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    }
    child.stdin.destroy();
  };
  return { pid, isRunning, end, [Symbol.asyncDispose]: () => end(`SIG${options.endSignal}`) };
}

/** Asks until `isReady` answers true; throws with the end of the log when the daemon ends or the time is up. */
export async function untilReady(
  what: { readonly name: string; readonly daemon: Daemon; readonly logFile: string; readonly timeoutMs: number },
  isReady: () => Promise<boolean>,
): Promise<void> {
  const deadlineMs = performance.now() + what.timeoutMs;
  while (!(await isReady())) {
    if (what.daemon.isRunning() && performance.now() < deadlineMs) await sleep(50);
    else throw new Error(`${what.name} did not get ready:\n${tail(await readFile(what.logFile, 'utf8'))}`);
  }
}

/** Free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
