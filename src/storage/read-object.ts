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
  const { cipher } = body;
  if (cipher === undefined) return openStored(deps, body, range);
  if (dataKey === null) throw new Error(`body ${body.blobId} is encrypted and was opened without a key`);
  if (body.kind === 'inline') {
    return oneChunk(openSealedBytes({ dataKey, cipher, sizeBytes }, await readInline(deps, body.blobId), range));
  }
  const read = (storedRange: ByteRange): Promise<AsyncIterable<Uint8Array>> => openStored(deps, body, storedRange);
  return openSealedBody({ dataKey, cipher, sizeBytes, read }, range);
}

/** The bytes as they lie in the store. */
async function openStored(deps: StorageDeps, body: PartBody, range: ByteRange): Promise<AsyncIterable<Uint8Array>> {
  if (body.kind === 'blob') return deps.blobs.read(body.blobId, body.pool, range);
  return oneChunk((await readInline(deps, body.blobId)).subarray(range.start, range.end));
}

async function readInline(deps: StorageDeps, blobId: BlobId): Promise<Uint8Array> {
  const bytes = await deps.store.read((snapshot) => snapshot.get(inlineBodyKey(blobId)));
  if (bytes === undefined) throw new BlobMissingError(`inline body ${blobId} is missing`);
  return bytes;
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
