// Before something that lets in whoever sits at the keyboard: the password again. Who has none has signed in just now.
import { ProblemError } from '../shared/errors.ts';
import { checkOwnPassword } from './check-password.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { type Person, readPerson } from './people.ts';
import type { FoundSession, SessionDeps } from './sessions.ts';

const JUST_NOW_MS = 10 * 60_000;

export type Confirmation = { readonly password: string | undefined; readonly address: string };

/** Errors: ProblemError `password-required` 400, `wrong-password` 403, `sign-in-again` 403, `sign-in-locked` 429. */
export async function confirmIdentity(
  deps: SessionDeps,
  { session }: Pick<FoundSession, 'session'>,
  { password, address }: Confirmation,
): Promise<void> {
  const person: Person = { accountId: session.accountId, ref: session.identity };
  const record = await deps.store.read((snapshot) => readPerson(snapshot, person));
  if (record === undefined) throw new ProblemError(401, 'not-signed-in', 'Sign in again.');
  if (record.passwordHash === null) {
    if (deps.clock() - session.createdAt < JUST_NOW_MS) return;
    const message = 'Sign out and in again first: this is asked of sessions that are younger than ten minutes.';
    throw new ProblemError(403, 'sign-in-again', message);
  }
  if (password === undefined) {
    throw new ProblemError(400, 'password-required', 'Send the password, too.', { field: 'password' });
  }
  const id = `${person.accountId}/${person.ref.type === 'root' ? 'root' : person.ref.userId}`;
  await oneAtATime(id, () => checkOwnPassword(deps, person, { password, address, field: 'password' }));
}
