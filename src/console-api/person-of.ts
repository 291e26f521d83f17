import type { Person } from '../identity/people.ts';
import type { SessionRecord } from '../metadata/tables/identities.ts';
import { ProblemError } from '../shared/errors.ts';
import type { Caller } from './caller.ts';

/** Throws ProblemError 409 for a program with a bearer token. */
export function sessionOf({ session }: Pick<Caller, 'session'>): SessionRecord {
  if (session !== null) return session;
  const message = 'A program with a bearer token has no session; this is for people who have signed in.';
  throw new ProblemError(409, 'no-session', message);
}

/** Whose session it is: only people have one. */
export function personOf(caller: Pick<Caller, 'session'>): Person {
  const { accountId, identity: ref } = sessionOf(caller);
  return { accountId, ref };
}
