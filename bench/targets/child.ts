// A server program that the bench starts and ends.
import { type ChildProcess, spawn } from 'node:child_process';

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 20_000;

export type Started = AsyncDisposable & {
  readonly pid: number /** what `ready` matched */;
  readonly match: RegExpExecArray;
};

/** Resolves when its output matches; ends it when disposed. */
export async function startProgram(command: string, args: readonly string[], ready: RegExp): Promise<Started> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const match = await waitForOutput(child, command, ready);
  return { pid: child.pid ?? 0, match, [Symbol.asyncDispose]: () => stopProgram(child) };
}

function waitForOutput(child: ChildProcess, command: string, ready: RegExp): Promise<RegExpExecArray> {
  let output = '';
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      child.kill('SIGKILL');
      reject(new Error(`${command} ${why}:\n${output}`));
    };
    const timer = setTimeout(() => fail('did not get ready in time'), START_TIMEOUT_MS);
    child.once('error', reject);
    child.once('exit', (code) => fail(`ended with code ${code}`));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-10_000);
        const match = ready.exec(output);
        if (match === null) return;
        clearTimeout(timer);
        child.removeAllListeners('exit');
        resolve(match);
      });
    }
  });
}

async function stopProgram(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
