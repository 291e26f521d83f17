// Mail that is to be sent stands in the store by the same commit that made it due; the job `mail` sends it. How often
// somebody can cause mail is bounded, by who asks and by who gets it.
import { createHash, randomBytes } from 'node:crypto';
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { type ForAWhileRecord, mailCountKey, mailKey, type MailRecord } from '../metadata/tables/sign-in.ts';
import { ProblemError } from '../shared/errors.ts';
import { readRecord } from './read-records.ts';
import { addressSubject } from './sign-in-failures.ts';

export type NewMail = Pick<MailRecord, 'to' | 'language' | 'about'>;

export function queueMail(transaction: Transaction, mail: NewMail, now: number): void {
  const id = randomBytes(16).toString('hex');
  const record: MailRecord = { v: 1, id, ...mail, createdAt: now, attempts: 0, lastError: null };
  transaction.put(mailKey(now, id), encodeRecord(record));
}

/** What a mail can be sent to: stricter than what an account may be called. */
export function parseMailAddress(text: string, field: string): string {
  const address = text.trim();
  if (address.length <= 254 && /^[^\s@<>(),;:\\"[\]\p{Cc}]{1,64}@[\p{L}\p{N}][\p{L}\p{N}.-]*$/u.test(address)) {
    return address;
  }
  throw new ProblemError(400, 'invalid-email', 'That is not an e-mail address.', { field });
}

const HOUR_MS = 3_600_000;
const PER_ADDRESS = 20;
const PER_RECIPIENT = 3;

export const recipientOf = (...parts: readonly string[]): string =>
  createHash('sha256')
    .update(['recipient', ...parts].join('\n').toLowerCase())
    .digest('hex');

/** Errors: ProblemError `too-many-requests` 429. */
export async function countRequest(transaction: Transaction, address: string, now: number): Promise<void> {
  const { id } = addressSubject(address);
  const retryAfterMs = await retryAfter(transaction, mailCountKey(id), PER_ADDRESS, now);
  if (retryAfterMs > 0) {
    const retryAfterSeconds = Math.ceil(retryAfterMs / 1000);
    const message = 'Too many mails were asked for from your network. Try again in an hour.';
    throw new ProblemError(429, 'too-many-requests', message, { retryAfterSeconds });
  }
  await countOne(transaction, mailCountKey(id), now);
}

/** Whether one more may be sent to this recipient. */
export async function mayReceive(transaction: Transaction, recipient: string, now: number): Promise<boolean> {
  const key = mailCountKey(recipient);
  if ((await retryAfter(transaction, key, PER_RECIPIENT, now)) > 0) return false;
  await countOne(transaction, key, now);
  return true;
}

async function readCount(snapshot: Snapshot, key: Uint8Array, now: number): Promise<Required<ForAWhileRecord> | null> {
  const record = await readRecord<ForAWhileRecord>(snapshot, key);
  return record === undefined || record.expiresAt <= now ? null : { count: 0, ...record };
}

async function retryAfter(snapshot: Snapshot, key: Uint8Array, max: number, now: number): Promise<number> {
  const present = await readCount(snapshot, key, now);
  return present === null || present.count < max ? 0 : present.expiresAt - now;
}

async function countOne(transaction: Transaction, key: Uint8Array, now: number): Promise<void> {
  const present = await readCount(transaction, key, now);
  const record: ForAWhileRecord = {
    v: 1,
    expiresAt: present?.expiresAt ?? now + HOUR_MS,
    count: (present?.count ?? 0) + 1,
  };
  transaction.put(key, encodeRecord(record));
}
