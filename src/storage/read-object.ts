// Reading objects: one record, one range of bytes, in constant memory however many parts hold them.
import type { KeyObject } from 'node:crypto';
import { BlobMissingError } from '../blobs/blob-store.ts';
import { openSealedBody, openSealedBytes } from '../encryption/body-cipher.ts';
import { type CustomerKey, openEncryption } from '../encryption/object-encryption.ts';
import {
  type BucketRecord,
  type Checksum,
  currentKey,
  inlineBodyKey,
  type ObjectBody,
  type ObjectRecord,
  type PartBody,
} from '../metadata/tables/objects.ts';
import type { BlobId, ObjectKey } from '../shared/ids.ts';
import { decodeObject } from './find-version.ts';
import { findListedPart, partsInRange } from './part-list.ts';
import type { ByteRange } from './ranges.ts';
import type { StorageDeps } from './storage-deps.ts';
import { asS3Error } from './store-errors.ts';

export async function findObject(
  deps: StorageDeps,
  bucket: BucketRecord,
  key: ObjectKey,
): Promise<ObjectRecord | undefined> {
  return decodeObject(await deps.store.read((snapshot) => snapshot.get(currentKey(bucket.bucketId, key))));
}

/** The bytes of `range`. Errors, beside those of the body: the customer's key is missing, another, or not wanted. */
export async function openObject(
  deps: StorageDeps,
  object: Pick<ObjectRecord, 'body' | 'sizeBytes' | 'encryption'>,
  range: ByteRange,
  customerKey: CustomerKey | null = null,
): Promise<AsyncIterableIterator<Uint8Array>> {
  const dataKey = await openEncryption(deps.keyRing, object.encryption, customerKey);
  return openBody(deps, object.body, object.sizeBytes, range, dataKey);
}

/** The same of a small object, at once; null: its bytes are elsewhere, and are to be streamed. */
export async function readInlineObject(
  deps: StorageDeps,
  { body, sizeBytes, encryption }: Pick<ObjectRecord, 'body' | 'sizeBytes' | 'encryption'>,
  range: ByteRange,
  customerKey: CustomerKey | null = null,
): Promise<Uint8Array | null> {
  if (body.kind !== 'inline') return null;
  const dataKey = await openEncryption(deps.keyRing, encryption, customerKey);
  try {
    return await readInline(deps, { body, sizeBytes }, range, dataKey);
  } catch (error) {
    throw asS3Error(error);
  }
}

type InlineBody = Extract<PartBody, { kind: 'inline' }>;

async function readInline(
  deps: StorageDeps,
  { body, sizeBytes }: { readonly body: InlineBody; readonly sizeBytes: number },
  range: ByteRange,
  dataKey: KeyObject | null,
): Promise<Uint8Array> {
  const { blobId, cipher } = body;
  if (cipher !== undefined && dataKey === null) throw withoutKey(blobId);
  const parse = (stored: Uint8Array | undefined): Uint8Array => {
    if (stored === undefined) throw new BlobMissingError(`inline body ${blobId} is missing`);
    if (cipher === undefined || dataKey === null) return Buffer.from(stored.subarray(range.start, range.end));
    return openSealedBytes({ dataKey, cipher, sizeBytes }, stored, range);
  };
  const [bytes] = await deps.store.lookUp({ key: inlineBodyKey(blobId), parse });
  return bytes;
}

const withoutKey = (blobId: BlobId): Error => new Error(`body ${blobId} is encrypted and was opened without a key`);

/**
 * The bytes of `range`, inside 0…sizeBytes. `dataKey` opens an encrypted body. The first of them are found before it resolves, so that a missing body is
 * an answer and not a broken one. Iterate it, or call `return()`.
 */
export async function openBody(
  deps: StorageDeps,
  body: ObjectBody,
  sizeBytes: number,
  range: ByteRange,
  dataKey: KeyObject | null,
): Promise<AsyncIterableIterator<Uint8Array>> {
  if (range.start < 0 || range.start > range.end || range.end > sizeBytes) {
    throw new RangeError(`${range.start}-${range.end} is no range of ${sizeBytes} bytes`);
  }
  try {
    const chunks = await startBody(deps, body, sizeBytes, range, dataKey);
    return new StartedBody(chunks, await chunks.next());
  } catch (error) {
    throw asS3Error(error);
  }
}

async function startBody(
  deps: StorageDeps,
  body: ObjectBody,
  sizeBytes: number,
  range: ByteRange,
  dataKey: KeyObject | null,
): Promise<AsyncIterator<Uint8Array>> {
  if (range.start === range.end) return nothing();
  const chunks =
    body.kind === 'parts'
      ? readParts(deps, body.listId, range, dataKey)
      : await openPart(deps, { body, sizeBytes }, range, dataKey);
  return chunks[Symbol.asyncIterator]();
}

type Part = { readonly body: PartBody; readonly sizeBytes: number };

async function openPart(
  deps: StorageDeps,
  { body, sizeBytes }: Part,
  range: ByteRange,
  dataKey: KeyObject | null,
): Promise<AsyncIterable<Uint8Array>> {
  if (body.kind === 'inline') {
    return oneChunk(await readInline(deps, { body, sizeBytes }, range, dataKey));
  }
  const { blobId, pool, cipher } = body;
  if (cipher === undefined) return deps.blobs.read(blobId, pool, range);
  if (dataKey === null) throw withoutKey(blobId);
  const read = (stored: ByteRange): Promise<AsyncIterable<Uint8Array>> => deps.blobs.read(blobId, pool, stored);
  return openSealedBody({ dataKey, cipher, sizeBytes, read }, range);
}

async function* readParts(
  deps: StorageDeps,
  listId: BlobId,
  range: ByteRange,
  dataKey: KeyObject | null,
): AsyncGenerator<Uint8Array> {
  for await (const part of partsInRange(deps, listId, range)) {
    const start = Math.max(0, range.start - part.start);
    const end = Math.min(part.sizeBytes, range.end - part.start);
    yield* await openPart(deps, part, { start, end }, dataKey);
  }
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** A body whose first chunk is read already. Not a generator: `return()` must close it even when nothing was taken. */
class StartedBody implements AsyncIterableIterator<Uint8Array> {
  readonly #rest: AsyncIterator<Uint8Array>;
  #first: IteratorResult<Uint8Array> | null;

  constructor(rest: AsyncIterator<Uint8Array>, first: IteratorResult<Uint8Array>) {
    this.#rest = rest;
    this.#first = first;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const first = this.#first;
    if (first === null) return this.#rest.next();
    this.#first = null;
    return Promise.resolve(first);
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#first = null;
    await this.#rest.return?.();
    return { done: true, value: undefined };
  }
}

export type PartOfObject = ByteRange & {
  /** null when the object was not uploaded in parts: then it is its own part 1 */
  readonly partsCount: number | null;
  readonly checksum: Checksum | null;
};

/** Where part `partNumber` stands in the object, by the number it was uploaded with. */
export async function findPart(
  deps: StorageDeps,
  object: ObjectRecord,
  partNumber: number,
): Promise<PartOfObject | undefined> {
  const { body } = object;
  if (body.kind !== 'parts') {
    if (partNumber !== 1) return undefined;
    return { start: 0, end: object.sizeBytes, partsCount: null, checksum: object.checksum };
  }
  const part = await findListedPart(deps, body.listId, partNumber);
  if (part === undefined) return undefined;
  return { start: part.start, end: part.start + part.sizeBytes, partsCount: body.partCount, checksum: part.checksum };
}
