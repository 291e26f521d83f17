// Who asked the API, as the trail says it.
import { createHash } from 'node:crypto';
import { arnOf } from '../../access/principal.ts';
import { actorOfIdentity } from '../../audit/actor.ts';
import type { AuditActor } from '../../audit/entry.ts';
import { readAccountByEmail } from '../../identity/accounts.ts';
import { readUserByName } from '../../identity/users.ts';
import type { Caller } from '../caller.ts';
import type { ConsoleDeps } from '../console-deps.ts';

/** Tells sessions apart, and opens none. */
export const sessionIdOf = (token: string): string => createHash('sha256').update(token).digest('hex').slice(0, 16);

export function actorOfCaller({ identity, impersonator, token }: Asking): AuditActor {
  const actingAs = impersonator === null ? {} : { actingAs: arnOf(impersonator) };
  return { ...actorOfIdentity(identity), sessionId: sessionIdOf(token), ...actingAs };
}

type Asking = Pick<Caller, 'identity' | 'impersonator' | 'token'>;

/**
 * Whom a request without a session says to be, when there is such a one. A name that nobody has stays out of the trail:
 * people type passwords in its place.
 */
export async function claimedActor({ identity }: ConsoleDeps, body: unknown): Promise<AuditActor> {
  const claim = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  const email = textOf(claim['email']) ?? textOf(claim['rootEmail']);
  if (email === null) return { type: 'unknown' };
  return identity.store.read(async (snapshot) => {
    const account = await readAccountByEmail(snapshot, email);
    if (account === undefined) return { type: 'unknown' };
    const { accountId } = account;
    const username = textOf(claim['username']);
    if (username === null) return { type: 'unknown', accountId, id: accountId, name: account.email };
    const user = await readUserByName(snapshot, accountId, username);
    return { type: 'unknown', accountId, ...(user === undefined ? {} : { id: user.userId, name: user.username }) };
  });
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
