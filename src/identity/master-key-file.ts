// Where the master key comes from. The format, in a file or in the environment: one `VERSION:BASE64` per line (or
// divided by commas), 32 bytes each; the highest version seals, all open. Lines with `#` are comments.
import { randomBytes } from 'node:crypto';
import { link, open, readFile, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { StoreConfig } from '../config/config.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { MASTER_KEY_BYTES, MasterKey, WrongMasterKeyError, checkFingerprint, hasFingerprint } from './sealing.ts';

export type MasterKeySource = StoreConfig['masterKey'];

/** `where` names the source in errors; the text itself never appears in one. */
export function parseMasterKey(text: string, where: string): MasterKey {
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
  return new MasterKey(versions);
}

async function readMasterKeyFile(path: string): Promise<MasterKey | null> {
  const info = await stat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (info === null) return null;
  // reading by the group is let pass: secrets mounted by container platforms have it
  if ((info.mode & 0o037) !== 0) throw new Error(`${path} can be read by others: run chmod 600 ${path}`);
  return parseMasterKey(await readFile(path, 'utf8'), path);
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}

/** Complete on disk before it has its name; when several processes start at once, one file wins and all read it. */
async function createMasterKeyFile(path: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const key = randomBytes(MASTER_KEY_BYTES).toString('base64');
  const text = `# vStorage master key. Keep a copy apart from the data: without it no S3 key can be used.\n1:${key}\n`;
  try {
    {
      await using file = await open(draft, 'wx', 0o600);
      await file.writeFile(text);
      await file.sync();
    }
    await link(draft, path).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
  } finally {
    await unlink(draft).catch(() => {});
  }
  await syncFolder(dirname(path));
}

/** `environmentValue` is VSTORAGE_MASTER_KEY. A file that is not there is made when `mayCreate`. */
export async function loadOrCreateMasterKey(
  source: MasterKeySource,
  options: { environmentValue?: string | undefined; mayCreate?: boolean } = {},
): Promise<MasterKey> {
  if (source.kind === 'environment') {
    if (options.environmentValue === undefined) throw new Error('VSTORAGE_MASTER_KEY is not set');
    return parseMasterKey(options.environmentValue, 'VSTORAGE_MASTER_KEY');
  }
  const found = await readMasterKeyFile(source.path);
  if (found !== null) return found;
  if (options.mayCreate !== false) await createMasterKeyFile(source.path);
  const made = await readMasterKeyFile(source.path);
  if (made !== null) return made;
  throw new WrongMasterKeyError(
    `the master key file ${source.path} is missing, but this store was made with one; ` +
      'put it back from your copy, or name it with --master-key-file',
  );
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
