// errno as errors of the ports.
import { StoreFullError, StoreUnavailableError } from '../metadata/metadata-store.ts';

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

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
