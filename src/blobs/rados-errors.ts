// Error numbers of librados as errors of the ports.
import { StoreFullError, StoreUnavailableError } from '../metadata/metadata-store.ts';

export const ENOENT = -2;
export const EIO = -5;

const names: Readonly<Record<number, string>> = {
  [-1]: 'EPERM: the user lacks the right',
  [-2]: 'ENOENT: no such pool, user or keyring',
  [-5]: 'EIO: it cannot read its own disks',
  [-13]: 'EACCES: the user lacks the right',
  [-22]: 'EINVAL',
  [-28]: 'ENOSPC: it is full',
  [-95]: 'EOPNOTSUPP',
  [-107]: 'ENOTCONN: not connected',
  [-108]: 'ESHUTDOWN: this client was fenced off',
  [-110]: 'ETIMEDOUT: no answer in time',
  [-122]: 'EDQUOT: the quota of the pool is used up',
};
const full = new Set([-28, -122]);

export function radosError(code: number, doing: string): StoreFullError | StoreUnavailableError {
  const reason = names[code] ?? `error ${-code}`;
  if (full.has(code)) return new StoreFullError(`no room for blobs: ${doing}: Ceph answered ${reason}`);
  return new StoreUnavailableError(`blobs cannot be reached: ${doing}: Ceph answered ${reason}`);
}

/** Answers the code of a call that succeeded. */
export function checked(code: number, doing: string): number {
  if (code >= 0) return code;
  throw radosError(code, doing);
}
