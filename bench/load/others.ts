// How busy the machine is with other things: what is measured meanwhile says little about a server.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { cpuSecondsOf, processTree } from './process-use.ts';

const TICKS_PER_SECOND = 100;
/** Those of `/proc/stat` in which nothing ran. */
const IDLE_FIELDS = [3, 4];

export type Watch = {
  /** what processes other than `pids` and this one took of all processors since then, 0…1 */
  readonly share: () => number;
};

export function watchOthers(pids: readonly number[]): Watch {
  const startedAtMs = performance.now();
  const before = othersSeconds(pids);
  return {
    share: () => {
      const capacity = ((performance.now() - startedAtMs) / 1000) * availableParallelism();
      return Math.max(0, othersSeconds(pids) - before) / capacity;
    },
  };
}

function othersSeconds(pids: readonly number[]): number {
  const { user, system } = process.cpuUsage();
  const own = (user + system) / 1e6 + endedChildrenSeconds();
  return busySeconds() - own - cpuSecondsOf(pids.flatMap(processTree));
}

function busySeconds(): number {
  const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  // guests are counted among user and nice already
  const ticks = first.trim().split(/\s+/).slice(1, 9).map(Number);
  const busy = ticks.filter((_, field) => !IDLE_FIELDS.includes(field));
  return busy.reduce((sum, value) => sum + value, 0) / TICKS_PER_SECOND;
}

/** The programs that make the load. */
function endedChildrenSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) / TICKS_PER_SECOND;
}
