// A backup into an empty pair of stores, of whatever engines. Cut off, it goes on when it is run again; until it is
// through, nothing is served from the stores.
import { copyBetween } from '../blobs/copy-between.ts';
import type { BlobStore } from '../blobs/blob-store.ts';
import { openFileBlobs } from '../blobs/files.ts';
import { beginFilling, type DumpEntry, endFilling, loadEntries } from '../metadata/dump.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { inParallel } from '../shared/in-parallel.ts';
import { blobsNamedBy } from '../storage/named-blobs.ts';
import { blobsFolder, type Manifest, metadataFile } from './backup-files.ts';
import { readDump } from './encode-dump.ts';

export type RestoreProgress = { readonly entries: number; readonly blobs: number; readonly blobBytes: number };

const BLOBS_AT_ONCE = 8;
const BATCH_ENTRIES = 500;
const BATCH_BYTES = 4 * 2 ** 20;

export async function restoreBackup(
  target: { readonly store: MetadataStore; readonly blobs: BlobStore },
  folder: string,
  manifest: Manifest,
  report: (progress: RestoreProgress) => void = () => {},
): Promise<RestoreProgress> {
  await using source = await openFileBlobs({ path: blobsFolder(folder), reserveBytes: 0 });
  await beginFilling(target.store, `backup ${manifest.name}`);
  const done = { entries: 0, blobs: 0, blobBytes: 0 };
  for await (const batch of batches(readDump(metadataFile(folder, manifest.name)))) {
    // bytes first: a row never names what is not there
    const named = batch.flatMap((entry) => (entry.kind === 'row' ? blobsNamedBy(entry.key, entry.value) : []));
    await inParallel(named, BLOBS_AT_ONCE, async (blob) => {
      await copyBetween(source, target.blobs, blob);
      done.blobs++;
      done.blobBytes += blob.storedBytes;
    });
    await loadEntries(target.store, batch);
    done.entries += batch.length;
    report(done);
  }
  await endFilling(target.store);
  return done;
}

async function* batches(entries: AsyncIterable<DumpEntry>): AsyncGenerator<DumpEntry[]> {
  let batch: DumpEntry[] = [];
  let bytes = 0;
  for await (const entry of entries) {
    batch.push(entry);
    bytes += entry.key.length + (entry.kind === 'row' ? entry.value.length : 0);
    if (batch.length < BATCH_ENTRIES && bytes < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}
