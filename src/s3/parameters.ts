// How operations read headers and query parameters.
import { S3Error } from '../shared/errors.ts';
import type { S3Request } from './operation.ts';

/** Header values come one character per byte; clients send UTF-8 in them. What is no UTF-8 stays Latin-1. */
export function decodeHeader(value: string): string {
  if (!/[\x80-\xff]/.test(value)) return value;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}

/** The way back: text as one character per byte of its UTF-8, which is what Node writes. */
export function encodeHeader(value: string): string {
  return /[^\x00-\x7f]/.test(value) ? Buffer.from(value, 'utf8').toString('latin1') : value;
}

// A pre-signed URL of an SDK carries `x-amz-*` headers as query parameters. Checksums there are of the empty body the
// URL was signed with, so S3 does not look at them.
const HOISTED = /^x-amz-(?!checksum-(?:crc|sha|md5|xxhash)|sdk-checksum)[a-z0-9-]+$/;

/** A header, or the query parameter that stands for it in a pre-signed URL. */
export function findHeader(request: S3Request, name: string): string | undefined {
  const header = request.headers.get(name);
  if (header !== undefined) return decodeHeader(header);
  const parameter = request.query.get(name);
  return parameter !== undefined && HOISTED.test(name) ? parameter : undefined;
}

/** All headers, those that stand in the query included: what a policy's conditions look at. */
export function effectiveHeaders(request: S3Request): ReadonlyMap<string, string> {
  const { query, headers } = request;
  for (const name of query.keys()) if (HOISTED.test(name)) return withHoisted(query, headers);
  return headers;
}

function withHoisted(query: S3Request['query'], headers: S3Request['headers']): ReadonlyMap<string, string> {
  return new Map([...[...query].filter(([name]) => HOISTED.test(name)), ...headers]);
}

/** Every `x-amz-…` name with this prefix, as `findHeader` would find it. */
export function headersWithPrefix(request: S3Request, prefix: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of request.query) if (name.startsWith(prefix)) found.set(name, value);
  for (const [name, value] of request.headers) if (name.startsWith(prefix)) found.set(name, decodeHeader(value));
  return found;
}

export function invalidArgument(name: string, value: string, message: string): S3Error {
  return new S3Error('InvalidArgument', { message, fields: { ArgumentName: name, ArgumentValue: value } });
}

/** A whole number of a query parameter, or undefined when it is absent or empty. */
export function findCount(
  request: S3Request,
  name: string,
  bounds: { readonly min: number; readonly max: number },
): number | undefined {
  const text = request.query.get(name);
  if (text === undefined || text === '') return undefined;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= bounds.min && value <= bounds.max)) {
    const message = /^-?\d+$/.test(text)
      ? `Argument ${name} must be an integer between ${bounds.min} and ${bounds.max}`
      : `Provided ${name} not an integer or within integer range`;
    throw invalidArgument(name, text, message);
  }
  return value;
}

export const MAX_COUNT = 2 ** 31 - 1;

export type Encoding = (text: string) => string;

const UNRESERVED = /[^A-Za-z0-9\-._*/]/;

/** `encoding-type=url`: as S3 does it, space becomes `+`, `/` and `*` stay. */
export function urlEncode(text: string): string {
  if (!UNRESERVED.test(text)) return text;
  return Array.from(Buffer.from(text, 'utf8'), encodeByte).join('');
}

function encodeByte(byte: number): string {
  const char = String.fromCharCode(byte);
  if (char === ' ') return '+';
  return /[A-Za-z0-9\-._*/]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** How keys stand in a listing: as they are, or URL-encoded. */
export function listingEncoding(request: S3Request): { readonly type: string | null; readonly encode: Encoding } {
  const type = request.query.get('encoding-type') ?? '';
  if (type === '') return { type: null, encode: (text) => text };
  if (type.toLowerCase() === 'url') return { type: 'url', encode: urlEncode };
  throw invalidArgument('encoding-type', type, 'Invalid Encoding Method specified in Request');
}
