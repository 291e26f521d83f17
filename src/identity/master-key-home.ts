// Where the master key lives: a file or the environment; a key management service can be a third. The format of both:
// one `VERSION:BASE64` per line (or divided by commas), 32 bytes each. Lines with `#` are comments.
import { randomBytes } from 'node:crypto';
import { type FileHandle, link, open, readFile, realpath, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { StoreConfig } from '../config/config.ts';
import { syncFolder } from '../shared/sync-folder.ts';
import { MASTER_KEY_BYTES, type MasterKeyVersions } from './sealing.ts';

export type MasterKeySource = StoreConfig['masterKey'];

export type MasterKeyHome = {
  /** names the place in messages */
  readonly place: string;
  /** null: there is none yet */
  read(): Promise<MasterKeyVersions | null>;
  /** Makes version 1 where there is none; of several processes at once one wins and all read its key. */
  create(): Promise<void>;
  /** Replaces what is there, all or nothing. Rejects with MasterKeyHomeError where only a person can. */
  write(versions: MasterKeyVersions): Promise<void>;
};

export class MasterKeyHomeError extends Error {
  override readonly name = 'MasterKeyHomeError';
}

/** `where` names the source in errors; the text itself never appears in one. */
export function parseVersions(text: string, where: string): MasterKeyVersions {
  const lines = text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const versions = new Map<number, Uint8Array>();
  for (const [index, line] of lines.entries()) {
    const [, version, base64] = /^(?:([1-9]\d{0,5}):)?([A-Za-z0-9+/_-]{43}=?)$/.exec(line) ?? [];
    // a bare key, as `openssl rand -base64 32` prints it, is version 1
    const number = version === undefined && lines.length === 1 ? 1 : Number(version);
    const bytes = Buffer.from(base64 ?? '', 'base64');
    if (!Number.isInteger(number) || bytes.length !== MASTER_KEY_BYTES || versions.has(number)) {
      throw new Error(`${where}: entry ${index + 1} is not a master key; write 1: and 32 bytes in base64`);
    }
    versions.set(number, bytes);
  }
  if (versions.size === 0) throw new Error(`${where} holds no master key; write 1: and 32 bytes in base64`);
  return versions;
}

const HEADING = '# vStorage master key. Keep a copy apart from the data: without it no S3 key can be used.\n';

function formatVersions(versions: MasterKeyVersions): string {
  const lines = [...versions].map(([version, bytes]) => `${version}:${Buffer.from(bytes).toString('base64')}\n`);
  return HEADING + lines.join('');
}

const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);

async function readVersions(path: string): Promise<MasterKeyVersions | null> {
  const info = await stat(path).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return null;
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
      if (!hasCode(error, 'EEXIST')) throw error;
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
    create: () => createFile(path),
    write: async (versions) => {
      try {
        await replaceFile(path, versions);
      } catch (cause) {
        if (!hasCode(cause, 'EROFS', 'EACCES', 'EPERM', 'EBUSY', 'ENOSPC')) throw cause;
        const why = cause instanceof Error ? cause.message : '';
        throw new MasterKeyHomeError(`${path} cannot be replaced from here (${why})`, { cause });
      }
    },
  };
}

/** `value` is VSTORAGE_MASTER_KEY, as it was when the process started. */
export function environmentHome(value: string | undefined): MasterKeyHome {
  const fixed = (): Promise<never> =>
    Promise.reject(
      new MasterKeyHomeError(
        'VSTORAGE_MASTER_KEY holds the master key: set it to the old and a new version (1:OLD,2:NEW) for every process, ' +
          'restart the servers, and run this again',
      ),
    );
  return {
    place: 'VSTORAGE_MASTER_KEY',
    read: async () => {
      if (value === undefined) throw new Error('VSTORAGE_MASTER_KEY is not set');
      return parseVersions(value, 'VSTORAGE_MASTER_KEY');
    },
    create: fixed,
    write: fixed,
  };
}

export const homeOf = (source: MasterKeySource, environmentValue: string | undefined): MasterKeyHome =>
  source.kind === 'file' ? fileHome(source.path) : environmentHome(environmentValue);
