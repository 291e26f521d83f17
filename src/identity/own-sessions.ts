// The open sessions of one person: to be seen and ended, by the person or an administrator.
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import { KeyReader } from '../metadata/keys.ts';
import { type SessionRecord, sessionByOwnerRange, sessionKey } from '../metadata/tables/identities.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import { ProblemError } from '../shared/errors.ts';
import { type Person, readPerson } from './people.ts';
import { deleteSession, hashOfToken, idleMsOf, isOver, type SessionDeps } from './sessions.ts';
import { readSignInSettings } from './sign-in-settings.ts';

export type OwnSession = {
  /** 32 hexadecimal digits of the token's hash */
  readonly id: string;
  readonly session: SessionRecord;
};

const MAX_SESSIONS = 10_000;
const ID_LENGTH = 32;

export const sessionIdOf = (token: string): string => hashOfToken(token).slice(0, ID_LENGTH);

type Row = { readonly hash: string; readonly session: SessionRecord };

async function readRows(snapshot: Snapshot, { accountId, ref }: Person): Promise<Row[]> {
  const entries = await snapshot.range({ ...sessionByOwnerRange(accountId, ref), limit: MAX_SESSIONS });
  const hashes = entries.map(({ key }) => {
    const reader = new KeyReader(key);
    reader.text();
    reader.text();
    return reader.text();
  });
  const values = await snapshot.getMany(hashes.map(sessionKey));
  return hashes.flatMap((hash, index) => {
    const value = values[index];
    return value === undefined ? [] : [{ hash, session: decodeRecord<SessionRecord>(value) }];
  });
}

/** The one seen last comes first. */
export async function listSessions(deps: SessionDeps, person: Person): Promise<OwnSession[]> {
  return deps.store.read(async (snapshot) => {
    const idleMs = idleMsOf(await readSignInSettings(snapshot, person.accountId), deps.sessionIdleMs);
    const passwordChangedAt = (await readPerson(snapshot, person))?.passwordChangedAt ?? 0;
    return (await readRows(snapshot, person))
      .filter(({ session }) => !isOver(session, deps.clock(), idleMs))
      .filter(({ session }) => session.passwordChangedAt === passwordChangedAt)
      .toSorted((a, b) => b.session.lastSeenAt - a.session.lastSeenAt)
      .map(({ hash, session }) => ({ id: hash.slice(0, ID_LENGTH), session }));
  });
}

export async function endSession(deps: Pick<SessionDeps, 'store'>, person: Person, id: string): Promise<void> {
  await deps.store.transact(async (transaction) => {
    const row = (await readRows(transaction, person)).find(({ hash }) => hash.startsWith(id));
    if (row === undefined) throw new ProblemError(404, 'no-such-session', 'There is no such session; it has ended.');
    deleteSession(transaction, row.hash, row.session);
  });
}

/** `except`: the token of the session that stays. */
export async function endSessions(deps: Pick<SessionDeps, 'store'>, person: Person, except?: string): Promise<void> {
  const kept = except === undefined ? null : hashOfToken(except);
  await deps.store.transact(async (transaction: Transaction) => {
    for (const { hash, session } of await readRows(transaction, person)) {
      if (hash !== kept) deleteSession(transaction, hash, session);
    }
  });
}
