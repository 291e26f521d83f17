// Signing in with a passkey: the question, and what the answer is worth.
import { createHash } from 'node:crypto';
import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import type { Transaction } from '../metadata/metadata-store.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import {
  type ForAWhileRecord,
  passkeyKey,
  passkeyOwnerKey,
  type PasskeyOwnerRecord,
  type PasskeyRecord,
  usedChallengeKey,
} from '../metadata/tables/sign-in.ts';
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
import { readRecord } from './read-records.ts';
import { openToken, sealToken } from './sealed-tokens.ts';
import type { SessionDeps } from './sessions.ts';

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
  const { generateAuthenticationOptions } = await loadWebAuthn();
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
  if (asked === undefined) throw challengeExpired();
  const passkey = await findPasskey(deps, response.id);
  if (passkey === undefined || passkey.rpId !== site.rpId) throw wrongPasskey();
  const person: Person = { accountId: passkey.accountId, ref: passkey.owner };
  const handle = response.response.userHandle;
  if (handle !== undefined && handle !== Buffer.from(userHandleOf(person)).toString('base64url')) throw wrongPasskey();
  const { verifyAuthenticationResponse } = await loadWebAuthn();
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

export async function findPasskey(deps: SessionDeps, credentialId: string): Promise<PasskeyRecord | undefined> {
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
  if ((await transaction.get(usedKey)) !== undefined) throw challengeExpired();
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
