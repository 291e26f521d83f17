// Lock-out after failed sign-ins. Counts, all in the store, so that every worker shares them:
//   - of a name from one address: the account's settings say how many and for how long
//   - of a name from all addresses that it was never signed in to from: so that many addresses gain nothing. It locks
//     out strangers only; whoever signs in from where they did before is not held up by them
//   - of an address, whatever the name
// A browser that signed in to the name before (a cookie says so) is counted for itself alone, wherever it is: no failures
// of others hold it up.
// Every lock ends by itself and tries made while it lasts do not lengthen it; a new password and `vstorage account
// unlock` lift those of a name. A name is counted whether it exists or not.
import { createHash } from 'node:crypto';
import { prefixRange, tables } from '../metadata/keys.ts';
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import { type SignInFailuresRecord, signInFailuresKey } from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { failuresFromKey, type ForAWhileRecord, knownAddressKey } from '../metadata/tables/sign-in.ts';
import { parseAddress } from '../policy/ip-range.ts';
import { ProblemError } from '../shared/errors.ts';
import { readRecord } from './read-records.ts';

/** Hashed: what people typed as a name may be their password. */
export type Subject = { readonly id: string };

/** Who tries, from where, and what the account's settings say about it. */
export type Attempt = {
  readonly name: Subject;
  readonly address: Subject;
  /** null: nothing was left in this browser */
  readonly device: Subject | null;
  readonly maxFailures: number;
  /** null: growing */
  readonly lockMinutes: number | null;
};

const STRANGERS_PER_FAILURE = 5;
const FREE_FOR_ADDRESS = 20;
const FIRST_LOCK_MS = 30_000;
const LONGEST_LOCK_MS = 15 * 60_000;
/** After this long without a failure they are forgotten. */
export const FORGET_FAILURES_MS = 24 * 3_600_000;
/** an address, or a browser */
export const KNOWN_MS = 90 * 24 * 3_600_000;
const MAX_CLEARED = 10_000;

function subject(kind: string, names: readonly string[]): Subject {
  const text = [kind, ...names.map((name) => name.trim().toLowerCase())].join('\n');
  return { id: createHash('sha256').update(text).digest('hex') };
}

export const rootSubject = (email: string): Subject => subject('root', [email]);
export const userSubject = (rootEmail: string, username: string): Subject => subject('user', [rootEmail, username]);

/** An IPv6 customer has a whole /64. */
export function addressSubject(address: string): Subject {
  const words = parseAddress(address) ?? [];
  return subject('address', [words.length === 4 ? words.slice(0, 2).join(':') : address]);
}

/** Only its hash is stored, with each name that was signed in to. */
export const deviceSubject = (secret: string): Subject => ({
  id: createHash('sha256').update(`device\n${secret}`).digest('hex'),
});

type Counter = { readonly key: Uint8Array; readonly freeFailures: number; readonly lockMinutes: number | null };

async function countersOf(snapshot: Snapshot, attempt: Attempt): Promise<Counter[]> {
  const { name, address, device, maxFailures, lockMinutes } = attempt;
  const isKnown = async (where: Subject): Promise<boolean> =>
    (await snapshot.get(knownAddressKey(name.id, where.id))) !== undefined;
  const from = (where: Subject): Counter => ({
    key: failuresFromKey(name.id, where.id),
    freeFailures: maxFailures,
    lockMinutes,
  });
  if (device !== null && (await isKnown(device))) return [from(device)];
  const strangers = {
    key: signInFailuresKey(name.id),
    freeFailures: maxFailures * STRANGERS_PER_FAILURE,
    lockMinutes: null,
  };
  const anyName = { key: signInFailuresKey(address.id), freeFailures: FREE_FOR_ADDRESS, lockMinutes: null };
  return (await isKnown(address)) ? [from(address), anyName] : [from(address), strangers, anyName];
}

export async function refuseWhenLocked(snapshot: Snapshot, attempt: Attempt, now: number): Promise<void> {
  for (const { key } of await countersOf(snapshot, attempt)) {
    const record = await readRecord<SignInFailuresRecord>(snapshot, key);
    if (record === undefined || record.lockedUntil <= now) continue;
    const retryAfterSeconds = Math.ceil((record.lockedUntil - now) / 1000);
    const message = `Too many failed sign-ins. Try again in ${waitText(retryAfterSeconds)}.`;
    throw new ProblemError(429, 'sign-in-locked', message, { retryAfterSeconds });
  }
}

const waitText = (seconds: number): string => (seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`);

export async function countFailure(transaction: Transaction, attempt: Attempt, now: number): Promise<void> {
  for (const counter of await countersOf(transaction, attempt)) await count(transaction, counter, now);
}

async function count(transaction: Transaction, counter: Counter, now: number): Promise<void> {
  const known = await readRecord<SignInFailuresRecord>(transaction, counter.key);
  const forgotten = known === undefined || now - known.lastFailureAt > FORGET_FAILURES_MS;
  const failures = forgotten ? 1 : known.failures + 1;
  const lockMs = lockFor(failures - counter.freeFailures, counter.lockMinutes);
  const lockedUntil = lockMs === 0 ? 0 : now + lockMs;
  const record: SignInFailuresRecord = { v: 1, failures, lastFailureAt: now, lockedUntil };
  transaction.put(counter.key, encodeRecord(record));
}

/** `beyond`: failures after the last free one; negative while there are free ones left. */
function lockFor(beyond: number, lockMinutes: number | null): number {
  if (beyond < 0) return 0;
  return lockMinutes === null ? Math.min(LONGEST_LOCK_MS, FIRST_LOCK_MS * 2 ** beyond) : lockMinutes * 60_000;
}

/** Failures from here are forgotten, and strangers' failures lock neither this address nor this browser out of the name. */
export function noteSuccess(transaction: Transaction, { name, address, device }: Attempt, now: number): void {
  const known: ForAWhileRecord = { v: 1, expiresAt: now + KNOWN_MS };
  for (const where of device === null ? [address] : [address, device]) {
    transaction.delete(failuresFromKey(name.id, where.id));
    transaction.put(knownAddressKey(name.id, where.id), encodeRecord(known));
  }
}

/** Lifts every lock of a name. */
export async function clearFailures(transaction: Transaction, { id }: Subject): Promise<void> {
  const range = prefixRange(tables.signInFailures, id);
  for (const { key } of await transaction.range({ ...range, limit: MAX_CLEARED })) transaction.delete(key);
}
