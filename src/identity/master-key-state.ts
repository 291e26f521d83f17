// Which version of the master key seals, and its fingerprint; the key itself never stands in the metadata store. Every
// transaction that stores a sealed text reads this row, so that one which began before a rotation cannot commit after
// it: once the row names a new version, nothing is sealed under the old one any more.
import { encodeKey, tables } from '../metadata/keys.ts';
import type { MetadataStore, Snapshot, Transaction } from '../metadata/metadata-store.ts';
import type { SealedText } from '../metadata/tables/identities.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import { type MasterKey, seal } from './sealing.ts';

export type KeyVersion = { readonly keyVersion: number; readonly fingerprint: string };

export type MasterKeyState = KeyVersion & {
  readonly v: 1;
  /** set while a rotation runs: there may still be something sealed under these */
  readonly retiring?: readonly KeyVersion[];
};

const stateKey = encodeKey(tables.meta, 'master-key-fingerprint');

export class WrongMasterKeyError extends Error {
  override readonly name = 'WrongMasterKeyError';
}

export async function readMasterKeyState(snapshot: Snapshot): Promise<MasterKeyState | undefined> {
  const value = await snapshot.get(stateKey);
  return value === undefined ? undefined : decodeRecord<MasterKeyState>(value);
}

export function putMasterKeyState(transaction: Transaction, state: MasterKeyState): void {
  transaction.put(stateKey, encodeRecord(state));
}

export async function hasFingerprint(store: MetadataStore): Promise<boolean> {
  return store.read(async (snapshot) => (await readMasterKeyState(snapshot)) !== undefined);
}

/** For what this transaction stores. */
export async function sealIn(
  transaction: Transaction,
  masterKey: MasterKey,
  text: string,
  aad: string,
): Promise<SealedText> {
  const version = (await readMasterKeyState(transaction))?.keyVersion ?? masterKey.currentVersion;
  await masterKey.need(version);
  return seal(masterKey, text, aad, version);
}

export function versionOf(masterKey: MasterKey, keyVersion: number): KeyVersion {
  const fingerprint = masterKey.fingerprint(keyVersion);
  if (fingerprint !== undefined) return { keyVersion, fingerprint };
  throw new WrongMasterKeyError(`version ${keyVersion} of the master key is missing`);
}

/** Writes the fingerprint at first start; afterwards refuses a master key that does not match it. */
export async function checkFingerprint(store: MetadataStore, masterKey: MasterKey): Promise<void> {
  await store.transact(async (transaction) => {
    const known = await readMasterKeyState(transaction);
    if (known === undefined) {
      putMasterKeyState(transaction, { v: 1, ...versionOf(masterKey, masterKey.currentVersion) });
      return;
    }
    demandVersions(masterKey, [known, ...(known.retiring ?? [])]);
  });
}

/** Throws WrongMasterKeyError unless it is the master key with these fingerprints. */
export function demandVersions(masterKey: MasterKey, needed: readonly KeyVersion[]): void {
  const missing = needed.find(({ keyVersion, fingerprint }) => masterKey.fingerprint(keyVersion) !== fingerprint);
  if (missing === undefined) return;
  throw new WrongMasterKeyError(
    `the master key is not the one this store was made with (version ${missing.keyVersion}); ` +
      'start with the original master key file or VSTORAGE_MASTER_KEY: without it no S3 key can be used',
  );
}
