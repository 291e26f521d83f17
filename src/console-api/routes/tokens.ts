// Bearer tokens for programs (OAuth 2.0, client credentials) and acting as a service account.
// https://www.rfc-editor.org/rfc/rfc6749#section-4.4
import type { FastifyRequest } from 'fastify';
import { type ClientCredentials, invalidClient, issueToken, revokeToken } from '../../identity/api-tokens.ts';
import { beginImpersonation, endImpersonation, issueImpersonationToken } from '../../identity/impersonation.ts';
import { readServiceAccount } from '../../identity/service-accounts.ts';
import { ProblemError } from '../../shared/errors.ts';
import type { ServiceAccountId } from '../../shared/ids.ts';
import { nothing, refusals } from '../answers.ts';
import { noteActor } from '../audit/audit-hooks.ts';
import { type Caller, callerOf } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { sessionView as sessionViewSchema } from '../contract.ts';
import { impersonateRequest, tokenAnswer, tokenRequest } from '../contract/iam.ts';
import { sessionOf } from '../person-of.ts';
import { sessionView } from '../views/session-view.ts';

const tags = ['Service accounts'];
const MAX_FORM_BYTES = 4096;

type TokenBody = {
  readonly grant_type: string;
  readonly client_id?: string | undefined;
  readonly client_secret?: string | undefined;
};

export function tokenRoutes(api: Api, deps: ConsoleDeps): void {
  // oxlint-disable-next-line typescript/no-floating-promises -- Fastify awaits its plugins when it gets ready
  api.register(async (scope) => {
    const form = { parseAs: 'string', bodyLimit: MAX_FORM_BYTES } as const;
    scope.addContentTypeParser('application/x-www-form-urlencoded', form, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(typeof body === 'string' ? body : ''))),
    );
    issueRoute(scope, deps);
  });
  api.delete(
    '/auth/token',
    {
      config: { access: 'signed-in', audit: { operation: 'RevokeToken', category: 'sign-in' } },
      schema: {
        tags,
        summary: 'The bearer token of this request is dead from now on',
        response: { 204: nothing, ...refusals },
      },
    },
    async (request, reply) => {
      const { bearer, token } = callerOf(request);
      if (bearer === null) throw new ProblemError(409, 'no-token', 'This request has no bearer token to revoke.');
      await revokeToken(deps.identity, bearer, token);
      return await reply.code(204).send(null);
    },
  );
}

function issueRoute(api: Api, deps: ConsoleDeps): void {
  api.post(
    '/auth/token',
    {
      config: { access: 'public', audit: { operation: 'IssueToken', category: 'sign-in' } },
      schema: {
        tags,
        summary:
          'A bearer token for a service account: HTTP Basic with its id and secret, grant_type=client_credentials as form or JSON',
        body: tokenRequest,
        response: { 200: tokenAnswer, ...refusals },
      },
    },
    async (request, reply) => {
      checkGrant(request.body);
      const credentials = credentialsOf(request, request.body);
      await noteClient(deps, request, credentials, false);
      try {
        const { token, expiresInSeconds } = await issueToken(deps.identity, credentials, request.ip);
        await noteClient(deps, request, credentials, true);
        return {
          access_token: token,
          token_type: 'Bearer',
          expires_in: expiresInSeconds,
          refresh_expires_in: 0,
        } as const;
      } catch (error) {
        if (error instanceof ProblemError && error.status === 401)
          reply.header('www-authenticate', 'Basic realm="vStorage"');
        throw error;
      }
    },
  );
}

function checkGrant({ grant_type: grantType }: TokenBody): void {
  if (grantType === 'client_credentials') return;
  const message = 'The only grant_type is client_credentials.';
  throw new ProblemError(400, 'unsupported-grant-type', message, { members: { error: 'unsupported_grant_type' } });
}

/** In the header, or (for clients that know no other way) in the body. */
function credentialsOf(request: FastifyRequest, body: TokenBody): ClientCredentials {
  const basic = /^Basic +([A-Za-z0-9+/=]+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic === undefined) {
    const { client_id: clientId, client_secret: clientSecret } = body;
    if (clientId === undefined || clientSecret === undefined) throw invalidClient();
    return { clientId, clientSecret };
  }
  const text = Buffer.from(basic, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) throw invalidClient();
  return { clientId: text.slice(0, colon), clientSecret: text.slice(colon + 1) };
}

/** Who asked, for the audit trail: the service account once it has proved that it is, whom it named before. */
async function noteClient(
  { identity }: ConsoleDeps,
  request: FastifyRequest,
  { clientId }: ClientCredentials,
  isProved: boolean,
): Promise<void> {
  const id = clientId.toLowerCase() as ServiceAccountId;
  const found = await identity.store.read((snapshot) => readServiceAccount(snapshot, id));
  if (found === undefined) return noteActor(request, { type: 'unknown' });
  const { accountId, name } = found;
  noteActor(request, { type: isProved ? 'service-account' : 'unknown', accountId, id, name });
}

/** The person, who acts for nobody yet. */
function personally(caller: Caller): Caller {
  sessionOf(caller);
  if (caller.impersonator === null) return caller;
  const message = 'You act as a service account already. Go back first: DELETE /api/v1/session/impersonation.';
  throw new ProblemError(409, 'already-impersonating', message);
}

export function impersonationRoutes(api: Api, deps: ConsoleDeps): void {
  const response = { 200: sessionViewSchema, ...refusals };
  api.post(
    '/session/impersonation',
    {
      config: { access: 'signed-in', audit: 'BeginImpersonation' },
      schema: {
        tags,
        summary: 'Act as a service account of one’s own root account, or of one that trusts it, until one goes back',
        body: impersonateRequest,
        response,
      },
    },
    async (request) => {
      const caller = personally(callerOf(request));
      const { identity: person, facts, token } = caller;
      const serviceAccountId = request.body.serviceAccountId as ServiceAccountId;
      const identity = await beginImpersonation(deps.identity, token, { person, serviceAccountId, facts });
      return await sessionView(deps, { ...caller, identity, impersonator: person });
    },
  );
  api.delete(
    '/session/impersonation',
    {
      config: { access: 'signed-in', endsImpersonation: true, audit: 'EndImpersonation' },
      schema: { tags, summary: 'Go back to oneself', response },
    },
    async (request) => {
      const caller = callerOf(request);
      sessionOf(caller);
      await endImpersonation(deps.identity, caller.token);
      return await sessionView(deps, caller);
    },
  );
  api.post(
    '/auth/impersonation-token',
    {
      config: { access: 'signed-in', audit: 'IssueImpersonationToken' },
      schema: {
        tags,
        summary: 'A bearer token to act as a service account with, for programs; it dies with the right to',
        body: impersonateRequest,
        response: { 200: tokenAnswer, ...refusals },
      },
    },
    async (request) => {
      const { identity: person, facts } = personally(callerOf(request));
      const serviceAccountId = request.body.serviceAccountId as ServiceAccountId;
      const issued = await issueImpersonationToken(deps.identity, { person, serviceAccountId, facts });
      const { token, expiresInSeconds } = issued;
      return {
        access_token: token,
        token_type: 'Bearer',
        expires_in: expiresInSeconds,
        refresh_expires_in: 0,
      } as const;
    },
  );
}
