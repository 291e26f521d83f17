// Signing in and out, and the caller's own password.
import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AWAY_MS, beginOidcSignIn } from '../../federation/oidc-sign-in.ts';
import { changeOwnPassword } from '../../identity/own-password.ts';
import { askForPasskey } from '../../identity/passkey-sign-in.ts';
import { signOut } from '../../identity/sessions.ts';
import { readTicket } from '../../identity/sign-in.ts';
import { ProblemError } from '../../shared/errors.ts';
import type { AccountId } from '../../shared/ids.ts';
import { nothing, refusals } from '../answers.ts';
import { actorOfCaller } from '../audit/actor.ts';
import { noteActor } from '../audit/audit-hooks.ts';
import { claimantOf } from '../audit/claimant.ts';
import { callerOf } from '../caller.ts';
import { type Api, type ConsoleDeps, sessionDeps } from '../console-deps.ts';
import { changePasswordRequest, sessionView as sessionViewSchema, signInRequest } from '../contract.ts';
import {
  beginProviderSignInRequest,
  passkeyQuestion,
  passkeyQuestionRequest,
  providerSignIn,
  signInMethods,
  signInMethodsQuery,
} from '../contract/sign-in.ts';
import { requestFacts } from '../request-facts.ts';
import {
  clearAwayCookie,
  clearSessionCookie,
  deviceOf,
  sessionTokenOf,
  setAwayCookie,
  setDeviceCookie,
  setSessionCookie,
} from '../session-cookie.ts';
import { clientOf, oidcDeps, signInBy, siteOf } from '../sign-in-request.ts';
import { personOf, sessionOf } from '../person-of.ts';
import { readSignInMethods } from '../views/sign-in-methods.ts';
import { sessionView } from '../views/session-view.ts';

const tags = ['Session'];

const newDevice = (): string => randomBytes(32).toString('base64url');

/** A browser that signs in again leaves no second session behind. */
async function endFormerSession(deps: ConsoleDeps, request: FastifyRequest): Promise<void> {
  const former = sessionTokenOf(request);
  if (former !== undefined) await signOut(sessionDeps(deps), former);
}

/** The rules of passwords speak of `password`; here that is `newPassword`. */
export async function namingNewPassword(change: () => Promise<void>): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (!(error instanceof ProblemError) || error.field !== 'password') throw error;
    throw new ProblemError(error.status, error.code, error.message, { field: 'newPassword' });
  }
}

export function sessionRoutes(api: Api, deps: ConsoleDeps): void {
  const response = { 200: sessionViewSchema, ...refusals };
  const whilePending = ['change-password', 'set-up-second-factor'] as const;
  api.post(
    '/session',
    {
      config: { access: 'public', audit: { operation: 'SignIn', category: 'sign-in' } },
      schema: { tags, summary: 'Sign in', body: signInRequest, response: { 201: sessionViewSchema, ...refusals } },
    },
    async (request, reply) => {
      if (request.body.type === 'identity-provider') clearAwayCookie(reply);
      const claimant = await claimantOf(deps, request, request.body);
      if (claimant !== null) noteActor(request, claimant);
      const device = deviceOf(request) ?? newDevice();
      const signedIn = await signInBy(deps, request, request.body, device);
      const caller = { ...signedIn, bearer: null, impersonator: null, facts: requestFacts(deps, request) };
      request.caller = caller;
      noteActor(request, actorOfCaller(caller));
      await endFormerSession(deps, request);
      setSessionCookie(reply, caller.token);
      setDeviceCookie(reply, device);
      return await reply.code(201).send(await sessionView(deps, caller));
    },
  );
  api.get(
    '/session',
    {
      config: { access: 'signed-in', whilePending, audit: 'GetSession' },
      schema: { tags, summary: 'Who is signed in, and the CSRF token', response },
    },
    async (request) => await sessionView(deps, callerOf(request)),
  );
  api.delete(
    '/session',
    {
      config: { access: 'signed-in', whilePending, audit: { operation: 'SignOut', category: 'sign-in' } },
      schema: { tags, summary: 'Sign out', response: { 204: nothing, ...refusals } },
    },
    async (request, reply: FastifyReply) => {
      const caller = callerOf(request);
      sessionOf(caller);
      await signOut(sessionDeps(deps), caller.token);
      clearSessionCookie(reply);
      return await reply.code(204).send(null);
    },
  );
  api.put(
    '/session/password',
    {
      config: { access: 'signed-in', whilePending, audit: 'ChangeOwnPassword' },
      schema: {
        tags,
        summary: 'Change the own password; other sessions end',
        body: changePasswordRequest,
        response: { 204: nothing, ...refusals },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const change = { token: caller.token, address: request.ip, ...request.body };
      await namingNewPassword(() => changeOwnPassword(sessionDeps(deps), personOf(caller), change));
      return await reply.code(204).send(null);
    },
  );
}

/** What the sign-in page asks before somebody has signed in. */
export function signInRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/session/methods',
    {
      config: { access: 'public', audit: { operation: 'GetSignInMethods', category: 'sign-in', access: 'read' } },
      schema: {
        tags,
        summary: 'What the sign-in page offers beside passwords',
        querystring: signInMethodsQuery,
        response: { 200: signInMethods, ...refusals },
      },
    },
    async (request) => await readSignInMethods(deps, request.query.rootEmail),
  );
  api.post(
    '/session/passkey-options',
    {
      config: { access: 'public', audit: { operation: 'AskForPasskey', category: 'sign-in', access: 'read' } },
      schema: {
        tags,
        summary: 'A challenge for a passkey: of anybody, or of the holder of a ticket',
        body: passkeyQuestionRequest,
        response: { 200: passkeyQuestion, ...refusals },
      },
    },
    async (request) => {
      const { ticket } = request.body;
      const session = sessionDeps(deps);
      const among = ticket === undefined ? undefined : (await readTicket(session, ticket, clientOf(request))).passkeys;
      const { options, challengeToken } = await askForPasskey(session, siteOf(request), among);
      return { options: { ...options }, challengeToken };
    },
  );
  api.post(
    '/session/identity-provider',
    {
      config: { access: 'public', audit: { operation: 'BeginProviderSignIn', category: 'sign-in' } },
      schema: {
        tags,
        summary: 'Begin to sign in through an identity provider: where the browser goes next',
        body: beginProviderSignInRequest,
        response: { 200: providerSignIn, ...refusals },
      },
    },
    async (request, reply) => {
      const { accountId, providerId } = request.body;
      const wanted = { accountId: accountId as AccountId, providerId, redirectUri: redirectUriOf(request) };
      const { url, away } = await beginOidcSignIn(oidcDeps(deps), wanted);
      setAwayCookie(reply, away, AWAY_MS / 1000);
      return { url };
    },
  );
}

/** A page of the console: it sends what the provider added to POST /api/v1/session. */
export const redirectUriOf = (request: FastifyRequest): string => `https://${request.host}/signin/callback`;
