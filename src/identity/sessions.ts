// Sessions of the console. The token is random and only its SHA-256 is stored; the CSRF token follows from it. A
// session ends when it was idle too long, at its absolute end, by signing out or being revoked, and with its identity:
// disabled, deleted or given a new password.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Identity } from '../access/principal.ts';
import { type MetadataStore, type Snapshot, StoreFullError, type Transaction } from '../metadata/metadata-store.ts';
import { type PersonRef, type SessionRecord, sessionByOwnerKey, sessionKey } from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import type { AccountId } from '../shared/ids.ts';
import type { Clock } from '../shared/clock.ts';
import { loadIdentity } from './load-identity.ts';
import { type Pending, pendingOf } from './pending.ts';
import { isPerson, readPerson } from './people.ts';
import { readRecord } from './read-records.ts';
import type { MasterKey } from './sealing.ts';
import { readSignInSettings, type SignInSettings } from './sign-in-settings.ts';

export type SessionDeps = {
  readonly store: MetadataStore;
  readonly clock: Clock;
  readonly masterKey: MasterKey;
  /** for accounts that set no idle time of their own */
  readonly sessionIdleMs: number;
};

/** However busy, a session ends this long after signing in. */
export const SESSION_LIFETIME_MS = 24 * 3_600_000;
const LONGEST_UNNOTICED_MS = 60_000;

export type Client = {
  readonly address: string;
  readonly userAgent: string;
  /** the secret that a former sign-in left in this browser, or that this one is about to leave there */
  readonly device?: string;
};

/** What a request with a session token stands for. */
export type FoundSession = {
  readonly session: SessionRecord;
  readonly csrfToken: string;
  readonly identity: Identity;
  /** set: nothing else may be done before */
  readonly pending: Pending | null;
  readonly idleMs: number;
};

const digest = (text: string, encoding: 'hex' | 'base64url'): string =>
  createHash('sha256').update(text).digest(encoding);

/** What a session is stored under. */
export const hashOfToken = (token: string): string => digest(token, 'hex');

const csrfTokenOf = (token: string): string =>
  createHmac('sha256', token).update('vstorage/csrf/v1').digest('base64url');

/** Compares what a request sent in `X-CSRF-Token`, in constant time. */
export function csrfMatches(session: SessionRecord, presented: string): boolean {
  const expected = Buffer.from(session.csrfHash, 'base64url');
  const actual = createHash('sha256').update(presented).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

export type NewSession = {
  readonly accountId: AccountId;
  readonly identity: PersonRef;
  readonly passwordChangedAt: number;
  readonly method: NonNullable<SessionRecord['method']>;
  readonly previousSignInAt: number | null;
  readonly client: Client;
};

export type OpenedSession = { readonly session: SessionRecord; readonly token: string; readonly csrfToken: string };

export function putSession(deps: SessionDeps, transaction: Transaction, wanted: NewSession): OpenedSession {
  const { accountId, identity, passwordChangedAt, method, previousSignInAt, client } = wanted;
  const token = randomBytes(32).toString('base64url');
  const csrfToken = csrfTokenOf(token);
  const now = deps.clock();
  const session: SessionRecord = {
    v: 1,
    accountId,
    identity,
    csrfHash: digest(csrfToken, 'base64url'),
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + SESSION_LIFETIME_MS,
    clientAddress: client.address,
    userAgent: client.userAgent.slice(0, 300),
    passwordChangedAt,
    method,
    previousSignInAt,
  };
  const tokenHash = hashOfToken(token);
  transaction.put(sessionKey(tokenHash), encodeRecord(session));
  transaction.put(sessionByOwnerKey(accountId, identity, tokenHash), Buffer.alloc(0));
  return { session, token, csrfToken };
}

/** The session with its identity as it is now; undefined when it has ended. */
export async function findSession(deps: SessionDeps, token: string): Promise<FoundSession | undefined> {
  const tokenHash = hashOfToken(token);
  const now = deps.clock();
  const found = await deps.store.read(async (snapshot) => {
    const session = await readRecord<SessionRecord>(snapshot, sessionKey(tokenHash));
    return session === undefined ? undefined : readSession(deps, snapshot, session, now);
  });
  if (found === undefined) return undefined;
  await noteSeen(deps, tokenHash, found, now);
  return { ...found, csrfToken: csrfTokenOf(token) };
}

async function readSession(
  deps: SessionDeps,
  snapshot: Snapshot,
  session: SessionRecord,
  now: number,
): Promise<Omit<FoundSession, 'csrfToken'> | undefined> {
  const { accountId, identity: ref } = session;
  if (!isPerson(ref)) return undefined;
  const settings = await readSignInSettings(snapshot, accountId);
  const idleMs = idleMsOf(settings, deps.sessionIdleMs);
  if (isOver(session, now, idleMs)) return undefined;
  const person = { accountId, ref };
  const record = await readPerson(snapshot, person);
  if (record === undefined || (record.passwordChangedAt ?? 0) !== session.passwordChangedAt) return undefined;
  const identity = await loadIdentity(snapshot, accountId, ref);
  if (identity === undefined) return undefined;
  const pending = await pendingOf(snapshot, { person, record, settings, session });
  return { session, identity, pending, idleMs };
}

export const idleMsOf = ({ idleMinutes }: SignInSettings, serverIdleMs: number): number =>
  idleMinutes === null ? serverIdleMs : idleMinutes * 60_000;

export function isOver({ expiresAt, lastSeenAt }: SessionRecord, now: number, idleMs: number): boolean {
  return now >= expiresAt || now >= lastSeenAt + idleMs;
}

type Seen = { readonly session: SessionRecord; readonly idleMs: number };

/** At most once a minute, and often enough for short idle times. */
async function noteSeen(deps: SessionDeps, tokenHash: string, { session, idleMs }: Seen, now: number): Promise<void> {
  if (now - session.lastSeenAt < Math.min(LONGEST_UNNOTICED_MS, idleMs / 4)) return;
  try {
    const note = async (transaction: Transaction): Promise<void> => {
      // ended meanwhile: must not come back
      const current = await readRecord<SessionRecord>(transaction, sessionKey(tokenHash));
      if (current === undefined || current.lastSeenAt >= now) return;
      const seen: SessionRecord = { ...current, lastSeenAt: now };
      transaction.put(sessionKey(tokenHash), encodeRecord(seen));
    };
    await deps.store.transact(note, { administrative: true });
  } catch (error) {
    // on a full disk the console must stay usable, to delete something
    if (!(error instanceof StoreFullError)) throw error;
  }
}

/** Nothing happens when the session has ended already. */
export async function signOut(deps: Pick<SessionDeps, 'store'>, token: string): Promise<void> {
  const tokenHash = hashOfToken(token);
  await deps.store.transact(async (transaction) => {
    const session = await readRecord<SessionRecord>(transaction, sessionKey(tokenHash));
    if (session !== undefined) deleteSession(transaction, tokenHash, session);
  });
}

export function deleteSession(transaction: Transaction, tokenHash: string, session: SessionRecord): void {
  transaction.delete(sessionKey(tokenHash));
  transaction.delete(sessionByOwnerKey(session.accountId, session.identity, tokenHash));
}

/** Keeps one session alive through its own identity's change of password; all others end by it. */
export async function keepSession(transaction: Transaction, token: string, passwordChangedAt: number): Promise<void> {
  const key = sessionKey(hashOfToken(token));
  const session = await readRecord<SessionRecord>(transaction, key);
  if (session === undefined) return;
  const kept: SessionRecord = { ...session, passwordChangedAt };
  transaction.put(key, encodeRecord(kept));
}
