// How much of the disk writes must leave free when nothing is configured.
import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

const RESERVE_BYTES = 256 * 2 ** 20;
/** A small disk would otherwise be all reserve. */
const SHARE_OF_DISK = 0.05;

export function reserveFor(dataDir: string): number {
  const disk = statfsSync(nearestExisting(dataDir));
  return Math.min(RESERVE_BYTES, Math.floor(disk.blocks * disk.bsize * SHARE_OF_DISK));
}

function nearestExisting(path: string): string {
  let folder = path;
  while (!existsSync(folder)) folder = dirname(folder);
  return folder;
}
