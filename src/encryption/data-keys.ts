// Data keys: 256 random bits for each object, kept only wrapped under a key-encryption key or the customer's own key.
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { WrappedKey } from '../metadata/tables/encryption.ts';
import { randomPiece } from '../shared/random.ts';

const TAG_BYTES = 16;
// Each wrapping has a key of its own, derived with a random salt: however many keys are wrapped, none shares a nonce.
const NONCE = Buffer.alloc(12);

export function newDataKey(): KeyObject {
  const bytes = randomPiece(32);
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}

function wrappingKey(above: KeyObject, salt: Buffer): Buffer {
  return createHmac('sha256', above).update('vstorage/wrap/v1').update(salt).digest();
}

/** `context` is bound to the key: it opens only with the same. */
export function wrapKey(above: KeyObject, dataKey: KeyObject, context: string): WrappedKey {
  const salt = randomPiece(16);
  const cipher = createCipheriv('aes-256-gcm', wrappingKey(above, salt), NONCE);
  cipher.setAAD(Buffer.from(context, 'utf8'));
  const ciphertext = Buffer.concat([cipher.update(dataKey.export()), cipher.final(), cipher.getAuthTag()]);
  return { salt: salt.toString('base64'), ciphertext: ciphertext.toString('base64') };
}

/** undefined: `above` or `context` is not what it was wrapped with. */
export function unwrapKey(above: KeyObject, wrapped: WrappedKey, context: string): KeyObject | undefined {
  const bytes = Buffer.from(wrapped.ciphertext, 'base64');
  const salt = Buffer.from(wrapped.salt, 'base64');
  const options = { authTagLength: TAG_BYTES };
  const decipher = createDecipheriv('aes-256-gcm', wrappingKey(above, salt), NONCE, options);
  decipher.setAAD(Buffer.from(context, 'utf8'));
  try {
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return createSecretKey(Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]));
  } catch {
    return undefined;
  }
}

const MAX_OPENED = 4096;
const openedUnder = new WeakMap<KeyObject, Map<string, KeyObject>>();

/** Like `unwrapKey`, remembering the last few thousand: objects that are read once are mostly read again. */
export function unwrapOnce(above: KeyObject, wrapped: WrappedKey, context: string): KeyObject | undefined {
  const opened = openedUnder.get(above) ?? new Map<string, KeyObject>();
  openedUnder.set(above, opened);
  const name = `${wrapped.salt} ${wrapped.ciphertext} ${context}`;
  const key = opened.get(name) ?? unwrapKey(above, wrapped, context);
  if (opened.size >= MAX_OPENED) opened.clear();
  if (key !== undefined) opened.set(name, key);
  return key;
}
