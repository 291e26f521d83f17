// Authenticator apps (RFC 6238): 6 digits every 30 seconds. A code of the step before or after is taken, too; each
// step's code is taken once.
import { generateSecret, generateURI, verify } from 'otplib';
import type { Transaction } from '../metadata/metadata-store.ts';
import type { SealedText } from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { totpKey, type TotpRecord } from '../metadata/tables/sign-in.ts';
import { ProblemError } from '../shared/errors.ts';
import { sealIn } from './master-key-state.ts';
import type { Person } from './people.ts';
import { readRecord } from './read-records.ts';
import { putRecoveryCodes } from './recovery-codes.ts';
import { dropCodesWithoutFactor, hasSecondFactor } from './second-factors.ts';
import { openSealed } from './sealing.ts';
import { totpAad } from './sign-in-secrets.ts';
import type { SessionDeps } from './sessions.ts';

const STEP_SECONDS = 30;

export type TotpEnrolment = {
  /** base32 */
  readonly secret: string;
  /** `otpauth://…`: what the QR code says */
  readonly uri: string;
};

/** Counts once a code confirms it. A former unconfirmed one is void. */
export async function beginTotp(deps: SessionDeps, person: Person, label: string): Promise<TotpEnrolment> {
  const { accountId, ref: owner } = person;
  const secret = generateSecret();
  await deps.store.transact(async (transaction) => {
    const key = totpKey(accountId, owner);
    const present = await readRecord<TotpRecord>(transaction, key);
    if (present !== undefined && present.confirmedAt !== null) throw alreadyThere();
    const sealedSecret = await sealIn(transaction, deps.masterKey, secret, totpAad({ accountId, owner }));
    const createdAt = deps.clock();
    const record: TotpRecord = { v: 1, accountId, owner, sealedSecret, createdAt, confirmedAt: null, lastStep: 0 };
    transaction.put(key, encodeRecord(record));
  });
  return { secret, uri: generateURI({ issuer: 'vStorage', label, secret }) };
}

const alreadyThere = (): ProblemError =>
  new ProblemError(409, 'totp-already-set-up', 'An authenticator app is set up already. Remove it first.');

/** Recovery codes when it is the first second factor, otherwise null: those of before stay. */
export async function confirmTotp(deps: SessionDeps, person: Person, code: string): Promise<readonly string[] | null> {
  return deps.store.transact(async (transaction) => {
    const key = totpKey(person.accountId, person.ref);
    const record = await readRecord<TotpRecord>(transaction, key);
    if (record === undefined) {
      throw new ProblemError(409, 'totp-not-begun', 'Begin with POST /api/v1/session/totp.');
    }
    if (record.confirmedAt !== null) throw alreadyThere();
    const step = await stepOf(deps, record, code);
    if (step === null) {
      const message = 'The code is not right. Take the newest one, and check the clock of the phone.';
      throw new ProblemError(400, 'wrong-code', message, { field: 'otp' });
    }
    const isFirst = !(await hasSecondFactor(transaction, person));
    const confirmed: TotpRecord = { ...record, confirmedAt: deps.clock(), lastStep: step };
    transaction.put(key, encodeRecord(confirmed));
    return isFirst ? putRecoveryCodes(transaction, person, deps.clock()) : null;
  });
}

/** Whether the code is right; then it is taken, and not again. */
export async function useTotp(
  deps: SessionDeps,
  transaction: Transaction,
  { accountId, ref }: Person,
  code: string,
): Promise<boolean> {
  const key = totpKey(accountId, ref);
  const record = await readRecord<TotpRecord>(transaction, key);
  if (record === undefined || record.confirmedAt === null) return false;
  const step = await stepOf(deps, record, code);
  if (step === null) return false;
  const used: TotpRecord = { ...record, lastStep: step };
  transaction.put(key, encodeRecord(used));
  return true;
}

/** null: not a code of now, or one that was taken before. */
async function stepOf(deps: SessionDeps, record: TotpRecord, code: string): Promise<number | null> {
  const token = code.replaceAll(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return null;
  const secret = await unsealSecret(deps, record.sealedSecret, totpAad(record));
  const epoch = Math.floor(deps.clock() / 1000);
  const options = { secret, token, epoch, epochTolerance: STEP_SECONDS };
  const result = await verify(record.lastStep > 0 ? { ...options, afterTimeStep: record.lastStep } : options);
  return result.valid && 'timeStep' in result ? result.timeStep : null;
}

const unsealSecret = (deps: SessionDeps, sealed: SealedText, aad: string): Promise<string> =>
  openSealed(deps.masterKey, sealed, aad);

export async function removeTotp(deps: SessionDeps, person: Person): Promise<void> {
  await deps.store.transact(async (transaction) => {
    const key = totpKey(person.accountId, person.ref);
    if ((await transaction.get(key)) === undefined) {
      throw new ProblemError(404, 'no-such-factor', 'No authenticator app is set up.');
    }
    transaction.delete(key);
    await dropCodesWithoutFactor(transaction, person);
  });
}
