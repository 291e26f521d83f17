// What registering and using passkeys (WebAuthn) have in common. Challenges are sealed tokens, each answered once. A
// passkey belongs to the host name it was registered at, and browsers release it to pages of that name only.
import { createHash } from 'node:crypto';
import { ProblemError } from '../shared/errors.ts';
import type { Person } from './people.ts';

/** The page that asks: WebAuthn's relying party. */
export type PasskeySite = {
  /** host name, without port */
  readonly rpId: string;
  /** `https://host:port` */
  readonly origin: string;
};

export const CHALLENGE_MS = 5 * 60_000;

/** Names a passkey in the API and the store: credential ids may be long. */
export const passkeyIdOf = (credentialId: string): string =>
  createHash('sha256').update(credentialId).digest('hex').slice(0, 32);

/** Tells whose a passkey is, to its authenticator; no name, no e-mail. */
export const userHandleOf = ({ accountId, ref }: Person): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(`${accountId}/${ref.type === 'root' ? 'root' : ref.userId}`, 'utf8'));

export const challengeExpired = (): ProblemError =>
  new ProblemError(400, 'challenge-expired', 'That took too long, or was answered already. Try again.');
export const wrongPasskey = (cause?: unknown): ProblemError =>
  new ProblemError(401, 'wrong-passkey', 'This passkey cannot be used here. Use another, or another way to sign in.', {
    cause,
  });

/** The library throws for what does not fit: origin, host name, challenge, signature, counter. */
export async function orRefuse<T>(verification: Promise<T>): Promise<T> {
  try {
    return await verification;
  } catch (error) {
    throw wrongPasskey(error);
  }
}
