// A backup while the store is in use: consistent as of the one moment its snapshot was opened. Metadata first, from that
// snapshot; then the blobs it names, none of which can be deleted meanwhile (collection-hold.ts).
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { copyBetween } from '../blobs/copy-between.ts';
import { openFileBlobs } from '../blobs/files.ts';
import type { BlobStore } from '../blobs/blob-store.ts';
import { type KeyVersion, readMasterKeyState } from '../identity/master-key-state.ts';
import { type DumpEntry, dumpEntries } from '../metadata/dump.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { Clock } from '../shared/clock.ts';
import { inParallel } from '../shared/in-parallel.ts';
import { type CollectionHold, holdCollection } from '../storage/collection-hold.ts';
import { type NamedBlob, blobsNamedBy } from '../storage/named-blobs.ts';
import {
  blobsFolder,
  makeBackupFolder,
  type Manifest,
  metadataFile,
  removeBackup,
  writeManifest,
} from './backup-files.ts';
import { type DumpFile, readDump, writeDump } from './encode-dump.ts';

export type BackupDeps = { readonly store: MetadataStore; readonly blobs: BlobStore; readonly clock: Clock };

export type BackupProgress = { readonly blobs: number; readonly copiedBlobs: number; readonly copiedBytes: number };
export type Report = (progress: BackupProgress) => void;

const BLOBS_AT_ONCE = 8;

export async function writeBackup(
  deps: BackupDeps,
  folder: string,
  report: Report = () => {},
): Promise<Manifest & Pick<BackupProgress, 'copiedBlobs' | 'copiedBytes'>> {
  const name = backupName(deps.clock());
  await makeBackupFolder(folder, name);
  try {
    await using hold = await holdCollection(deps, name);
    const { createdAt, dump, masterKey } = await dumpMetadata(deps, metadataFile(folder, name));
    const copied = await copyBlobs(deps, hold, folder, name, report);
    hold.check();
    const { entries, bytes: metadataBytes, sha256: metadataSha256 } = dump;
    const { blobs, blobBytes, copiedBlobs, copiedBytes } = copied;
    const common = { format: 'vstorage-backup', version: 1, name, createdAt, masterKey } as const;
    const manifest: Manifest = { ...common, metadataBytes, metadataSha256, entries, blobs, blobBytes };
    await writeManifest(folder, manifest);
    return { ...manifest, copiedBlobs, copiedBytes };
  } catch (error) {
    // the blobs stay: the next backup needs them as well
    await rm(metadataFile(folder, name), { force: true });
    await removeBackup(folder, name);
    throw error;
  }
}

/** Sorts by time, also two of one second: `20261123T210509123Z-3fa1`. */
function backupName(now: number): string {
  const time = new Date(now).toISOString().replace(/[-:.]/g, '');
  return `${time}-${randomBytes(2).toString('hex')}`;
}

type Dumped = { readonly createdAt: string; readonly dump: DumpFile; readonly masterKey: readonly KeyVersion[] };

function dumpMetadata({ store, clock }: BackupDeps, file: string): Promise<Dumped> {
  return store.read(async (snapshot) => {
    const createdAt = new Date(clock()).toISOString();
    const state = await readMasterKeyState(snapshot);
    const versions = state === undefined ? [] : [state, ...(state.retiring ?? [])];
    const masterKey = versions.map(({ keyVersion, fingerprint }) => ({ keyVersion, fingerprint }));
    return { createdAt, masterKey, dump: await writeDump(file, dumpEntries(snapshot)) };
  });
}

type Copied = BackupProgress & { readonly blobBytes: number };

async function copyBlobs(
  { blobs }: BackupDeps,
  hold: CollectionHold,
  folder: string,
  name: string,
  report: Report,
): Promise<Copied> {
  await using target = await openFileBlobs({ path: blobsFolder(folder), reserveBytes: 0 });
  const done = { blobs: 0, blobBytes: 0, copiedBlobs: 0, copiedBytes: 0 };
  await inParallel(namedBlobs(readDump(metadataFile(folder, name))), BLOBS_AT_ONCE, async (blob) => {
    hold.check();
    const isNew = await copyBetween(blobs, target, blob);
    done.blobs++;
    done.blobBytes += blob.storedBytes;
    if (isNew) {
      done.copiedBlobs++;
      done.copiedBytes += blob.storedBytes;
    }
    report(done);
  });
  return done;
}

export async function* namedBlobs(entries: AsyncIterable<DumpEntry>): AsyncGenerator<NamedBlob> {
  for await (const entry of entries) {
    if (entry.kind === 'row') yield* blobsNamedBy(entry.key, entry.value);
  }
}
