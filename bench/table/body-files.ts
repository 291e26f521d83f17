// Files that curl sends.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type BodyFiles = AsyncDisposable & { readonly file: (sizeBytes: number) => Promise<string> };

export async function makeBodyFiles(): Promise<BodyFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-bench-bodies-'));
  const made = new Map<number, Promise<string>>();
  const make = async (sizeBytes: number): Promise<string> => {
    const path = join(folder, String(sizeBytes));
    await writeFile(path, Buffer.alloc(sizeBytes, 'x'));
    return path;
  };
  return {
    file: (sizeBytes) => {
      const file = made.get(sizeBytes) ?? make(sizeBytes);
      made.set(sizeBytes, file);
      return file;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
