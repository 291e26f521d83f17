// IAM users of an account: a name, a password, policies. A user without policies may do nothing but see the names of
// the projects and manage its own (powerless) S3 keys.
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import { type UserRecord, userByNameKey, userKey, userRange } from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { ProblemError } from '../shared/errors.ts';
import { type AccountId, type UserId, newUserId } from '../shared/ids.ts';
import { getAccountRecord } from './accounts.ts';
import { bumpEpoch } from './epoch.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { forgetPerson } from './forget-sign-ins.ts';
import { keepFormerPassword } from './password-history.ts';
import { checkPasswordRules, generatePassword, hashPassword } from './passwords.ts';
import { checkPolicyNames } from './policies.ts';
import { encodeText, readRecord, readRecords, textValue } from './read-records.ts';
import { deleteKeysOfOwner } from './s3-key-rows.ts';
import { clearFailures, userSubject } from './sign-in-failures.ts';
import { findSignInSettings } from './sign-in-settings.ts';

/** What may be shown of a user. */
export type User = Omit<UserRecord, 'passwordHash'> & { readonly hasPassword: boolean };

export type NewUsers = {
  readonly accountId: AccountId;
  readonly usernames: readonly string[];
  /** shared by all; without: one is made and returned */
  readonly password?: string | undefined;
  /** names of managed or custom policies */
  readonly policies?: readonly string[];
};

export function publicUser({ passwordHash, ...user }: UserRecord): User {
  return { ...user, hasPassword: passwordHash !== null };
}

/** All are made or none. `password` is the generated one, null when it was given. */
export async function createUsers(
  deps: IdentityDeps,
  wanted: NewUsers,
): Promise<{ users: User[]; password: string | null }> {
  for (const username of wanted.usernames) checkUsername(username);
  if (new Set(wanted.usernames.map((name) => name.toLowerCase())).size < wanted.usernames.length) {
    throw new ProblemError(400, 'username-repeated', 'A username is given twice.', { field: 'usernames' });
  }
  const rules = await findSignInSettings(deps, wanted.accountId);
  const password = wanted.password ?? generatePassword(rules.minLength);
  checkPasswordRules(password, rules);
  const hashes = await Promise.all(wanted.usernames.map(() => hashPassword(password)));
  const now = deps.clock();
  const users = await deps.store.transact(async (transaction) => {
    await getAccountRecord(transaction, wanted.accountId);
    const policies = await checkPolicyNames(transaction, wanted.accountId, wanted.policies ?? []);
    await checkUserLimit(deps, transaction, wanted);
    const made = wanted.usernames.map((username, index) =>
      newUser({ accountId: wanted.accountId, username, passwordHash: hashes[index] ?? null, policies, now }),
    );
    for (const record of made) await putNewUser(transaction, record);
    await bumpEpoch(transaction, wanted.accountId);
    return made.map(publicUser);
  });
  return { users, password: wanted.password === undefined ? password : null };
}

/** A name that looks like the id of a user could be taken for that user. */
const LIKE_AN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function checkUsername(username: string): void {
  if (/^[A-Za-z0-9._-]{5,50}$/.test(username) && !LIKE_AN_ID.test(username)) return;
  const message = 'A username has 5 to 50 characters, of letters, digits and . _ - and is no UUID.';
  throw new ProblemError(400, 'invalid-username', message, { field: 'usernames' });
}

async function checkUserLimit(deps: IdentityDeps, transaction: Transaction, wanted: NewUsers): Promise<void> {
  const limit = deps.limits['users-per-account'];
  const present = await transaction.range({ ...userRange(wanted.accountId), limit: limit + 1 });
  if (present.length + wanted.usernames.length <= limit) return;
  throw new ProblemError(409, 'limit-exceeded', `An account may have ${limit} IAM users. Delete some first.`);
}

type UserDraft = Pick<UserRecord, 'accountId' | 'username' | 'passwordHash' | 'policies'> & { readonly now: number };

function newUser({ now, ...draft }: UserDraft): UserRecord {
  const times = { createdAt: now, passwordChangedAt: draft.passwordHash === null ? null : now, lastSignInAt: null };
  return { v: 1, userId: newUserId(), status: 'active', ...draft, ...times };
}

async function putNewUser(transaction: Transaction, record: UserRecord): Promise<void> {
  const nameKey = userByNameKey(record.accountId, record.username);
  if ((await transaction.get(nameKey)) !== undefined) {
    const message = `There is an IAM user named ${record.username} already.`;
    throw new ProblemError(409, 'username-taken', message, { field: 'usernames' });
  }
  transaction.put(userKey(record.accountId, record.userId), encodeRecord(record));
  transaction.put(nameKey, encodeText(record.userId));
}

export function readUser(snapshot: Snapshot, accountId: AccountId, userId: UserId): Promise<UserRecord | undefined> {
  return readRecord<UserRecord>(snapshot, userKey(accountId, userId));
}

export async function readUserByName(
  snapshot: Snapshot,
  accountId: AccountId,
  username: string,
): Promise<UserRecord | undefined> {
  const id = await snapshot.get(userByNameKey(accountId, username.trim()));
  return id === undefined ? undefined : readUser(snapshot, accountId, textValue(id) as UserId);
}

async function getUserRecord(snapshot: Snapshot, accountId: AccountId, userId: UserId): Promise<UserRecord> {
  const record = await readUser(snapshot, accountId, userId);
  if (record === undefined) throw new ProblemError(404, 'no-such-user', 'There is no such IAM user.');
  return record;
}

export async function findUser(deps: IdentityDeps, accountId: AccountId, idOrName: string): Promise<User | undefined> {
  const record = await deps.store.read(
    async (snapshot) =>
      (await readUser(snapshot, accountId, idOrName as UserId)) ??
      (await readUserByName(snapshot, accountId, idOrName)),
  );
  return record === undefined ? undefined : publicUser(record);
}

/** By name. */
export async function listUsers(deps: IdentityDeps, accountId: AccountId): Promise<User[]> {
  const records = await deps.store.read((snapshot) => readRecords<UserRecord>(snapshot, userRange(accountId)));
  return records.map(publicUser).toSorted((a, b) => (a.username.toLowerCase() < b.username.toLowerCase() ? -1 : 1));
}

type UserChange = Partial<Pick<UserRecord, 'status' | 'passwordHash' | 'passwordChangedAt' | 'policies'>>;

async function changeUser(
  deps: IdentityDeps,
  accountId: AccountId,
  userId: UserId,
  change: (record: UserRecord, transaction: Transaction) => Promise<UserChange>,
): Promise<User> {
  const apply = async (transaction: Transaction): Promise<User> => {
    const record = await getUserRecord(transaction, accountId, userId);
    const changed = { ...record, ...(await change(record, transaction)) };
    transaction.put(userKey(accountId, userId), encodeRecord(changed));
    await bumpEpoch(transaction, accountId);
    return publicUser(changed);
  };
  return deps.store.transact(apply, { administrative: true });
}

/** Disabled: its S3 keys and sessions are dead from their next request on. */
export function setUserStatus(
  deps: IdentityDeps,
  accountId: AccountId,
  userId: UserId,
  status: UserRecord['status'],
): Promise<User> {
  return changeUser(deps, accountId, userId, async () => ({ status }));
}

/** Ends the user's sessions and lifts a lock-out; its S3 keys stay. */
export async function setUserPassword(
  deps: IdentityDeps,
  accountId: AccountId,
  userId: UserId,
  given?: string,
): Promise<{ user: User; password: string | null }> {
  const rules = await findSignInSettings(deps, accountId);
  const password = given ?? generatePassword(rules.minLength);
  checkPasswordRules(password, rules);
  const passwordHash = await hashPassword(password);
  const user = await changeUser(deps, accountId, userId, async (record, transaction) => {
    const account = await getAccountRecord(transaction, accountId);
    await clearFailures(transaction, userSubject(account.email, record.username));
    await keepFormerPassword(transaction, { accountId, ref: { type: 'user', userId } }, record.passwordHash);
    return { passwordHash, passwordChangedAt: deps.clock() };
  });
  return { user, password: given === undefined ? password : null };
}

/** Replaces all attached policies. Rights of the user and its keys follow at their next request. */
export function setUserPolicies(
  deps: IdentityDeps,
  accountId: AccountId,
  userId: UserId,
  policies: readonly string[],
): Promise<User> {
  return changeUser(deps, accountId, userId, async (_, transaction) => ({
    policies: await checkPolicyNames(transaction, accountId, policies),
  }));
}

/** Attaching what is attached changes nothing. */
export function attachPolicy(deps: IdentityDeps, accountId: AccountId, userId: UserId, policy: string): Promise<User> {
  return changeUser(deps, accountId, userId, async (record, transaction) => ({
    policies: await checkPolicyNames(transaction, accountId, [...record.policies, policy]),
  }));
}

export function detachPolicy(deps: IdentityDeps, accountId: AccountId, userId: UserId, policy: string): Promise<User> {
  return changeUser(deps, accountId, userId, async (record) => {
    const rest = record.policies.filter((name) => name.toLowerCase() !== policy.toLowerCase());
    if (rest.length < record.policies.length) return { policies: rest };
    throw new ProblemError(404, 'policy-not-attached', `The policy ${policy} is not attached to ${record.username}.`);
  });
}

/** With its S3 keys and sessions, for good. */
export async function deleteUser(deps: IdentityDeps, accountId: AccountId, userId: UserId): Promise<void> {
  await deps.store.transact(async (transaction) => {
    const record = await getUserRecord(transaction, accountId, userId);
    const account = await getAccountRecord(transaction, accountId);
    transaction.delete(userKey(accountId, userId));
    transaction.delete(userByNameKey(accountId, record.username));
    await forgetPerson(transaction, { accountId, ref: { type: 'user', userId } });
    await clearFailures(transaction, userSubject(account.email, record.username));
    await deleteKeysOfOwner(transaction, accountId, { type: 'user', userId });
    await bumpEpoch(transaction, accountId);
  });
}
