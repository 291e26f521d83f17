// Ended sessions and forgotten sign-in failures are refused at once; this takes their rows away.
import { KeyReader, keyAfter } from '../metadata/keys.ts';
import type { Bytes, Entry } from '../metadata/metadata-store.ts';
import {
  type SessionRecord,
  type SignInFailuresRecord,
  sessionRange,
  signInFailuresRange,
} from '../metadata/tables/identities.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import { type SessionDeps, deleteSession, isOver } from './sessions.ts';
import { FORGET_FAILURES_MS } from './sign-in-failures.ts';

const PAGE = 500;

/** One pass over both tables; says whether there was anything to take away. */
export async function purgeSignIns(deps: SessionDeps): Promise<boolean> {
  const sessions = await purgeSessions(deps);
  const failures = await purgeFailures(deps);
  return sessions || failures;
}

async function purgeSessions(deps: SessionDeps): Promise<boolean> {
  let purged = false;
  for await (const page of pages(deps, sessionRange())) {
    const over = page
      .map(({ key, value }) => ({ hash: new KeyReader(key).text(), session: decodeRecord<SessionRecord>(value) }))
      .filter(({ session }) => isOver(session, deps.clock(), deps.sessionIdleMs));
    if (over.length === 0) continue;
    purged = true;
    await deps.store.transact(async (transaction) => {
      for (const { hash, session } of over) deleteSession(transaction, hash, session);
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
