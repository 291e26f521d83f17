// Ten codes, each good once, for somebody without phone and passkey. Shown when they are made, and never again.
import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { Transaction } from '../metadata/metadata-store.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { recoveryCodesKey, type RecoveryCodesRecord } from '../metadata/tables/sign-in.ts';
import { ProblemError } from '../shared/errors.ts';
import type { Person } from './people.ts';
import { readRecord } from './read-records.ts';
import { hasSecondFactor } from './second-factors.ts';
import type { SessionDeps } from './sessions.ts';

const CODES = 10;
/** Without letters and digits that look alike. 16 of them are 79 bits. */
const LETTERS = '23456789abcdefghjkmnpqrstuvwxyz';
const GROUPS = 4;

const newCode = (): string =>
  Array.from({ length: GROUPS }, () =>
    Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)] ?? '').join(''),
  ).join('-');

/** As typed: in any case, with or without hyphens and spaces. */
const normalized = (code: string): string => code.toLowerCase().replaceAll(/[\s-]/g, '');

export const looksLikeRecoveryCode = (code: string): boolean => normalized(code).length === GROUPS * 4;

const hashOf = (code: string): string => createHash('sha256').update(normalized(code)).digest('hex');

/** Codes of before are void. */
export function putRecoveryCodes(transaction: Transaction, { accountId, ref }: Person, now: number): string[] {
  const codes = Array.from({ length: CODES }, newCode);
  const record: RecoveryCodesRecord = { v: 1, hashes: codes.map(hashOf), createdAt: now };
  transaction.put(recoveryCodesKey(accountId, ref), encodeRecord(record));
  return codes;
}

/** Errors: ProblemError `no-such-factor` 404, for somebody without a second factor. */
export async function renewRecoveryCodes(
  deps: Pick<SessionDeps, 'store' | 'clock'>,
  person: Person,
): Promise<readonly string[]> {
  return deps.store.transact(async (transaction) => {
    if (await hasSecondFactor(transaction, person)) return putRecoveryCodes(transaction, person, deps.clock());
    throw new ProblemError(404, 'no-such-factor', 'Recovery codes come with an authenticator app or a passkey.');
  });
}

/** Whether it was one; then it is one no more. */
export async function useRecoveryCode(
  transaction: Transaction,
  { accountId, ref }: Person,
  code: string,
): Promise<boolean> {
  const key = recoveryCodesKey(accountId, ref);
  const record = await readRecord<RecoveryCodesRecord>(transaction, key);
  const wanted = Buffer.from(hashOf(code));
  const rest = record?.hashes.filter((hash) => !timingSafeEqual(Buffer.from(hash), wanted)) ?? [];
  if (record === undefined || rest.length === record.hashes.length) return false;
  const left: RecoveryCodesRecord = { ...record, hashes: rest };
  transaction.put(key, encodeRecord(left));
  return true;
}
