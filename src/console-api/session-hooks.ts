// Before any handler of /api/v1: who asks, whether a browser was tricked into asking, and whether the caller may.
// Runs before the body is read; a change needs the session's CSRF token and the console's own origin, or a bearer token.
import type { FastifyRequest, onRequestAsyncHookHandler, preHandlerAsyncHookHandler } from 'fastify';
import { endImpersonation, loadImpersonated } from '../identity/impersonation.ts';
import { csrfMatches, findSession } from '../identity/sessions.ts';
import { ProblemError } from '../shared/errors.ts';
import { bearerTokenOf, findBearer } from './bearer.ts';
import { requestFacts } from './request-facts.ts';
import { type Caller, callerOf, demand } from './caller.ts';
import { type ConsoleDeps, sessionDeps } from './console-deps.ts';
import { changesSomething, provenanceOf } from './same-origin.ts';
import { sessionTokenOf } from './session-cookie.ts';

const CSRF_HEADER = 'x-csrf-token';

function refuseOtherOrigins(request: FastifyRequest, sessionNeeded: boolean): void {
  const provenance = provenanceOf(request);
  // Browsers always say where a change comes from. Signing in from a program, which does not, needs no proof.
  if (provenance === 'same-origin' || (provenance === 'unknown' && !sessionNeeded)) return;
  const message = `Changes need the header Origin: https://${request.host} (browsers send it from the console's pages).`;
  throw new ProblemError(403, 'wrong-origin', message);
}

function refuseWrongCsrfToken(request: FastifyRequest, { session }: Caller): void {
  const sent = request.headers[CSRF_HEADER];
  if (session !== null && typeof sent === 'string' && csrfMatches(session, sent)) return;
  const message = 'Send the csrfToken of GET /api/v1/session in the header X-CSRF-Token.';
  throw new ProblemError(403, 'wrong-csrf-token', message);
}

const whatIsPending = {
  'change-password': ['password-change-required', 'Change the password first: PUT /api/v1/session/password.'],
  'set-up-second-factor': ['second-factor-setup-required', 'Set up a second factor first: POST /api/v1/session/totp.'],
} as const;

/** Somebody whose password has expired, or who lacks the second factor, may see to that and nothing else. */
function refuseWhilePending(request: FastifyRequest, { pending }: Caller): void {
  if (pending === null || request.routeOptions.config.whilePending?.includes(pending) === true) return;
  const [code, message] = whatIsPending[pending];
  throw new ProblemError(403, code, message);
}

async function findCaller(deps: ConsoleDeps, request: FastifyRequest): Promise<Caller> {
  const token = sessionTokenOf(request);
  const found = token === undefined ? undefined : await findSession(sessionDeps(deps), token);
  if (token === undefined || found === undefined) {
    throw new ProblemError(401, 'not-signed-in', 'Sign in first: no session, or it has ended.');
  }
  const caller: Caller = { ...found, token, bearer: null, impersonator: null, facts: requestFacts(deps, request) };
  return request.routeOptions.config.endsImpersonation === true ? caller : actingCaller(deps, caller);
}

/** Who the session acts as; back to itself, once and told, when that is not allowed any more. */
async function actingCaller(deps: ConsoleDeps, caller: Caller): Promise<Caller> {
  const actingAs = caller.session?.actingAs ?? null;
  if (actingAs === null) return caller;
  const { identity: person, facts, token } = caller;
  const identity = await deps.identity.store.read((snapshot) =>
    loadImpersonated(snapshot, person, actingAs.serviceAccountId, facts),
  );
  if (identity !== undefined) return { ...caller, identity, impersonator: person };
  await endImpersonation(deps.identity, token);
  const message = 'You may not act as the service account any more; from now on you are yourself again.';
  throw new ProblemError(403, 'impersonation-ended', message);
}

export const identifyCaller =
  (deps: ConsoleDeps): onRequestAsyncHookHandler =>
  async (request) => {
    const isChange = changesSomething(request.method);
    const sessionNeeded = request.routeOptions.config.access !== 'public';
    const bearer = sessionNeeded ? bearerTokenOf(request) : undefined;
    if (bearer !== undefined) {
      request.caller = await findBearer(deps, request, bearer);
      return;
    }
    if (isChange) refuseOtherOrigins(request, sessionNeeded);
    if (!sessionNeeded) return;
    request.caller = await findCaller(deps, request);
    if (isChange) refuseWrongCsrfToken(request, request.caller);
    refuseWhilePending(request, request.caller);
  };

type NamingParams = { readonly projectId?: string; readonly id?: string; readonly name?: string };

/** After validation: the resource is named by a parameter of the path, or by the body of what makes it. */
export const authorizeCaller: preHandlerAsyncHookHandler = async (request) => {
  const { access } = request.routeOptions.config;
  if (access === 'public' || access === 'signed-in') return;
  if (access === undefined) throw new Error('a route without an access rule');
  const { projectId, id, name } = { ...namedIn(request.body), ...namedIn(request.params) };
  demand(callerOf(request), access.action, projectId ?? id ?? name ?? '*');
};

const namedIn = (value: unknown): NamingParams => (typeof value === 'object' && value !== null ? value : {});
