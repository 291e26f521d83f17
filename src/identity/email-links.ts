// Links in mails: each good once, for a while. Only the hash of a link's token is stored.
import { createHash, randomBytes } from 'node:crypto';
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { emailTokenKey, type EmailTokenRecord } from '../metadata/tables/sign-in.ts';
import { ProblemError } from '../shared/errors.ts';
import { getAccountRecord } from './accounts.ts';
import { replacePassword } from './own-password.ts';
import { checkNewPassword, isUserRecord, type Person, type PersonRecord, readPerson } from './people.ts';
import { queueMail } from './mail-queue.ts';
import { readRecord } from './read-records.ts';
import type { SessionDeps } from './sessions.ts';
import { readSignInSettings, type SignInSettings } from './sign-in-settings.ts';

export const LINK_HOURS = { invitation: 7 * 24, reset: 1, 'sign-up': 24 } as const;

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

type NewLink =
  | { readonly kind: 'invitation' | 'reset'; readonly person: Person; readonly record: PersonRecord }
  | { readonly kind: 'sign-up'; readonly email: string };

/** The token, for the mail that is sent now. */
export function putLink(transaction: Transaction, wanted: NewLink, now: number): string {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = now + LINK_HOURS[wanted.kind] * 3_600_000;
  transaction.put(emailTokenKey(hashOf(token)), encodeRecord(recordOf(wanted, expiresAt)));
  return token;
}

function recordOf(wanted: NewLink, expiresAt: number): EmailTokenRecord {
  if (wanted.kind === 'sign-up') return { v: 1, kind: wanted.kind, email: wanted.email, expiresAt };
  const { accountId, ref: owner } = wanted.person;
  const { passwordChangedAt } = wanted.record;
  return { v: 1, kind: wanted.kind, accountId, owner, passwordChangedAt, expiresAt };
}

export const dropLink = (transaction: Transaction, token: string): void =>
  transaction.delete(emailTokenKey(hashOf(token)));

export type Link =
  | {
      readonly kind: 'invitation' | 'reset';
      readonly person: Person;
      readonly record: PersonRecord;
      readonly rootEmail: string;
      readonly settings: SignInSettings;
    }
  | { readonly kind: 'sign-up'; readonly email: string };

/** Errors: ProblemError `link-void` 404. */
export async function readLink(snapshot: Snapshot, token: string, now: number): Promise<Link> {
  const link = await readRecord<EmailTokenRecord>(snapshot, emailTokenKey(hashOf(token)));
  if (link === undefined || link.expiresAt <= now) throw linkVoid();
  if (link.kind === 'sign-up') return { kind: 'sign-up', email: link.email };
  const person: Person = { accountId: link.accountId, ref: link.owner };
  const record = await readPerson(snapshot, person);
  if (record?.status !== 'active' || record.passwordChangedAt !== link.passwordChangedAt) throw linkVoid();
  const account = await getAccountRecord(snapshot, link.accountId);
  if (account.status !== 'active') throw linkVoid();
  const settings = await readSignInSettings(snapshot, link.accountId);
  return { kind: link.kind, person, record, rootEmail: account.email, settings };
}

const linkVoid = (): ProblemError =>
  new ProblemError(404, 'link-void', 'This link was used already, or is too old. Ask for a new one.');

/** Errors: `link-void`, and those of passwords. */
export async function setPasswordByLink(deps: SessionDeps, token: string, newPassword: string): Promise<void> {
  const link = await deps.store.read((snapshot) => readLink(snapshot, token, deps.clock()));
  if (link.kind === 'sign-up') throw linkVoid();
  const { person, record, settings } = link;
  checkNewPassword(person.ref, newPassword, settings);
  await replacePassword(deps, { person, record }, newPassword, async (transaction) => {
    // used by another request meanwhile
    if ((await transaction.get(emailTokenKey(hashOf(token)))) === undefined) throw linkVoid();
    dropLink(transaction, token);
    const to = record.email;
    if (link.kind === 'invitation' || to === undefined || to === null) return;
    const about = { kind: 'password-changed', accountId: person.accountId, owner: person.ref } as const;
    queueMail(transaction, { to, language: 'en', about }, deps.clock());
  });
}

export const nameOf = (record: PersonRecord): string => (isUserRecord(record) ? record.username : record.email);
