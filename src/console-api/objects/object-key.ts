import { S3Error } from '../../shared/errors.ts';
import type { ObjectKey } from '../../shared/ids.ts';

const MAX_KEY_BYTES = 1024;

/** Throws KeyTooLongError, and InvalidRequest for half a character, which UTF-8 cannot hold. */
export function parseObjectKey(text: string): ObjectKey {
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > MAX_KEY_BYTES) {
    throw new S3Error('KeyTooLongError', {
      message: `The key has ${sizeBytes} bytes in UTF-8; ${MAX_KEY_BYTES} is the most.`,
    });
  }
  if (!text.isWellFormed()) throw new S3Error('InvalidRequest', { message: 'The key is not valid Unicode.' });
  return text as ObjectKey;
}
