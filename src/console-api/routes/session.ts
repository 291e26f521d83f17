// Signing in and out, and the caller's own password.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findAccount } from '../../identity/accounts.ts';
import { signOut } from '../../identity/sessions.ts';
import { changeOwnPassword } from '../../identity/own-password.ts';
import { signIn } from '../../identity/sign-in.ts';
import { ProblemError } from '../../shared/errors.ts';
import { nothing, refusals } from '../answers.ts';
import { type Caller, callerOf, may } from '../caller.ts';
import { type Api, type ConsoleDeps, sessionDeps } from '../console-deps.ts';
import {
  changePasswordRequest,
  managementActions,
  type SessionIdentity,
  type SessionView,
  sessionView,
  signInRequest,
} from '../contract.ts';
import { requestFacts } from '../request-facts.ts';
import { clearSessionCookie, sessionTokenOf, setSessionCookie } from '../session-cookie.ts';
import { isoTime } from '../views/times.ts';
import { type Owner, vstorageUserId } from '../views/vstorage-user-id.ts';

function identityView({ identity }: Caller, owner: Owner): SessionIdentity {
  const { accountId, canonicalId, name } = identity;
  const common = { accountId, canonicalId, vstorageUserId: vstorageUserId(owner, identity) };
  if (identity.type === 'root') return { type: 'root', email: owner.email, name, ...common };
  const rootEmail = owner.email;
  if (identity.type === 'user') return { type: 'iam', rootEmail, username: name, userId: identity.userId, ...common };
  if (identity.type === 'service-account') {
    return { type: identity.type, rootEmail, name, serviceAccountId: identity.serviceAccountId, ...common };
  }
  const { roleId, sessionName } = identity;
  return { type: identity.type, rootEmail, name, roleId, sessionName, ...common };
}

async function viewOf(deps: ConsoleDeps, caller: Caller): Promise<SessionView> {
  const { identity, session, csrfToken } = caller;
  const account = await findAccount(deps.identity, identity.accountId);
  if (account === undefined) throw new ProblemError(401, 'not-signed-in', 'The account is gone.');
  return {
    identity: identityView(caller, account),
    csrfToken,
    allowedActions: managementActions.filter((action) => may(caller, action, '*')),
    createdAt: isoTime(session.createdAt),
    expiresAt: isoTime(session.expiresAt),
    idleTimeoutMs: deps.sessionIdleMs,
  };
}

const clientOf = (request: FastifyRequest) => ({
  address: request.ip,
  userAgent: request.headers['user-agent'] ?? '',
});

/** A browser that signs in again leaves no second session behind. */
async function endFormerSession(deps: ConsoleDeps, request: FastifyRequest): Promise<void> {
  const former = sessionTokenOf(request);
  if (former !== undefined) await signOut(sessionDeps(deps), former);
}

/** The rules of passwords speak of `password`; here that is `newPassword`. */
async function namingNewPassword(change: () => Promise<void>): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (!(error instanceof ProblemError) || error.field !== 'password') throw error;
    throw new ProblemError(error.status, error.code, error.message, { field: 'newPassword' });
  }
}

export function sessionRoutes(api: Api, deps: ConsoleDeps): void {
  const tags = ['Session'];
  api.post(
    '/session',
    {
      config: { access: 'public' },
      schema: { tags, summary: 'Sign in', body: signInRequest, response: { 201: sessionView, ...refusals } },
    },
    async (request, reply) => {
      const signedIn = await signIn(sessionDeps(deps), request.body, clientOf(request));
      const caller = { ...signedIn, facts: requestFacts(deps, request) };
      await endFormerSession(deps, request);
      setSessionCookie(reply, caller.token);
      return await reply.code(201).send(await viewOf(deps, caller));
    },
  );
  api.get(
    '/session',
    {
      config: { access: 'signed-in' },
      schema: { tags, summary: 'Who is signed in, and the CSRF token', response: { 200: sessionView, ...refusals } },
    },
    async (request) => await viewOf(deps, callerOf(request)),
  );
  api.delete(
    '/session',
    { config: { access: 'signed-in' }, schema: { tags, summary: 'Sign out', response: { 204: nothing, ...refusals } } },
    async (request, reply: FastifyReply) => {
      await signOut(sessionDeps(deps), callerOf(request).token);
      clearSessionCookie(reply);
      return await reply.code(204).send(null);
    },
  );
  api.put(
    '/session/password',
    {
      config: { access: 'signed-in' },
      schema: {
        tags,
        summary: 'Change the own password; other sessions end',
        body: changePasswordRequest,
        response: { 204: nothing, ...refusals },
      },
    },
    async (request, reply) => {
      const { session, token } = callerOf(request);
      const person = { accountId: session.accountId, ref: session.identity };
      const change = { token, address: request.ip, ...request.body };
      await namingNewPassword(() => changeOwnPassword(sessionDeps(deps), person, change));
      return await reply.code(204).send(null);
    },
  );
}
