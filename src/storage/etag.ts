// Entity tags are kept without quotes.
import { createHash, randomBytes } from 'node:crypto';
import type { ObjectEncryption } from '../metadata/tables/encryption.ts';

/** `"abc"`, `abc` and `W/"abc"` name the same object to S3. */
export function bareEtag(text: string): string {
  const strong = text.trim().replace(/^W\//, '');
  return strong.startsWith('"') && strong.endsWith('"') && strong.length >= 2 ? strong.slice(1, -1) : strong;
}

/** Whether a header of one or several entity tags, or `*`, names this one. */
export function etagListHas(header: string, etag: string): boolean {
  return header.split(',').some((text) => text.trim() === '*' || bareEtag(text) === etag);
}

/** S3's entity tag of a multipart object: the MD5 of the parts' MD5s, and their number. */
export function multipartEtag(partEtags: readonly string[]): string {
  const hash = createHash('md5');
  for (const etag of partEtags) hash.update(etag, 'hex');
  return `${hash.digest('hex')}-${partEtags.length}`;
}

/** Whether the entity tag of an object or part that came in one piece is its MD5. Under KMS and customers' keys it is not. */
export const etagIsMd5 = (encryption: ObjectEncryption | null | undefined): boolean =>
  !encryption || encryption.kind === 'SSE-S3';

/** The entity tag of what came in one piece. An MD5 would tell something about bytes that only their owner may see. */
export const bodyEtag = (md5Hex: string, encryption: ObjectEncryption | null | undefined): string =>
  etagIsMd5(encryption) ? md5Hex : randomBytes(16).toString('hex');
