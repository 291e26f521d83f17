// Linux schedules by session: daemons, each in one of its own, do not inherit what the bench was given on a busy machine.
import { readFileSync, writeFileSync } from 'node:fs';
import { processTree } from '../load/process-use.ts';

const PERIOD_MS = 500;

/** All processes that this one starts get its own session's priority, until it is disposed. */
export function keepSharingPriority(): Disposable {
  const timer = setInterval(sharePriority, PERIOD_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function sharePriority(): void {
  const nice = /nice (-?\d+)/.exec(readGroup('self'))?.[1];
  if (nice === undefined || nice === '0') return;
  for (const pid of processTree(process.pid)) {
    try {
      if (!readGroup(pid).endsWith(`nice ${nice}\n`)) writeFileSync(`/proc/${pid}/autogroup`, nice);
    } catch {
      // it ended, or the kernel limits how often this may be asked
    }
  }
}

function readGroup(pid: number | 'self'): string {
  try {
    return readFileSync(`/proc/${pid}/autogroup`, 'utf8');
  } catch {
    return '';
  }
}
