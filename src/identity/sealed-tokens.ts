// Short-lived tokens that the server hands out and gets back: challenges, steps of a sign-in. What they say is sealed
// under the master key, so that any worker can read them, nobody can make one, and nothing needs to be stored.
import type { MasterKey } from './sealing.ts';
import { openSealed, seal } from './sealing.ts';

export type TokenPurpose = 'second-factor' | 'passkey-sign-in' | 'passkey-registration' | 'oidc-sign-in';

type Sealed<T> = { readonly expiresAt: number; readonly content: T };

const aadOf = (purpose: TokenPurpose): string => `vstorage/token/v1/${purpose}`;

/** Base64url characters and dots. */
export function sealToken<T>(masterKey: MasterKey, purpose: TokenPurpose, content: T, expiresAt: number): string {
  const sealed: Sealed<T> = { expiresAt, content };
  const { keyVersion, nonce, ciphertext, tag } = seal(masterKey, JSON.stringify(sealed), aadOf(purpose));
  return [String(keyVersion), nonce, ciphertext, tag].map(toUrl).join('.');
}

const toUrl = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
const fromUrl = (text: string): string => text.replaceAll('-', '+').replaceAll('_', '/');

const FORM = /^(\d{1,9})\.([\w-]{16})\.([\w-]{2,16000})\.([\w-]{22})$/;

/** undefined: made up, meant for something else, or too old. `T` is what this purpose is sealed with. */
export async function openToken<T>(
  masterKey: MasterKey,
  purpose: TokenPurpose,
  token: string,
  now: number,
): Promise<T | undefined> {
  const [, version, nonce = '', ciphertext = '', tag = ''] = FORM.exec(token) ?? [];
  if (version === undefined) return undefined;
  try {
    const parts = { nonce: fromUrl(nonce), ciphertext: fromUrl(ciphertext), tag: fromUrl(tag) };
    const text = await openSealed(masterKey, { keyVersion: Number(version), ...parts }, aadOf(purpose));
    const sealed = JSON.parse(text) as Sealed<T>;
    return sealed.expiresAt > now ? sealed.content : undefined;
  } catch {
    // sealed under another key or changed on the way: nothing of ours
    return undefined;
  }
}
