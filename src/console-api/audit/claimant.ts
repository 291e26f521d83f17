// For whom a sign-in was tried that names nobody in words: the holder of a ticket, the owner of a passkey, the account
// whose identity provider the browser comes back from.
import type { FastifyRequest } from 'fastify';
import type { AuditActor } from '../../audit/entry.ts';
import { accountOfDeparture } from '../../federation/oidc-sign-in.ts';
import { nameOf } from '../../identity/email-links.ts';
import { findPasskey } from '../../identity/passkey-sign-in.ts';
import { type Person, readPerson } from '../../identity/people.ts';
import { personOfTicket } from '../../identity/sign-in.ts';
import { type ConsoleDeps, sessionDeps } from '../console-deps.ts';
import type { SignInRequest } from '../contract.ts';
import { awayTokenOf } from '../session-cookie.ts';
import { oidcDeps } from '../sign-in-request.ts';

/** null: the request says it itself, or there is nobody. */
export async function claimantOf(
  deps: ConsoleDeps,
  request: FastifyRequest,
  body: SignInRequest,
): Promise<AuditActor | null> {
  const session = sessionDeps(deps);
  switch (body.type) {
    case 'second-factor':
      return actorFor(deps, await personOfTicket(session, body.ticket));
    case 'passkey': {
      const { id } = body.passkey.response;
      const passkey = typeof id === 'string' ? await findPasskey(session, id) : undefined;
      return actorFor(deps, passkey && { accountId: passkey.accountId, ref: passkey.owner });
    }
    case 'identity-provider': {
      const accountId = await accountOfDeparture(oidcDeps(deps), awayTokenOf(request));
      return accountId === undefined ? null : { type: 'unknown', accountId };
    }
    default:
      return null;
  }
}

async function actorFor({ identity }: ConsoleDeps, person: Person | undefined): Promise<AuditActor | null> {
  if (person === undefined) return null;
  const { accountId, ref } = person;
  const record = await identity.store.read((snapshot) => readPerson(snapshot, person));
  if (record === undefined) return { type: 'unknown', accountId };
  const id = ref.type === 'root' ? accountId : ref.userId;
  return { type: 'unknown', accountId, id, name: nameOf(record) };
}
