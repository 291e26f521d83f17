// errno as errors of the ports.
import { StoreFullError, StoreUnavailableError } from '../metadata/metadata-store.ts';
import { errnoOf } from '../shared/errno.ts';

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** What has no errno (a bug, one of our own errors) passes unchanged. */
export function translateErrno(error: unknown, doing: string): unknown {
  const code = errnoOf(error);
  if (code === undefined || code.startsWith('ERR_')) return error;
  if (full.has(code)) return new StoreFullError(`no room for blobs: ${doing} failed with ${code}`, { cause: error });
  return new StoreUnavailableError(`blobs cannot be reached: ${doing} failed with ${code}`, { cause: error });
}

export async function translated<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translateErrno(error, doing);
  }
}
