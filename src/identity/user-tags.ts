// What describes an IAM user besides its rights: tags, which conditions can ask for, its path and its name.
import { type IdentityTag, type UserRecord, userByNameKey, userKey } from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId, UserId } from '../shared/ids.ts';
import { getAccountRecord } from './accounts.ts';
import { bumpEpoch } from './epoch.ts';
import { checkIamName, checkPath, checkTags } from './iam-names.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { encodeText, textValue } from './read-records.ts';
import { clearFailures, userSubject } from './sign-in-failures.ts';
import { type User, changeUser, getUserRecord, publicUser } from './users.ts';

const sameKey = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Tags of the same keys take the place of former ones. */
export function mergeTags(before: readonly IdentityTag[], added: readonly IdentityTag[]): IdentityTag[] {
  const kept = before.filter(({ key }) => !added.some((tag) => sameKey(tag.key, key)));
  const tags = [...kept, ...added];
  checkTags(tags);
  return tags;
}

/** Keys without a tag change nothing. */
export const withoutTags = (before: readonly IdentityTag[], keys: readonly string[]): IdentityTag[] =>
  before.filter(({ key }) => !keys.some((gone) => sameKey(gone, key)));

export function tagUser(
  deps: IdentityDeps,
  accountId: AccountId,
  userId: UserId,
  added: readonly IdentityTag[],
): Promise<User> {
  return changeUser(deps, accountId, userId, async ({ tags = [] }) => ({ tags: mergeTags(tags, added) }));
}

export function untagUser(
  deps: IdentityDeps,
  accountId: AccountId,
  userId: UserId,
  keys: readonly string[],
): Promise<User> {
  return changeUser(deps, accountId, userId, async ({ tags = [] }) => ({ tags: withoutTags(tags, keys) }));
}

/** Exactly these. */
export function setUserTags(
  deps: IdentityDeps,
  accountId: AccountId,
  userId: UserId,
  tags: readonly IdentityTag[],
): Promise<User> {
  return changeUser(deps, accountId, userId, async () => ({ tags: mergeTags([], tags) }));
}

type Renaming = { readonly username?: string | undefined; readonly path?: string | undefined };

/** What names it by the old name (a bucket policy) goes on meaning this user: they remember its id. */
export async function renameUser(
  deps: IdentityDeps,
  accountId: AccountId,
  userId: UserId,
  wanted: Renaming,
): Promise<User> {
  return deps.store.transact(async (transaction) => {
    const before = await getUserRecord(transaction, accountId, userId);
    const { username = before.username, path = before.path ?? '/' } = wanted;
    if (username !== before.username) checkIamName('user', username, 'username');
    checkPath(path);
    const taken = await transaction.get(userByNameKey(accountId, username));
    if (taken !== undefined && textValue(taken) !== userId) {
      const message = `There is an IAM user named ${username} already.`;
      throw new ProblemError(409, 'username-taken', message, { field: 'username' });
    }
    const { email } = await getAccountRecord(transaction, accountId);
    await clearFailures(transaction, userSubject(email, before.username));
    transaction.delete(userByNameKey(accountId, before.username));
    transaction.put(userByNameKey(accountId, username), encodeText(userId));
    const user: UserRecord = { ...before, username, path };
    transaction.put(userKey(accountId, userId), encodeRecord(user));
    await bumpEpoch(transaction, accountId);
    return publicUser(user);
  });
}
