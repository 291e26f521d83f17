// A new password for somebody: changed by the owner, or set with a link from a mail. The account's rules hold for both.
import type { Transaction } from '../metadata/metadata-store.ts';
import { ProblemError } from '../shared/errors.ts';
import { checkOwnPassword } from './check-password.ts';
import { bumpEpoch } from './epoch.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { keepFormerPassword, refuseUsedPassword } from './password-history.ts';
import { hashPassword } from './passwords.ts';
import {
  checkNewPassword,
  isUserRecord,
  type Person,
  type PersonRecord,
  putPerson,
  readPerson,
  subjectOf,
} from './people.ts';
import { keepSession, type SessionDeps } from './sessions.ts';
import { clearFailures } from './sign-in-failures.ts';
import { findSignInSettings } from './sign-in-settings.ts';

export type PasswordChange = {
  /** the session that stays; all others of the identity end */
  readonly token: string;
  readonly address: string;
  readonly currentPassword: string;
  readonly newPassword: string;
};

/** Somebody signed in changes the own password. A wrong current one counts as a failed sign-in. */
export async function changeOwnPassword(deps: SessionDeps, person: Person, change: PasswordChange): Promise<void> {
  const { token, address, currentPassword, newPassword } = change;
  const settings = await findSignInSettings(deps, person.accountId);
  checkNewPassword(person.ref, newPassword, settings);
  const id = `${person.accountId}/${person.ref.type === 'root' ? 'root' : person.ref.userId}`;
  await oneAtATime(id, async () => {
    const given = { password: currentPassword, address, field: 'currentPassword' };
    const { candidate } = await checkOwnPassword(deps, person, given);
    await replacePassword(deps, candidate, newPassword, (transaction, changedAt) =>
      keepSession(transaction, token, changedAt),
    );
  });
}

type Replaced = { readonly person: Person; readonly record: PersonRecord };

/** Ends the sessions, lifts a lock-out. `alongside` belongs to the same commit. */
export async function replacePassword(
  deps: SessionDeps,
  { person, record }: Replaced,
  password: string,
  alongside: (transaction: Transaction, changedAt: number) => Promise<void>,
): Promise<void> {
  const { history } = await findSignInSettings(deps, person.accountId);
  const presentHash = record.passwordHash;
  // the root's password is nobody else's to rule
  if (isUserRecord(record)) await refuseUsedPassword(deps, person, { password, presentHash, history });
  const passwordHash = await hashPassword(password);
  const change = async (transaction: Transaction): Promise<void> => {
    const present = await readPerson(transaction, person);
    if (present === undefined || present.passwordHash !== presentHash) {
      throw new ProblemError(409, 'changed-meanwhile', 'The password was changed by somebody else meanwhile.');
    }
    const passwordChangedAt = deps.clock();
    const changed = { ...present, passwordHash, passwordChangedAt };
    putPerson(transaction, person, isUserRecord(changed) ? { ...changed, mustChangePassword: false } : changed);
    await keepFormerPassword(transaction, person, presentHash);
    await alongside(transaction, passwordChangedAt);
    await clearFailures(transaction, await subjectOf(transaction, person, present));
    await bumpEpoch(transaction, person.accountId);
  };
  await deps.store.transact(change, { administrative: true });
}
