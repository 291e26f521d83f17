// Who has taken a role on.
import { endRoleSession, endRoleSessions, listRoleSessions } from '../../identity/role-sessions.ts';
import type { RoleId, S3KeyId } from '../../shared/ids.ts';
import { nothing, refusals } from '../answers.ts';
import { callerOf } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { idParams } from '../contract/iam.ts';
import { roleSessionList, roleSessionParams } from '../contract/roles.ts';
import { roleSessionView } from '../views/role-view.ts';

const tags = ['Roles'];
const done = { 204: nothing, ...refusals };

export function roleSessionRoutes(api: Api, { identity }: ConsoleDeps): void {
  api.get(
    '/roles/:id/sessions',
    {
      config: { access: { action: 'vstorage:GetRole' }, audit: 'ListRoleSessions' },
      schema: {
        tags,
        summary: 'The living sessions of a role, newest first; never a secret in it',
        params: idParams,
        response: { 200: roleSessionList, ...refusals },
      },
    },
    async (request) => {
      const { accountId } = callerOf(request).identity;
      const sessions = await listRoleSessions(identity, accountId, request.params.id as RoleId);
      return { items: sessions.map(roleSessionView), nextCursor: null };
    },
  );
  api.post(
    '/roles/:id/sessions/end',
    {
      config: { access: { action: 'vstorage:UpdateRole' }, audit: 'EndRoleSessions' },
      schema: {
        tags,
        summary: 'End all sessions of a role at their next request; whom it trusts may take it on again',
        params: idParams,
        response: done,
      },
    },
    async (request, reply) => {
      await endRoleSessions(identity, callerOf(request).identity.accountId, request.params.id as RoleId);
      return await reply.code(204).send(null);
    },
  );
  api.delete(
    '/roles/:id/sessions/:sessionId',
    {
      config: { access: { action: 'vstorage:UpdateRole' }, audit: 'EndRoleSession' },
      schema: {
        tags,
        summary: 'End one session of a role at its next request',
        params: roleSessionParams,
        response: done,
      },
    },
    async (request, reply) => {
      const { id, sessionId } = request.params;
      const session = { roleId: id as RoleId, sessionId: sessionId as S3KeyId };
      await endRoleSession(identity, callerOf(request).identity.accountId, session);
      return await reply.code(204).send(null);
    },
  );
}
