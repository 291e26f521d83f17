import type { Person } from '../identity/people.ts';
import type { Caller } from './caller.ts';

/** Whose session it is: only people have one. */
export const personOf = ({ session }: Pick<Caller, 'session'>): Person => ({
  accountId: session.accountId,
  ref: session.identity,
});
