// The form of an encrypted body: chunks of 65,520 bytes, each sealed with AES-256-GCM and followed by its tag, so that
// a stored chunk is one 64 KiB block of the blob store. Every body has a key of its own (derived with a random salt from
// the object's data key), so a nonce is only the chunk's number and a flag for the last one: a chunk that is changed,
// moved, left out, or taken from another body does not open. A range reads and opens only the chunks it touches.
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { BlobCorruptError } from '../blobs/blob-store.ts';
import type { BodyCipher } from '../metadata/tables/encryption.ts';
import { randomPiece } from '../shared/random.ts';

const TAG_BYTES = 16;
const STORED_CHUNK_BYTES = 65_536;
export const CHUNK_BYTES = STORED_CHUNK_BYTES - TAG_BYTES;

type ByteRange = { readonly start: number; readonly end: number };

/** An empty body has one empty chunk: its tag. */
const chunkCount = (sizeBytes: number): number => Math.max(1, Math.ceil(sizeBytes / CHUNK_BYTES));

/** Bytes in the blob store of a body of `sizeBytes`. */
export const sealedSize = (sizeBytes: number): number => sizeBytes + chunkCount(sizeBytes) * TAG_BYTES;

export function newBodyCipher(): BodyCipher {
  return { v: 1, salt: randomPiece(16).toString('base64') };
}

/** Of a data key that is used again, the last body's. */
const bodyKeys = new WeakMap<KeyObject, { readonly salt: string; readonly key: KeyObject }>();

function bodyKey(dataKey: KeyObject, { salt }: BodyCipher): KeyObject {
  const known = bodyKeys.get(dataKey);
  if (known?.salt === salt) return known.key;
  const hmac = createHmac('sha256', dataKey).update('vstorage/body/v1').update(Buffer.from(salt, 'base64'));
  const key = createSecretKey(hmac.digest());
  bodyKeys.set(dataKey, { salt, key });
  return key;
}

function nonce(index: number, isLast: boolean): Buffer {
  if (index === 0 && isLast) return ONLY_NONCE;
  const bytes = Buffer.alloc(12);
  bytes[0] = isLast ? 1 : 0;
  bytes.writeBigUInt64BE(BigInt(index), 4);
  return bytes;
}

/** Of a body of one chunk, as most are. */
const ONLY_NONCE = Buffer.from([1, ...new Uint8Array(11)]);

/** Seals a body as it arrives; a chunk is held back until it is known whether it is the last. */
export class BodySealer {
  readonly #key: KeyObject;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #index = 0;

  constructor(dataKey: KeyObject, cipher: BodyCipher) {
    this.#key = bodyKey(dataKey, cipher);
  }

  /** What can be stored now. `bytes` must not change until the next call has returned. */
  push(bytes: Uint8Array): Uint8Array[] {
    if (bytes.length === 0) return [];
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    const sealed: Uint8Array[] = [];
    while (this.#heldBytes > CHUNK_BYTES) sealed.push(...this.#seal(this.#take(CHUNK_BYTES), false));
    return sealed;
  }

  end(): Uint8Array[] {
    return this.#seal(this.#take(this.#heldBytes), true);
  }

  #take(sizeBytes: number): Uint8Array[] {
    const taken: Uint8Array[] = [];
    let missing = sizeBytes;
    while (missing > 0) {
      const first = this.#held.shift();
      if (first === undefined) throw new Error('more is taken than is held');
      taken.push(first.subarray(0, missing));
      if (first.length > missing) this.#held.unshift(first.subarray(missing));
      missing -= Math.min(missing, first.length);
    }
    this.#heldBytes -= sizeBytes;
    return taken;
  }

  #seal(pieces: readonly Uint8Array[], isLast: boolean): Uint8Array[] {
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce(this.#index, isLast));
    this.#index += 1;
    const sealed: Uint8Array[] = pieces.map((piece) => cipher.update(piece));
    cipher.final();
    return [...sealed, cipher.getAuthTag()];
  }
}

/** A body that is all there. */
export function sealBody(dataKey: KeyObject, cipher: BodyCipher, bytes: Uint8Array): Buffer {
  const sealer = new BodySealer(dataKey, cipher);
  return Buffer.concat([...sealer.push(bytes), ...sealer.end()]);
}

export type SealedBody = {
  readonly dataKey: KeyObject;
  readonly cipher: BodyCipher;
  /** before it was encrypted */
  readonly sizeBytes: number;
  /** a range of the stored bytes */
  readonly read: (range: ByteRange) => Promise<AsyncIterable<Uint8Array>>;
};

/**
 * The plain bytes of `range`. Yields nothing that was not verified; throws BlobCorruptError. What `read` needs to find is
 * found before it resolves.
 */
export async function openSealedBody(body: SealedBody, range: ByteRange): Promise<AsyncIterable<Uint8Array>> {
  const first = Math.floor(range.start / CHUNK_BYTES);
  const end = Math.max(first + 1, Math.ceil(range.end / CHUNK_BYTES));
  const storedEnd = Math.min(end * STORED_CHUNK_BYTES, sealedSize(body.sizeBytes));
  const stored = await body.read({ start: first * STORED_CHUNK_BYTES, end: storedEnd });
  return openChunks(body, stored, first, range);
}

/** The same for a body that is all there: small objects are read often, and generators cost more than their bytes. */
export function openSealedBytes(body: Omit<SealedBody, 'read'>, stored: Uint8Array, range: ByteRange): Buffer {
  const key = bodyKey(body.dataKey, body.cipher);
  const last = chunkCount(body.sizeBytes) - 1;
  if (stored.length !== sealedSize(body.sizeBytes)) throw new BlobCorruptError('an encrypted body has another length');
  const chunks: Buffer[] = [];
  for (let index = Math.floor(range.start / CHUNK_BYTES); index * CHUNK_BYTES < range.end; index++) {
    const chunk = stored.subarray(index * STORED_CHUNK_BYTES, (index + 1) * STORED_CHUNK_BYTES);
    chunks.push(sliceOf(openChunk(key, chunk, index, index === last), index, range));
  }
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
}

/** The part of the chunk's plain bytes that lies in the range. */
function sliceOf(plain: Buffer, index: number, range: ByteRange): Buffer {
  const at = index * CHUNK_BYTES;
  return plain.subarray(Math.max(0, range.start - at), Math.min(plain.length, range.end - at));
}

async function* openChunks(
  body: SealedBody,
  stored: AsyncIterable<Uint8Array>,
  first: number,
  range: ByteRange,
): AsyncGenerator<Uint8Array> {
  const key = bodyKey(body.dataKey, body.cipher);
  const last = chunkCount(body.sizeBytes) - 1;
  let index = first;
  for await (const chunk of regroup(stored)) {
    yield sliceOf(openChunk(key, chunk, index, index === last), index, range);
    index += 1;
  }
  if (index * CHUNK_BYTES < range.end) throw new BlobCorruptError('an encrypted body ends too soon');
}

function openChunk(key: KeyObject, stored: Uint8Array, index: number, isLast: boolean): Buffer {
  const length = stored.length - TAG_BYTES;
  if (length < 0) throw new BlobCorruptError(`chunk ${index} of an encrypted body is cut off`);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce(index, isLast), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(stored.subarray(length));
  const plain = decipher.update(stored.subarray(0, length));
  try {
    decipher.final();
  } catch (error) {
    throw new BlobCorruptError(`chunk ${index} of an encrypted body does not open`, { cause: error });
  }
  return plain;
}

/** Stored chunks, whole. The file store's blocks are that already; then nothing is copied. */
async function* regroup(stored: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  for await (const bytes of stored) {
    held.push(bytes);
    heldBytes += bytes.length;
    while (heldBytes >= STORED_CHUNK_BYTES) {
      const joined = joinAll(held);
      yield joined.subarray(0, STORED_CHUNK_BYTES);
      held = [joined.subarray(STORED_CHUNK_BYTES)];
      heldBytes -= STORED_CHUNK_BYTES;
    }
  }
  if (heldBytes > 0) yield joinAll(held);
}

function joinAll(pieces: readonly Uint8Array[]): Uint8Array {
  const filled = pieces.filter((piece) => piece.length > 0);
  const [only] = filled;
  return filled.length === 1 && only !== undefined ? only : Buffer.concat(filled);
}
