// Tells listeners of bucket events who asked for a change.
import { type Principal, uniqueIdOf } from '../access/principal.ts';
import { queueEvents } from '../events/outbox.ts';
import type { Announce } from '../storage/changes.ts';
import type { S3Request } from './operation.ts';
import type { S3Services } from './services.ts';

export function announceRequest(
  { clock, hostId }: Pick<S3Services, 'clock' | 'hostId'>,
  operation: string,
  { request, principal }: { readonly request: S3Request; readonly principal: Principal },
): Announce {
  const origin = {
    principalId: principalId(principal),
    sourceIpAddress: request.clientAddress,
    requestId: request.id,
    hostId,
  };
  return queueEvents(clock, { by: 'request', operation }, origin);
}

function principalId(principal: Principal): string {
  if (principal.kind === 'anonymous') return 'ANONYMOUS';
  const id = uniqueIdOf(principal.identity);
  return principal.identity.type === 'root' ? id : `AWS:${id}`;
}
