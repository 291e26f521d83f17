// The first half of the write path: the bytes of a new object or part, received and safe, but named by no record yet.
// A small body waits in memory for the commit; any other is a blob with a staging row. The commit claims the body;
// disposing one that was not claimed removes what was written. With a data key the bytes are encrypted here, on their way
// to either place; sizes and digests are those of what was received.
import type { KeyObject } from 'node:crypto';
import type { StagedBlob } from '../blobs/blob-store.ts';
import { BodySealer, newBodyCipher, sealBody } from '../encryption/body-cipher.ts';
import { OutcomeUnknownError, type Snapshot, type Transaction } from '../metadata/metadata-store.ts';
import type { BodyCipher } from '../metadata/tables/encryption.ts';
import { type Checksum, inlineBodyKey, type PartBody } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import { newBlobId } from '../shared/ids.ts';
import type { ObjectSource } from './object-source.ts';
import { beginStaging, type Staging } from './staging.ts';
import type { StorageDeps } from './storage-deps.ts';
import { asS3Error } from './store-errors.ts';

/** Largest body of one request. https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html */
export const MAX_BODY_BYTES = 5 * 1024 ** 3;

/** `sizeBytes` null: not known before reading. Throws S3Error when it is plain already that the write will be refused. */
export type Admission = (snapshot: Snapshot, sizeBytes: number | null) => Promise<void>;

export interface PendingBody extends AsyncDisposable {
  readonly body: PartBody;
  readonly sizeBytes: number;
  readonly md5Hex: string;
  readonly checksum: Checksum | null;
  /** Makes the bytes part of the commit. */
  claim(transaction: Transaction): Promise<void>;
  /** From now on disposing removes nothing: a record names the body, or may name it. */
  keep(): void;
}

/**
 * Reads the source to its end. The admission is asked only before a body that is not small: the commit decides.
 * `dataKey` null: the bytes are stored as they are.
 */
export async function receiveBody(
  deps: StorageDeps,
  source: ObjectSource,
  pool: string,
  admit: Admission,
  dataKey: KeyObject | null,
): Promise<PendingBody> {
  checkBodySize(source.sizeBytes);
  if (source.sizeBytes !== null && source.sizeBytes <= deps.inlineBytes) {
    const bytes = source.whole?.() ?? (await readSmall(source, source.sizeBytes));
    return inlineBody(bytes, source, dataKey, deps.clock());
  }
  await deps.store.read((snapshot) => admit(snapshot, source.sizeBytes));
  return stageBody(deps, source, pool, dataKey);
}

/** Claims `pending` and commits `fn`. A commit that may have happened keeps the bytes. */
export async function commitBody<T>(
  deps: StorageDeps,
  pending: PendingBody,
  fn: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  try {
    const result = await deps.store.transact(async (transaction) => {
      const [made] = await Promise.all([fn(transaction), pending.claim(transaction)]);
      return made;
    });
    pending.keep();
    return result;
  } catch (error) {
    if (error instanceof OutcomeUnknownError) pending.keep();
    throw asS3Error(error);
  }
}

function checkBodySize(sizeBytes: number | null): void {
  if (sizeBytes === null || sizeBytes <= MAX_BODY_BYTES) return;
  throw new S3Error('EntityTooLarge', {
    fields: { ProposedSize: String(sizeBytes), MaxSizeAllowed: String(MAX_BODY_BYTES) },
  });
}

async function readSmall(source: ObjectSource, sizeBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of source.chunks) {
    received += chunk.length;
    if (received > sizeBytes) break;
    chunks.push(chunk);
  }
  if (received !== sizeBytes) throw new S3Error('IncompleteBody');
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, sizeBytes);
}

function inlineBody(bytes: Uint8Array, source: ObjectSource, dataKey: KeyObject | null, now: number): PendingBody {
  const blobId = newBlobId(now);
  const cipher = dataKey === null ? null : newBodyCipher();
  const stored = dataKey === null || cipher === null ? bytes : sealBody(dataKey, cipher, bytes);
  return {
    body: { kind: 'inline', blobId, ...(cipher === null ? {} : { cipher }) },
    sizeBytes: bytes.length,
    ...source.digests(),
    claim: async (transaction) => transaction.put(inlineBodyKey(blobId), stored),
    keep: () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

async function stageBody(
  deps: StorageDeps,
  source: ObjectSource,
  pool: string,
  dataKey: KeyObject | null,
): Promise<PendingBody> {
  const cipher = dataKey === null ? null : newBodyCipher();
  const sealer = dataKey === null || cipher === null ? null : new BodySealer(dataKey, cipher);
  const staging = await beginStaging(deps, pool);
  try {
    await using blob = await deps.blobs.stage(staging.blobId, pool);
    const sizeBytes = await writeAll(source, sealer, blob, staging);
    return stagedBody(staging, cipher, sizeBytes, source);
  } catch (error) {
    await staging.undo();
    // what ended the write, not what then went wrong in closing the blob
    throw asS3Error(error instanceof SuppressedError ? error.suppressed : error);
  }
}

/** Resolves with the bytes received. */
async function writeAll(
  source: ObjectSource,
  sealer: BodySealer | null,
  blob: StagedBlob,
  staging: Staging,
): Promise<number> {
  let received = 0;
  for await (const chunk of source.chunks) {
    received += chunk.length;
    checkBodySize(received);
    if (sealer === null) await blob.write(chunk);
    else for (const sealed of sealer.push(chunk)) await blob.write(sealed);
    await staging.renew();
  }
  if (source.sizeBytes !== null && received !== source.sizeBytes) throw new S3Error('IncompleteBody');
  for (const sealed of sealer?.end() ?? []) await blob.write(sealed);
  await blob.seal();
  return received;
}

function stagedBody(
  { blobId, pool, claim, undo }: Staging,
  cipher: BodyCipher | null,
  sizeBytes: number,
  source: ObjectSource,
): PendingBody {
  let kept = false;
  return {
    body: { kind: 'blob', blobId, pool, ...(cipher === null ? {} : { cipher }) },
    sizeBytes,
    ...source.digests(),
    claim,
    keep: () => {
      kept = true;
    },
    [Symbol.asyncDispose]: async () => {
      if (!kept) await undo();
    },
  };
}
