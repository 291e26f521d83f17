// Before any handler of /api/v1: who asks, whether a browser was tricked into asking, and whether the caller may.
// Runs before the body is read; a change needs the session's CSRF token and the console's own origin.
import type { FastifyRequest, onRequestAsyncHookHandler, preHandlerAsyncHookHandler } from 'fastify';
import { csrfMatches, findSession } from '../identity/sessions.ts';
import { ProblemError } from '../shared/errors.ts';
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

function refuseWrongCsrfToken(request: FastifyRequest, caller: Caller): void {
  const sent = request.headers[CSRF_HEADER];
  if (typeof sent === 'string' && csrfMatches(caller.session, sent)) return;
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
  return { ...found, token, facts: requestFacts(deps, request) };
}

export const identifyCaller =
  (deps: ConsoleDeps): onRequestAsyncHookHandler =>
  async (request) => {
    const isChange = changesSomething(request.method);
    const sessionNeeded = request.routeOptions.config.access !== 'public';
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
