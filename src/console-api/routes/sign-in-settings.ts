// What the account asks of those who sign in; the sessions and second factors of its IAM users; inviting them by mail.
import type { FastifyRequest } from 'fastify';
import { inviteAgain, inviteUser, setUserEmail } from '../../identity/invitations.ts';
import { endSession, endSessions, listSessions } from '../../identity/own-sessions.ts';
import type { Person } from '../../identity/people.ts';
import { readSecondFactors } from '../../identity/second-factors.ts';
import { changeSignInSettings, findSignInSettings, type SignInSettings } from '../../identity/sign-in-settings.ts';
import { removeSecondFactors, unlock } from '../../identity/unlock.ts';
import { findUser } from '../../identity/users.ts';
import { ProblemError } from '../../shared/errors.ts';
import { nothing, refusals } from '../answers.ts';
import { callerOf, demand } from '../caller.ts';
import { type Api, type ConsoleDeps, sessionDeps } from '../console-deps.ts';
import { userParams, userView as userViewSchema } from '../contract.ts';
import {
  changeSignInSettingsRequest,
  inviteUserRequest,
  resendInvitationRequest,
  setUserEmailRequest,
  type SignInSettingsView,
  signInSettingsView,
  userSessionParams,
  userSignInsView,
} from '../contract/sign-in.ts';
import { ownerOf } from '../projects-of.ts';
import { openSessionView } from '../views/security-view.ts';
import { userView } from '../views/user-view.ts';
import { requireMail } from './mail-links.ts';

const tags = ['Sign-in'];
const done = { 204: nothing, ...refusals };

const settingsView = ({ sessionIdleMs, mailEnabled }: ConsoleDeps, settings: SignInSettings): SignInSettingsView => ({
  ...settings,
  kinds: [...settings.kinds],
  serverIdleMinutes: sessionIdleMs / 60_000,
  mail: mailEnabled,
});

export function signInSettingsRoutes(api: Api, deps: ConsoleDeps): void {
  const response = { 200: signInSettingsView, ...refusals };
  api.get(
    '/sign-in-settings',
    {
      config: { access: { action: 'vstorage:GetSignInSettings' }, audit: 'GetSignInSettings' },
      schema: { tags, summary: 'Rules for passwords, lock-out, idle time, second factors', response },
    },
    async (request) =>
      settingsView(deps, await findSignInSettings(deps.identity, callerOf(request).identity.accountId)),
  );
  api.patch(
    '/sign-in-settings',
    {
      config: { access: { action: 'vstorage:UpdateSignInSettings' }, audit: 'UpdateSignInSettings' },
      schema: { tags, summary: 'Change them; what is not given stays', body: changeSignInSettingsRequest, response },
    },
    async (request) => {
      const given = Object.entries(request.body).filter(([, value]) => value !== undefined);
      const change: Partial<SignInSettings> = Object.fromEntries(given);
      return settingsView(
        deps,
        await changeSignInSettings(deps.identity, callerOf(request).identity.accountId, change),
      );
    },
  );
}

type WithId = FastifyRequest<{ Params: { id: string } }>;

async function personNamed(deps: ConsoleDeps, request: WithId) {
  const { accountId } = callerOf(request).identity;
  const user = await findUser(deps.identity, accountId, request.params.id);
  if (user === undefined) throw new ProblemError(404, 'no-such-user', 'This account has no IAM user of this id.');
  const person: Person = { accountId, ref: { type: 'user', userId: user.userId } };
  return { user, person };
}

export function userSignInRoutes(api: Api, deps: ConsoleDeps): void {
  const session = sessionDeps(deps);
  api.get(
    '/users/:id/sign-ins',
    {
      config: { access: { action: 'vstorage:GetUser' }, audit: 'GetUserSignIns' },
      schema: {
        tags,
        summary: 'Open sessions and second factors of an IAM user',
        params: userParams,
        response: { 200: userSignInsView, ...refusals },
      },
    },
    async (request) => {
      const { person } = await personNamed(deps, request);
      const factors = await deps.identity.store.read((snapshot) => readSecondFactors(snapshot, person));
      const open = await listSessions(session, person);
      return {
        sessions: open.map((each) => openSessionView(each, '')),
        totp: factors.totp !== null,
        passkeys: factors.passkeys.length,
        recoveryCodesLeft: factors.recoveryCodesLeft,
      };
    },
  );
  api.delete(
    '/users/:id/sessions/:sessionId',
    {
      config: { access: { action: 'vstorage:UpdateUser' }, audit: 'EndUserSession' },
      schema: { tags, summary: 'End one session of an IAM user', params: userSessionParams, response: done },
    },
    async (request, reply) => {
      const { person } = await personNamed(deps, request);
      await endSession(session, person, request.params.sessionId);
      return await reply.code(204).send(null);
    },
  );
  api.post(
    '/users/:id/sessions/end',
    {
      config: { access: { action: 'vstorage:UpdateUser' }, audit: 'EndUserSessions' },
      schema: { tags, summary: 'End all sessions of an IAM user', params: userParams, response: done },
    },
    async (request, reply) => {
      await endSessions(session, (await personNamed(deps, request)).person);
      return await reply.code(204).send(null);
    },
  );
  api.post(
    '/users/:id/second-factors/remove',
    {
      config: { access: { action: 'vstorage:UpdateUser' }, audit: 'RemoveUserSecondFactors' },
      schema: {
        tags,
        summary: 'Remove authenticator app, passkeys and recovery codes of an IAM user who has lost them',
        params: userParams,
        response: done,
      },
    },
    async (request, reply) => {
      await removeSecondFactors(deps.identity, (await personNamed(deps, request)).person);
      return await reply.code(204).send(null);
    },
  );
  api.post(
    '/users/:id/unlock',
    {
      config: { access: { action: 'vstorage:UpdateUser' }, audit: 'UnlockUser' },
      schema: { tags, summary: 'Lift the lock-out of an IAM user', params: userParams, response: done },
    },
    async (request, reply) => {
      await unlock(deps.identity, (await personNamed(deps, request)).person);
      return await reply.code(204).send(null);
    },
  );
}

export function invitationRoutes(api: Api, deps: ConsoleDeps): void {
  const response = { 200: userViewSchema, ...refusals };
  api.post(
    '/users/invitations',
    {
      config: { access: { action: 'vstorage:CreateUser' }, audit: 'InviteUser' },
      schema: {
        tags,
        summary: 'Make an IAM user who sets the password with a mailed link',
        body: inviteUserRequest,
        response: { 201: userViewSchema, ...refusals },
      },
    },
    async (request, reply) => {
      requireMail(deps);
      const caller = callerOf(request);
      const { accountId } = caller.identity;
      if (request.body.policies.length > 0) demand(caller, 'vstorage:AttachPolicy', '*');
      const user = await inviteUser(deps.identity, { accountId, ...request.body });
      return await reply.code(201).send(userView(user, await ownerOf(deps, accountId)));
    },
  );
  api.post(
    '/users/:id/invitation',
    {
      config: { access: { action: 'vstorage:UpdateUser' }, audit: 'InviteUserAgain' },
      schema: {
        tags,
        summary: 'Mail the invitation again, to somebody who has set no password yet',
        params: userParams,
        body: resendInvitationRequest,
        response,
      },
    },
    async (request) => {
      requireMail(deps);
      const { user } = await personNamed(deps, request);
      return userView(await inviteAgain(deps.identity, user, request.body), await ownerOf(deps, user.accountId));
    },
  );
  api.put(
    '/users/:id/email',
    {
      config: { access: { action: 'vstorage:UpdateUser' }, audit: 'SetUserEmail' },
      schema: {
        tags,
        summary: 'Where invitations and password resets of an IAM user go; null: nowhere',
        params: userParams,
        body: setUserEmailRequest,
        response,
      },
    },
    async (request) => {
      const { user } = await personNamed(deps, request);
      return userView(await setUserEmail(deps.identity, user, request.body.email), await ownerOf(deps, user.accountId));
    },
  );
}
