// Who asked, as the trail says it.
import { type Identity, type Principal, uniqueIdOf } from '../access/principal.ts';
import type { AuditActor } from './entry.ts';

export function actorOfIdentity(identity: Identity): AuditActor {
  const { type, accountId, name } = identity;
  return { type, accountId, id: uniqueIdOf(identity), name };
}

/** null: the request ended before anybody was known. */
export function actorOf(principal: Principal | null): AuditActor {
  if (principal === null) return { type: 'unknown' };
  if (principal.kind === 'anonymous') return { type: 'anonymous' };
  const actor = actorOfIdentity(principal.identity);
  return principal.kind === 's3-key' ? { ...actor, keyId: principal.keyId, accessKey: principal.accessKey } : actor;
}

/** Without repeats and without what is not known. */
export function trailsOf(...accountIds: readonly (string | null | undefined)[]): readonly string[] {
  return [...new Set(accountIds.filter((id): id is string => typeof id === 'string'))];
}
