// Secrets at rest: AES-256-GCM under a key derived from the master key, bound to what they belong to (`aad`), so that
// a sealed secret copied to another record does not open. What is stored is sealed by `sealIn` (master-key-state.ts),
// which knows the version to use.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import type { SealedText } from '../metadata/tables/identities.ts';

export const MASTER_KEY_BYTES = 32;

export type MasterKeyVersions = ReadonlyMap<number, Uint8Array>;

/** Every version of the master key this process was given. Shows nothing of itself in logs and errors. */
export class MasterKey {
  readonly #sealingKeys = new Map<number, Buffer>();
  readonly #fingerprints = new Map<number, string>();
  readonly #readAgain: (() => Promise<MasterKeyVersions>) | null;
  #reading: Promise<void> | null = null;

  /** `readAgain`: asked when something is sealed under a version that came later. */
  constructor(versions: MasterKeyVersions, readAgain: (() => Promise<MasterKeyVersions>) | null = null) {
    if (versions.size === 0) throw new Error('a master key needs at least one version');
    this.#readAgain = readAgain;
    this.#add(versions);
  }

  #add(versions: MasterKeyVersions): void {
    for (const [version, bytes] of versions) {
      if (bytes.length !== MASTER_KEY_BYTES) throw new Error(`a master key has ${MASTER_KEY_BYTES} bytes`);
      this.#sealingKeys.set(version, Buffer.from(hkdfSync('sha256', bytes, '', 'vstorage/sealed-secrets/v1', 32)));
      const digest = createHmac('sha256', bytes).update('vstorage/fingerprint/v1').digest('hex');
      this.#fingerprints.set(version, digest.slice(0, 32));
    }
  }

  /** the highest */
  get currentVersion(): number {
    return Math.max(...this.#sealingKeys.keys());
  }

  /** Reads the master key again when this version is not known: it was rotated while this process ran. */
  async need(version: number): Promise<void> {
    // twice: a reading that another request had begun may be older than the version
    for (let attempt = 0; attempt < 2 && !this.#sealingKeys.has(version); attempt++) await this.#read();
  }

  async #read(): Promise<void> {
    if (this.#readAgain === null) return;
    this.#reading ??= this.#readAgain()
      .then((versions) => this.#add(versions))
      .finally(() => {
        this.#reading = null;
      });
    await this.#reading;
  }

  /** Reads the master key again: versions that came later are known before something is sealed under them. */
  async refresh(): Promise<void> {
    await this.#read();
  }

  /** by fingerprint; never a key itself */
  versions(): { readonly keyVersion: number; readonly fingerprint: string }[] {
    return [...this.#fingerprints].map(([keyVersion, fingerprint]) => ({ keyVersion, fingerprint }));
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

export function seal(
  masterKey: MasterKey,
  text: string,
  aad: string,
  keyVersion: number = masterKey.currentVersion,
): SealedText {
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

type Opened = { readonly masterKey: MasterKey; readonly aad: string; readonly text: string };

/** For as long as the very record they stand in is held (`decodeShared`): every request of a key needs its secret. */
const opened = new WeakMap<SealedText, Opened>();

/** What `openSealed` would answer, when it has before. */
export function openedBefore(masterKey: MasterKey, sealed: SealedText, aad: string): string | undefined {
  const known = opened.get(sealed);
  return known?.masterKey === masterKey && known.aad === aad ? known.text : undefined;
}

/** Like `unseal`, also when the master key was rotated since this process read it. */
export async function openSealed(masterKey: MasterKey, sealed: SealedText, aad: string): Promise<string> {
  const known = openedBefore(masterKey, sealed, aad);
  if (known !== undefined) return known;
  await masterKey.need(sealed.keyVersion);
  const text = unseal(masterKey, sealed, aad);
  opened.set(sealed, { masterKey, aad, text });
  return text;
}
