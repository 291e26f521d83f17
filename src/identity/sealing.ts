// Secrets at rest: AES-256-GCM under a key derived from the master key, bound to what they belong to (`aad`), so that
// a sealed secret copied to another record does not open. The master key itself never stands in the metadata store;
// a fingerprint does, and a process with another master key refuses to start.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { encodeKey, tables } from '../metadata/keys.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import type { SealedText } from '../metadata/tables/identities.ts';

export const MASTER_KEY_BYTES = 32;

/** Every version of the master key this process was given. Shows nothing of itself in logs and errors. */
export class MasterKey {
  readonly #sealingKeys = new Map<number, Buffer>();
  readonly #fingerprints = new Map<number, string>();
  /** the version that seals */
  readonly currentVersion: number;

  constructor(versions: ReadonlyMap<number, Uint8Array>) {
    if (versions.size === 0) throw new Error('a master key needs at least one version');
    for (const [version, bytes] of versions) {
      if (bytes.length !== MASTER_KEY_BYTES) throw new Error(`a master key has ${MASTER_KEY_BYTES} bytes`);
      this.#sealingKeys.set(version, Buffer.from(hkdfSync('sha256', bytes, '', 'vstorage/sealed-secrets/v1', 32)));
      const digest = createHmac('sha256', bytes).update('vstorage/fingerprint/v1').digest('hex');
      this.#fingerprints.set(version, digest.slice(0, 32));
    }
    this.currentVersion = Math.max(...versions.keys());
  }

  sealingKey(version: number): Buffer {
    const key = this.#sealingKeys.get(version);
    if (key === undefined) throw new Error(`version ${version} of the master key was not given to this process`);
    return key;
  }

  fingerprint(version: number): string | undefined {
    return this.#fingerprints.get(version);
  }

  toJSON(): string {
    return '[MasterKey]';
  }

  [inspect.custom](): string {
    return '[MasterKey]';
  }
}

export function seal(masterKey: MasterKey, text: string, aad: string): SealedText {
  const keyVersion = masterKey.currentVersion;
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', masterKey.sealingKey(keyVersion), nonce);
  cipher.setAAD(Buffer.from(aad, 'utf8'));
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return {
    keyVersion,
    nonce: nonce.toString('base64'),
    ciphertext: ciphertext.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
  };
}

/** Throws when the text was sealed under another key, for another `aad`, or changed. */
export function unseal(masterKey: MasterKey, sealed: SealedText, aad: string): string {
  const nonce = Buffer.from(sealed.nonce, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', masterKey.sealingKey(sealed.keyVersion), nonce, {
    authTagLength: 16,
  });
  decipher.setAAD(Buffer.from(aad, 'utf8'));
  decipher.setAuthTag(Buffer.from(sealed.tag, 'base64'));
  return Buffer.concat([decipher.update(Buffer.from(sealed.ciphertext, 'base64')), decipher.final()]).toString('utf8');
}

type FingerprintRecord = { readonly v: 1; readonly keyVersion: number; readonly fingerprint: string };
const fingerprintKey = encodeKey(tables.meta, 'master-key-fingerprint');

export class WrongMasterKeyError extends Error {
  override readonly name = 'WrongMasterKeyError';
}

export async function hasFingerprint(store: MetadataStore): Promise<boolean> {
  return store.read(async (snapshot) => (await snapshot.get(fingerprintKey)) !== undefined);
}

/** Writes the fingerprint at first start; afterwards refuses a master key that does not match it. */
export async function checkFingerprint(store: MetadataStore, masterKey: MasterKey): Promise<void> {
  await store.transact(async (transaction) => {
    const value = await transaction.get(fingerprintKey);
    if (value === undefined) {
      const keyVersion = masterKey.currentVersion;
      const record: FingerprintRecord = { v: 1, keyVersion, fingerprint: masterKey.fingerprint(keyVersion) ?? '' };
      transaction.put(fingerprintKey, encodeRecord(record));
      return;
    }
    const known = decodeRecord<FingerprintRecord>(value);
    if (masterKey.fingerprint(known.keyVersion) === known.fingerprint) return;
    throw new WrongMasterKeyError(
      `the master key is not the one this store was made with (version ${known.keyVersion}); ` +
        'start with the original master key file or VSTORAGE_MASTER_KEY: without it no S3 key can be used',
    );
  });
}
