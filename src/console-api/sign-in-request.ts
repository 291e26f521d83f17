// POST /api/v1/session: every way to sign in ends here.
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { FastifyRequest } from 'fastify';
import { finishOidcSignIn, type OidcDeps } from '../federation/oidc-sign-in.ts';
import type { SignedIn } from '../identity/open-session.ts';
import type { PasskeySite } from '../identity/passkey-facts.ts';
import type { PasskeyAnswer } from '../identity/passkey-sign-in.ts';
import type { Client } from '../identity/sessions.ts';
import { signIn, signInWithPasskey, signInWithSecondFactor } from '../identity/sign-in.ts';
import { ProblemError } from '../shared/errors.ts';
import { type ConsoleDeps, sessionDeps } from './console-deps.ts';
import type { SignInRequest } from './contract.ts';
import { awayTokenOf } from './session-cookie.ts';

export const clientOf = (request: FastifyRequest): Client => ({
  address: request.ip,
  userAgent: request.headers['user-agent'] ?? '',
});

/** Browsers sign which page asked; the name they reached this server by is that page's. */
export const siteOf = (request: FastifyRequest): PasskeySite => ({
  rpId: request.hostname,
  origin: `https://${request.host}`,
});

export const oidcDeps = (deps: ConsoleDeps): OidcDeps => ({
  ...sessionDeps(deps),
  limits: deps.identity.limits,
  allowHttp: deps.oidcAllowHttp,
});

type AnswerInRequest = { readonly challengeToken: string; readonly response: Readonly<Record<string, unknown>> };

/** The library checks every part of it, and refuses what is not there. */
export const passkeyAnswer = ({ challengeToken, response }: AnswerInRequest): PasskeyAnswer => {
  const { id, response: inner } = response;
  if (typeof id !== 'string' || typeof inner !== 'object' || inner === null) {
    throw new ProblemError(400, 'invalid-request', 'The answer of the passkey is incomplete.', { field: 'passkey' });
  }
  return { challengeToken, response: response as unknown as AuthenticationResponseJSON };
};

/** `device`: what the browser brought, or will be given */
export async function signInBy(
  deps: ConsoleDeps,
  request: FastifyRequest,
  body: SignInRequest,
  device: string,
): Promise<SignedIn> {
  const client = { ...clientOf(request), device };
  const session = sessionDeps(deps);
  switch (body.type) {
    case 'root':
    case 'iam':
      return signIn(session, body, client);
    case 'passkey':
      return signInWithPasskey(session, siteOf(request), passkeyAnswer(body.passkey), client);
    case 'identity-provider':
      return finishOidcSignIn(oidcDeps(deps), { away: awayTokenOf(request), query: body.query }, client);
    case 'second-factor': {
      const { ticket, otp, passkey } = body;
      if (otp !== undefined && passkey === undefined) return signInWithSecondFactor(session, { ticket, otp }, client);
      if (otp === undefined && passkey !== undefined) {
        const step = { ticket, site: siteOf(request), passkey: passkeyAnswer(passkey) };
        return signInWithSecondFactor(session, step, client);
      }
      throw new ProblemError(400, 'invalid-request', 'Send either otp or passkey.', { field: 'otp' });
    }
  }
}
