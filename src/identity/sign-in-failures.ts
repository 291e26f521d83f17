// Lock-out after failed sign-ins, for the name that was tried (whether it exists or not) and for the client's address.
// It stands in the store, so all workers share it. Delays grow, but every lock ends by itself and tries made while it
// lasts do not lengthen it; a reset password lifts it.
import { createHash } from 'node:crypto';
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import { type SignInFailuresRecord, signInFailuresKey } from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { parseAddress } from '../policy/ip-range.ts';
import { ProblemError } from '../shared/errors.ts';
import { readRecord } from './read-records.ts';

/** Hashed: what people typed as a name may be their password. */
export type Subject = { readonly id: string; readonly freeFailures: number };

const FREE_FOR_IDENTITY = 5;
const FREE_FOR_ADDRESS = 20;
const FIRST_LOCK_MS = 30_000;
const LONGEST_LOCK_MS = 15 * 60_000;
/** After this long without a failure they are forgotten. */
export const FORGET_FAILURES_MS = 24 * 3_600_000;

function subject(kind: string, names: readonly string[], freeFailures: number): Subject {
  const text = [kind, ...names.map((name) => name.trim().toLowerCase())].join('\n');
  return { id: createHash('sha256').update(text).digest('hex'), freeFailures };
}

export const rootSubject = (email: string): Subject => subject('root', [email], FREE_FOR_IDENTITY);
export const userSubject = (rootEmail: string, username: string): Subject =>
  subject('user', [rootEmail, username], FREE_FOR_IDENTITY);

/** An IPv6 customer has a whole /64. */
export function addressSubject(address: string): Subject {
  const words = parseAddress(address) ?? [];
  return subject('address', [words.length === 4 ? words.slice(0, 2).join(':') : address], FREE_FOR_ADDRESS);
}

export async function refuseWhenLocked(snapshot: Snapshot, subjects: readonly Subject[], now: number): Promise<void> {
  for (const { id } of subjects) {
    const record = await readRecord<SignInFailuresRecord>(snapshot, signInFailuresKey(id));
    if (record === undefined || record.lockedUntil <= now) continue;
    const retryAfterSeconds = Math.ceil((record.lockedUntil - now) / 1000);
    const message = `Too many failed sign-ins. Try again in ${waitText(retryAfterSeconds)}.`;
    throw new ProblemError(429, 'sign-in-locked', message, { retryAfterSeconds });
  }
}

const waitText = (seconds: number): string => (seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`);

export async function countFailure(
  transaction: Transaction,
  { id, freeFailures }: Subject,
  now: number,
): Promise<void> {
  const known = await readRecord<SignInFailuresRecord>(transaction, signInFailuresKey(id));
  const forgotten = known === undefined || now - known.lastFailureAt > FORGET_FAILURES_MS;
  const failures = forgotten ? 1 : known.failures + 1;
  const lockMs =
    failures < freeFailures ? 0 : Math.min(LONGEST_LOCK_MS, FIRST_LOCK_MS * 2 ** (failures - freeFailures));
  const record: SignInFailuresRecord = {
    v: 1,
    failures,
    lastFailureAt: now,
    lockedUntil: lockMs === 0 ? 0 : now + lockMs,
  };
  transaction.put(signInFailuresKey(id), encodeRecord(record));
}

export function clearFailures(transaction: Transaction, { id }: Subject): void {
  transaction.delete(signInFailuresKey(id));
}
