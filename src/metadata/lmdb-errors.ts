// LMDB's and the system's error numbers as errors of the port.
import { OutcomeUnknownError, StoreFullError, StoreUnavailableError } from './metadata-store.ts';

const MDB_MAP_FULL = -30792;
const ENOSPC = 28;
const EDQUOT = 122;
const full = new Set<unknown>([MDB_MAP_FULL, ENOSPC, EDQUOT, 'ENOSPC', 'EDQUOT']);

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

export function isNoSpace(error: unknown): boolean {
  return full.has(codeOf(error));
}

/** lmdb rejects with "Commit failed" and puts the cause into a promise, which must be awaited to be handled. */
async function causeOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error;
  try {
    await error.commitError;
    return error;
  } catch (cause) {
    return cause;
  }
}

/** A failed commit: everything that is not certainly "nothing was written" has an unknown outcome. */
export async function translateLmdbError(error: unknown): Promise<Error> {
  const cause = await causeOf(error);
  if (cause instanceof StoreFullError || cause instanceof StoreUnavailableError) return cause;
  if (isNoSpace(cause)) return new StoreFullError('the metadata store has no room on its disk', { cause });
  return new OutcomeUnknownError('the metadata commit failed and may or may not have happened', { cause });
}
