// Root User Accounts: e-mail and password, a 12-digit id, and the canonical id that S3's XML shows as the owner.
import { randomBytes } from 'node:crypto';
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  type AccountRecord,
  accountByCanonicalIdKey,
  accountByEmailKey,
  accountKey,
  accountRange,
  projectByAccountRange,
} from '../metadata/tables/identities.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import { ProblemError } from '../shared/errors.ts';
import { type AccountId, newAccountId } from '../shared/ids.ts';
import { bumpEpoch } from './epoch.ts';
import { forgetIdentities } from './forget-identities.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { forgetAccountSignIns } from './forget-sign-ins.ts';
import { keepFormerPassword } from './password-history.ts';
import { checkRootPassword, generatePassword, hashPassword } from './passwords.ts';
import { encodeText, readRecord, readRecords, textValue } from './read-records.ts';
import { clearFailures, rootSubject } from './sign-in-failures.ts';

/** What may be shown of an account. */
export type Account = Omit<AccountRecord, 'passwordHash'>;

export type NewAccount = {
  readonly email: string;
  readonly name?: string | undefined;
  /** without: one is made and returned */
  readonly password?: string | undefined;
  /** 64 hexadecimal digits; without: random */
  readonly canonicalId?: string | undefined;
};

export function publicAccount(record: AccountRecord): Account {
  const { passwordHash: _, ...account } = record;
  return account;
}

/** `password` is the generated one, null when it was given. */
export async function createAccount(
  deps: IdentityDeps,
  wanted: NewAccount,
): Promise<{ account: Account; password: string | null }> {
  const { draft, password } = await draftAccount(deps, wanted);
  const account = await deps.store.transact((transaction) => putNewAccount(transaction, draft));
  return { account, password };
}

export type AccountDraft = Omit<AccountRecord, 'accountId'>;

/** Everything that can be checked and worked out before the transaction. */
export async function draftAccount(
  deps: IdentityDeps,
  wanted: NewAccount,
): Promise<{ draft: AccountDraft; password: string | null }> {
  const email = parseEmail(wanted.email);
  const name = wanted.name?.trim() || (email.split('@')[0] ?? email);
  if (name.length > 100)
    throw new ProblemError(400, 'invalid-name', 'The name may have 100 characters.', { field: 'name' });
  const canonicalId = parseCanonicalId(wanted.canonicalId);
  const password = wanted.password ?? generatePassword();
  checkRootPassword(password);
  const passwordHash = await hashPassword(password);
  const now = deps.clock();
  const times = { createdAt: now, passwordChangedAt: now };
  return {
    draft: { v: 1, email, name, canonicalId, passwordHash, status: 'active', ...times },
    password: wanted.password === undefined ? password : null,
  };
}

export function parseEmail(text: string): string {
  const email = text.trim();
  if (email.length <= 254 && /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u.test(email)) return email;
  throw new ProblemError(400, 'invalid-email', 'That is not an e-mail address.', { field: 'email' });
}

function parseCanonicalId(text: string | undefined): string {
  if (text === undefined) return randomBytes(32).toString('hex');
  if (/^[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase();
  const message = 'A canonical id has 64 hexadecimal digits.';
  throw new ProblemError(400, 'invalid-canonical-id', message, { field: 'canonicalId' });
}

export async function putNewAccount(transaction: Transaction, draft: AccountDraft): Promise<Account> {
  const { email, canonicalId } = draft;
  const accountId = newAccountId();
  const [sameEmail, sameCanonicalId, sameId] = await transaction.getMany([
    accountByEmailKey(email),
    accountByCanonicalIdKey(canonicalId),
    accountKey(accountId),
  ]);
  if (sameEmail !== undefined) {
    throw new ProblemError(409, 'email-taken', 'An account with this e-mail address exists.', { field: 'email' });
  }
  if (sameCanonicalId !== undefined) {
    throw new ProblemError(409, 'canonical-id-taken', 'Another account has this canonical id.', {
      field: 'canonicalId',
    });
  }
  if (sameId !== undefined) return putNewAccount(transaction, draft);
  const record: AccountRecord = { accountId, ...draft };
  transaction.put(accountKey(accountId), encodeRecord(record));
  transaction.put(accountByEmailKey(email), encodeText(accountId));
  transaction.put(accountByCanonicalIdKey(canonicalId), encodeText(accountId));
  await bumpEpoch(transaction, accountId);
  return publicAccount(record);
}

export function readAccount(snapshot: Snapshot, accountId: AccountId): Promise<AccountRecord | undefined> {
  return readRecord<AccountRecord>(snapshot, accountKey(accountId));
}

export async function readAccountByEmail(snapshot: Snapshot, email: string): Promise<AccountRecord | undefined> {
  const id = await snapshot.get(accountByEmailKey(email.trim()));
  return id === undefined ? undefined : readAccount(snapshot, textValue(id) as AccountId);
}

export const noSuchAccount = (): ProblemError => new ProblemError(404, 'no-such-account', 'There is no such account.');

export async function getAccountRecord(snapshot: Snapshot, accountId: AccountId): Promise<AccountRecord> {
  const record = await readAccount(snapshot, accountId);
  if (record === undefined) throw noSuchAccount();
  return record;
}

export async function findAccount(deps: Pick<IdentityDeps, 'store'>, idOrEmail: string): Promise<Account | undefined> {
  const record = await deps.store.read((snapshot) =>
    idOrEmail.includes('@') ? readAccountByEmail(snapshot, idOrEmail) : readAccount(snapshot, idOrEmail as AccountId),
  );
  return record === undefined ? undefined : publicAccount(record);
}

export async function listAccounts(deps: IdentityDeps): Promise<Account[]> {
  const records = await deps.store.read((snapshot) => readRecords<AccountRecord>(snapshot, accountRange()));
  return records.map(publicAccount);
}

/** undefined: there is none, or more than one. */
export async function findOnlyAccount(deps: Pick<IdentityDeps, 'store'>): Promise<Account | undefined> {
  const range = { ...accountRange(), limit: 2 };
  const [first, second] = await deps.store.read((snapshot) => snapshot.range(range));
  return first === undefined || second !== undefined
    ? undefined
    : publicAccount(decodeRecord<AccountRecord>(first.value));
}

async function changeAccount(
  transaction: Transaction,
  accountId: AccountId,
  change: Partial<Pick<AccountRecord, 'status' | 'passwordHash' | 'passwordChangedAt'>>,
): Promise<Account> {
  const record = { ...(await getAccountRecord(transaction, accountId)), ...change };
  transaction.put(accountKey(accountId), encodeRecord(record));
  await bumpEpoch(transaction, accountId);
  return publicAccount(record);
}

/** Disabled: nobody of the account can sign in, its keys and sessions end with their next request. */
export function setAccountStatus(
  deps: IdentityDeps,
  accountId: AccountId,
  status: AccountRecord['status'],
): Promise<Account> {
  return deps.store.transact((transaction) => changeAccount(transaction, accountId, { status }), {
    administrative: true,
  });
}

/** Ends the root's sessions and lifts a lock-out. S3 keys stay: they hang on no password. */
export async function resetPassword(
  deps: IdentityDeps,
  accountId: AccountId,
  given?: string,
): Promise<{ account: Account; password: string | null }> {
  const password = given ?? generatePassword();
  checkRootPassword(password);
  const passwordHash = await hashPassword(password);
  const root = { accountId, ref: { type: 'root' } } as const;
  const reset = async (transaction: Transaction): Promise<Account> => {
    const { passwordHash: former } = await getAccountRecord(transaction, accountId);
    const changed = await changeAccount(transaction, accountId, { passwordHash, passwordChangedAt: deps.clock() });
    await keepFormerPassword(transaction, root, former);
    await clearFailures(transaction, rootSubject(changed.email));
    return changed;
  };
  const account = await deps.store.transact(reset, { administrative: true });
  return { account, password: given === undefined ? password : null };
}

/** With its users, groups, service accounts, roles, policies and sessions. Refused while it has a project, also one in the trash. */
export async function deleteAccount(deps: IdentityDeps, accountId: AccountId): Promise<void> {
  await deps.store.transact(async (transaction) => {
    const { email, canonicalId } = await getAccountRecord(transaction, accountId);
    const projects = await transaction.range({ ...projectByAccountRange(accountId), limit: 1 });
    if (projects.length > 0) {
      const message = 'The account still has projects. Delete them; those in the trash go 7 days later.';
      throw new ProblemError(409, 'account-has-projects', message);
    }
    await forgetIdentities(transaction, accountId);
    transaction.delete(accountKey(accountId));
    transaction.delete(accountByEmailKey(email));
    transaction.delete(accountByCanonicalIdKey(canonicalId));
    await forgetAccountSignIns(transaction, accountId);
    await clearFailures(transaction, rootSubject(email));
    await bumpEpoch(transaction, accountId);
  });
}
