// A stored body in another pool: its bytes as they lie there, encrypted or not, under a new id.
import { sealedSize } from '../encryption/body-cipher.ts';
import { OutcomeUnknownError, type Transaction } from '../metadata/metadata-store.ts';
import type { PartBody } from '../metadata/tables/objects.ts';
import { beginStaging, type Staging } from './staging.ts';
import type { StorageDeps } from './storage-deps.ts';

export type BlobBody = PartBody & { readonly kind: 'blob' };

/**
 * Copies, then commits: `fn` puts the new body where the old one stood, or returns false, and nothing stays behind.
 * `sizeBytes` is the size the object or part has for its readers.
 */
export async function moveBlob(
  deps: StorageDeps,
  { body, sizeBytes, pool }: { readonly body: BlobBody; readonly sizeBytes: number; readonly pool: string },
  fn: (transaction: Transaction, moved: BlobBody) => Promise<boolean>,
): Promise<boolean> {
  const staging = await beginStaging(deps, pool);
  let kept = false;
  try {
    await copyBytes(deps, body, body.cipher === undefined ? sizeBytes : sealedSize(sizeBytes), staging);
    kept = await deps.store.transact(async (transaction) => {
      if (!(await fn(transaction, { ...body, blobId: staging.blobId, pool }))) return false;
      await staging.claim(transaction);
      return true;
    });
  } catch (error) {
    // it may have happened: then the bytes are needed
    if (error instanceof OutcomeUnknownError) kept = true;
    throw error;
  } finally {
    if (!kept) await staging.undo();
  }
  return kept;
}

async function copyBytes(deps: StorageDeps, body: BlobBody, storedBytes: number, staging: Staging): Promise<void> {
  const chunks = await deps.blobs.read(body.blobId, body.pool, { start: 0, end: storedBytes });
  await using copy = await deps.blobs.stage(staging.blobId, staging.pool);
  for await (const chunk of chunks) {
    await copy.write(chunk);
    await staging.renew();
  }
  await copy.seal();
}
