import { type Identity, uniqueIdOf } from '../access/principal.ts';
import type { EventOrigin } from './event-json.ts';

type Asked = { readonly sourceIpAddress: string; readonly requestId: string };

/** The origin of what somebody signed in to the console does. */
export function originOf(identity: Identity, { sourceIpAddress, requestId }: Asked): EventOrigin {
  const id = uniqueIdOf(identity);
  return { principalId: identity.type === 'root' ? id : `AWS:${id}`, sourceIpAddress, requestId, hostId: '' };
}
