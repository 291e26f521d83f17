// IAM users invited by mail: they have no password until they set one with the link.
import type { UserRecord } from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { userKey } from '../metadata/tables/identities.ts';
import type { Language } from '../metadata/tables/sign-in.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId, UserId } from '../shared/ids.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { mayReceive, parseMailAddress, queueMail, recipientOf } from './mail-queue.ts';
import { addUserWithoutPassword, publicUser, readUser, type User } from './users.ts';

export type Invitation = {
  readonly accountId: AccountId;
  readonly username: string;
  readonly email: string;
  readonly policies: readonly string[];
  readonly language: Language;
};

export async function inviteUser(deps: IdentityDeps, wanted: Invitation): Promise<User> {
  const { accountId, username, policies, language } = wanted;
  const email = parseMailAddress(wanted.email, 'email');
  return deps.store.transact(async (transaction) => {
    const user = await addUserWithoutPassword(deps, transaction, { accountId, username, policies, email });
    const owner = { type: 'user', userId: user.userId } as const;
    refuseTooMany(await mayReceive(transaction, recipientOf('invitation', email, username), deps.clock()));
    queueMail(transaction, { to: email, language, about: { kind: 'invitation', accountId, owner } }, deps.clock());
    return publicUser(user);
  });
}

function refuseTooMany(may: boolean): void {
  if (may) return;
  throw new ProblemError(429, 'too-many-requests', 'Too many mails went there. Try again in an hour.');
}

/** To somebody who has not set a password yet; `email`: instead of where the last one went. */
export async function inviteAgain(
  deps: IdentityDeps,
  user: { readonly accountId: AccountId; readonly userId: UserId },
  { email, language }: { readonly email?: string | undefined; readonly language: Language },
): Promise<User> {
  const { accountId, userId } = user;
  return deps.store.transact(async (transaction) => {
    const record = await readUser(transaction, accountId, userId);
    if (record === undefined) throw new ProblemError(404, 'no-such-user', 'There is no such IAM user.');
    if (record.passwordHash !== null) {
      throw new ProblemError(409, 'has-password', 'This IAM user has a password already: it can be reset.');
    }
    const to = email === undefined ? record.email : parseMailAddress(email, 'email');
    if (to === undefined || to === null) {
      throw new ProblemError(400, 'no-email', 'This IAM user has no e-mail address: give one.', { field: 'email' });
    }
    refuseTooMany(await mayReceive(transaction, recipientOf('invitation', to, record.username), deps.clock()));
    const changed: UserRecord = { ...record, email: to };
    transaction.put(userKey(accountId, userId), encodeRecord(changed));
    const about = { kind: 'invitation', accountId, owner: { type: 'user', userId } } as const;
    queueMail(transaction, { to, language, about }, deps.clock());
    return publicUser(changed);
  });
}

/** Where resets go; null: nowhere. */
export async function setUserEmail(
  deps: IdentityDeps,
  { accountId, userId }: { readonly accountId: AccountId; readonly userId: UserId },
  text: string | null,
): Promise<User> {
  const email = text === null ? null : parseMailAddress(text, 'email');
  return deps.store.transact(async (transaction) => {
    const record = await readUser(transaction, accountId, userId);
    if (record === undefined) throw new ProblemError(404, 'no-such-user', 'There is no such IAM user.');
    const changed: UserRecord = { ...record, email };
    transaction.put(userKey(accountId, userId), encodeRecord(changed));
    return publicUser(changed);
  });
}
