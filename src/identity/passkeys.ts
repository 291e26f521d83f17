// Passkeys (WebAuthn): registering, using, removing. Challenges are sealed tokens, each answered once. A passkey belongs
// to the host name it was registered at, and browsers release it to pages of that name only.
import { createHash } from 'node:crypto';
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { Transaction } from '../metadata/metadata-store.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import {
  type ForAWhileRecord,
  passkeyKey,
  passkeyOwnerKey,
  type PasskeyOwnerRecord,
  passkeyRange,
  type PasskeyRecord,
  usedChallengeKey,
} from '../metadata/tables/sign-in.ts';
import { ProblemError } from '../shared/errors.ts';
import type { Person } from './people.ts';
import { readRecord, readRecords } from './read-records.ts';
import { putRecoveryCodes } from './recovery-codes.ts';
import { openToken, sealToken } from './sealed-tokens.ts';
import { dropCodesWithoutFactor, hasSecondFactor } from './second-factors.ts';
import type { SessionDeps } from './sessions.ts';

/** The page that asks: WebAuthn's relying party. */
export type PasskeySite = {
  /** host name, without port */
  readonly rpId: string;
  /** `https://host:port` */
  readonly origin: string;
};

const CHALLENGE_MS = 5 * 60_000;
const MAX_PASSKEYS = 10;

/** Names a passkey in the API and the store: credential ids may be long. */
const passkeyIdOf = (credentialId: string): string =>
  createHash('sha256').update(credentialId).digest('hex').slice(0, 32);

/** Tells whose a passkey is, to its authenticator; no name, no e-mail. */
const userHandleOf = ({ accountId, ref }: Person): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(`${accountId}/${ref.type === 'root' ? 'root' : ref.userId}`, 'utf8'));

// ── registering ─────────────────────────────────────────────────────────────────────────────────────────────────

type RegistrationChallenge = { readonly challenge: string; readonly handle: string };

export type PasskeyRegistration = {
  readonly options: PublicKeyCredentialCreationOptionsJSON;
  readonly challengeToken: string;
};

export async function beginPasskey(
  deps: SessionDeps,
  person: Person,
  site: PasskeySite,
  label: string,
): Promise<PasskeyRegistration> {
  const range = passkeyRange(person.accountId, person.ref);
  const present = await deps.store.read((snapshot) => readRecords<PasskeyRecord>(snapshot, range));
  if (present.length >= MAX_PASSKEYS) throw tooMany();
  const options = await generateRegistrationOptions({
    rpName: 'vStorage',
    rpID: site.rpId,
    userName: label,
    userID: userHandleOf(person),
    userDisplayName: label,
    excludeCredentials: present.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: [...transports],
    })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
    timeout: CHALLENGE_MS,
  });
  const content: RegistrationChallenge = { challenge: options.challenge, handle: options.user.id };
  const expiresAt = deps.clock() + CHALLENGE_MS;
  return { options, challengeToken: sealToken(deps.masterKey, 'passkey-registration', content, expiresAt) };
}

const tooMany = (): ProblemError =>
  new ProblemError(409, 'limit-exceeded', `You may have ${MAX_PASSKEYS} passkeys. Remove one first.`);

export type NewPasskey = {
  readonly name: string;
  readonly challengeToken: string;
  readonly response: RegistrationResponseJSON;
};

/** Recovery codes when it is the first second factor, otherwise null. */
export async function addPasskey(
  deps: SessionDeps,
  person: Person,
  site: PasskeySite,
  wanted: NewPasskey,
): Promise<{ readonly passkey: PasskeyRecord; readonly recoveryCodes: readonly string[] | null }> {
  const passkey = await verifyRegistration(deps, person, site, wanted);
  return deps.store.transact(async (transaction) => {
    const ownerKey = passkeyOwnerKey(passkey.passkeyId);
    if ((await transaction.get(ownerKey)) !== undefined) {
      throw new ProblemError(409, 'passkey-known', 'This passkey is registered already.');
    }
    const range = { ...passkeyRange(person.accountId, person.ref), limit: MAX_PASSKEYS };
    if ((await transaction.range(range)).length >= MAX_PASSKEYS) throw tooMany();
    const isFirst = !(await hasSecondFactor(transaction, person));
    transaction.put(passkeyKey(person.accountId, person.ref, passkey.passkeyId), encodeRecord(passkey));
    const owner: PasskeyOwnerRecord = { v: 1, accountId: person.accountId, owner: person.ref };
    transaction.put(ownerKey, encodeRecord(owner));
    return { passkey, recoveryCodes: isFirst ? putRecoveryCodes(transaction, person, deps.clock()) : null };
  });
}

async function verifyRegistration(
  deps: SessionDeps,
  person: Person,
  site: PasskeySite,
  { name, challengeToken, response }: NewPasskey,
): Promise<PasskeyRecord> {
  const now = deps.clock();
  const asked = await openToken<RegistrationChallenge>(deps.masterKey, 'passkey-registration', challengeToken, now);
  const handle = Buffer.from(userHandleOf(person)).toString('base64url');
  if (asked === undefined || asked.handle !== handle) throw tooOld();
  const { challenge: expectedChallenge } = asked;
  const expected = { expectedChallenge, expectedOrigin: site.origin, expectedRPID: site.rpId };
  const result = await orRefuse(verifyRegistrationResponse({ response, ...expected, requireUserVerification: false }));
  if (!result.verified) throw wrongPasskey();
  const { credential, credentialDeviceType } = result.registrationInfo;
  return {
    v: 1,
    passkeyId: passkeyIdOf(credential.id),
    accountId: person.accountId,
    owner: person.ref,
    name: name.trim() === '' ? 'Passkey' : name.trim(),
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    counter: credential.counter,
    transports: credential.transports ?? [],
    rpId: site.rpId,
    synced: credentialDeviceType === 'multiDevice',
    createdAt: now,
    lastUsedAt: null,
  };
}

const tooOld = (): ProblemError =>
  new ProblemError(400, 'challenge-expired', 'That took too long, or was answered already. Try again.');
const wrongPasskey = (cause?: unknown): ProblemError =>
  new ProblemError(401, 'wrong-passkey', 'This passkey cannot be used here. Use another, or another way to sign in.', {
    cause,
  });

/** The library throws for what does not fit: origin, host name, challenge, signature, counter. */
async function orRefuse<T>(verification: Promise<T>): Promise<T> {
  try {
    return await verification;
  } catch (error) {
    throw wrongPasskey(error);
  }
}

// ── using ───────────────────────────────────────────────────────────────────────────────────────────────────────

export type PasskeyQuestion = {
  readonly options: PublicKeyCredentialRequestOptionsJSON;
  readonly challengeToken: string;
};

type SignInChallenge = { readonly challenge: string };

/** `among`: of a second factor, those of the person; without: whichever the browser knows, with its PIN or fingerprint. */
export async function askForPasskey(
  deps: SessionDeps,
  site: PasskeySite,
  among?: readonly PasskeyRecord[],
): Promise<PasskeyQuestion> {
  const allowed = among?.map(({ credentialId, transports }) => ({ id: credentialId, transports: [...transports] }));
  const options = await generateAuthenticationOptions({
    rpID: site.rpId,
    userVerification: allowed === undefined ? 'required' : 'preferred',
    timeout: CHALLENGE_MS,
    ...(allowed === undefined ? {} : { allowCredentials: allowed }),
  });
  const content: SignInChallenge = { challenge: options.challenge };
  const expiresAt = deps.clock() + CHALLENGE_MS;
  return { options, challengeToken: sealToken(deps.masterKey, 'passkey-sign-in', content, expiresAt) };
}

export type PasskeyAnswer = { readonly challengeToken: string; readonly response: AuthenticationResponseJSON };

/** An answer whose signature is right; `usePasskey` has the last word. */
export type VerifiedPasskey = {
  readonly person: Person;
  readonly passkeyId: string;
  readonly challenge: string;
  readonly counter: number;
};

/** Errors: ProblemError `wrong-passkey`, `challenge-expired`. */
export async function verifyPasskey(
  deps: SessionDeps,
  site: PasskeySite,
  answer: PasskeyAnswer,
  options: { readonly userVerification: boolean },
): Promise<VerifiedPasskey> {
  const { response, challengeToken } = answer;
  const asked = await openToken<SignInChallenge>(deps.masterKey, 'passkey-sign-in', challengeToken, deps.clock());
  if (asked === undefined) throw tooOld();
  const passkey = await findPasskey(deps, response.id);
  if (passkey === undefined || passkey.rpId !== site.rpId) throw wrongPasskey();
  const person: Person = { accountId: passkey.accountId, ref: passkey.owner };
  const handle = response.response.userHandle;
  if (handle !== undefined && handle !== Buffer.from(userHandleOf(person)).toString('base64url')) throw wrongPasskey();
  const result = await orRefuse(
    verifyAuthenticationResponse({
      response,
      expectedChallenge: asked.challenge,
      expectedOrigin: site.origin,
      expectedRPID: site.rpId,
      credential: {
        id: passkey.credentialId,
        publicKey: Uint8Array.from(Buffer.from(passkey.publicKey, 'base64url')),
        counter: passkey.counter,
      },
      requireUserVerification: options.userVerification,
    }),
  );
  if (!result.verified) throw wrongPasskey();
  const { newCounter: counter } = result.authenticationInfo;
  return { person, passkeyId: passkey.passkeyId, challenge: asked.challenge, counter };
}

async function findPasskey(deps: SessionDeps, credentialId: string): Promise<PasskeyRecord | undefined> {
  const passkeyId = passkeyIdOf(credentialId);
  return deps.store.read(async (snapshot) => {
    const owner = await readRecord<PasskeyOwnerRecord>(snapshot, passkeyOwnerKey(passkeyId));
    if (owner === undefined) return undefined;
    const passkey = await readRecord<PasskeyRecord>(snapshot, passkeyKey(owner.accountId, owner.owner, passkeyId));
    return passkey?.credentialId === credentialId ? passkey : undefined;
  });
}

/** In the transaction that opens the session: the challenge is answered once, the counter only grows. */
export async function usePasskey(
  transaction: Transaction,
  { person, passkeyId, challenge, counter }: VerifiedPasskey,
  now: number,
): Promise<void> {
  const usedKey = usedChallengeKey(createHash('sha256').update(challenge).digest('hex'));
  if ((await transaction.get(usedKey)) !== undefined) throw tooOld();
  const key = passkeyKey(person.accountId, person.ref, passkeyId);
  const passkey = await readRecord<PasskeyRecord>(transaction, key);
  if (passkey === undefined || (counter <= passkey.counter && (counter > 0 || passkey.counter > 0))) {
    throw wrongPasskey();
  }
  const used: ForAWhileRecord = { v: 1, expiresAt: now + CHALLENGE_MS };
  transaction.put(usedKey, encodeRecord(used));
  const changed: PasskeyRecord = { ...passkey, counter, lastUsedAt: now };
  transaction.put(key, encodeRecord(changed));
}

// ── changing ────────────────────────────────────────────────────────────────────────────────────────────────────

async function readOwn(transaction: Transaction, person: Person, passkeyId: string): Promise<PasskeyRecord> {
  const key = passkeyKey(person.accountId, person.ref, passkeyId);
  const passkey = await readRecord<PasskeyRecord>(transaction, key);
  if (passkey === undefined) throw new ProblemError(404, 'no-such-passkey', 'There is no such passkey.');
  return passkey;
}

export async function renamePasskey(deps: SessionDeps, person: Person, passkeyId: string, name: string): Promise<void> {
  await deps.store.transact(async (transaction) => {
    const renamed: PasskeyRecord = { ...(await readOwn(transaction, person, passkeyId)), name: name.trim() };
    transaction.put(passkeyKey(person.accountId, person.ref, passkeyId), encodeRecord(renamed));
  });
}

export async function removePasskey(deps: SessionDeps, person: Person, passkeyId: string): Promise<void> {
  await deps.store.transact(async (transaction) => {
    await readOwn(transaction, person, passkeyId);
    transaction.delete(passkeyKey(person.accountId, person.ref, passkeyId));
    transaction.delete(passkeyOwnerKey(passkeyId));
    await dropCodesWithoutFactor(transaction, person);
  });
}
