// How the bytes of objects are encrypted, and the keys above the objects' own.
import { encodeKey, prefixRange, tables } from '../keys.ts';
import type { Bytes } from '../metadata-store.ts';
import type { SealedText } from './identities.ts';

/** A data key, encrypted under a key derived with `salt` from the one above it; base64. */
export type WrappedKey = { readonly salt: string; readonly ciphertext: string };

/** An object's data key and how to get at it. Bodies are encrypted under keys derived from it, see BodyCipher. */
export type ObjectEncryption =
  | { readonly kind: 'SSE-S3'; readonly keyVersion: number; readonly dataKey: WrappedKey }
  | {
      readonly kind: 'SSE-KMS';
      readonly keyName: string;
      readonly keyVersion: number;
      /** the encryption context as the client sent it: base64 of JSON */
      readonly context: string | null;
      readonly bucketKey: boolean;
      readonly dataKey: WrappedKey;
    }
  /** `keyMd5` (base64) is what S3's answers show; the key itself is kept nowhere */
  | { readonly kind: 'SSE-C'; readonly keyMd5: string; readonly dataKey: WrappedKey };

/** Of one stored body: `salt` (base64) makes its key from the object's data key. */
export type BodyCipher = { readonly v: 1; readonly salt: string };

/** `sse-s3` has one key with the name ''; `kms` one for each name. */
export type KeyPurpose = 'sse-s3' | 'kms';

/** A key that wraps data keys, sealed under the master key. The highest version wraps, all unwrap. */
export type KeyEncryptionKeyRecord = {
  readonly v: 1;
  readonly purpose: KeyPurpose;
  readonly name: string;
  readonly version: number;
  readonly createdAt: number;
  readonly sealed: SealedText;
};

/** value: KeyEncryptionKeyRecord */
export const keyEncryptionKeyKey = (purpose: KeyPurpose, name: string, version: number): Bytes =>
  encodeKey(tables.keyEncryptionKey, purpose, name, BigInt(version));
export const keyEncryptionKeyRange = (purpose: KeyPurpose, name: string): { start: Bytes; end: Bytes } =>
  prefixRange(tables.keyEncryptionKey, purpose, name);
