// Somebody waits in the console for the first request of a key ("Test connection"): it is told what came of each.
import { noteWatchedUse } from '../identity/key-use.ts';
import type { S3Services } from './services.ts';
import type { Trace } from './trace.ts';

const MAX_USER_AGENT = 500;

export const isWatched = ({ principal }: Pick<Trace, 'principal'>): boolean =>
  principal?.kind === 's3-key' && principal.watchedUntil !== undefined;

/** After the answer. */
export async function noteIfWatched({ store }: Pick<S3Services, 'store'>, trace: Trace): Promise<void> {
  const { principal, requestId, operation, action, status, errorCode, clientAddress, startedAt } = trace;
  if (principal?.kind !== 's3-key' || principal.watchedUntil === undefined) return;
  const { keyId, accessKey } = principal;
  const userAgent = trace.userAgent.slice(0, MAX_USER_AGENT);
  await noteWatchedUse(store, {
    keyId,
    accessKey,
    at: startedAt,
    action: action ?? '',
    clientAddress,
    request: { requestId, operation, status, code: errorCode, userAgent },
  });
}
