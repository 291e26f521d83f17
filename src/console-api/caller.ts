// Who is signed in, as the hooks found it.
import type { FastifyRequest } from 'fastify';
import { allowsManagement, authorizeManagement } from '../access/authorize.ts';
import type { RequestFacts } from '../access/condition-context.ts';
import type { Identity } from '../access/principal.ts';
import type { FoundSession } from '../identity/sessions.ts';
import {
  type ApiTokenRecord,
  type IdentityRef,
  type SessionRecord,
  identityLabel,
} from '../metadata/tables/identities.ts';
import { ProblemError } from '../shared/errors.ts';
import { resourceOf } from './access-rules.ts';
import type { ManagementActionName } from './contract.ts';

export type Caller = Omit<FoundSession, 'session'> & {
  /** null: a program with a bearer token */
  readonly session: SessionRecord | null;
  /** null: somebody signed in */
  readonly bearer: ApiTokenRecord | null;
  /** who acts as `identity`; null: nobody else */
  readonly impersonator: Identity | null;
  /** of the session, or the bearer token */
  readonly token: string;
  /** what conditions of policies may ask about (address, time, …) */
  readonly facts: RequestFacts;
};

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null;
  }
}

export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new ProblemError(401, 'not-signed-in', 'Sign in first.');
  return request.caller;
}

/** `id` names the project, user or policy that the action is about. */
export const may = ({ identity, facts }: Caller, action: ManagementActionName, id: string): boolean =>
  allowsManagement(identity, action, resourceOf(action, identity.accountId, id), facts);

/** Throws ProblemError 403 unless the caller may. */
export const demand = ({ identity, facts }: Caller, action: ManagementActionName, id: string): void =>
  authorizeManagement(identity, action, resourceOf(action, identity.accountId, id), facts);

export const isSame = (a: IdentityRef, b: IdentityRef): boolean => identityLabel(a) === identityLabel(b);
