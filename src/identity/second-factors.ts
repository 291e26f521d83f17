// What somebody has beside the password: an authenticator app, passkeys. As soon as there is one, a password alone opens
// no session. Recovery codes come with the first and go with the last.
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  type PasskeyRecord,
  passkeyOwnerKey,
  passkeyRange,
  recoveryCodesKey,
  type RecoveryCodesRecord,
  totpKey,
  type TotpRecord,
} from '../metadata/tables/sign-in.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { Person } from './people.ts';
import { readRecord, readRecords } from './read-records.ts';

export type SecondFactors = {
  /** null: none, or not confirmed yet */
  readonly totp: TotpRecord | null;
  readonly passkeys: readonly PasskeyRecord[];
  readonly recoveryCodesLeft: number;
};

export async function readSecondFactors(snapshot: Snapshot, { accountId, ref }: Person): Promise<SecondFactors> {
  const totp = await readRecord<TotpRecord>(snapshot, totpKey(accountId, ref));
  const passkeys = await readRecords<PasskeyRecord>(snapshot, passkeyRange(accountId, ref));
  const codes = await readRecord<RecoveryCodesRecord>(snapshot, recoveryCodesKey(accountId, ref));
  return {
    totp: totp === undefined || totp.confirmedAt === null ? null : totp,
    passkeys: passkeys.toSorted((a, b) => a.createdAt - b.createdAt),
    recoveryCodesLeft: codes?.hashes.length ?? 0,
  };
}

export const isAny = ({ totp, passkeys }: SecondFactors): boolean => totp !== null || passkeys.length > 0;

export const hasSecondFactor = async (snapshot: Snapshot, person: Person): Promise<boolean> =>
  isAny(await readSecondFactors(snapshot, person));

/** After one was removed. */
export async function dropCodesWithoutFactor(transaction: Transaction, person: Person): Promise<void> {
  if (await hasSecondFactor(transaction, person)) return;
  transaction.delete(recoveryCodesKey(person.accountId, person.ref));
}

/** For somebody who has lost them all. */
export async function deleteSecondFactors(transaction: Transaction, { accountId, ref }: Person): Promise<void> {
  transaction.delete(totpKey(accountId, ref));
  transaction.delete(recoveryCodesKey(accountId, ref));
  for (const { key, value } of await transaction.range({ ...passkeyRange(accountId, ref), limit: 1000 })) {
    transaction.delete(key);
    transaction.delete(passkeyOwnerKey(decodeRecord<PasskeyRecord>(value).passkeyId));
  }
}
