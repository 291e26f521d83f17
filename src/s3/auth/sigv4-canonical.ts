// The canonical request of AWS Signature Version 4 as S3 does it: the path encoded once, nothing collapsed.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
// Strings here hold one byte per character (Node gives header values and the URL that way), so bytes that are no
// UTF-8 pass through unchanged.

const HEX = Array.from({ length: 256 }, (_, byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`);
/** Canonical already: unreserved characters, and escapes of others in capitals. */
const CANONICAL = /^(?:[A-Za-z0-9\-._~]|%(?:2[0-9A-CF]|3[A-F]|40|5[B-E]|60|7[B-DF]|[0189A-F][0-9A-F]))*$/;
const PLAIN_PATH = /^[A-Za-z0-9\-._~/]*$/;
const UNRESERVED = new Set(Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'));
const SLASH = 0x2f;
const SPACE = 0x20;

/** The path as sent, decoded and encoded again: what is not unreserved becomes `%XX`, `/` and `%2F` become `/`. */
export function canonicalPath(rawPath: string): string {
  return PLAIN_PATH.test(rawPath) ? rawPath : encode(decode(rawPath, false), true);
}

/** Sorted by encoded name, then by encoded value; a parameter without `=` gets an empty value; `omit` is left out. */
export function canonicalQuery(rawQuery: string, omit: string | null): string {
  if (rawQuery === '') return '';
  const pairs: Pair[] = [];
  let isSorted = true;
  for (const part of rawQuery.split('&')) {
    if (part === '') continue;
    const pair = canonicalPair(part);
    if (pair[0] === omit) continue;
    const before = pairs.at(-1);
    if (before !== undefined && comparePairs(before, pair) > 0) isSorted = false;
    pairs.push(pair);
  }
  // signers mostly send them as they signed them
  if (!isSorted) pairs.sort(comparePairs);
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

type Pair = readonly [name: string, value: string];

const comparePairs = ([nameA, valueA]: Pair, [nameB, valueB]: Pair): number =>
  compare(nameA, nameB) || compare(valueA, valueB);

/** Trimmed, and every run of blanks one space. */
export function canonicalHeaderValue(value: string): string {
  return value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '');
}

export type CanonicalRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** name and canonical value, in the order of SignedHeaders */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly payloadHash: string;
};

export function canonicalRequest({ method, path, query, headers, payloadHash }: CanonicalRequest): string {
  const lines = headers.map(([name, value]) => `${name}:${value}\n`).join('');
  const names = headers.map(([name]) => name).join(';');
  return `${method}\n${path}\n${query}\n${lines}\n${names}\n${payloadHash}`;
}

function canonicalPair(part: string): Pair {
  const equals = part.indexOf('=');
  return equals === -1
    ? [canonicalComponent(part), '']
    : [canonicalComponent(part.slice(0, equals)), canonicalComponent(part.slice(equals + 1))];
}

function canonicalComponent(raw: string): string {
  return CANONICAL.test(raw) ? raw : encode(decode(raw, true), false);
}

/** A `%` that starts no escape stands for itself, so every URL has exactly one canonical form. */
function decode(raw: string, plusIsSpace: boolean): number[] {
  const bytes: number[] = [];
  for (let index = 0; index < raw.length; index++) {
    const code = raw.charCodeAt(index);
    const escape = code === 0x25 ? raw.slice(index + 1, index + 3) : '';
    if (/^[0-9A-Fa-f]{2}$/.test(escape)) {
      bytes.push(Number.parseInt(escape, 16));
      index += 2;
    } else if (plusIsSpace && code === 0x2b) {
      bytes.push(SPACE);
    } else if (code < 0x100) {
      bytes.push(code);
    } else {
      bytes.push(...Buffer.from(raw.charAt(index), 'utf8'));
    }
  }
  return bytes;
}

function encode(bytes: readonly number[], keepSlash: boolean): string {
  const plain = (byte: number): boolean => UNRESERVED.has(byte) || (keepSlash && byte === SLASH);
  return bytes.map((byte) => (plain(byte) ? String.fromCharCode(byte) : HEX[byte])).join('');
}

/** Both are ASCII by now: code unit order is byte order. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
