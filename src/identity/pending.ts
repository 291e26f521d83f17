// What somebody who has signed in must do before anything else.
import type { Snapshot } from '../metadata/metadata-store.ts';
import type { SessionRecord } from '../metadata/tables/identities.ts';
import { isUserRecord, type Person, type PersonRecord } from './people.ts';
import { hasSecondFactor } from './second-factors.ts';
import type { SignInSettings } from './sign-in-settings.ts';

export type Pending = 'change-password' | 'set-up-second-factor';

const DAY_MS = 24 * 3_600_000;

export type PendingFacts = {
  readonly person: Person;
  readonly record: PersonRecord;
  readonly settings: SignInSettings;
  readonly session: Pick<SessionRecord, 'createdAt' | 'method'>;
};

/** Only of sessions opened with a password of an IAM user: what vouches for the others is not the account's to rule. */
export async function pendingOf(snapshot: Snapshot, facts: PendingFacts): Promise<Pending | null> {
  const { person, record, settings, session } = facts;
  if (!isUserRecord(record) || (session.method ?? 'password') !== 'password') return null;
  if (record.mustChangePassword === true || hasExpired(record.passwordChangedAt, settings, session.createdAt)) {
    return 'change-password';
  }
  const lacks = settings.requireSecondFactor && !(await hasSecondFactor(snapshot, person));
  return lacks ? 'set-up-second-factor' : null;
}

/** At sign-in, so that nobody is interrupted in the middle of something. */
function hasExpired(passwordChangedAt: number | null, { expiryDays }: SignInSettings, signedInAt: number): boolean {
  return expiryDays !== null && signedInAt >= (passwordChangedAt ?? 0) + expiryDays * DAY_MS;
}
