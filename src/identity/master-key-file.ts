// The master key of a store, from where it lives, and the file it usually lives in.
import { randomBytes } from 'node:crypto';
import { type FileHandle, link, open, readFile, realpath, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { syncFolder } from '../shared/sync-folder.ts';
import {
  type MasterKeyHome,
  MasterKeyHomeError,
  type MasterKeySource,
  environmentHome,
  formatVersions,
  parseVersions,
  readExisting,
} from './master-key-home.ts';
import { checkFingerprint, hasFingerprint } from './master-key-state.ts';
import { MASTER_KEY_BYTES, MasterKey, type MasterKeyVersions } from './sealing.ts';
import { errnoOf } from '../shared/errno.ts';

export const parseMasterKey = (text: string, where: string): MasterKey => new MasterKey(parseVersions(text, where));

/** It lies where nothing can be written: a read-only mount, a secret of a container platform. */
const unwritable = new Set(['EROFS', 'EACCES', 'EPERM', 'EBUSY', 'ENOSPC']);

async function readVersions(path: string): Promise<MasterKeyVersions | null> {
  const info = await stat(path).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (info === null) return null;
  // reading by the group is let pass: secrets mounted by container platforms have it
  if ((info.mode & 0o037) !== 0) throw new Error(`${path} can be read by others: run chmod 600 ${path}`);
  return parseVersions(await readFile(path, 'utf8'), path);
}

/** Complete on disk before it has its name. */
async function writeDraft(
  path: string,
  versions: MasterKeyVersions,
  prepare: (file: FileHandle) => Promise<void>,
): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await using file = await open(draft, 'wx', 0o600);
    await prepare(file);
    await file.writeFile(formatVersions(versions));
    await file.sync();
    return draft;
  } catch (error) {
    await unlink(draft).catch(() => {});
    throw error;
  }
}

async function createFile(path: string): Promise<void> {
  const draft = await writeDraft(path, new Map([[1, randomBytes(MASTER_KEY_BYTES)]]), async () => {});
  try {
    await link(draft, path).catch((error: unknown) => {
      if (errnoOf(error) !== 'EEXIST') throw error;
    });
  } finally {
    await unlink(draft).catch(() => {});
  }
  await syncFolder(dirname(path));
}

/** Whoever could read the file before can read it afterwards: an operator may be root and the server another user. */
async function replaceFile(linked: string, versions: MasterKeyVersions): Promise<void> {
  const path = await realpath(linked);
  const { uid, gid, mode } = await stat(path);
  const draft = await writeDraft(path, versions, async (file) => {
    const made = await file.stat();
    if (made.uid !== uid || made.gid !== gid) await file.chown(uid, gid);
    await file.chmod(mode & 0o777);
  });
  await rename(draft, path).catch(async (error: unknown) => {
    await unlink(draft).catch(() => {});
    throw error;
  });
  await syncFolder(dirname(path));
}

export function fileHome(path: string): MasterKeyHome {
  return {
    place: path,
    read: () => readVersions(path),
    create: async () => {
      try {
        await createFile(path);
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : '';
        throw new MasterKeyHomeError(`--master-key-file ${path} cannot be made (${why}): make its folder first`, {
          cause,
        });
      }
    },
    write: async (versions) => {
      try {
        await replaceFile(path, versions);
      } catch (cause) {
        if (!unwritable.has(errnoOf(cause) ?? '')) throw cause;
        const why = cause instanceof Error ? cause.message : '';
        throw new MasterKeyHomeError(`${path} cannot be replaced from here (${why})`, { cause });
      }
    },
  };
}

/** `environmentValue` is VSTORAGE_MASTER_KEY. */
export const homeOf = (source: MasterKeySource, environmentValue: string | undefined): MasterKeyHome =>
  source.kind === 'file' ? fileHome(source.path) : environmentHome(environmentValue);

/** `environmentValue` is VSTORAGE_MASTER_KEY. A file that is not there is made when `mayCreate`. */
export async function loadOrCreateMasterKey(
  source: MasterKeySource,
  options: { environmentValue?: string | undefined; mayCreate?: boolean } = {},
): Promise<MasterKey> {
  const home = homeOf(source, options.environmentValue);
  const found = await home.read();
  if (found === null && options.mayCreate !== false) await home.create();
  const versions = found ?? (await readExisting(home));
  return new MasterKey(versions, () => readExisting(home));
}

/** The master key of this store: made at its first start, checked against its fingerprint at every one. */
export async function openMasterKey(
  store: MetadataStore,
  source: MasterKeySource,
  environmentValue?: string,
): Promise<MasterKey> {
  const mayCreate = !(await hasFingerprint(store));
  const masterKey = await loadOrCreateMasterKey(source, { environmentValue, mayCreate });
  await checkFingerprint(store, masterKey);
  return masterKey;
}
