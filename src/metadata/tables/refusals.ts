// Requests that were refused, with why: for a week, so many of an account.
import { encodeKey, KeyReader, prefixRange, tables } from '../keys.ts';
import type { Bytes } from '../metadata-store.ts';

type KeyRange = { readonly start: Bytes; readonly end: Bytes };

/** Of what is nobody's: an unknown access key, a request without a signature to what belongs to nobody. */
export const NOBODY = 'nobody';

/** value: RefusalRecord (explain/refusal.ts) */
export const refusalKey = (requestId: string): Bytes => encodeKey(tables.refusal, 'id', requestId);
/** value: empty; in order of time */
export const refusalByAccountKey = (accountId: string, at: number, requestId: string): Bytes =>
  encodeKey(tables.refusal, 'account', accountId, BigInt(at), requestId);
export const refusalsOfAccountRange = (accountId: string): KeyRange =>
  prefixRange(tables.refusal, 'account', accountId);
export const refusalsByAccountRange = (): KeyRange => prefixRange(tables.refusal, 'account');
export function readRefusalByAccountKey(key: Bytes): {
  readonly accountId: string;
  readonly at: number;
  readonly requestId: string;
} {
  const reader = new KeyReader(key);
  reader.text();
  return { accountId: reader.text(), at: Number(reader.uint()), requestId: reader.text() };
}
