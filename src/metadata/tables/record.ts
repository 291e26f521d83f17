// Values are JSON with a schema version `v`; migrations/ upgrades older ones.
import type { Bytes } from '../metadata-store.ts';

export function encodeRecord(record: { readonly v: number }): Bytes {
  return Buffer.from(JSON.stringify(record), 'utf8');
}

/** The caller names the table it read from; records are only ever written by `encodeRecord`. */
export function decodeRecord<T extends { readonly v: number }>(value: Bytes): T {
  return JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8')) as T;
}
