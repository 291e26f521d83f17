// The last step of every way to sign in: everything that must hold is read again in the transaction that opens the
// session, so that nothing that changed meanwhile slips through.
import type { Identity } from '../access/principal.ts';
import type { Transaction } from '../metadata/metadata-store.ts';
import type { SessionRecord } from '../metadata/tables/identities.ts';
import { ProblemError } from '../shared/errors.ts';
import { loadIdentity } from './load-identity.ts';
import { type Pending, pendingOf } from './pending.ts';
import { type Person, type PersonRecord, putPerson } from './people.ts';
import { type Client, idleMsOf, type OpenedSession, putSession, type SessionDeps } from './sessions.ts';
import { readSignInSettings } from './sign-in-settings.ts';

export type SignedIn = OpenedSession & {
  readonly identity: Identity;
  readonly pending: Pending | null;
  readonly idleMs: number;
};

type Opening = {
  readonly person: Person;
  /** as read in this transaction */
  readonly record: PersonRecord;
  readonly method: NonNullable<SessionRecord['method']>;
  readonly client: Client;
};

/** Errors: ProblemError `account-disabled` 403. */
export async function openSession(deps: SessionDeps, transaction: Transaction, opening: Opening): Promise<SignedIn> {
  const { person, record, method, client } = opening;
  const { accountId, ref } = person;
  const identity = await loadIdentity(transaction, accountId, ref);
  if (identity === undefined) {
    throw new ProblemError(403, 'account-disabled', 'This account is disabled. Ask its owner to enable it.');
  }
  putPerson(transaction, person, { ...record, lastSignInAt: deps.clock() });
  const opened = putSession(deps, transaction, {
    accountId,
    identity: ref,
    passwordChangedAt: record.passwordChangedAt ?? 0,
    previousSignInAt: record.lastSignInAt ?? null,
    method,
    client,
  });
  const settings = await readSignInSettings(transaction, accountId);
  const pending = await pendingOf(transaction, { person, record, settings, session: opened.session });
  return { ...opened, identity, pending, idleMs: idleMsOf(settings, deps.sessionIdleMs) };
}
