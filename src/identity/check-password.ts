// Whether a password is somebody's. The answer, and the time it takes, is the same for a name that does not exist and
// for a wrong password; wrong ones are counted, and too many lock the name for a while.
import type { MetadataStore, Snapshot } from '../metadata/metadata-store.ts';
import type { Clock } from '../shared/clock.ts';
import { ProblemError } from '../shared/errors.ts';
import { readAccountByEmail } from './accounts.ts';
import { verifyPassword } from './passwords.ts';
import type { Client } from './sessions.ts';
import { type Person, type PersonRecord, readPerson, subjectOf } from './people.ts';
import {
  addressSubject,
  deviceSubject,
  type Attempt,
  countFailure,
  refuseWhenLocked,
  rootSubject,
  type Subject,
  userSubject,
} from './sign-in-failures.ts';
import { DEFAULT_SIGN_IN_SETTINGS, readSignInSettings, type SignInSettings } from './sign-in-settings.ts';
import { readUserByName } from './users.ts';

type Deps = { readonly store: MetadataStore; readonly clock: Clock };

export type Name =
  | { readonly type: 'root'; readonly email: string }
  | { readonly type: 'iam'; readonly rootEmail: string; readonly username: string };

/** Longer ones are nobody's; hashing them would be work for nothing. */
const MAX_PASSWORD_CHARACTERS = 200;

export const subjectOfName = (name: Name): Subject =>
  name.type === 'root' ? rootSubject(name.email) : userSubject(name.rootEmail, name.username);

/** Somebody of that name whose password was right a moment ago. */
export type Candidate = { readonly person: Person; readonly record: PersonRecord };

export type Checked = { readonly candidate: Candidate; readonly attempt: Attempt };

/** Errors: ProblemError `invalid-credentials` 401, `sign-in-locked` 429. */
export async function checkPassword(deps: Deps, name: Name, password: string, client: From): Promise<Checked> {
  const { candidate, attempt } = await deps.store.read(async (snapshot) => {
    const found = await findByName(snapshot, name);
    const tried = attemptOf(subjectOfName(name), client, found.settings);
    await refuseWhenLocked(snapshot, tried, deps.clock());
    return { candidate: found.candidate, attempt: tried };
  });
  const right = await isPassword(password, candidate?.record.passwordHash ?? null);
  if (right && candidate !== undefined) return { candidate, attempt };
  await fail(deps, attempt);
  throw invalidCredentials();
}

export const invalidCredentials = (): ProblemError =>
  new ProblemError(401, 'invalid-credentials', 'The sign-in details are not right. Check them and try again.');

/** Where somebody tries from. */
type From = Pick<Client, 'address' | 'device'>;

export const attemptOf = (name: Subject, { address, device }: From, settings: SignInSettings): Attempt => ({
  name,
  address: addressSubject(address),
  device: device === undefined ? null : deviceSubject(device),
  maxFailures: settings.maxFailures,
  lockMinutes: settings.lockMinutes,
});

async function isPassword(password: string, hash: string | null): Promise<boolean> {
  const tooLong = password.length > MAX_PASSWORD_CHARACTERS;
  return verifyPassword(tooLong ? '' : password, tooLong ? null : hash);
}

export async function fail(deps: Deps, attempt: Attempt): Promise<void> {
  await deps.store.transact((transaction) => countFailure(transaction, attempt, deps.clock()), {
    administrative: true,
  });
}

type Found = { readonly candidate: Candidate | undefined; readonly settings: SignInSettings };

export async function findByName(snapshot: Snapshot, name: Name): Promise<Found> {
  const account = await readAccountByEmail(snapshot, name.type === 'root' ? name.email : name.rootEmail);
  if (account === undefined) return { candidate: undefined, settings: DEFAULT_SIGN_IN_SETTINGS };
  const { accountId } = account;
  const settings = await readSignInSettings(snapshot, accountId);
  if (name.type === 'root') {
    return { candidate: { person: { accountId, ref: { type: 'root' } }, record: account }, settings };
  }
  const user = await readUserByName(snapshot, accountId, name.username);
  if (user === undefined) return { candidate: undefined, settings };
  return { candidate: { person: { accountId, ref: { type: 'user', userId: user.userId } }, record: user }, settings };
}

/** Somebody signed in says the password again; a wrong one counts as a failed sign-in. */
export async function checkOwnPassword(
  deps: Deps,
  person: Person,
  given: { readonly password: string; readonly address: string; readonly field: string },
): Promise<Checked> {
  const { record, attempt } = await deps.store.read(async (snapshot) => {
    const found = await readPerson(snapshot, person);
    if (found === undefined) throw new ProblemError(401, 'not-signed-in', 'Sign in again.');
    const settings = await readSignInSettings(snapshot, person.accountId);
    const tried = attemptOf(await subjectOf(snapshot, person, found), given, settings);
    await refuseWhenLocked(snapshot, tried, deps.clock());
    return { record: found, attempt: tried };
  });
  if (await isPassword(given.password, record.passwordHash)) return { candidate: { person, record }, attempt };
  await fail(deps, attempt);
  throw new ProblemError(403, 'wrong-password', 'The current password is not right.', { field: given.field });
}
