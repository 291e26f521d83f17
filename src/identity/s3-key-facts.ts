// What stands on a key as people enter it.
import { ProblemError } from '../shared/errors.ts';
import { type AccessKey, newAccessKey, newSecretKey } from '../shared/ids.ts';

export type Pair = { readonly accessKey: AccessKey; readonly secretKey: string };

export const newPair = (): Pair => ({ accessKey: newAccessKey(), secretKey: newSecretKey() });

export function parsePair({ accessKey, secretKey }: { accessKey: string; secretKey: string }): Pair {
  if (!/^[A-Za-z0-9._-]{3,128}$/.test(accessKey)) {
    const message = 'An access key has 3 to 128 characters, of letters, digits and . _ -';
    throw new ProblemError(400, 'invalid-access-key', message, { field: 'accessKey' });
  }
  if (!/^[\x20-\x7e]{8,128}$/.test(secretKey)) {
    const message = 'A secret key has 8 to 128 printable ASCII characters.';
    throw new ProblemError(400, 'invalid-secret-key', message, { field: 'secretKey' });
  }
  return { accessKey: accessKey as AccessKey, secretKey };
}

export function parseDescription(text: string): string {
  const description = text.trim();
  if (Array.from(description).length <= 256 && !/\p{Cc}/u.test(description)) return description;
  const message = 'A description has at most 256 characters and no line breaks.';
  throw new ProblemError(400, 'invalid-description', message, { field: 'description' });
}

export function parseExpiry(expiresAt: number | null, now: number): number | null {
  if (expiresAt === null || (Number.isSafeInteger(expiresAt) && expiresAt > now)) return expiresAt;
  throw new ProblemError(400, 'invalid-expiry', 'The expiry must lie in the future.', { field: 'expiresAt' });
}
