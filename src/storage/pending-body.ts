// The first half of the write path: the bytes of a new object or part, received and safe, but named by no record yet.
// A small body waits in memory for the commit; any other is a blob with a staging row. The commit claims the body;
// disposing one that was not claimed removes what was written.
import type { StagedBlob } from '../blobs/blob-store.ts';
import { OutcomeUnknownError, type Snapshot, type Transaction } from '../metadata/metadata-store.ts';
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

/** Reads the source to its end. The admission is asked only before a body that is not small: the commit decides. */
export async function receiveBody(
  deps: StorageDeps,
  source: ObjectSource,
  pool: string,
  admit: Admission,
): Promise<PendingBody> {
  checkBodySize(source.sizeBytes);
  if (source.sizeBytes !== null && source.sizeBytes <= deps.inlineBytes) {
    return inlineBody(await readSmall(source, source.sizeBytes), source, deps.clock());
  }
  await deps.store.read((snapshot) => admit(snapshot, source.sizeBytes));
  return stageBody(deps, source, pool);
}

/** Claims `pending` and commits `fn`. A commit that may have happened keeps the bytes. */
export async function commitBody<T>(
  deps: StorageDeps,
  pending: PendingBody,
  fn: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  try {
    const result = await deps.store.transact(async (transaction) => {
      const made = await fn(transaction);
      await pending.claim(transaction);
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

function inlineBody(bytes: Uint8Array, source: ObjectSource, now: number): PendingBody {
  const blobId = newBlobId(now);
  return {
    body: { kind: 'inline', blobId },
    sizeBytes: bytes.length,
    ...source.digests(),
    claim: async (transaction) => transaction.put(inlineBodyKey(blobId), bytes),
    keep: () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

async function stageBody(deps: StorageDeps, source: ObjectSource, pool: string): Promise<PendingBody> {
  const staging = await beginStaging(deps, pool);
  try {
    await using blob = await deps.blobs.stage(staging.blobId, pool);
    const sizeBytes = await writeAll(source, blob, staging);
    return stagedBody(staging, sizeBytes, source);
  } catch (error) {
    await staging.undo();
    // what ended the write, not what then went wrong in closing the blob
    throw asS3Error(error instanceof SuppressedError ? error.suppressed : error);
  }
}

async function writeAll(source: ObjectSource, blob: StagedBlob, staging: Staging): Promise<number> {
  let received = 0;
  for await (const chunk of source.chunks) {
    received += chunk.length;
    checkBodySize(received);
    await blob.write(chunk);
    await staging.renew();
  }
  if (source.sizeBytes !== null && received !== source.sizeBytes) throw new S3Error('IncompleteBody');
  return blob.seal();
}

function stagedBody({ blobId, pool, claim, undo }: Staging, sizeBytes: number, source: ObjectSource): PendingBody {
  let kept = false;
  return {
    body: { kind: 'blob', blobId, pool },
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
