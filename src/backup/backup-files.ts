// What a backup is on disk. One folder holds any number of backups; they share the blobs, which never change:
//
//   blobs/<pool>/…              in the format of the file blob store, whatever engine they came from
//   backups/<name>/metadata.zst every row and counter as of one moment (encode-dump.ts)
//   backups/<name>/manifest.json written last: a backup without it was cut off and does not count
import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errnoOf } from '../shared/errno.ts';
import { syncFolder } from '../shared/sync-folder.ts';

const manifestSchema = z.object({
  format: z.literal('vstorage-backup'),
  version: z.literal(1),
  name: z.string(),
  /** the moment it is of, ISO 8601 */
  createdAt: z.string(),
  /** of metadata.zst */
  metadataBytes: z.number(),
  metadataSha256: z.string(),
  entries: z.number(),
  blobs: z.number(),
  blobBytes: z.number(),
  /** the versions of the master key that restoring needs; never the key */
  masterKey: z.array(z.object({ keyVersion: z.number(), fingerprint: z.string() })).readonly(),
});

export type Manifest = z.infer<typeof manifestSchema>;

export const blobsFolder = (folder: string): string => join(folder, 'blobs');
const backupFolder = (folder: string, name: string): string => join(folder, 'backups', name);
export const metadataFile = (folder: string, name: string): string => join(backupFolder(folder, name), 'metadata.zst');

export async function makeBackupFolder(folder: string, name: string): Promise<void> {
  await mkdir(join(folder, 'backups'), { recursive: true, mode: 0o700 });
  await mkdir(backupFolder(folder, name), { mode: 0o700 });
}

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const place = backupFolder(folder, manifest.name);
  const draft = join(place, 'manifest.json.part');
  await using file = await open(draft, 'wx', 0o600);
  await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
  await file.sync();
  await rename(draft, join(place, 'manifest.json'));
  await syncFolder(place);
  await syncFolder(join(folder, 'backups'));
}

/** Names begin with their time. */
const byName = (a: string, b: string): number => (a < b ? -1 : 1);

/** The whole ones, oldest first. */
export async function listBackups(folder: string): Promise<Manifest[]> {
  const names = await readdir(join(folder, 'backups')).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  const found = await Promise.all(names.toSorted(byName).map((name) => readManifest(folder, name)));
  return found.filter((manifest) => manifest !== null);
}

async function readManifest(folder: string, name: string): Promise<Manifest | null> {
  const file = join(backupFolder(folder, name), 'manifest.json');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null;
    throw error;
  });
  if (text === null) return null;
  const parsed = manifestSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(`${file} is no manifest that this version reads`);
}

export async function removeBackup(folder: string, name: string): Promise<void> {
  const place = backupFolder(folder, name);
  // first what makes it count, so that a half removed one is never restored
  await rm(join(place, 'manifest.json'), { force: true });
  await rm(place, { recursive: true, force: true });
}
