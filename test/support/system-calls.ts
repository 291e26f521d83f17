// System calls as strace saw them.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** One line per finished call, in the order in which they ended. A call that another thread overtook is two lines in the trace. */
export function finishedCalls(text: string): string[] {
  const begun = new Map<string, string>();
  const finished: string[] = [];
  for (const line of text.split('\n')) {
    const [, thread = '', call = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(call)?.[1];
    if (call.endsWith('<unfinished ...>')) begun.set(thread, call.slice(0, -'<unfinished ...>'.length));
    else finished.push(resumed === undefined ? call : (begun.get(thread) ?? '') + resumed);
  }
  return finished;
}

/** Traces a running process and its threads into `log` until it is told to stop. */
export async function attachTrace(
  pid: number,
  log: string,
  calls: string,
  shownBytes: number,
): Promise<{ stop: () => Promise<string[]> }> {
  const args = ['-f', '-y', '-s', String(shownBytes), '-o', log, '-e', `trace=${calls}`, '-p', String(pid)];
  const tracer = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  await attached(tracer);
  return {
    stop: async () => {
      const ended = new Promise((resolve) => tracer.once('exit', resolve));
      tracer.kill('SIGINT');
      await ended;
      return finishedCalls(await readFile(log, 'latin1'));
    },
  };
}

/** Until it is disposed, these calls of a running process and its threads fail with this error instead of being done. */
export async function injectErrors(pid: number, calls: string, error: string): Promise<AsyncDisposable> {
  const args = [
    '-f',
    '-o',
    '/dev/null',
    '-e',
    `trace=${calls}`,
    '-e',
    `inject=${calls}:error=${error}`,
    '-p',
    String(pid),
  ];
  const tracer = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  await attached(tracer);
  return {
    [Symbol.asyncDispose]: async () => {
      const ended = new Promise((resolve) => tracer.once('exit', resolve));
      tracer.kill('SIGINT');
      await ended;
    },
  };
}

async function attached(tracer: ChildProcess): Promise<void> {
  let said = '';
  tracer.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  for (let waitedMs = 0; !/attached/.test(said); waitedMs += 20) {
    if (tracer.exitCode !== null || waitedMs > 10_000) throw new Error(`strace does not attach: ${said}`);
    await sleep(20);
  }
}
