// A disk of a few mebibytes in memory. Mounting needs root.
import { execFile } from 'node:child_process';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const needsRoot = process.getuid?.() === 0 ? false : 'mounting a tmpfs needs root';

export type SmallDisk = AsyncDisposable & {
  readonly path: string;
  readonly resize: (sizeBytes: number) => Promise<void>;
};

export async function mountSmallDisk(sizeBytes: number): Promise<SmallDisk> {
  const path = await mkdtemp(join(tmpdir(), 'vstorage-disk-'));
  await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'tmpfs', path]);
  return {
    path,
    resize: async (newSizeBytes) => {
      await run('mount', ['-o', `remount,size=${newSizeBytes}`, path]);
    },
    async [Symbol.asyncDispose]() {
      await run('umount', [path]);
      await rmdir(path);
    },
  };
}
