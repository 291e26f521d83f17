// Signing in with a password. The answer, and the time it takes, is the same for a name that does not exist and for a
// wrong password. Tries for one name wait for each other, so that trying many at once gains nothing over the lock-out.
import type { Identity } from '../access/principal.ts';
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  type AccountRecord,
  type IdentityRef,
  type UserRecord,
  accountKey,
  userKey,
} from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId } from '../shared/ids.ts';
import { readAccountByEmail } from './accounts.ts';
import { bumpEpoch } from './epoch.ts';
import { loadIdentity } from './load-identity.ts';
import { checkPasswordRules, checkRootPassword, hashPassword, verifyPassword } from './passwords.ts';
import { readRecord } from './read-records.ts';
import { type Client, type OpenedSession, type SessionDeps, keepSession, putSession } from './sessions.ts';
import {
  type Subject,
  addressSubject,
  clearFailures,
  countFailure,
  refuseWhenLocked,
  rootSubject,
  userSubject,
} from './sign-in-failures.ts';
import { readUserByName } from './users.ts';

export type Credentials =
  | { readonly type: 'root'; readonly email: string; readonly password: string }
  | { readonly type: 'iam'; readonly rootEmail: string; readonly username: string; readonly password: string };

export type SignedIn = OpenedSession & { readonly identity: Identity };

/** Longer ones are nobody's; hashing them would be work for nothing. */
const MAX_PASSWORD_CHARACTERS = 200;
const MAX_WAITING_PER_NAME = 20;

export async function signIn(deps: SessionDeps, credentials: Credentials, client: Client): Promise<SignedIn> {
  const name =
    credentials.type === 'root'
      ? rootSubject(credentials.email)
      : userSubject(credentials.rootEmail, credentials.username);
  return oneAtATime(name.id, () => tryCredentials(deps, credentials, { name, client }));
}

const queues = new Map<string, { last: Promise<unknown>; length: number }>();

async function oneAtATime<T>(name: string, work: () => Promise<T>): Promise<T> {
  const queue = queues.get(name) ?? { last: Promise.resolve(), length: 0 };
  if (queue.length >= MAX_WAITING_PER_NAME)
    throw new ProblemError(503, 'busy', 'Too many sign-ins at once. Try again.');
  queue.length++;
  queues.set(name, queue);
  const turn = queue.last.then(work, work);
  queue.last = turn;
  try {
    return await turn;
  } finally {
    if (--queue.length === 0) queues.delete(name);
  }
}

type Attempt = { readonly name: Subject; readonly client: Client };

async function tryCredentials(deps: SessionDeps, credentials: Credentials, attempt: Attempt): Promise<SignedIn> {
  const subjects = [attempt.name, addressSubject(attempt.client.address)];
  const candidate = await deps.store.read(async (snapshot) => {
    await refuseWhenLocked(snapshot, subjects, deps.clock());
    return findCandidate(snapshot, credentials);
  });
  const { password } = credentials;
  const tooLong = password.length > MAX_PASSWORD_CHARACTERS;
  const hash = tooLong ? null : (candidate?.owner.passwordHash ?? null);
  const right = await verifyPassword(tooLong ? '' : password, hash);
  if (right && candidate !== undefined) return open(deps, candidate, attempt);
  const countAll = async (transaction: Transaction): Promise<void> => {
    for (const subject of subjects) await countFailure(transaction, subject, deps.clock());
  };
  await deps.store.transact(countAll, { administrative: true });
  const message = 'The sign-in details are not right. Check them and try again.';
  throw new ProblemError(401, 'invalid-credentials', message);
}

type Candidate = {
  readonly accountId: AccountId;
  readonly ref: IdentityRef;
  readonly key: Uint8Array;
  readonly owner: AccountRecord | UserRecord;
};

async function findCandidate(snapshot: Snapshot, credentials: Credentials): Promise<Candidate | undefined> {
  const email = credentials.type === 'root' ? credentials.email : credentials.rootEmail;
  const account = await readAccountByEmail(snapshot, email);
  if (account === undefined) return undefined;
  const { accountId } = account;
  if (credentials.type === 'root')
    return { accountId, ref: { type: 'root' }, key: accountKey(accountId), owner: account };
  const user = await readUserByName(snapshot, accountId, credentials.username);
  if (user === undefined) return undefined;
  const { userId } = user;
  return { accountId, ref: { type: 'user', userId }, key: userKey(accountId, userId), owner: user };
}

async function open(deps: SessionDeps, candidate: Candidate, { name, client }: Attempt): Promise<SignedIn> {
  const { accountId, ref, key } = candidate;
  const openSession = async (transaction: Transaction): Promise<SignedIn> => {
    const owner = await readRecord<AccountRecord | UserRecord>(transaction, key);
    // changed while the password was being checked
    if (owner?.passwordHash !== candidate.owner.passwordHash)
      throw new ProblemError(401, 'invalid-credentials', 'Try again.');
    const identity = await loadIdentity(transaction, accountId, ref);
    if (identity === undefined) {
      throw new ProblemError(403, 'account-disabled', 'This account is disabled. Ask its owner to enable it.');
    }
    clearFailures(transaction, name);
    if ('lastSignInAt' in owner) {
      const signedIn: UserRecord = { ...owner, lastSignInAt: deps.clock() };
      transaction.put(key, encodeRecord(signedIn));
    }
    const passwordChangedAt = owner.passwordChangedAt ?? 0;
    const opened = putSession(deps, transaction, { accountId, identity: ref, passwordChangedAt, client });
    return { ...opened, identity };
  };
  return deps.store.transact(openSession, { administrative: true });
}

export type PasswordChange = {
  /** the session that stays; all others of the identity end */
  readonly token: string;
  readonly currentPassword: string;
  readonly newPassword: string;
};

/** Somebody signed in changes the own password. A wrong current one counts as a failed sign-in. */
export async function changeOwnPassword(deps: SessionDeps, identity: Identity, change: PasswordChange): Promise<void> {
  const { accountId } = identity;
  const isRoot = identity.type === 'root';
  const key = isRoot ? accountKey(accountId) : userKey(accountId, identity.userId);
  const name = await ownSubject(deps, identity);
  if (isRoot) checkRootPassword(change.newPassword);
  else checkPasswordRules(change.newPassword);
  await oneAtATime(name.id, async () => {
    const owner = await deps.store.read(async (snapshot) => {
      await refuseWhenLocked(snapshot, [name], deps.clock());
      return readRecord<AccountRecord | UserRecord>(snapshot, key);
    });
    if (
      !(await verifyPassword(change.currentPassword.slice(0, MAX_PASSWORD_CHARACTERS), owner?.passwordHash ?? null))
    ) {
      const count = (transaction: Transaction): Promise<void> => countFailure(transaction, name, deps.clock());
      await deps.store.transact(count, { administrative: true });
      const message = 'The current password is not right.';
      throw new ProblemError(403, 'wrong-password', message, { field: 'currentPassword' });
    }
    await storeNewPassword(deps, { accountId, key, name, oldHash: owner?.passwordHash ?? null }, change);
  });
}

type PasswordPlace = {
  readonly accountId: AccountId;
  readonly key: Uint8Array;
  readonly name: Subject;
  readonly oldHash: string | null;
};

async function storeNewPassword(deps: SessionDeps, place: PasswordPlace, wanted: PasswordChange): Promise<void> {
  const passwordHash = await hashPassword(wanted.newPassword);
  const change = async (transaction: Transaction): Promise<void> => {
    const owner = await readRecord<AccountRecord | UserRecord>(transaction, place.key);
    if (owner === undefined || owner.passwordHash !== place.oldHash) {
      throw new ProblemError(409, 'changed-meanwhile', 'The password was changed by somebody else meanwhile.');
    }
    const passwordChangedAt = deps.clock();
    const changed: AccountRecord | UserRecord = { ...owner, passwordHash, passwordChangedAt };
    transaction.put(place.key, encodeRecord(changed));
    await keepSession(transaction, wanted.token, passwordChangedAt);
    clearFailures(transaction, place.name);
    await bumpEpoch(transaction, place.accountId);
  };
  await deps.store.transact(change, { administrative: true });
}

async function ownSubject(deps: SessionDeps, identity: Identity): Promise<Subject> {
  if (identity.type === 'root') return rootSubject(identity.name);
  const account = await deps.store.read((snapshot) =>
    readRecord<AccountRecord>(snapshot, accountKey(identity.accountId)),
  );
  return userSubject(account?.email ?? '', identity.name);
}
