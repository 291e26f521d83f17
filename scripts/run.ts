// Runs a program of this checkout for the scripts beside this file.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

export type Finished = {
  /** exit code 0, in time */
  readonly ok: boolean;
  /** both streams, in order; empty when they were inherited */
  readonly output: string;
  readonly durationMs: number;
};

export type RunOptions = {
  /** show what the program prints instead of collecting it */
  readonly inherit?: boolean;
  readonly timeoutMs?: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
};

/** Never rejects. The program and what it started end with the timeout. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const startedAtMs = performance.now();
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: options.env ?? process.env,
    // A group of its own, so that a timeout takes its children as well.
    detached: options.timeoutMs !== undefined,
    stdio: options.inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve) => {
    let timedOut = false;
    const timer = setTimeout(
      () => {
        timedOut = true;
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      },
      options.timeoutMs ?? 2 ** 31 - 1,
    );
    const finish = (ok: boolean): void => {
      clearTimeout(timer);
      const note = timedOut ? `\n(stopped: it took longer than ${(options.timeoutMs ?? 0) / 1000} s)` : '';
      resolve({ ok: ok && !timedOut, output: output + note, durationMs: performance.now() - startedAtMs });
    };
    child.once('error', (error) => {
      output += `${command}: ${error.message}`;
      finish(false);
    });
    child.once('close', (code) => finish(code === 0));
  });
}
