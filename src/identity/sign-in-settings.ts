// What an account asks of those who sign in: rules for passwords, lock-out, idle time, a second factor.
import type { Snapshot } from '../metadata/metadata-store.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { type PasswordKind, type SignInSettingsRecord, signInSettingsKey } from '../metadata/tables/sign-in.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId } from '../shared/ids.ts';
import { getAccountRecord } from './accounts.ts';
import { bumpEpoch } from './epoch.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { MAX_PASSWORD_HISTORY } from './password-history.ts';
import { DEFAULT_PASSWORD_RULES, MAX_PASSWORD_LENGTH } from './passwords.ts';
import { readRecord } from './read-records.ts';

export type SignInSettings = Omit<SignInSettingsRecord, 'v'>;

export const DEFAULT_SIGN_IN_SETTINGS: SignInSettings = {
  ...DEFAULT_PASSWORD_RULES,
  expiryDays: null,
  history: 0,
  maxFailures: 5,
  lockMinutes: null,
  idleMinutes: null,
  requireSecondFactor: false,
};

/** What each number may be. */
export const SIGN_IN_BOUNDS = {
  minLength: [8, MAX_PASSWORD_LENGTH],
  expiryDays: [1, 1095],
  history: [0, MAX_PASSWORD_HISTORY],
  maxFailures: [3, 20],
  lockMinutes: [1, 1440],
  idleMinutes: [1, 1440],
} as const;

export async function readSignInSettings(snapshot: Snapshot, accountId: AccountId): Promise<SignInSettings> {
  const record = await readRecord<SignInSettingsRecord>(snapshot, signInSettingsKey(accountId));
  if (record === undefined) return DEFAULT_SIGN_IN_SETTINGS;
  const { v: _, ...settings } = record;
  return settings;
}

export const findSignInSettings = ({ store }: Pick<IdentityDeps, 'store'>, id: AccountId): Promise<SignInSettings> =>
  store.read((snapshot) => readSignInSettings(snapshot, id));

/** What is not given stays. They count from the next request, sign-in or change of a password on. */
export async function changeSignInSettings(
  deps: Pick<IdentityDeps, 'store'>,
  accountId: AccountId,
  change: Partial<SignInSettings>,
): Promise<SignInSettings> {
  checkBounds(change);
  return deps.store.transact(async (transaction) => {
    await getAccountRecord(transaction, accountId);
    const changed: SignInSettings = { ...(await readSignInSettings(transaction, accountId)), ...change };
    const record: SignInSettingsRecord = { v: 1, ...changed, kinds: unique(changed.kinds) };
    transaction.put(signInSettingsKey(accountId), encodeRecord(record));
    await bumpEpoch(transaction, accountId);
    return changed;
  });
}

const unique = (kinds: readonly PasswordKind[]): readonly PasswordKind[] => [...new Set(kinds)];

function checkBounds(change: Partial<SignInSettings>): void {
  for (const [name, [min, max]] of Object.entries(SIGN_IN_BOUNDS)) {
    const value: unknown = Reflect.get(change, name);
    if (typeof value !== 'number' || (Number.isInteger(value) && value >= min && value <= max)) continue;
    const message = `${name} must be a whole number from ${min} to ${max}.`;
    throw new ProblemError(400, 'invalid-sign-in-settings', message, { field: name });
  }
}
