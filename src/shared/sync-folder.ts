import { open } from 'node:fs/promises';

/** Brings the names in a folder to the disk: a file that was made or renamed is only then sure to be found again. */
export async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}
