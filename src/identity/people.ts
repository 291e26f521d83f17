// Those who sign in: the root of an account and its IAM users. Both have a password; what differs stands here.
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  type AccountRecord,
  type IdentityRef,
  type PersonRef,
  type UserRecord,
  accountKey,
  userKey,
} from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import type { AccountId } from '../shared/ids.ts';
import { checkPasswordRules, checkRootPassword } from './passwords.ts';
import { readRecord } from './read-records.ts';
import { type Subject, rootSubject, userSubject } from './sign-in-failures.ts';
import type { SignInSettings } from './sign-in-settings.ts';

export type Person = { readonly accountId: AccountId; readonly ref: PersonRef };

export type PersonRecord = AccountRecord | UserRecord;

export const isPerson = (ref: IdentityRef): ref is PersonRef => ref.type === 'root' || ref.type === 'user';

export const isSamePerson = (a: PersonRef, b: PersonRef): boolean =>
  a.type === 'root' ? b.type === 'root' : b.type === 'user' && a.userId === b.userId;

export const personKey = ({ accountId, ref }: Person): Uint8Array =>
  ref.type === 'root' ? accountKey(accountId) : userKey(accountId, ref.userId);

export const readPerson = (snapshot: Snapshot, person: Person): Promise<PersonRecord | undefined> =>
  readRecord<PersonRecord>(snapshot, personKey(person));

export function putPerson(transaction: Transaction, person: Person, record: PersonRecord): void {
  transaction.put(personKey(person), encodeRecord(record));
}

export const isUserRecord = (record: PersonRecord): record is UserRecord => 'userId' in record;

/** What failed sign-ins of this person are counted under. */
export async function subjectOf(snapshot: Snapshot, { accountId }: Person, record: PersonRecord): Promise<Subject> {
  if (!isUserRecord(record)) return rootSubject(record.email);
  const account = await readRecord<AccountRecord>(snapshot, accountKey(accountId));
  return userSubject(account?.email ?? '', record.username);
}

/** Where mail about signing in goes; null: nowhere. */
export const emailOf = (record: PersonRecord): string | null => record.email ?? null;

export function checkNewPassword(ref: PersonRef, password: string, settings: SignInSettings): void {
  if (ref.type === 'root') checkRootPassword(password);
  else checkPasswordRules(password, settings);
}
