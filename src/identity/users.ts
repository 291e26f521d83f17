// IAM users of an account: a name, a password, policies. A user without policies may do nothing but see the names of
// the projects and manage its own (powerless) S3 keys.
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import { type UserRecord, groupMemberKey, userByNameKey, userKey, userRange } from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId, UserId } from '../shared/ids.ts';
import { getAccountRecord } from './accounts.ts';
import { bumpEpoch } from './epoch.ts';
import { type NewUsers, draftPasswords, draftRights, newUser } from './draft-users.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { forgetPerson } from './forget-sign-ins.ts';
import { checkConsoleUsername, checkIamName, checkPath, checkTags } from './iam-names.ts';
import { keepFormerPassword } from './password-history.ts';
import { checkPasswordRules, generatePassword, hashPassword } from './passwords.ts';
import { encodeText, readRecord, readRecords, textValue } from './read-records.ts';
import { deleteKeysOfOwner } from './s3-key-rows.ts';
import { clearFailures, userSubject } from './sign-in-failures.ts';
import { findSignInSettings } from './sign-in-settings.ts';

/** What may be shown of a user. */
export type User = Omit<UserRecord, 'passwordHash'> & { readonly hasPassword: boolean };

/** Passwords that were made, by username: shown once. */
export type MadeUsers = {
  readonly users: User[];
  /** the one made for all; null: it was given, or each has its own */
  readonly password: string | null;
  readonly passwords: ReadonlyMap<string, string>;
};

export function publicUser({ passwordHash, ...user }: UserRecord): User {
  return { ...user, hasPassword: passwordHash !== null };
}

/** All are made or none. */
export async function createUsers(deps: IdentityDeps, wanted: NewUsers): Promise<MadeUsers> {
  const { accountId, usernames, tags = [], path = '/', naming = 'console' } = wanted;
  for (const username of usernames) {
    if (naming === 'aws') checkIamName('user', username, 'usernames');
    else checkConsoleUsername(username);
  }
  if (new Set(usernames.map((name) => name.toLowerCase())).size < usernames.length) {
    throw new ProblemError(400, 'username-repeated', 'A username is given twice.', { field: 'usernames' });
  }
  checkTags(tags);
  checkPath(path);
  const { drafts, password, passwords } = await draftPasswords(deps, wanted);
  const now = deps.clock();
  const users = await deps.store.transact(async (transaction) => {
    const facts = { accountId, tags, path, now, ...(await draftRights(deps, transaction, wanted)) };
    await checkUserLimit(deps, transaction, wanted);
    const made = drafts.map((draft) => newUser({ ...draft, ...facts }));
    for (const record of made) await putNewUser(transaction, record);
    await bumpEpoch(transaction, accountId);
    return made.map(publicUser);
  });
  return { users, password, passwords };
}

export async function checkUserLimit(
  deps: Pick<IdentityDeps, 'limits'>,
  transaction: Transaction,
  wanted: Pick<NewUsers, 'accountId' | 'usernames'>,
): Promise<void> {
  const limit = deps.limits['users-per-account'];
  const present = await transaction.range({ ...userRange(wanted.accountId), limit: limit + 1 });
  if (present.length + wanted.usernames.length <= limit) return;
  throw new ProblemError(409, 'limit-exceeded', `An account may have ${limit} IAM users. Delete some first.`);
}

/** Who signs in by an invitation or another way than a password. */
export type UserWithoutPassword = {
  readonly accountId: AccountId;
  readonly username: string;
  readonly policies: readonly string[];
  readonly email: string | null;
  readonly identityProviderId?: string;
};

/** Inside somebody's transaction. */
export async function addUserWithoutPassword(
  deps: Pick<IdentityDeps, 'limits' | 'clock'>,
  transaction: Transaction,
  { email, identityProviderId, ...wanted }: UserWithoutPassword,
): Promise<UserRecord> {
  const { accountId, username } = wanted;
  checkIamName('user', username, 'username');
  const rights = await draftRights(deps, transaction, { ...wanted, usernames: [username] });
  await checkUserLimit(deps, transaction, { ...wanted, usernames: [username] });
  const draft = { accountId, username, passwordHash: null, tags: [], path: '/', now: deps.clock() };
  const provider = identityProviderId === undefined ? {} : { identityProviderId };
  const record: UserRecord = { ...newUser({ ...draft, ...rights }), email, ...provider };
  await putNewUser(transaction, record);
  await bumpEpoch(transaction, accountId);
  return record;
}

async function putNewUser(transaction: Transaction, record: UserRecord): Promise<void> {
  const nameKey = userByNameKey(record.accountId, record.username);
  if ((await transaction.get(nameKey)) !== undefined) {
    const message = `There is an IAM user named ${record.username} already.`;
    throw new ProblemError(409, 'username-taken', message, { field: 'usernames' });
  }
  const { accountId, userId, groups = [] } = record;
  transaction.put(userKey(accountId, userId), encodeRecord(record));
  transaction.put(nameKey, encodeText(userId));
  for (const groupId of groups) transaction.put(groupMemberKey(accountId, groupId, userId), encodeText(userId));
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

export async function getUserRecord(snapshot: Snapshot, accountId: AccountId, userId: UserId): Promise<UserRecord> {
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

type UserChange = Partial<
  Pick<UserRecord, 'status' | 'passwordHash' | 'passwordChangedAt' | 'mustChangePassword' | 'tags' | 'groups'>
>;

export async function changeUser(
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

export type NewPassword = {
  /** without: one is made and returned */
  readonly password?: string | undefined;
  readonly mustChange?: boolean | undefined;
};

/** Ends the user's sessions and lifts a lock-out; its S3 keys stay. */
export async function setUserPassword(
  deps: IdentityDeps,
  accountId: AccountId,
  userId: UserId,
  { password: given, mustChange = false }: NewPassword = {},
): Promise<{ user: User; password: string | null }> {
  const rules = await findSignInSettings(deps, accountId);
  const password = given ?? generatePassword(rules.minLength);
  checkPasswordRules(password, rules);
  const passwordHash = await hashPassword(password);
  const user = await changeUser(deps, accountId, userId, async (record, transaction) => {
    const account = await getAccountRecord(transaction, accountId);
    await clearFailures(transaction, userSubject(account.email, record.username));
    await keepFormerPassword(transaction, { accountId, ref: { type: 'user', userId } }, record.passwordHash);
    return { passwordHash, passwordChangedAt: deps.clock(), mustChangePassword: mustChange };
  });
  return { user, password: given === undefined ? password : null };
}

/** It cannot sign in any more, and its sessions end; its S3 keys stay. */
export function removeUserPassword(deps: IdentityDeps, accountId: AccountId, userId: UserId): Promise<User> {
  return changeUser(deps, accountId, userId, async () => {
    return { passwordHash: null, passwordChangedAt: deps.clock(), mustChangePassword: false };
  });
}

/** With its S3 keys and sessions, for good. `check` may refuse. */
export async function deleteUser(
  deps: IdentityDeps,
  accountId: AccountId,
  userId: UserId,
  check: (record: UserRecord, transaction: Transaction) => Promise<void> = async () => {},
): Promise<void> {
  await deps.store.transact(async (transaction) => {
    const record = await getUserRecord(transaction, accountId, userId);
    await check(record, transaction);
    const account = await getAccountRecord(transaction, accountId);
    transaction.delete(userKey(accountId, userId));
    transaction.delete(userByNameKey(accountId, record.username));
    for (const groupId of record.groups ?? []) transaction.delete(groupMemberKey(accountId, groupId, userId));
    await forgetPerson(transaction, { accountId, ref: { type: 'user', userId } });
    await clearFailures(transaction, userSubject(account.email, record.username));
    await deleteKeysOfOwner(transaction, accountId, { type: 'user', userId });
    await bumpEpoch(transaction, accountId);
  });
}
