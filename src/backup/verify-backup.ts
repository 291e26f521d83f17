// Reads all of a backup: the metadata against its hash, every blob it names against the checksums of its blocks.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { verifyBlob } from '../blobs/copy-between.ts';
import { openFileBlobs } from '../blobs/files.ts';
import { listBlobFiles } from '../blobs/list-blob-files.ts';
import { inParallel } from '../shared/in-parallel.ts';
import { blobsFolder, listBackups, type Manifest, metadataFile, removeBackup } from './backup-files.ts';
import { readDump } from './encode-dump.ts';
import { namedBlobs } from './write-backup.ts';

const BLOBS_AT_ONCE = 4;

export type BackupFault = { readonly what: string; readonly fault: string };

export async function verifyBackup(folder: string, manifest: Manifest): Promise<BackupFault[]> {
  const file = metadataFile(folder, manifest.name);
  const faults: BackupFault[] = [];
  if ((await sha256Of(file)) !== manifest.metadataSha256) {
    return [{ what: file, fault: 'is not the file that was written' }];
  }
  await using blobs = await openFileBlobs({ path: blobsFolder(folder), reserveBytes: 0 });
  await inParallel(namedBlobs(readDump(file)), BLOBS_AT_ONCE, async (blob) => {
    try {
      await verifyBlob(blobs, blob);
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      faults.push({ what: `${blob.pool}/${blob.blobId}`, fault });
    }
  });
  return faults;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(Buffer.from(chunk));
  return hash.digest('hex');
}

export type Pruned = { readonly removedBackups: readonly string[]; readonly removedBlobs: number };

/** Keeps the newest `keep`; blobs that none of them names go too. No backup may be written meanwhile. */
export async function pruneBackups(folder: string, keep: number): Promise<Pruned> {
  const all = await listBackups(folder);
  const old = all.slice(0, Math.max(0, all.length - keep)).map(({ name }) => name);
  if (old.length === 0) return { removedBackups: [], removedBlobs: 0 };
  for (const name of old) await removeBackup(folder, name);
  const needed = new Set<string>();
  for (const { name } of all.slice(old.length)) {
    for await (const { blobId } of namedBlobs(readDump(metadataFile(folder, name)))) needed.add(blobId);
  }
  let removedBlobs = 0;
  for await (const { id, file } of listBlobFiles(blobsFolder(folder))) {
    if (needed.has(id)) continue;
    await unlink(file);
    removedBlobs++;
  }
  return { removedBackups: old, removedBlobs };
}
