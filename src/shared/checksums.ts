// S3's checksums, computed while streaming, and CRCs of two strings put together from the CRCs of each.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { crc32c } from '@node-rs/crc32';
import { CRC64NVME_POLYNOMIAL, crc64Value, newCrc64, updateCrc64 } from './crc64nvme.ts';
import { xxhasher } from './xxhash.ts';

export const checksumNames = [
  'CRC32',
  'CRC32C',
  'CRC64NVME',
  'SHA1',
  'SHA256',
  'SHA512',
  'MD5',
  'XXHASH64',
  'XXHASH3',
  'XXHASH128',
] as const;
export type ChecksumName = (typeof checksumNames)[number];
export type DigestName = ChecksumName;

/** Bytes of the raw digest; CRCs and xxHashes are big-endian, as S3 writes them. */
export const digestSizes: Readonly<Record<DigestName, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
  SHA512: 64,
  MD5: 16,
  XXHASH64: 8,
  XXHASH3: 8,
  XXHASH128: 16,
};

/** Fed in order, finished once. */
export type Hasher = {
  readonly update: (chunk: Uint8Array) => void;
  readonly digest: () => Buffer;
};

export function createHasher(name: DigestName): Hasher {
  switch (name) {
    case 'CRC32':
      return crc32Hasher((chunk, state) => crc32(chunk, state));
    case 'CRC32C':
      return crc32Hasher((chunk, state) => crc32c(chunk, state));
    case 'CRC64NVME':
      return crc64Hasher();
    case 'SHA1':
    case 'SHA256':
    case 'SHA512':
    case 'MD5':
      return cryptoHasher(name.toLowerCase());
    case 'XXHASH64':
    case 'XXHASH3':
    case 'XXHASH128':
      return xxhasher(name);
  }
}

function crc32Hasher(step: (chunk: Uint8Array, state: number) => number): Hasher {
  let state = 0;
  return {
    update: (chunk) => {
      state = step(chunk, state);
    },
    digest: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(state >>> 0);
      return bytes;
    },
  };
}

function crc64Hasher(): Hasher {
  const state = newCrc64();
  return {
    update: (chunk) => updateCrc64(state, chunk),
    digest: () => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64BE(crc64Value(state));
      return bytes;
    },
  };
}

function cryptoHasher(name: string): Hasher {
  const hash = createHash(name);
  return {
    update: (chunk) => {
      hash.update(chunk);
    },
    digest: () => hash.digest(),
  };
}

/** The digest of bytes that are all there. */
export function digestOf(name: DigestName, bytes: Uint8Array): Buffer {
  const hasher = createHasher(name);
  hasher.update(bytes);
  return hasher.digest();
}

/** The raw digest, or null when `text` is not the base64 of one (length, alphabet and padding are all checked). */
export function parseDigest(name: DigestName, text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === digestSizes[name] && bytes.toString('base64') === text ? bytes : null;
}

/** The CRC of A‖B from the CRCs of A and of B and B's length in bytes. */
export const crc32Combine = (crcA: number, crcB: number, lengthB: number): number =>
  Number(combine32(BigInt(crcA), BigInt(crcB), lengthB));
export const crc32cCombine = (crcA: number, crcB: number, lengthB: number): number =>
  Number(combine32c(BigInt(crcA), BigInt(crcB), lengthB));
export const crc64nvmeCombine = (crcA: bigint, crcB: bigint, lengthB: number): bigint =>
  combine64nvme(crcA, crcB, lengthB);

/** The same on S3's base64 values: what FULL_OBJECT of a multipart upload is made of, part by part. */
export function combineChecksums(
  name: 'CRC32' | 'CRC32C' | 'CRC64NVME',
  a: string,
  b: string,
  lengthB: number,
): string {
  const combine = { CRC32: combine32, CRC32C: combine32c, CRC64NVME: combine64nvme }[name];
  const [crcA, crcB] = [a, b].map((text) => BigInt(`0x${Buffer.from(text, 'base64').toString('hex')}`));
  if (crcA === undefined || crcB === undefined) throw new Error('a checksum is missing');
  const hex = combine(crcA, crcB, lengthB).toString(16);
  return Buffer.from(hex.padStart(digestSizes[name] * 2, '0'), 'hex').toString('base64');
}

type Combine = (crcA: bigint, crcB: bigint, lengthB: number) => bigint;

/**
 * Appending n bytes multiplies a CRC by x^8n modulo the polynomial (bit-reflected here: the top bit is x^0). The last
 * factor is kept: the parts of an upload nearly always have one length, and 10,000 of them take 0.1 s instead of 2 s.
 */
function makeCombine(width: bigint, polynomial: bigint): Combine {
  const one = 1n << (width - 1n);
  const squares = [one >> 1n];
  let last = { lengthB: 0, factor: one };
  const multiply = (a: bigint, b: bigint): bigint => {
    let product = 0n;
    for (let mask = one, shifted = b; mask > 0n; mask >>= 1n) {
      if ((a & mask) !== 0n) product ^= shifted;
      shifted = (shifted & 1n) === 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
    }
    return product;
  };
  const square = (index: number): bigint => {
    const known = squares[index];
    if (known !== undefined) return known;
    const root = square(index - 1);
    return (squares[index] = multiply(root, root));
  };
  const factorOf = (lengthB: number): bigint => {
    let factor = one;
    for (let bits = BigInt(lengthB), index = 3; bits > 0n; bits >>= 1n, index++) {
      if ((bits & 1n) === 1n) factor = multiply(square(index), factor);
    }
    return factor;
  };
  return (crcA, crcB, lengthB) => {
    if (last.lengthB !== lengthB) last = { lengthB, factor: factorOf(lengthB) };
    return multiply(last.factor, crcA) ^ crcB;
  };
}

const combine32 = makeCombine(32n, 0xedb8_8320n);
const combine32c = makeCombine(32n, 0x82f6_3b78n);
const combine64nvme = makeCombine(64n, CRC64NVME_POLYNOMIAL);
