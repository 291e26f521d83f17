// Passkeys in the browser. The library is fetched when somebody uses one.
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import type { PasskeyQuestion } from '../../src/console-api/contract/sign-in.ts';

/** The browser showed its dialog and no passkey came of it: cancelled, none there, or too slow. */
export class PasskeyError extends Error {
  readonly reason: 'cancelled' | 'known' | 'impossible';
  constructor(reason: PasskeyError['reason'], cause: unknown) {
    super(`no passkey: ${reason}`, { cause });
    this.name = 'PasskeyError';
    this.reason = reason;
  }
}

/** Passkeys belong to host names: none under a bare address. */
export function canUsePasskeys(): boolean {
  const { hostname } = location;
  const isAddress = /^[\d.]+$/.test(hostname) || hostname.startsWith('[');
  return typeof PublicKeyCredential === 'function' && !isAddress;
}

function asPasskeyError(error: unknown): PasskeyError {
  const name = error instanceof Error ? error.name : '';
  if (name === 'InvalidStateError') return new PasskeyError('known', error);
  return new PasskeyError(name === 'NotAllowedError' || name === 'AbortError' ? 'cancelled' : 'impossible', error);
}

type Answer = { challengeToken: string; response: Record<string, unknown> };

export async function answerPasskey({ options, challengeToken }: PasskeyQuestion): Promise<Answer> {
  const { startAuthentication } = await import('@simplewebauthn/browser');
  try {
    // the server made them in the browser's own JSON form
    const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON;
    return { challengeToken, response: { ...(await startAuthentication({ optionsJSON })) } };
  } catch (error) {
    throw asPasskeyError(error);
  }
}

export async function createPasskey({ options, challengeToken }: PasskeyQuestion): Promise<Answer> {
  const { startRegistration } = await import('@simplewebauthn/browser');
  try {
    const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON;
    return { challengeToken, response: { ...(await startRegistration({ optionsJSON })) } };
  } catch (error) {
    throw asPasskeyError(error);
  }
}
