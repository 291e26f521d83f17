// Parameters and results in PostgreSQL's formats. Parameters are binary arrays: half the bytes of text and nothing to
// escape. Results come as text, because the library reads nothing else.
import type { Bytes } from './metadata-store.ts';

const BOOLEAN = 16;
const BYTEA = 17;
const INTEGER = 23;

export type Parameter = Buffer | string;

/** A `bytea[]`; undefined: NULL. */
export function byteaArray(values: readonly (Bytes | undefined)[]): Buffer {
  let sizeBytes = 20;
  for (const value of values) sizeBytes += 4 + (value?.length ?? 0);
  const array = arrayHead(sizeBytes, BYTEA, values.length);
  let offset = 20;
  for (const value of values) {
    offset = array.writeInt32BE(value?.length ?? -1, offset);
    if (value === undefined) continue;
    array.set(value, offset);
    offset += value.length;
  }
  return values.length === 0 ? array.subarray(0, 12) : array;
}

export function integerArray(values: readonly number[]): Buffer {
  const array = arrayHead(20 + 8 * values.length, INTEGER, values.length);
  let offset = 20;
  for (const value of values) offset = array.writeInt32BE(value, array.writeInt32BE(4, offset));
  return values.length === 0 ? array.subarray(0, 12) : array;
}

export function booleanArray(values: readonly boolean[]): Buffer {
  const array = arrayHead(20 + 5 * values.length, BOOLEAN, values.length);
  let offset = 20;
  for (const value of values) offset = array.writeUInt8(value ? 1 : 0, array.writeInt32BE(1, offset));
  return values.length === 0 ? array.subarray(0, 12) : array;
}

/** Of any size, so as text; null: NULL. */
export function numericArray(values: readonly (bigint | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : value.toString())).join(',')}}`;
}

/** https://www.postgresql.org/docs/current/protocol-overview.html, array_send: dimensions, has NULLs, type, size, first index */
function arrayHead(sizeBytes: number, type: number, count: number): Buffer {
  const array = Buffer.allocUnsafe(sizeBytes);
  array.writeInt32BE(count === 0 ? 0 : 1, 0);
  array.writeInt32BE(1, 4);
  array.writeInt32BE(type, 8);
  array.writeInt32BE(count, 12);
  array.writeInt32BE(1, 16);
  return array;
}

/** A `bytea` column: `\x` and hexadecimal digits. */
export function readBytea(text: string): Bytes {
  return Buffer.from(text.slice(2), 'hex');
}
