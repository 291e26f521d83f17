// Signing in: with a password, and a second factor when there is one; with a passkey alone.
import type { Transaction } from '../metadata/metadata-store.ts';
import { ProblemError } from '../shared/errors.ts';
import {
  attemptOf,
  type Candidate,
  type Checked,
  checkPassword,
  fail,
  invalidCredentials,
  type Name,
  subjectOfName,
} from './check-password.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { openSession, type SignedIn } from './open-session.ts';
import type { PasskeySite } from './passkey-facts.ts';
import { type PasskeyAnswer, usePasskey, type VerifiedPasskey, verifyPasskey } from './passkey-sign-in.ts';
import { isSamePerson, type Person, readPerson, subjectOf } from './people.ts';
import { useRecoveryCode } from './recovery-codes.ts';
import { openToken, sealToken } from './sealed-tokens.ts';
import { isAny, readSecondFactors, type SecondFactors } from './second-factors.ts';
import type { Client, SessionDeps } from './sessions.ts';
import { type Attempt, noteSuccess, refuseWhenLocked } from './sign-in-failures.ts';
import { readSignInSettings } from './sign-in-settings.ts';
import { useTotp } from './totp.ts';

export type { SignedIn } from './open-session.ts';

/** `otp`: a code of the authenticator app, or a recovery code. */
export type Credentials = Name & { readonly password: string; readonly otp?: string | undefined };

/** A ticket says that the password was right a moment ago. */
type Ticket = { readonly person: Person; readonly passwordChangedAt: number };

const TICKET_MS = 10 * 60_000;

/**
 * Errors: ProblemError `invalid-credentials` 401, `sign-in-locked` 429, `account-disabled` 403; `second-factor-required`
 * 401 with members `ticket` and `secondFactors`, `wrong-second-factor` 401.
 */
export async function signIn(deps: SessionDeps, credentials: Credentials, client: Client): Promise<SignedIn> {
  return oneAtATime(subjectOfName(credentials).id, async () => {
    const checked = await checkPassword(deps, credentials, credentials.password, client);
    const proof: Proof | null = credentials.otp === undefined ? null : { kind: 'otp', code: credentials.otp };
    return finish(deps, checked, proof, client);
  });
}

export type SecondStep = { readonly ticket: string } & (
  | { readonly otp: string }
  | { readonly site: PasskeySite; readonly passkey: PasskeyAnswer }
);

/** Goes on where `second-factor-required` stopped. */
export async function signInWithSecondFactor(deps: SessionDeps, step: SecondStep, client: Client): Promise<SignedIn> {
  const checked = await openTicket(deps, step.ticket, client);
  return oneAtATime(checked.attempt.name.id, async () => {
    await deps.store.read((snapshot) => refuseWhenLocked(snapshot, checked.attempt, deps.clock()));
    if ('otp' in step) return finish(deps, checked, { kind: 'otp', code: step.otp }, client);
    const verified = await verifyPasskey(deps, step.site, step.passkey, { userVerification: false });
    return finish(deps, checked, { kind: 'passkey', verified }, client);
  });
}

/** Which passkeys may answer, for somebody who holds a ticket. */
export async function readTicket(deps: SessionDeps, ticket: string, client: Client): Promise<SecondFactors> {
  const { candidate } = await openTicket(deps, ticket, client);
  return deps.store.read((snapshot) => readSecondFactors(snapshot, candidate.person));
}

/** Whose password was right; undefined: nobody's ticket. */
export async function personOfTicket(deps: SessionDeps, ticket: string): Promise<Person | undefined> {
  return (await openToken<Ticket>(deps.masterKey, 'second-factor', ticket, deps.clock()))?.person;
}

async function openTicket(deps: SessionDeps, ticket: string, client: Client): Promise<Checked> {
  const held = await openToken<Ticket>(deps.masterKey, 'second-factor', ticket, deps.clock());
  const found =
    held &&
    (await deps.store.read(async (snapshot) => {
      const record = await readPerson(snapshot, held.person);
      if (record === undefined || (record.passwordChangedAt ?? 0) !== held.passwordChangedAt) return undefined;
      const settings = await readSignInSettings(snapshot, held.person.accountId);
      const name = await subjectOf(snapshot, held.person, record);
      return { candidate: { person: held.person, record }, attempt: attemptOf(name, client, settings) };
    }));
  if (found !== undefined) return found;
  throw new ProblemError(401, 'sign-in-expired', 'The sign-in took too long. Begin again with the password.');
}

type Proof =
  | { readonly kind: 'otp'; readonly code: string }
  | { readonly kind: 'passkey'; readonly verified: VerifiedPasskey };

/** With the right password: opens the session, unless a second factor is missing or wrong. */
async function finish(
  deps: SessionDeps,
  { candidate, attempt }: Checked,
  proof: Proof | null,
  client: Client,
): Promise<SignedIn> {
  const { person } = candidate;
  const done = await deps.store.transact(
    async (transaction): Promise<SignedIn | 'wrong'> => {
      const record = await readPerson(transaction, person);
      // changed while the password was being checked
      if (record?.passwordHash !== candidate.record.passwordHash) throw invalidCredentials();
      const factors = await readSecondFactors(transaction, person);
      if (isAny(factors)) {
        if (proof === null) throw secondFactorRequired(deps, candidate, factors);
        if (!(await isProven(deps, transaction, person, proof))) return 'wrong';
      }
      noteSuccess(transaction, attempt, deps.clock());
      return openSession(deps, transaction, { person, record, method: 'password', client });
    },
    { administrative: true },
  );
  if (done !== 'wrong') return done;
  await fail(deps, attempt);
  const message = 'The code is not right, or was used already. Take the newest one.';
  throw new ProblemError(401, 'wrong-second-factor', message, { field: 'otp' });
}

async function isProven(deps: SessionDeps, transaction: Transaction, person: Person, proof: Proof): Promise<boolean> {
  if (proof.kind === 'otp') {
    return (
      (await useTotp(deps, transaction, person, proof.code)) || (await useRecoveryCode(transaction, person, proof.code))
    );
  }
  const { person: owner } = proof.verified;
  if (owner.accountId !== person.accountId || !isSamePerson(owner.ref, person.ref)) return false;
  await usePasskey(transaction, proof.verified, deps.clock());
  return true;
}

function secondFactorRequired(deps: SessionDeps, candidate: Candidate, factors: SecondFactors): ProblemError {
  const ticket: Ticket = {
    person: candidate.person,
    passwordChangedAt: candidate.record.passwordChangedAt ?? 0,
  };
  const secondFactors = [
    ...(factors.totp === null ? [] : ['totp']),
    ...(factors.passkeys.length === 0 ? [] : ['passkey']),
    ...(factors.recoveryCodesLeft === 0 ? [] : ['recovery-code']),
  ];
  const members = {
    ticket: sealToken(deps.masterKey, 'second-factor', ticket, deps.clock() + TICKET_MS),
    secondFactors,
  };
  const message = 'The password is right. Send a code of the authenticator app or a recovery code as otp, too.';
  return new ProblemError(401, 'second-factor-required', message, { members });
}

/**
 * Without a password: the passkey, with the PIN or fingerprint that it asked for, is both factors.
 * Errors: ProblemError `wrong-passkey` 401, `challenge-expired` 400, `account-disabled` 403, `sign-in-locked` 429.
 */
export async function signInWithPasskey(
  deps: SessionDeps,
  site: PasskeySite,
  answer: PasskeyAnswer,
  client: Client,
): Promise<SignedIn> {
  const verified = await verifyPasskey(deps, site, answer, { userVerification: true });
  const { person } = verified;
  return deps.store.transact(
    async (transaction) => {
      const record = await readPerson(transaction, person);
      if (record === undefined) throw invalidCredentials();
      await usePasskey(transaction, verified, deps.clock());
      noteSuccess(transaction, await passkeyAttempt(transaction, person, client), deps.clock());
      return openSession(deps, transaction, { person, record, method: 'passkey', client });
    },
    { administrative: true },
  );
}

async function passkeyAttempt(transaction: Transaction, person: Person, client: Client): Promise<Attempt> {
  const record = await readPerson(transaction, person);
  if (record === undefined) throw invalidCredentials();
  const settings = await readSignInSettings(transaction, person.accountId);
  return attemptOf(await subjectOf(transaction, person, record), client, settings);
}
