// Ended sessions, forgotten sign-in failures and the like are refused at once; this takes their rows away.
import { KeyReader, keyAfter } from '../metadata/keys.ts';
import type { Bytes, Entry } from '../metadata/metadata-store.ts';
import {
  type SessionRecord,
  type SignInFailuresRecord,
  sessionRange,
  signInFailuresRange,
} from '../metadata/tables/identities.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import { type ForAWhileRecord, emailTokenRange, signInStateRange } from '../metadata/tables/sign-in.ts';
import type { AccountId } from '../shared/ids.ts';
import { type SessionDeps, deleteSession, idleMsOf, isOver } from './sessions.ts';
import { FORGET_FAILURES_MS } from './sign-in-failures.ts';
import { findSignInSettings } from './sign-in-settings.ts';

const PAGE = 500;

/** One pass over the tables; says whether there was anything to take away. */
export async function purgeSignIns(deps: SessionDeps): Promise<boolean> {
  const sessions = await purgeSessions(deps);
  const failures = await purgeFailures(deps);
  const kept = await purgeExpired(deps, signInStateRange());
  const links = await purgeExpired(deps, emailTokenRange());
  return sessions || failures || kept || links;
}

async function purgeSessions(deps: SessionDeps): Promise<boolean> {
  let purged = false;
  for await (const page of pages(deps, sessionRange())) {
    const idle = await idleTimes(deps, page);
    const over = page
      .map(({ key, value }) => ({ hash: new KeyReader(key).text(), session: decodeRecord<SessionRecord>(value) }))
      .filter(({ session }) => isOver(session, deps.clock(), idle.get(session.accountId) ?? deps.sessionIdleMs));
    if (over.length === 0) continue;
    purged = true;
    await deps.store.transact(async (transaction) => {
      for (const { hash, session } of over) deleteSession(transaction, hash, session);
    });
  }
  return purged;
}

/** Of the accounts that the sessions belong to. */
async function idleTimes(deps: SessionDeps, page: readonly Entry[]): Promise<ReadonlyMap<AccountId, number>> {
  const accounts = new Set(page.map(({ value }) => decodeRecord<SessionRecord>(value).accountId));
  const times = new Map<AccountId, number>();
  for (const accountId of accounts) {
    times.set(accountId, idleMsOf(await findSignInSettings(deps, accountId), deps.sessionIdleMs));
  }
  return times;
}

/** What is kept for a while, and links of mails. */
async function purgeExpired(deps: SessionDeps, range: { start: Bytes; end: Bytes }): Promise<boolean> {
  let purged = false;
  for await (const page of pages(deps, range)) {
    const over = page.filter(({ value }) => decodeRecord<ForAWhileRecord>(value).expiresAt <= deps.clock());
    if (over.length === 0) continue;
    purged = true;
    await deps.store.transact(async (transaction) => {
      for (const { key } of over) transaction.delete(key);
    });
  }
  return purged;
}

async function purgeFailures(deps: SessionDeps): Promise<boolean> {
  let purged = false;
  for await (const page of pages(deps, signInFailuresRange())) {
    const forgotten = page.filter(
      ({ value }) => deps.clock() - decodeRecord<SignInFailuresRecord>(value).lastFailureAt > FORGET_FAILURES_MS,
    );
    if (forgotten.length === 0) continue;
    purged = true;
    await deps.store.transact(async (transaction) => {
      for (const { key } of forgotten) transaction.delete(key);
    });
  }
  return purged;
}

async function* pages(deps: SessionDeps, range: { start: Bytes; end: Bytes }): AsyncGenerator<Entry[]> {
  let { start } = range;
  for (;;) {
    const page = await deps.store.read((snapshot) => snapshot.range({ start, end: range.end, limit: PAGE }));
    yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    start = keyAfter(last.key);
  }
}
