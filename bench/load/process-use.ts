// What a server costs: processor time and memory of its processes, as Linux counts them.
import { readFileSync, writeFileSync } from 'node:fs';

/** `/proc/PID/stat` counts in these, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

export type ProcessUse = {
  readonly pid: number;
  readonly cpuSeconds: number;
  readonly residentMiB: number;
  /** resident and in no other process: without what is read from files */
  readonly ownMiB: number;
  /** since it began, or since `resetPeaks` */
  readonly peakMiB: number;
};

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // it ended
    return '';
  }
}

/** The process and all that descend from it; gone ones are left out. */
export function processTree(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(processTree)];
}

export function processUse(pid: number): ProcessUse {
  // the name, in parentheses, may hold blanks
  const fields = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
  const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  const status = read(`/proc/${pid}/status`);
  const mebibytes = (name: string): number =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024);
  return {
    pid,
    cpuSeconds: ticks / TICKS_PER_SECOND,
    residentMiB: mebibytes('VmRSS'),
    ownMiB: mebibytes('RssAnon'),
    peakMiB: mebibytes('VmHWM'),
  };
}

export function cpuSecondsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + processUse(pid).cpuSeconds, 0);
}

export function peakMiBOf(pids: readonly number[]): number {
  return Math.max(0, ...pids.map((pid) => processUse(pid).peakMiB));
}

/** From now on `peakMiB` counts anew. */
export function forgetPeaks(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      writeFileSync(`/proc/${pid}/clear_refs`, '5');
    } catch {
      // it ended, or is somebody else's
    }
  }
}
