// The files of the file blob store, for work that looks at the disk and not at the metadata.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../shared/errno.ts';

export type BlobFile = { readonly id: string; readonly file: string };

/** In no order; what is not (yet) a whole blob is left out. */
export async function* listBlobFiles(root: string): AsyncGenerator<BlobFile> {
  for (const pool of await namesIn(root)) {
    for (const folder of await namesIn(join(root, pool))) {
      for (const name of await namesIn(join(root, pool, folder))) {
        if (/^[0-9a-f]{32}$/.test(name)) yield { id: name, file: join(root, pool, folder, name) };
      }
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return [];
    throw error;
  });
}
