// Staging rows. A blob that no record names yet has one, so that a crash leaves nothing that cannot be found. The writer
// renews it while bytes arrive; the sweep takes the row of a silent one away before it deletes the bytes, and a commit
// needs the row: an upload can lose its blob only together with its commit.
import type { Transaction } from '../metadata/metadata-store.ts';
import { type StagedBlobRecord, stagedBlobKey } from '../metadata/tables/garbage.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { S3Error } from '../shared/errors.ts';
import { type BlobId, newBlobId } from '../shared/ids.ts';
import type { StorageDeps } from './storage-deps.ts';
import { commit } from './store-errors.ts';

const RENEW_EVERY_MS = 10 * 60 * 1000;
/** Far more than the interval above: a request that stalls is cut long before. */
export const STAGED_SILENCE_MS = 60 * 60 * 1000;

export type Staging = {
  readonly blobId: BlobId;
  readonly pool: string;
  /** To be called as bytes arrive: keeps the sweep away. Throws RequestTimeout when it came too late. */
  readonly renew: () => Promise<void>;
  /** Part of the commit that names the blob. */
  readonly claim: (transaction: Transaction) => Promise<void>;
  /** Removes blob and row, as far as it can: a path that has failed already has its own error to tell. */
  readonly undo: () => Promise<void>;
};

export async function beginStaging(deps: StorageDeps, pool: string): Promise<Staging> {
  let renewedAt = deps.clock();
  const blobId = newBlobId(renewedAt);
  const key = stagedBlobKey(blobId);
  const write = (transaction: Transaction, now: number): void => {
    const record: StagedBlobRecord = { v: 1, pool, renewedAt: now };
    transaction.put(key, encodeRecord(record));
  };
  await commit(deps, async (transaction) => write(transaction, renewedAt));
  const requireRow = async (transaction: Transaction): Promise<void> => {
    if ((await transaction.get(key)) === undefined) throw givenUp();
  };
  return {
    blobId,
    pool,
    renew: async () => {
      const now = deps.clock();
      if (now - renewedAt < RENEW_EVERY_MS) return;
      renewedAt = now;
      await commit(deps, async (transaction) => {
        await requireRow(transaction);
        write(transaction, now);
      });
    },
    claim: async (transaction) => {
      await requireRow(transaction);
      transaction.delete(key);
    },
    undo: async () => {
      try {
        await deps.blobs.delete(blobId, pool);
        await deps.store.transact(async (transaction) => transaction.delete(key));
      } catch {
        // the row is still there: the sweep finds what stays behind
      }
    },
  };
}

function givenUp(): S3Error {
  return new S3Error('RequestTimeout', { message: 'The upload took too long and was given up. Upload it again.' });
}
