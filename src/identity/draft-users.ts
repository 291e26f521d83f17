// What a user begins with: a password or none, and rights.
import type { Transaction } from '../metadata/metadata-store.ts';
import type { IdentityTag, UserRecord } from '../metadata/tables/identities.ts';
import { type AccountId, type GroupId, newUserId } from '../shared/ids.ts';
import { getAccountRecord } from './accounts.ts';
import { checkGroups } from './group-membership.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { checkPasswordRules, generatePassword, hashPassword } from './passwords.ts';
import { checkPolicyName, checkPolicyNames } from './policies.ts';
import { findSignInSettings } from './sign-in-settings.ts';

export type NewUsers = {
  readonly accountId: AccountId;
  readonly usernames: readonly string[];
  /** shared by all; without: one is made and returned; `each`: one is made for each; `none`: nobody can sign in */
  readonly password?: string | undefined;
  readonly passwords?: 'shared' | 'each' | 'none' | undefined;
  /** nothing but a change of password can be done after signing in */
  readonly mustChangePassword?: boolean | undefined;
  /** names of managed or custom policies */
  readonly policies?: readonly string[];
  readonly groups?: readonly GroupId[];
  readonly tags?: readonly IdentityTag[];
  readonly path?: string;
  /** name of a policy */
  readonly boundary?: string | null;
  /** by which rule the names are checked; `aws`: over the IAM API, which has had shorter and longer ones for ever */
  readonly naming?: 'console' | 'aws';
};

type PasswordDraft = Pick<UserRecord, 'username' | 'passwordHash' | 'mustChangePassword'>;

type DraftedPasswords = {
  readonly drafts: readonly PasswordDraft[];
  /** the one made for all; null: it was given, or each has its own */
  readonly password: string | null;
  /** those that were made, by username */
  readonly passwords: ReadonlyMap<string, string>;
};

export async function draftPasswords(
  deps: IdentityDeps,
  { accountId, usernames, password: given, passwords: how = 'shared', mustChangePassword = false }: NewUsers,
): Promise<DraftedPasswords> {
  if (how === 'none') {
    const drafts = usernames.map((username) => ({ username, passwordHash: null, mustChangePassword: false }));
    return { drafts, password: null, passwords: new Map() };
  }
  const rules = await findSignInSettings(deps, accountId);
  const shared = given ?? generatePassword(rules.minLength);
  checkPasswordRules(shared, rules);
  const each = how === 'each' && given === undefined;
  const passwords = new Map(
    usernames.map((username) => [username, each ? generatePassword(rules.minLength) : shared] as const),
  );
  const hashed = [...passwords].map(async ([username, password]) => {
    return { username, passwordHash: await hashPassword(password), mustChangePassword };
  });
  return {
    drafts: await Promise.all(hashed),
    password: each || given !== undefined ? null : shared,
    passwords: given === undefined ? passwords : new Map(),
  };
}

type Rights = Pick<UserRecord, 'policies' | 'groups' | 'boundary'>;

export async function draftRights(
  deps: Pick<IdentityDeps, 'limits'>,
  transaction: Transaction,
  { accountId, policies = [], groups = [], boundary = null }: NewUsers,
): Promise<Rights> {
  await getAccountRecord(transaction, accountId);
  return {
    policies: await checkPolicyNames(deps, transaction, accountId, policies),
    groups: await checkGroups(deps, transaction, accountId, groups),
    boundary: boundary === null ? null : await checkPolicyName(transaction, accountId, boundary),
  };
}

type UserDraft = PasswordDraft & Rights & Pick<UserRecord, 'accountId' | 'tags' | 'path'> & { readonly now: number };

export function newUser({ now, ...draft }: UserDraft): UserRecord {
  const times = { createdAt: now, passwordChangedAt: draft.passwordHash === null ? null : now, lastSignInAt: null };
  return { v: 1, userId: newUserId(), status: 'active', ...draft, ...times };
}
