// Tasks that ended long ago, and selections that nobody came for.
import type { MetadataStore, Transaction } from '../metadata/metadata-store.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import {
  archiveKey,
  type ExpiryRecord,
  taskErrorsRange,
  taskExpiryRange,
  taskItemsRange,
  taskKey,
  type TaskId,
} from '../metadata/tables/tasks.ts';
import type { Clock } from '../shared/clock.ts';

const ROWS_PER_STEP = 500;

/** Forgets one of them, or some rows of one; false: there is none. */
export async function forgetExpired(deps: { readonly store: MetadataStore; readonly clock: Clock }): Promise<boolean> {
  return deps.store.transact(async (transaction) => {
    const [row] = await transaction.range({ ...taskExpiryRange(deps.clock()), limit: 1 });
    if (row === undefined) return false;
    const expiry = decodeRecord<ExpiryRecord>(row.value);
    if (expiry.kind === 'archive') transaction.delete(archiveKey(expiry.id));
    else if (await deleteSome(transaction, expiry.taskId)) return true;
    else transaction.delete(taskKey(expiry.projectId, expiry.taskId));
    transaction.delete(row.key);
    return true;
  });
}

async function deleteSome(transaction: Transaction, taskId: TaskId): Promise<boolean> {
  for (const range of [taskItemsRange(taskId), taskErrorsRange(taskId)]) {
    const rows = await transaction.range({ ...range, limit: ROWS_PER_STEP });
    for (const { key } of rows) transaction.delete(key);
    if (rows.length > 0) return true;
  }
  return false;
}
