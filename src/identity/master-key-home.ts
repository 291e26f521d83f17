// Where the master key lives: a file or the environment; a key management service can be a third. The format of both:
// one `VERSION:BASE64` per line (or divided by commas), 32 bytes each. Lines with `#` are comments.
import type { StoreConfig } from '../config/config.ts';
import { WrongMasterKeyError } from './master-key-state.ts';
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

export function formatVersions(versions: MasterKeyVersions): string {
  const lines = [...versions].map(([version, bytes]) => `${version}:${Buffer.from(bytes).toString('base64')}\n`);
  return HEADING + lines.join('');
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

const missing = (home: MasterKeyHome): WrongMasterKeyError =>
  new WrongMasterKeyError(
    `the master key file ${home.place} is missing, but this store was made with one; ` +
      'put it back from your copy, or name it with --master-key-file',
  );

export async function readExisting(home: MasterKeyHome): Promise<MasterKeyVersions> {
  const versions = await home.read();
  if (versions === null) throw missing(home);
  return versions;
}
