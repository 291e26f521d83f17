// What the caller signs in with beside the password, and the caller's open sessions. Whatever would let in somebody who
// only found the keyboard unattended asks for the password again.
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import type { FastifyRequest } from 'fastify';
import { confirmIdentity } from '../../identity/confirm-identity.ts';
import { endSession, endSessions, listSessions, sessionIdOf } from '../../identity/own-sessions.ts';
import { addPasskey, beginPasskey, removePasskey, renamePasskey } from '../../identity/passkeys.ts';
import { renewRecoveryCodes } from '../../identity/recovery-codes.ts';
import { beginTotp, confirmTotp, removeTotp } from '../../identity/totp.ts';
import { ProblemError } from '../../shared/errors.ts';
import { nothing, refusals } from '../answers.ts';
import { callerOf } from '../caller.ts';
import { type Api, type ConsoleDeps, sessionDeps } from '../console-deps.ts';
import {
  addedPasskey,
  addPasskeyRequest,
  confirmRequest,
  confirmTotpRequest,
  openSessionList,
  passkeyParams,
  passkeyQuestion,
  recoveryCodes,
  renamePasskeyRequest,
  securityView,
  sessionParams,
  totpEnrolment,
} from '../contract/sign-in.ts';
import { personOf, sessionOf } from '../person-of.ts';
import { siteOf } from '../sign-in-request.ts';
import { openSessionView, passkeyView, readSecurityView } from '../views/security-view.ts';

const tags = ['Session'];
const whilePending = ['set-up-second-factor'] as const;
const done = { 204: nothing, ...refusals };

type WithPassword = FastifyRequest<{ Body: { password?: string | undefined } }>;

const confirmed = (deps: ConsoleDeps, request: WithPassword): Promise<void> =>
  confirmIdentity(
    sessionDeps(deps),
    { session: sessionOf(callerOf(request)) },
    { password: request.body.password, address: request.ip },
  );

/** What the authenticator shows beside the code or passkey. */
function labelOf(request: FastifyRequest): string {
  const { identity } = callerOf(request);
  return identity.type === 'root' ? identity.name : `${identity.name} (${identity.accountId})`;
}

export function securityRoutes(api: Api, deps: ConsoleDeps): void {
  const session = sessionDeps(deps);
  api.get(
    '/session/security',
    {
      config: { access: 'signed-in', whilePending, audit: 'GetOwnSecurity' },
      schema: { tags, summary: 'What the caller signs in with', response: { 200: securityView, ...refusals } },
    },
    async (request) => await readSecurityView(deps, personOf(callerOf(request))),
  );
  api.post(
    '/session/totp',
    {
      config: { access: 'signed-in', whilePending, audit: 'BeginTotp' },
      schema: {
        tags,
        summary: 'Begin to set up an authenticator app; it counts once a code confirms it',
        body: confirmRequest,
        response: { 200: totpEnrolment, ...refusals },
      },
    },
    async (request) => {
      await confirmed(deps, request);
      return await beginTotp(session, personOf(callerOf(request)), labelOf(request));
    },
  );
  api.post(
    '/session/totp/confirm',
    {
      config: { access: 'signed-in', whilePending, audit: 'ConfirmTotp' },
      schema: {
        tags,
        summary: 'Confirm the authenticator app with its first code; the first second factor comes with recovery codes',
        body: confirmTotpRequest,
        response: { 200: recoveryCodes, ...refusals },
      },
    },
    async (request) => {
      const codes = await confirmTotp(session, personOf(callerOf(request)), request.body.otp);
      return { recoveryCodes: codes === null ? null : [...codes] };
    },
  );
  api.post(
    '/session/totp/remove',
    {
      config: { access: 'signed-in', audit: 'RemoveTotp' },
      schema: { tags, summary: 'Remove the authenticator app', body: confirmRequest, response: done },
    },
    async (request, reply) => {
      await confirmed(deps, request);
      await removeTotp(session, personOf(callerOf(request)));
      return await reply.code(204).send(null);
    },
  );
  api.post(
    '/session/recovery-codes',
    {
      config: { access: 'signed-in', audit: 'RenewRecoveryCodes' },
      schema: {
        tags,
        summary: 'Ten new recovery codes; those of before are void',
        body: confirmRequest,
        response: { 200: recoveryCodes, ...refusals },
      },
    },
    async (request) => {
      await confirmed(deps, request);
      return { recoveryCodes: [...(await renewRecoveryCodes(session, personOf(callerOf(request))))] };
    },
  );
}

export function passkeyRoutes(api: Api, deps: ConsoleDeps): void {
  const session = sessionDeps(deps);
  api.post(
    '/session/passkeys/options',
    {
      config: { access: 'signed-in', whilePending, audit: 'BeginPasskey' },
      schema: {
        tags,
        summary: 'Begin to register a passkey at the host name this is asked at',
        body: confirmRequest,
        response: { 200: passkeyQuestion, ...refusals },
      },
    },
    async (request) => {
      await confirmed(deps, request);
      const person = personOf(callerOf(request));
      const { options, challengeToken } = await beginPasskey(session, person, siteOf(request), labelOf(request));
      return { options: { ...options }, challengeToken };
    },
  );
  api.post(
    '/session/passkeys',
    {
      config: { access: 'signed-in', whilePending, audit: 'AddPasskey' },
      schema: {
        tags,
        summary: 'Register the passkey; the first second factor comes with recovery codes',
        body: addPasskeyRequest,
        response: { 201: addedPasskey, ...refusals },
      },
    },
    async (request, reply) => {
      const { name, challengeToken, response } = request.body;
      const wanted = { name, challengeToken, response: registrationOf(response) };
      const added = await addPasskey(session, personOf(callerOf(request)), siteOf(request), wanted);
      const codes = added.recoveryCodes === null ? null : [...added.recoveryCodes];
      return await reply.code(201).send({ passkey: passkeyView(added.passkey), recoveryCodes: codes });
    },
  );
  api.patch(
    '/session/passkeys/:passkeyId',
    {
      config: { access: 'signed-in', audit: 'RenamePasskey' },
      schema: { tags, summary: 'Rename a passkey', params: passkeyParams, body: renamePasskeyRequest, response: done },
    },
    async (request, reply) => {
      await renamePasskey(session, personOf(callerOf(request)), request.params.passkeyId, request.body.name);
      return await reply.code(204).send(null);
    },
  );
  api.post(
    '/session/passkeys/:passkeyId/remove',
    {
      config: { access: 'signed-in', audit: 'RemovePasskey' },
      schema: { tags, summary: 'Remove a passkey', params: passkeyParams, body: confirmRequest, response: done },
    },
    async (request, reply) => {
      await confirmed(deps, request);
      await removePasskey(session, personOf(callerOf(request)), request.params.passkeyId);
      return await reply.code(204).send(null);
    },
  );
}

/** The library checks every part of it, and refuses what is not there. */
function registrationOf(response: Readonly<Record<string, unknown>>): RegistrationResponseJSON {
  if (typeof response['id'] === 'string' && typeof response['response'] === 'object' && response['response'] !== null) {
    return response as unknown as RegistrationResponseJSON;
  }
  throw new ProblemError(400, 'invalid-request', 'The answer of the passkey is incomplete.', { field: 'response' });
}

export function ownSessionRoutes(api: Api, deps: ConsoleDeps): void {
  const session = sessionDeps(deps);
  api.get(
    '/sessions',
    {
      config: { access: 'signed-in', audit: 'ListOwnSessions' },
      schema: { tags, summary: "The caller's open sessions", response: { 200: openSessionList, ...refusals } },
    },
    async (request) => {
      const caller = callerOf(request);
      const current = sessionIdOf(caller.token);
      const found = await listSessions(session, personOf(caller));
      return { items: found.map((each) => openSessionView(each, current)) };
    },
  );
  api.delete(
    '/sessions/:sessionId',
    {
      config: { access: 'signed-in', audit: 'EndOwnSession' },
      schema: { tags, summary: "End one of the caller's sessions", params: sessionParams, response: done },
    },
    async (request, reply) => {
      await endSession(session, personOf(callerOf(request)), request.params.sessionId);
      return await reply.code(204).send(null);
    },
  );
  api.post(
    '/sessions/end-others',
    {
      config: { access: 'signed-in', audit: 'EndOwnOtherSessions' },
      schema: { tags, summary: "End all of the caller's sessions but this one", response: done },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      await endSessions(session, personOf(caller), caller.token);
      return await reply.code(204).send(null);
    },
  );
}
