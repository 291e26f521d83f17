// Links in mails: forgotten passwords, invitations, signing up. Without a session: the link is the proof.
import type { FastifyRequest } from 'fastify';
import { nameOf, readLink, setPasswordByLink } from '../../identity/email-links.ts';
import { requestPasswordReset } from '../../identity/password-resets.ts';
import { completeSignUp, requestSignUp } from '../../projects/sign-ups.ts';
import { ProblemError } from '../../shared/errors.ts';
import { accepted, nothing, refusals } from '../answers.ts';
import { noteActor } from '../audit/audit-hooks.ts';
import { type Api, type ConsoleDeps, sessionDeps } from '../console-deps.ts';
import {
  completeSignUpRequest,
  type LinkView,
  linkRequest,
  linkView,
  passwordResetRequest,
  setPasswordByLinkRequest,
  signUpRequest,
} from '../contract/sign-in.ts';
import { rootRules, rulesView } from '../views/session-view.ts';
import { namingNewPassword } from './session.ts';

const tags = ['Session'];
const done = { 204: nothing, ...refusals };

export function requireMail({ mailEnabled }: ConsoleDeps): void {
  if (mailEnabled) return;
  throw new ProblemError(409, 'mail-off', 'This server sends no mail: its operator can set --smtp-url.');
}

function requireSelfSignUp(deps: ConsoleDeps): void {
  if (deps.selfSignUp && deps.mailEnabled) return;
  throw new ProblemError(403, 'self-sign-up-off', 'Accounts of this server are made by its operator.');
}

async function describeLink({ identity }: ConsoleDeps, token: string): Promise<LinkView> {
  const link = await identity.store.read((snapshot) => readLink(snapshot, token, identity.clock()));
  if (link.kind === 'sign-up') return { kind: link.kind, name: link.email, rootEmail: null, passwordRules: rootRules };
  const { kind, record, person, rootEmail, settings } = link;
  const isRoot = person.ref.type === 'root';
  const passwordRules = isRoot ? rootRules : rulesView(settings);
  return { kind, name: nameOf(record), rootEmail: isRoot ? null : rootEmail, passwordRules };
}

/** Whoever holds the link acts as its owner. */
async function noteOwner({ identity }: ConsoleDeps, request: FastifyRequest, token: string): Promise<void> {
  const link = await identity.store.read((snapshot) => readLink(snapshot, token, identity.clock()));
  if (link.kind === 'sign-up') return;
  const { accountId, ref } = link.person;
  const id = ref.type === 'root' ? accountId : ref.userId;
  noteActor(request, { type: ref.type, accountId, id, name: nameOf(link.record) });
}

export function mailLinkRoutes(api: Api, deps: ConsoleDeps): void {
  api.post(
    '/session/password-reset',
    {
      config: { access: 'public', audit: { operation: 'RequestPasswordReset', category: 'sign-in' } },
      schema: {
        tags,
        summary: 'Mail a link for a new password; the same answer whether or not there is somebody of that name',
        body: passwordResetRequest,
        response: { 202: accepted, ...refusals },
      },
    },
    async (request, reply) => {
      requireMail(deps);
      const { language, ...name } = request.body;
      await requestPasswordReset(sessionDeps(deps), { name, language, address: request.ip });
      return await reply.code(202).send({});
    },
  );
  api.post(
    '/session/link',
    {
      config: { access: 'public', audit: { operation: 'ReadLink', category: 'sign-in', access: 'read' } },
      schema: { tags, summary: 'What a link is for', body: linkRequest, response: { 200: linkView, ...refusals } },
    },
    async (request) => await describeLink(deps, request.body.token),
  );
  api.post(
    '/session/link/password',
    {
      config: { access: 'public', audit: { operation: 'SetPasswordByLink', category: 'sign-in' } },
      schema: {
        tags,
        summary: 'Set a password with the link of an invitation or a reset; all sessions end',
        body: setPasswordByLinkRequest,
        response: done,
      },
    },
    async (request, reply) => {
      const { token, newPassword } = request.body;
      await noteOwner(deps, request, token);
      await namingNewPassword(() => setPasswordByLink(sessionDeps(deps), token, newPassword));
      return await reply.code(204).send(null);
    },
  );
}

export function signUpRoutes(api: Api, deps: ConsoleDeps): void {
  api.post(
    '/sign-ups',
    {
      config: { access: 'public', audit: { operation: 'RequestSignUp', category: 'sign-in' } },
      schema: {
        tags,
        summary: 'Mail a link to make a root account; the same answer when there is one of that address',
        body: signUpRequest,
        response: { 202: accepted, ...refusals },
      },
    },
    async (request, reply) => {
      requireSelfSignUp(deps);
      await requestSignUp(deps.identity, { ...request.body, address: request.ip });
      return await reply.code(202).send({});
    },
  );
  api.post(
    '/sign-ups/complete',
    {
      config: { access: 'public', audit: { operation: 'CompleteSignUp', category: 'sign-in' } },
      schema: {
        tags,
        summary: 'Make the root account with the link; then sign in',
        body: completeSignUpRequest,
        response: done,
      },
    },
    async (request, reply) => {
      requireSelfSignUp(deps);
      const { accountId, email } = await completeSignUp(deps.identity, request.body);
      noteActor(request, { type: 'root', accountId, id: accountId, name: email });
      return await reply.code(204).send(null);
    },
  );
}
