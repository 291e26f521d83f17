// The master key of a store, from where it lives.
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { type MasterKeyHome, type MasterKeySource, homeOf, parseVersions } from './master-key-home.ts';
import { WrongMasterKeyError, checkFingerprint, hasFingerprint } from './master-key-state.ts';
import { MasterKey, type MasterKeyVersions } from './sealing.ts';

export const parseMasterKey = (text: string, where: string): MasterKey => new MasterKey(parseVersions(text, where));

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
