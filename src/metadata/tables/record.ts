// Values are JSON with a schema version `v`; migrations/ upgrades older ones.
import type { Bytes } from '../metadata-store.ts';

export function encodeRecord(record: { readonly v: number }): Bytes {
  return Buffer.from(JSON.stringify(record), 'utf8');
}

/** The caller names the table it read from; records are only ever written by `encodeRecord`. */
export function decodeRecord<T extends { readonly v: number }>(value: Bytes): T {
  return JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8')) as T;
}

const MAX_SHARED = 4096;
const shared = new Map<string, unknown>();

/**
 * For rows that many requests read and few change: rows of the same bytes are one record, parsed once. Whoever has the
 * bytes has read them, so nothing old is ever found here.
 */
export function decodeShared<T extends { readonly v: number }>(value: Bytes): T {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');
  const known = shared.get(bytes);
  if (known !== undefined) return known as T;
  const record = decodeRecord<T>(value);
  if (shared.size >= MAX_SHARED) shared.clear();
  shared.set(bytes, record);
  return record;
}
