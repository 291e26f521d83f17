// The key encoding, known to this module only. A key is one table byte and then components whose bytes compare as
// the components do:
//   text   UTF-8 with 00 written as 00 FF, ended by 00 01
//   uint   8 bytes, big-endian
//   tail   UTF-8 as it is, only as the last component (an S3 key: 1,024 bytes stay 1,024 bytes)
import type { Bytes } from './metadata-store.ts';

/** One byte per key space. Never renumber: these bytes are on disk. */
export const tables = {
  meta: 0x01,
  account: 0x10,
  accountByEmail: 0x11,
  user: 0x12,
  userByName: 0x13,
  policy: 0x14,
  s3Key: 0x15,
  s3KeyByProject: 0x16,
  s3KeyByOwner: 0x17,
  epoch: 0x18,
  session: 0x19,
  sessionByOwner: 0x1a,
  signInFailures: 0x1b,
  s3KeyById: 0x1c,
  s3KeyUse: 0x1d,
  accountByCanonicalId: 0x1e,
  project: 0x20,
  projectByAccount: 0x21,
  projectByName: 0x22,
  projectTrash: 0x23,
  group: 0x24,
  groupByName: 0x25,
  groupMember: 0x26,
  serviceAccount: 0x27,
  serviceAccountByName: 0x28,
  role: 0x29,
  roleByName: 0x2a,
  openIdProvider: 0x2b,
  policyVersion: 0x2c,
  temporaryKey: 0x2d,
  apiToken: 0x2e,
  bucket: 0x30,
  bucketByProject: 0x31,
  bucketConfiguration: 0x32,
  externalBucket: 0x33,
  current: 0x40,
  version: 0x41,
  nullVersion: 0x42,
  inlineBody: 0x43,
  partList: 0x44,
  upload: 0x45,
  uploadByKey: 0x46,
  part: 0x47,
  restoreEnd: 0x48,
  usage: 0x50,
  usageHistory: 0x51,
  meter: 0x52,
  projectEvent: 0x53,
  projectWatch: 0x54,
  stagedBlob: 0x60,
  garbage: 0x61,
  jobLease: 0x70,
  jobState: 0x71,
  lifecycleProgress: 0x72,
  task: 0x73,
  gateway: 0x74,
  moveChange: 0x75,
  audit: 0x80,
  outbox: 0x81,
  accessLog: 0x82,
  refusal: 0x83,
  auditIndex: 0x84,
  auditCheckpoint: 0x85,
  keyEncryptionKey: 0x90,
  emailToken: 0x91,
  signInState: 0x92,
  signInFactor: 0x93,
  identityProvider: 0x94,
  accountSetting: 0x95,
} as const;

export type Table = (typeof tables)[keyof typeof tables];

/** `{ tail }` must come last. */
export type Component = string | bigint | { readonly tail: string };

const NUL = '\0';
const UINT_BYTES = 8;

/** 00 in a text stands as 00 FF. */
function escaped(text: string): string | Buffer {
  if (!text.includes(NUL)) return text;
  return Buffer.concat(
    text.split(NUL).flatMap((part, index) => [...(index === 0 ? [] : [ESCAPED_NUL]), Buffer.from(part)]),
  );
}

const ESCAPED_NUL = Buffer.of(0x00, 0xff);

type Part = Component | Buffer;

function sizeOf(component: Part): number {
  if (typeof component === 'bigint') return UINT_BYTES;
  if (typeof component === 'string' || Buffer.isBuffer(component)) return Buffer.byteLength(component) + 2;
  return Buffer.byteLength(component.tail);
}

const partOf = (component: Component): Part => (typeof component === 'string' ? escaped(component) : component);

/** Every request makes several: sizes first, then one buffer. */
export function encodeKey(table: Table, ...components: Component[]): Bytes {
  let sizeBytes = 1;
  for (const component of components) sizeBytes += sizeOf(partOf(component));
  const key = Buffer.allocUnsafe(sizeBytes);
  key[0] = table;
  let at = 1;
  for (const component of components) {
    const part = partOf(component);
    if (typeof part === 'bigint') at = key.writeBigUInt64BE(part, at);
    else if (typeof part === 'string' || Buffer.isBuffer(part)) {
      at += typeof part === 'string' ? key.write(part, at, 'utf8') : part.copy(key, at);
      key[at++] = 0x00;
      key[at++] = 0x01;
    } else at += key.write(part.tail, at, 'utf8');
  }
  return key;
}

/** First key after every key that starts with `prefix`. */
export function prefixEnd(prefix: Bytes): Bytes {
  const end = Buffer.from(prefix);
  for (let i = end.length - 1; i >= 0; i--) {
    const byte = end[i] ?? 0;
    if (byte < 0xff) {
      end[i] = byte + 1;
      return end.subarray(0, i + 1);
    }
  }
  throw new RangeError('a key of 0xFF bytes has no end');
}

/** The range of all keys that begin with these components. */
export function prefixRange(table: Table, ...components: Component[]): { start: Bytes; end: Bytes } {
  const start = encodeKey(table, ...components);
  return { start, end: prefixEnd(start) };
}

/** The smallest key greater than `key`. */
export function keyAfter(key: Bytes): Bytes {
  return Buffer.concat([key, Buffer.of(0)]);
}

/**
 * The text after `skip` texts of a key or of a bound made from one, as UTF-8: of a bound it may lack its end, or be no
 * text but the first bytes after all texts that begin the same.
 */
export function openTextBytes(key: Bytes, skip: number): Bytes {
  let at = 1;
  for (let texts = 0; texts < skip; texts++) at = textEnd(key, at) + 2;
  const text = Buffer.from(key.buffer, key.byteOffset + at, textEnd(key, at) - at);
  return text.includes(0) ? text.filter((byte, index) => !(byte === 0xff && text[index - 1] === 0)) : text;
}

/** Where the terminator of the text that begins at `from` stands, or the end of the key when it has none. */
function textEnd(key: Bytes, from: number): number {
  let at = from;
  while (at < key.length && !(key[at] === 0 && key[at + 1] === 0x01)) at++;
  return at;
}

/** Reads the components of an encoded key back, in order. */
export class KeyReader {
  readonly #bytes: Buffer;
  #offset = 1;

  constructor(key: Bytes) {
    this.#bytes = Buffer.from(key.buffer, key.byteOffset, key.byteLength);
  }

  text(): string {
    let from = this.#offset;
    const parts: Buffer[] = [];
    for (;;) {
      const zero = this.#bytes.indexOf(0, from);
      if (zero < 0 || zero + 1 >= this.#bytes.length) throw new RangeError('a text component has no end');
      if (this.#bytes[zero + 1] === 0x01) {
        parts.push(this.#bytes.subarray(this.#offset, zero));
        this.#offset = zero + 2;
        return Buffer.concat(parts).toString('utf8');
      }
      parts.push(this.#bytes.subarray(this.#offset, zero + 1));
      this.#offset = zero + 2;
      from = this.#offset;
    }
  }

  uint(): bigint {
    const value = this.#bytes.readBigUInt64BE(this.#offset);
    this.#offset += 8;
    return value;
  }

  tail(): string {
    return this.#bytes.toString('utf8', this.#offset);
  }
}
