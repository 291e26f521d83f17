// Programs: a bearer token stands for a service account. No cookie is sent along by itself, so no page can be tricked into
// sending it, and neither CSRF token nor origin are asked for.
import type { FastifyRequest } from 'fastify';
import { readToken } from '../identity/api-tokens.ts';
import { loadImpersonator } from '../identity/impersonation.ts';
import { loadIdentity } from '../identity/load-identity.ts';
import type { ApiTokenRecord } from '../metadata/tables/identities.ts';
import { ProblemError } from '../shared/errors.ts';
import type { Caller } from './caller.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { requestFacts } from './request-facts.ts';

/** undefined: none was sent. */
export function bearerTokenOf(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** Throws ProblemError 401. */
export async function findBearer(deps: ConsoleDeps, request: FastifyRequest, token: string): Promise<Caller> {
  const facts = requestFacts(deps, request);
  const acting = await deps.identity.store.read(async (snapshot) => {
    const record = await readToken(deps.identity, snapshot, token);
    if (record === undefined) return undefined;
    const { accountId, serviceAccountId, impersonator } = record;
    if (impersonator === undefined) {
      const identity = await loadIdentity(snapshot, accountId, { type: 'service-account', serviceAccountId });
      return identity === undefined ? undefined : { record, identity, impersonator: null };
    }
    const found = await loadImpersonator(snapshot, impersonator, serviceAccountId, facts);
    return found === undefined ? undefined : { record, ...found };
  });
  if (acting === undefined) throw invalidToken();
  return callerBy(acting.record, token, { ...acting, facts });
}

type Known = Pick<Caller, 'identity' | 'impersonator' | 'facts'>;

export function callerBy(bearer: ApiTokenRecord, token: string, { identity, impersonator, facts }: Known): Caller {
  const noSession = { session: null, csrfToken: '', pending: null, idleMs: bearer.expiresAt - bearer.createdAt };
  return { ...noSession, identity, impersonator, facts, bearer, token };
}

function invalidToken(): ProblemError {
  const message =
    'The bearer token is unknown, has expired or was revoked. Ask for another one: POST /api/v1/auth/token.';
  return new ProblemError(401, 'invalid-token', message);
}
