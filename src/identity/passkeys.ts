// The passkeys of one person: registering, renaming, removing.
import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { Transaction } from '../metadata/metadata-store.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import {
  passkeyKey,
  passkeyOwnerKey,
  type PasskeyOwnerRecord,
  passkeyRange,
  type PasskeyRecord,
} from '../metadata/tables/sign-in.ts';
import { ProblemError } from '../shared/errors.ts';
import {
  CHALLENGE_MS,
  challengeExpired,
  orRefuse,
  passkeyIdOf,
  type PasskeySite,
  userHandleOf,
  wrongPasskey,
} from './passkey-facts.ts';
import { loadWebAuthn } from './load-web-authn.ts';
import type { Person } from './people.ts';
import { readRecord, readRecords } from './read-records.ts';
import { putRecoveryCodes } from './recovery-codes.ts';
import { openToken, sealToken } from './sealed-tokens.ts';
import { dropCodesWithoutFactor, hasSecondFactor } from './second-factors.ts';
import type { SessionDeps } from './sessions.ts';

const MAX_PASSKEYS = 10;

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
  const { generateRegistrationOptions } = await loadWebAuthn();
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
  if (asked === undefined || asked.handle !== handle) throw challengeExpired();
  const { challenge: expectedChallenge } = asked;
  const expected = { expectedChallenge, expectedOrigin: site.origin, expectedRPID: site.rpId };
  const { verifyRegistrationResponse } = await loadWebAuthn();
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
