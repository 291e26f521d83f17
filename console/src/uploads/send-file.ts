// One file until it is there, or until it is clear that it cannot be: what passes is waited for, and tried again.
import { probe } from '../api/reachability.ts';
import { ApiError, UnreachableError } from '../api/request.ts';
import { UnreadableFileError } from './checksum.ts';
import { type Transfer, transfer } from './transfer.ts';

const MAX_TRIES = 5;
const PROBE_EVERY_MS = 2000;

export type Outcome =
  /** hexadecimal CRC-32 of the whole */
  | { kind: 'done'; checksum: string }
  /** paused or taken away */
  | { kind: 'stopped' }
  /** `code` of the problem; `forAll`: every other file would meet it too */
  | { kind: 'failed'; code: string; forAll: boolean };

/** No room, no session, no right to go on at all. */
const ENDS_ALL: ReadonlySet<string> = new Set([
  'quota-exceeded',
  'storage-full',
  'not-signed-in',
  'wrong-csrf-token',
  'project-in-trash',
  'no-such-bucket',
]);

export async function sendFile(work: Transfer): Promise<Outcome> {
  const { signal } = work;
  for (let tries = 1; ; tries++) {
    try {
      return { kind: 'done', checksum: await transfer(work) };
    } catch (error) {
      if (signal.aborted) return { kind: 'stopped' };
      if (error instanceof UnreachableError) await untilReachable(signal);
      else if (isPassing(error) && tries < MAX_TRIES) await wait(1000 * 2 ** tries, signal);
      else return failed(error);
      if (signal.aborted) return { kind: 'stopped' };
    }
  }
}

function failed(error: unknown): Outcome {
  const code =
    error instanceof ApiError
      ? error.problem.code
      : error instanceof UnreadableFileError
        ? 'file-unreadable'
        : 'unexpected';
  return { kind: 'failed', code, forAll: ENDS_ALL.has(code) };
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  const { status, code } = error.problem;
  return (status >= 500 && status !== 507) || code === 'bad-digest';
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function untilReachable(signal: AbortSignal): Promise<void> {
  do await wait(PROBE_EVERY_MS, signal);
  while (!signal.aborted && !(await probe()));
}
